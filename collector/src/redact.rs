//! Takes the buyer's contact, and whatever else may be an address, out of a text before it is kept.

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

/// The JSON text without contacts and, in its texts, without the words that may be somebody's address or the hash of one: for what
/// comes of a purchase whose buyer was erased, because whose address that was is not known any more. What is not JSON gives an
/// empty text. Linear in the text; twice is harmless.
pub fn without_person(text: &str) -> String {
    let Ok(mut value) = json::read(text) else {
        return String::new();
    };
    remove(&mut value);
    clean(&mut value);
    let mut out = String::with_capacity(text.len());
    json::write(&mut out, &value);
    out
}

/// The same of a plain text.
pub fn plain_without_person(text: &str) -> String {
    replace_words(text, "", |word| may_be_address(word) || may_be_hash(word))
}

/// The same; none if nothing is left.
pub fn rest_without_person(text: &str) -> Option<String> {
    Some(plain_without_person(text)).filter(|text| !text.trim().is_empty())
}

fn clean(value: &mut Value) {
    match value {
        Value::Map(entries) => entries.iter_mut().for_each(|(_, value)| clean(value)),
        Value::List(values) => values.iter_mut().for_each(clean),
        Value::Text(text) => *text = plain_without_person(text),
        _ => {}
    }
}

/// The text with something else in place of the words that are meant. A word is what an address can be made of.
pub fn replace_words(text: &str, instead: &str, is_meant: impl Fn(&str) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    let finish = |word: &mut String, out: &mut String| {
        out.push_str(if is_meant(word) { instead } else { word });
        word.clear();
    };
    for c in text.chars() {
        if c.is_alphanumeric() || "@%.+-_!#$&'*/=?^`{|}~\\".contains(c) {
            word.push(c);
            continue;
        }
        finish(&mut word, &mut out);
        out.push(c);
    }
    finish(&mut word, &mut out);
    out
}

/// Whether a word has the sign of an address: `%40` is that sign inside an address of the web, `\u0040` inside a text of JSON.
pub fn may_be_address(word: &str) -> bool {
    word.contains('@') || word.contains("%40") || word.contains(r"\u0040")
}

/// Whether it is as long as a SHA-256 in hexadecimal, and one.
fn may_be_hash(word: &str) -> bool {
    word.len() == 64 && word.bytes().all(|digit| digit.is_ascii_hexdigit())
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

    #[test]
    fn words_that_may_be_a_person_go_from_every_text() {
        let hash = "5F".repeat(32);
        for (text, expected) in [
            (
                r#"{"email":"x","paid":"by a.b+c@d.e, \u0040f","n":1.50,"l":["a%40b.c 4",["me@x"],"to g\\u0040h.i"]}"#,
                r#"{"paid":"by , ","n":1.50,"l":[" 4",[""],"to "]}"#,
            ),
            (
                &format!(r#"{{"h":"{hash}","i":"{hash}0"}}"#),
                &format!(r#"{{"h":"","i":"{hash}0"}}"#),
            ),
            ("a@b.c", ""),
        ] {
            assert_eq!(without_person(text), expected);
            assert_eq!(without_person(expected), expected, "twice is harmless");
        }
    }
}
