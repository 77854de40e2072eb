#![doc = include_str!("../../README.md")]

pub fn name() -> &'static str {
    "shop"
}
