//! The parameters of a query, decoded.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use crate::{
    json::{self, Value},
    source::RawValue,
};

/// Longest query that is read, in bytes; nothing is read of a longer one.
pub const QUERY_BYTES_MAX: usize = 16 * 1024;

/// Most parameters that are read; further ones are left out.
pub const PARAMETERS_MAX: usize = 128;

/// The parameter of Redsys that holds the others, as base64 of a JSON object.
const REDSYS_PARAMETERS: &str = "Ds_MerchantParameters";

/// How the names of its entries begin; others are none of Redsys's.
const REDSYS_PREFIX: &str = "Ds_";

/// Names and values; those without a value are left out, which is what `!name` relies on.
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads `a=b&c=d`, with or without `?`; what follows a `#` is no part of it.
    pub fn read(text: &str) -> Query {
        let text = text.split('#').next().unwrap_or_default();
        let text = text.strip_prefix('?').unwrap_or(text);
        if text.len() > QUERY_BYTES_MAX {
            return Query(Vec::new());
        }
        let mut found = Vec::new();
        for pair in text.split('&').take(PARAMETERS_MAX) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decoded(name), decoded(value));
            if name.eq_ignore_ascii_case(REDSYS_PARAMETERS) {
                redsys(&value, &mut found);
            }
            if !value.is_empty() {
                found.push((name, value));
            }
        }
        Query(found)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first value of this name, capitals aside.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values(name).next()
    }

    /// The value of this name, if it has but one.
    pub fn sole(&self, name: &str) -> Option<&str> {
        let first = self.get(name)?;
        self.values(name).all(|value| value == first).then_some(first)
    }

    /// Whether this holds for any value.
    pub fn any(&self, holds: impl Fn(&str) -> bool) -> bool {
        self.0.iter().any(|(_, value)| holds(value))
    }

    fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = self.0.iter().filter(move |(own, _)| own.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str())
    }
}

/// Percent-decoded, with `+` as a blank. A broken escape stays as it is, bytes that are no UTF-8 become U+FFFD.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match (byte, digit(at), digit(at + 1)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 2;
            }
            (b'+', ..) => out.push(b' '),
            _ => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).trim().to_string()
}

/// Adds what the base64 JSON of Redsys says, if it can be read.
fn redsys(text: &str, found: &mut Vec<(String, String)>) {
    let value = base64(text)
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .and_then(|text| json::read(&text).ok());
    let entries = value.as_ref().map(Value::entries).unwrap_or_default();
    for (name, value) in entries.iter().take(PARAMETERS_MAX) {
        let is_own = name
            .get(..REDSYS_PREFIX.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(REDSYS_PREFIX));
        let value = crate::source::fields::scalar(value).and_then(RawValue::into_text);
        if let (true, Some(value)) = (is_own, value) {
            found.push((name.clone(), value));
        }
    }
}

/// Base64 in either alphabet; a blank is a `+` that was not escaped. None for anything else.
fn base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for byte in text.trim_end_matches('=').bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' | b' ' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_decoded() {
        let query = Query::read("?a=b+c&%C3%A9=%41%4&A=x&empty=&flag&=v&bad=%ff#x=1");
        assert_eq!(query.get("a"), Some("b c"));
        assert_eq!(query.sole("a"), None);
        assert_eq!(query.sole("\u{e9}"), Some("A%4"));
        assert_eq!(query.get("bad"), Some("\u{fffd}"));
        for nothing in ["empty", "flag", "x"] {
            assert_eq!(query.get(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn base64_of_both_alphabets() {
        assert_eq!(base64("aGk="), Some(b"hi".to_vec()));
        assert_eq!(base64("-_8"), Some(alloc::vec![0xfb, 0xff]));
        assert_eq!(base64("+/8="), base64("-_8"));
        assert_eq!(base64(" /8"), base64("-_8"));
        assert_eq!(base64("a*"), None);
    }

    #[test]
    fn too_long_and_too_many() {
        assert!(Query::read(&("a=".to_string() + &"b".repeat(QUERY_BYTES_MAX))).is_empty());
        let many = "a=b&".repeat(PARAMETERS_MAX) + "c=d";
        assert_eq!(Query::read(&many).get("c"), None);
    }
}
