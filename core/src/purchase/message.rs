//! What is said of a problem: a code that never changes, the values its sentence needs, and the sentence in English.
//!
//! The code and the values are for catalogues in other languages. To say something new, add a row to the table; the catalogues'
//! tests then ask for its texts.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use serde::{Serialize, Serializer};

macro_rules! messages {
    ($($name:ident $({ $($value:ident: $type:ty),+ })?, $code:literal, $text:literal;)+) => {
        /// What to write instead of what was found, or what was done with it; its text is the English sentence.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "each is explained by its text")]
        pub enum Message {
            $($name $({ $($value: $type),+ })?,)+
            /// What another part says: its own code and its own sentence, without values.
            Elsewhere { code: &'static str, text: &'static str },
        }

        impl Message {
            /// Every message of the core: its code, and its text with the names of its values in braces.
            pub const ALL: &[(&str, &str)] = &[$(($code, $text)),+];

            /// The code: `a-z` and hyphens, the same in all versions.
            pub fn code(&self) -> &'static str {
                match self {
                    $(Message::$name { .. } => $code,)+
                    Message::Elsewhere { code, .. } => code,
                }
            }

            /// The names of the values and the values, in the order of the declaration.
            pub fn values(&self) -> Vec<(&'static str, String)> {
                match self {
                    $(Message::$name $({ $($value),+ })? => Vec::from([$($((stringify!($value), $value.to_string())),+)?]),)+
                    Message::Elsewhere { .. } => Vec::new(),
                }
            }
        }

        impl fmt::Display for Message {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Message::$name $({ $($value),+ })? => write!(f, $text),)+
                    Message::Elsewhere { text, .. } => f.write_str(text),
                }
            }
        }
    };
}

messages! {
    Missing { field: &'static str }, "missing", "{field} is required; add it.";
    Empty { field: &'static str }, "empty", "{field} is there without a value; it is required.";
    GivenTwice, "given-twice", "The field is given twice; the first value stands.";
    UnknownField { name: String }, "unknown-field", "\"{name}\" is no documented field and was left out; check its spelling.";
    TemplatePlaceholder, "template-placeholder",
        "This is what a template prints when it has no value: print the value, or leave the field out.";
    LeaveOut, "leave-out", "Leave the field out where there is no value.";
    ZeroId, "zero-id", "An id of 0 is often a template's placeholder: purchases with the same id count as one.";
    ZeroCartId, "zero-cart-id", "0 is a placeholder and no cart's id; leave the field out if there is none.";
    IdTooLong { limit: usize }, "id-too-long", "An id has at most {limit} characters.";
    TextTooLong { limit: usize }, "text-too-long", "A text has at most {limit} characters.";
    WriteText, "write-text", "Write a text here.";
    WriteTextOrNumber, "write-text-or-number", "Write a text or a number here.";
    WriteOneOf { words: String }, "write-one-of", "Write one of {words}.";
    TakenAs { value: String }, "taken-as", "Taken as {value}.";

    TwoReadings, "two-readings",
        "This can be read in two ways: write it with a dot and two decimals, or configure the site's decimal mark.";
    WriteDecimal, "write-decimal", "Write digits with a dot as decimal mark and nothing else, such as 180.75.";
    WriteDigits, "write-digits", "Write digits and nothing else, such as 3.";
    WriteWhole, "write-whole", "Write a whole number, such as 3.";
    WholeWithoutCurrency, "whole-without-currency", "Write a whole number without a currency, such as 3.";
    NotBelowZero, "not-below-zero", "Write a number of 0 or more.";
    WriteUpTo { limit: u64 }, "write-up-to", "Write a number from 0 to {limit}.";
    NumberTooLarge, "number-too-large", "The number is too large.";
    AmountTooLarge, "amount-too-large", "The amount is too large.";
    TooManyDigits, "too-many-digits", "The number has too many digits.";
    WriteCurrency, "write-currency", "Write the currency as its ISO 4217 code, such as EUR.";
    AmountKept { configured: String }, "amount-kept", "The site is configured for {configured}; the amount is kept as it is.";
    AmountsTaken { configured: String, named: String }, "amounts-taken",
        "The site is configured for {configured}; the amounts are taken as {named}.";

    WriteDate, "write-date", "Write the date as ISO 8601 with its zone, such as 2024-09-13T10:49:31+02:00.";
    NoSuchDate, "no-such-date",
        "This date or time does not exist; write an existing one, such as 2024-09-13T10:49:31+02:00.";
    AddZone, "add-zone",
        "Add the zone, such as Z or +02:00, or configure the site's time zone: the instant is not known.";
    WriteWholeAddress, "write-whole-address", "Write the whole address, such as https://shop.example/product.";
    WriteWebAddress, "write-web-address", "Write an http or https address, such as https://shop.example/product.";
    NoEmail, "no-email", "The buyer's e-mail is no address such as name@shop.example, and was left out.";
    UnknownStatus, "unknown-status",
        "Nobody knows what this status means: configure the shop's platform (data-platform), or name the status in \
         data-order-statuses, such as \"awaiting_stock=pending\" or \"sent=completed:placed\".";

    NoItems, "no-items", "The purchase has no product_basket_item, so no platform can tell what was bought.";
    TooManyItems { limit: usize }, "too-many-items",
        "A purchase has at most {limit} items; send the others as a purchase of their own.";
    WriteItem, "write-item", "An item must be an object with the item's fields.";
    QuantityIsOne, "quantity-is-one", "No quantity is given, which GA4 counts as 1.";
    LinePriceComputed, "line-price-computed", "GA4 has no line price: it is the unit price times the quantity.";
    NoLinePrice, "no-line-price", "The line's price cannot be computed without its unit price and quantity.";
    UnitsCounted, "units-counted", "GA4 has no total quantity: it is the sum of the items'.";
    NoUnits, "no-units", "The units cannot be counted: give every item a whole quantity.";

    NotJson { reason: &'static str, offset: usize }, "not-json",
        "This is not JSON: {reason} at byte {offset}; print it with a JSON encoder.";
    NoPurchase, "no-purchase",
        "No purchase was found in the data: give it at least purchase_id, total_quantity and total_price.";
    SeveralPurchases { count: usize }, "several-purchases",
        "{count} purchases were found where one is expected: give each a call or script element of its own.";
    NotListed { count: usize }, "not-listed", "{count} further problems are not listed.";
}

impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_string())
    }
}
