#![doc = include_str!("../../../NOTICE.md")]

macro_rules! articles {
    ($($name:ident)*) => {
        $(
            #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
            pub struct $name {
                pub number: u32,
                pub name: String,
                pub price: Option<f64>,
                pub tags: Vec<String>,
            }
        )*

        /// One of each.
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        #[allow(non_snake_case)]
        pub struct Catalogue {
            $(pub $name: $name,)*
        }
    };
}

articles! {
    A00 A01 A02 A03 A04 A05 A06 A07 A08 A09 A10 A11 A12 A13 A14 A15 A16 A17 A18 A19 A20 A21 A22
    A23 A24 A25 A26 A27 A28 A29
}
