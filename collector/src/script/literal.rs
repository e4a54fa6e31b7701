//! JavaScript literals as JSON text: unquoted keys, single quotes, trailing commas and comments are allowed, numbers
//! keep their digits, and anything that would have to be computed is not a literal.

use purchase_core::json;

/// Deepest nesting of lists and objects.
const DEPTH_MAX: usize = 64;

/// The leading literal arguments of a call, `at` standing behind its opening parenthesis. Ends at the first argument
/// that is no literal; `at` moves behind what was read.
pub fn arguments(script: &str, at: &mut usize) -> Vec<String> {
    let mut found = Vec::new();
    let mut reader = Reader { text: script, at: *at };
    while let Some(json) = reader.whole_value(&[",", ")"]) {
        found.push(json);
        *at = reader.at;
        if !reader.eat(',') {
            break;
        }
    }
    found
}

/// The literal that a statement assigns, `at` standing behind the `=`.
pub fn value(script: &str, at: &mut usize) -> Option<String> {
    let mut reader = Reader { text: script, at: *at };
    let json = reader.whole_value(&[";", ",", "}", "\n", ""])?;
    *at = reader.at;
    Some(json)
}

/// Where the blanks and comments at `at` end.
pub fn skip_blank(text: &str, mut at: usize) -> usize {
    loop {
        let rest = &text[at..];
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else {
            rest.len()
                - rest
                    .trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
                    .len()
        };
        if length == 0 {
            return at;
        }
        at += length;
    }
}

/// Where the string that begins at `at` ends: behind its closing quote, or behind the line if it has none.
pub fn string_end(text: &str, at: usize) -> usize {
    let mut chars = text[at..].char_indices();
    let quote = chars.next().map(|(_, c)| c);
    let mut escaped = false;
    for (offset, c) in chars {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if Some(c) == quote => return at + offset + c.len_utf8(),
            '\n' if quote != Some('`') => return at + offset,
            _ => {}
        }
    }
    text.len()
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    /// A literal that is the whole expression: one of `ends` follows ("" is the end of the text, "\n" a new line).
    fn whole_value(&mut self, ends: &[&str]) -> Option<String> {
        let mut out = String::new();
        self.value(&mut out, 0)?;
        let next = skip_blank(self.text, self.at);
        let ended = ends.iter().any(|end| match *end {
            "" => next == self.text.len(),
            "\n" => self.text[self.at..next].contains('\n') && !continues(&self.text[next..]),
            end => self.text[next..].starts_with(end),
        });
        ended.then_some(out)
    }

    fn value(&mut self, out: &mut String, depth: usize) -> Option<()> {
        self.at = skip_blank(self.text, self.at);
        match self.peek()? {
            '{' if depth < DEPTH_MAX => self.object(out, depth),
            '[' if depth < DEPTH_MAX => self.list(out, depth),
            '"' | '\'' | '`' => {
                let text = self.string()?;
                json::write_text(out, &text);
                Some(())
            }
            '-' | '.' | '0'..='9' => self.number(out),
            _ => {
                out.push_str(match self.word() {
                    "true" => "true",
                    "false" => "false",
                    "null" | "undefined" => "null",
                    _ => return None,
                });
                Some(())
            }
        }
    }

    fn object(&mut self, out: &mut String, depth: usize) -> Option<()> {
        self.next();
        out.push('{');
        let mut first = true;
        while !self.eat('}') {
            if !std::mem::take(&mut first) {
                out.push(',');
            }
            let key = match self.peek()? {
                '"' | '\'' => self.string()?,
                _ => Some(self.word()).filter(|word| !word.is_empty())?.to_owned(),
            };
            json::write_text(out, &key);
            if !self.eat(':') {
                return None;
            }
            out.push(':');
            self.value(out, depth + 1)?;
            if !self.eat(',') && !self.follows('}') {
                return None;
            }
        }
        out.push('}');
        Some(())
    }

    fn list(&mut self, out: &mut String, depth: usize) -> Option<()> {
        self.next();
        out.push('[');
        let mut first = true;
        while !self.eat(']') {
            if !std::mem::take(&mut first) {
                out.push(',');
            }
            self.value(out, depth + 1)?;
            if !self.eat(',') && !self.follows(']') {
                return None;
            }
        }
        out.push(']');
        Some(())
    }

    fn string(&mut self) -> Option<String> {
        let quote = self.next()?;
        let mut text = String::new();
        loop {
            match self.next()? {
                c if c == quote => return Some(text),
                '\\' => text.extend(self.escape()?),
                '\n' | '\r' if quote != '`' => return None,
                '$' if quote == '`' && self.peek() == Some('{') => return None,
                c => text.push(c),
            }
        }
    }

    /// The character of an escape; none for a line that goes on.
    #[allow(clippy::option_option, reason = "outside: not a literal; inside: no character")]
    fn escape(&mut self) -> Option<Option<char>> {
        Some(Some(match self.next()? {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            '0' => '\0',
            'x' => self.hex(2)?,
            'u' if self.peek() == Some('{') => {
                let rest = &self.text[self.at..];
                let end = rest.find('}')?;
                let unit = u32::from_str_radix(&rest[1..end], 16).ok()?;
                self.at += end + 1;
                char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            'u' => self.utf16()?,
            '\r' => {
                if self.peek() == Some('\n') {
                    self.next();
                }
                return Some(None);
            }
            '\n' | '\u{2028}' | '\u{2029}' => return Some(None),
            c => c,
        }))
    }

    fn hex(&mut self, digits: usize) -> Option<char> {
        let unit = u32::from_str_radix(self.text[self.at..].get(..digits)?, 16).ok()?;
        self.at += digits;
        Some(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    /// Four digits, or two times four that make one character.
    fn utf16(&mut self) -> Option<char> {
        let start = self.at;
        let first = self.hex(4)?;
        let pair = self.text[start..].get(..10).filter(|text| text[4..].starts_with("\\u"));
        let units = pair.and_then(|text| {
            Some([
                u16::from_str_radix(&text[..4], 16).ok()?,
                u16::from_str_radix(&text[6..], 16).ok()?,
            ])
        });
        match units
            .and_then(|units| char::decode_utf16(units).next()?.ok())
            .filter(|c| c.len_utf16() == 2)
        {
            Some(c) => {
                self.at = start + 10;
                Some(c)
            }
            None => Some(first),
        }
    }

    /// A decimal number, in JSON's form: `.5` is `0.5`, `5.` is `5`, `1_000` is `1000`.
    fn number(&mut self, out: &mut String) -> Option<()> {
        let rest = &self.text[self.at..];
        let mut previous = ' ';
        let length = rest
            .find(|c: char| {
                let sign = matches!(c, '-' | '+') && matches!(previous, ' ' | 'e' | 'E');
                let part = sign || c.is_alphanumeric() || matches!(c, '.' | '_');
                previous = c;
                !part
            })
            .unwrap_or(rest.len());
        let digits = rest[..length].replace('_', "");
        let (sign, digits) = match digits.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", digits.as_str()),
        };
        let exponent = digits.find(['e', 'E']).unwrap_or(digits.len());
        let (mantissa, exponent) = digits.split_at(exponent);
        let zero = if mantissa.starts_with('.') { "0" } else { "" };
        let json = format!(
            "{sign}{zero}{}{exponent}",
            mantissa.strip_suffix('.').unwrap_or(mantissa)
        );
        json::read(&json).ok()?;
        out.push_str(&json);
        self.at += length;
        Some(())
    }

    fn word(&mut self) -> &str {
        let rest = &self.text[self.at..];
        let word = &rest[..rest.find(|c| !super::is_word(c)).unwrap_or(rest.len())];
        self.at += word.len();
        word
    }

    fn follows(&mut self, c: char) -> bool {
        self.at = skip_blank(self.text, self.at);
        self.peek() == Some(c)
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.follows(c);
        if found {
            self.next();
        }
        found
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }
}

/// Whether a statement goes on with this text although a new line came before it.
fn continues(text: &str) -> bool {
    text.starts_with([
        '.', '(', '[', '+', '-', '*', '/', '%', '&', '|', '?', '=', '<', '>', '^', '`', ',',
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(literal: &str, expected: Option<&str>) {
        assert_eq!(value(literal, &mut 0).as_deref(), expected, "{literal}");
        if let Some(json) = expected {
            json::read(json).expect("the expected text is JSON");
        }
    }

    #[test]
    fn what_json_does_not_allow_is_rewritten() {
        check(
            "{a: 1, 'b': \"x\", $c_1: [true, null, undefined,],}",
            Some(r#"{"a":1,"b":"x","$c_1":[true,null,null]}"#),
        );
        check(
            "{ // note\n a /* b */ : 'it\\'s \"so\"' }",
            Some(r#"{"a":"it's \"so\""}"#),
        );
        check("{1: `plain`}", Some(r#"{"1":"plain"}"#));
    }

    #[test]
    fn numbers_keep_their_digits() {
        check(
            "[180.750000, -1, .5, 5., 1_000, 1e3, 12345678901234567890]",
            Some("[180.750000,-1,0.5,5,1000,1e3,12345678901234567890]"),
        );
        for wrong in ["0x1F", "1n", "010", "+1", "1.2.3", "NaN", "--1"] {
            check(wrong, None);
        }
    }

    #[test]
    fn escapes_are_those_of_javascript() {
        check(
            r"'\x41\u0042\u{43}\n\/\
d\ud83d\ude00\ud83d'",
            Some("\"ABC\\n/d\u{1f600}\u{fffd}\""),
        );
    }

    #[test]
    fn expressions_are_no_literals() {
        for wrong in [
            "'a' + b",
            "{a: b}",
            "{a: f()}",
            "`a${b}`",
            "{...a}",
            "{a}",
            "[1,,2]",
            "{a: 1} || x",
            "[1].concat(x)",
            "{a:1",
            "'a",
        ] {
            check(wrong, None);
        }
        check("[1]\n(x)", None);
        check("[1]\nvar x", Some("[1]"));
    }

    #[test]
    fn depth_is_bounded() {
        check(&"[".repeat(1_000_000), None);
    }
}
