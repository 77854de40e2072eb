//! Numbers as text.

/// The digits of a number.
pub fn digits(number: u32) -> String {
    format!("{} {}", env!("GREETING"), itoa::Buffer::new().format(number))
}
