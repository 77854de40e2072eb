pub fn name() -> &'static str {
    "shop"
}
