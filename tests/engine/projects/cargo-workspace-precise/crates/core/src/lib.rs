use shop_api::Catalogue;

/// An empty catalogue as a line of text, read back from it.
pub fn line() -> String {
    let text = serde_json::to_string(&Catalogue::default()).unwrap_or_default();
    let read: Catalogue = serde_json::from_str(&text).unwrap_or_default();
    format!("{} {} {}", env!("GREETING"), text.len(), read == Catalogue::default())
}
