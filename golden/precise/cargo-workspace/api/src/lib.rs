#![doc = include_str!("../../NOTICE.md")]

pub fn name() -> &'static str {
    "shop"
}
