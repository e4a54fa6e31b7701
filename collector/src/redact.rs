//! Takes the buyer's contact out of a text before it is kept.

use std::borrow::Cow;

use purchase_core::json::{self, Value};

/// Keys that hold a contact in the payloads we know: the envelope's, the fields', Connectif's event's.
const CONTACT_KEYS: [&str; 6] = [
    "contact",
    "email",
    "email_sha256",
    "entityInfo",
    "primaryKey",
    "primary_key",
];

/// Class tokens of the vendor's elements that hold a contact.
const CONTACT_CLASSES: [&str; 2] = ["cn_client_info", "cn_newsletter_subscribe"];

/// The JSON text without contacts: unchanged, byte for byte, if there is none. What is not JSON has no place to be kept and
/// gives an empty text. Linear in the text; twice is harmless.
pub fn without_contact(text: &str) -> Cow<'_, str> {
    let Ok(mut value) = json::read(text) else {
        return Cow::Borrowed("");
    };
    if !remove(&mut value) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    json::write(&mut out, &value);
    Cow::Owned(out)
}

/// Whether anything was removed. The JSON reader bounds the depth, and with it this recursion.
fn remove(value: &mut Value) -> bool {
    match value {
        Value::Map(entries) => {
            let before = entries.len();
            entries.retain(|(key, value)| !is_contact_key(key) && !is_contact_element(value));
            let removed = entries.len() < before;
            entries
                .iter_mut()
                .fold(removed, |removed, (_, value)| remove(value) | removed)
        }
        Value::List(values) => {
            let before = values.len();
            values.retain(|value| !is_contact_element(value));
            let removed = values.len() < before;
            values
                .iter_mut()
                .fold(removed, |removed, value| remove(value) | removed)
        }
        _ => false,
    }
}

fn is_contact_key(key: &str) -> bool {
    CONTACT_KEYS.iter().any(|known| key.eq_ignore_ascii_case(known))
}

/// Whether this is an element's tree, `[class, child, …]`, of such a class.
fn is_contact_element(value: &Value) -> bool {
    let class = value.values().first().and_then(Value::text).unwrap_or_default();
    class
        .split_ascii_whitespace()
        .any(|token| CONTACT_CLASSES.contains(&token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_go_and_everything_else_stays() {
        for (text, expected) in [
            (r#"{"a": [1.50, "x"]}"#, r#"{"a": [1.50, "x"]}"#),
            (
                r#"{"contact":"a@b.c","n":1.50,"m":[true,null,{"Email":"x","k":"\""}]}"#,
                r#"{"n":1.50,"m":[true,null,{"k":"\""}]}"#,
            ),
            (
                r#"{"data":["cn_cart",["x cn_client_info",["primary_key","a@b.c"]],["cart_id","7"]]}"#,
                r#"{"data":["cn_cart",["cart_id","7"]]}"#,
            ),
            (r#"{"contents":["cn_client_info",["primary_key","a@b.c"]]}"#, "{}"),
            ("a@b.c", ""),
        ] {
            assert_eq!(without_contact(text), expected);
        }
    }
}
