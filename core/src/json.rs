//! A JSON reader that keeps numbers as the text they were written in.
//!
//! Why not a library: amounts and ids must not pass through a binary float (also the float parser is the largest
//! single cost in a wasm build), a lone surrogate from a text cut in half must not cost a purchase, and the work on
//! hostile input must be bounded by our own limits. The grammar is RFC 8259.

use alloc::{string::String, vec::Vec};
use core::{fmt, str::Chars};

/// Deepest nesting of lists and objects.
pub const DEPTH_MAX: usize = 128;

/// Most values in one text.
pub const VALUES_MAX: usize = 1_000_000;

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number in its own digits.
    Number(String),
    /// A string, unescaped; lone surrogates are U+FFFD.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// An object, in the text's order; a repeated key stands several times.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// The first value of this key, if this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries()
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    }

    /// The object's entries; none for anything else.
    pub fn entries(&self) -> &[(String, Value)] {
        match self {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The list's values; none for anything else.
    pub fn values(&self) -> &[Value] {
        match self {
            Value::List(values) => values,
            _ => &[],
        }
    }

    /// The string, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The whole number, if it is one that fits.
    pub fn whole(&self) -> Option<u64> {
        match self {
            Value::Number(digits) => digits.parse().ok(),
            _ => None,
        }
    }
}

/// Why a text is not JSON, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// Byte offset in the text.
    pub offset: usize,
    what: &'static str,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)?;
        f.write_str(" at byte ")?;
        self.offset.fmt(f)
    }
}

impl core::error::Error for JsonError {}

/// Reads one JSON text. Linear in its length; at most [`VALUES_MAX`] values, nested at most [`DEPTH_MAX`] deep.
///
/// # Errors
/// If the text is not JSON or exceeds a limit.
pub fn read(text: &str) -> Result<Value, JsonError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader {
        length: text.len(),
        chars: text.chars(),
        values: 0,
    };
    let value = reader.value(0)?;
    reader.skip_blank();
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.error("unexpected text after the JSON value")),
    }
}

/// Appends `text` as a JSON string.
pub fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => {
                out.push_str("\\u00");
                for shift in [4, 0] {
                    out.push(char::from_digit((c as u32 >> shift) & 15, 16).unwrap_or('0'));
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Appends a value as JSON text, which [`read`] reads back as the same value.
pub fn write(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(digits) => out.push_str(digits),
        Value::Text(text) => write_text(out, text),
        Value::List(values) => {
            out.push('[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(out, value);
            }
            out.push(']');
        }
        Value::Map(entries) => {
            out.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_text(out, key);
                out.push(':');
                write(out, value);
            }
            out.push('}');
        }
    }
}

struct Reader<'a> {
    /// Of the whole text, in bytes.
    length: usize,
    /// What is not read yet.
    chars: Chars<'a>,
    values: usize,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Result<Value, JsonError> {
        self.values += 1;
        if self.values > VALUES_MAX {
            return Err(self.error("too many values"));
        }
        if depth > DEPTH_MAX {
            return Err(self.error("nested too deep"));
        }
        self.skip_blank();
        match self.peek() {
            Some('{') => self.map(depth),
            Some('[') => self.list(depth),
            Some('"') => self.string().map(Value::Text),
            Some('-' | '0'..='9') => self.number(),
            Some('t') => self.word("true", Value::Bool(true)),
            Some('f') => self.word("false", Value::Bool(false)),
            Some('n') => self.word("null", Value::Null),
            _ => Err(self.error("expected a value")),
        }
    }

    fn map(&mut self, depth: usize) -> Result<Value, JsonError> {
        self.chars.next();
        let mut entries = Vec::new();
        if self.eat_after_blank('}') {
            return Ok(Value::Map(entries));
        }
        loop {
            self.skip_blank();
            if self.peek() != Some('"') {
                return Err(self.error("expected a key in quotes"));
            }
            let key = self.string()?;
            if !self.eat_after_blank(':') {
                return Err(self.error("expected a colon"));
            }
            entries.push((key, self.value(depth + 1)?));
            if self.eat_after_blank('}') {
                return Ok(Value::Map(entries));
            }
            if !self.eat_after_blank(',') {
                return Err(self.error("expected a comma or a closing brace"));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, JsonError> {
        self.chars.next();
        let mut values = Vec::new();
        if self.eat_after_blank(']') {
            return Ok(Value::List(values));
        }
        loop {
            values.push(self.value(depth + 1)?);
            if self.eat_after_blank(']') {
                return Ok(Value::List(values));
            }
            if !self.eat_after_blank(',') {
                return Err(self.error("expected a comma or a closing bracket"));
            }
        }
    }

    fn string(&mut self) -> Result<String, JsonError> {
        self.chars.next();
        let mut out = String::new();
        loop {
            match self.chars.next() {
                Some('"') => return Ok(out),
                Some('\\') => self.escape(&mut out)?,
                Some(c) if c >= ' ' => out.push(c),
                _ => return Err(self.error("unfinished string")),
            }
        }
    }

    fn escape(&mut self, out: &mut String) -> Result<(), JsonError> {
        let c = match self.chars.next() {
            Some(c @ ('"' | '\\' | '/')) => c,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let mut unit = self.hex4()?;
                // A high surrogate waits for its low half; each half that stays alone becomes U+FFFD.
                while (0xd800..0xdc00).contains(&unit) {
                    let mut ahead = self.chars.clone();
                    if ahead.next() != Some('\\') || ahead.next() != Some('u') {
                        break;
                    }
                    self.chars = ahead;
                    let low = self.hex4()?;
                    if (0xdc00..0xe000).contains(&low) {
                        unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                    } else {
                        out.push(char::REPLACEMENT_CHARACTER);
                        unit = low;
                    }
                }
                char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => return Err(self.error("unknown escape in a string")),
        };
        out.push(c);
        Ok(())
    }

    fn hex4(&mut self) -> Result<u32, JsonError> {
        let mut unit = 0;
        for _ in 0..4 {
            match self.chars.next().and_then(|c| c.to_digit(16)) {
                Some(digit) => unit = unit * 16 + digit,
                None => return Err(self.error("four hexadecimal digits must follow \\u")),
            }
        }
        Ok(unit)
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let mut digits = String::new();
        while let Some(c @ ('0'..='9' | '+' | '-' | '.' | 'e' | 'E')) = self.peek() {
            digits.push(c);
            self.chars.next();
        }
        if is_number(&digits) {
            Ok(Value::Number(digits))
        } else {
            Err(self.error("malformed number"))
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, JsonError> {
        for expected in word.chars() {
            if self.chars.next() != Some(expected) {
                return Err(self.error("expected a value"));
            }
        }
        Ok(value)
    }

    fn eat_after_blank(&mut self, c: char) -> bool {
        self.skip_blank();
        let found = self.peek() == Some(c);
        if found {
            self.chars.next();
        }
        found
    }

    fn skip_blank(&mut self) {
        while let Some(' ' | '\n' | '\r' | '\t') = self.peek() {
            self.chars.next();
        }
    }

    fn peek(&self) -> Option<char> {
        self.chars.clone().next()
    }

    fn error(&self, what: &'static str) -> JsonError {
        JsonError {
            offset: self.length - self.chars.as_str().len(),
            what,
        }
    }
}

/// RFC 8259: `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[track_caller]
    fn text(json: &str, expected: &str) {
        assert_eq!(read(json), Ok(Value::Text(expected.into())));
    }

    #[track_caller]
    fn refused(json: &str, message: &str) {
        assert_eq!(read(json).map_err(|error| error.to_string()), Err(message.to_string()));
    }

    #[test]
    fn numbers_keep_their_digits() {
        for digits in ["0", "-0", "180.750000", "12345678901234567890", "1E-7", "1e+21"] {
            assert_eq!(read(digits), Ok(Value::Number(digits.into())));
        }
        for wrong in ["01", "1.", ".5", "+1", "1e", "-", "1-2"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn strings_are_unescaped_and_halves_of_characters_replaced() {
        text(r#""a\u00e9\n\"\/""#, "a\u{e9}\n\"/");
        text(r#""\ud83d\ude00""#, "\u{1f600}");
        text(r#""x\ud83d""#, "x\u{fffd}");
        text(r#""\ude00y""#, "\u{fffd}y");
        text(r#""\ud83d\ud83d\ude00""#, "\u{fffd}\u{1f600}");
        text(r#""\ud83dz""#, "\u{fffd}z");
    }

    #[test]
    fn errors_say_what_and_where() {
        refused("", "expected a value at byte 0");
        refused("{\"a\" 1}", "expected a colon at byte 5");
        refused("[1,]", "expected a value at byte 3");
        refused("\"a", "unfinished string at byte 2");
        refused("{} x", "unexpected text after the JSON value at byte 3");
        refused(&"[".repeat(1000), "nested too deep at byte 129");
    }

    #[test]
    fn what_is_written_is_read() {
        let text = r#"{"a":[],"b":[1.50,"x\"y",{}],"a":{"c":null,"d":true,"e":false}}"#;
        let mut out = String::new();
        write(&mut out, &read(text).expect("JSON"));
        assert_eq!(out, text);
    }

    #[test]
    fn writing_escapes_what_json_must() {
        let mut out = String::new();
        write_text(&mut out, "a\"\\\n\u{1}\u{1f}\u{e9}");
        assert_eq!(out, "\"a\\\"\\\\\\n\\u0001\\u001f\u{e9}\"");
        text(&out, "a\"\\\n\u{1}\u{1f}\u{e9}");
    }
}
