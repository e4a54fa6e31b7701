//! The purchases that an inline script hands over: `dataLayer.push({…})`, `dataLayer = […]`, `gtag('event', …)`,
//! `purchaseTag('purchase', {…})` and Connectif's `sendEvents([…])`, where the arguments are plain literals.
//!
//! Nothing is executed: an argument with any expression in it is skipped, and so is what stands in a comment or a string.

mod literal;

use purchase_core::{
    json,
    source::{RawPurchase, SourceKind, purchases_from_value},
};

/// Every purchase in a script's text, in its order.
pub fn purchases(script: &str) -> Vec<(SourceKind, RawPurchase)> {
    payloads(script)
        .into_iter()
        .flat_map(|payload| payload.purchases())
        .collect()
}

/// One literal handed to something we know, as JSON text.
#[derive(Debug, PartialEq, Eq)]
struct Payload {
    /// Whether it went to the data layer; if not, it is a call to a tag.
    data_layer: bool,
    json: String,
}

impl Payload {
    fn purchases(&self) -> Vec<(SourceKind, RawPurchase)> {
        let found = json::read(&self.json)
            .map(|value| purchases_from_value(&value))
            .unwrap_or_default();
        let own = if self.data_layer {
            SourceKind::DataLayer
        } else {
            SourceKind::Call
        };
        found
            .into_iter()
            .filter(|(kind, _)| !self.data_layer || *kind == own)
            .map(|(_, raw)| (own, raw))
            .collect()
    }
}

fn payloads(script: &str) -> Vec<Payload> {
    let mut found = Vec::new();
    let mut scan = Scan {
        text: script,
        at: 0,
        operand: false,
        division_until: 0,
    };
    while let Some(word) = scan.next_word() {
        match word {
            "dataLayer" if scan.eat_all(&[".", "push", "("]) => {
                let arguments = literal::arguments(script, &mut scan.at);
                found.extend(arguments.into_iter().map(|json| Payload { data_layer: true, json }));
            }
            "dataLayer" if scan.eat_assignment() => {
                let value = literal::value(script, &mut scan.at);
                found.extend(value.map(|json| Payload { data_layer: true, json }));
            }
            "gtag" if scan.eat_all(&["("]) => {
                let arguments = literal::arguments(script, &mut scan.at);
                found.push(Payload {
                    data_layer: true,
                    json: format!("[{}]", arguments.join(",")),
                });
            }
            "purchaseTag" | "sendEvents" if scan.eat_all(&["("]) => {
                let mut arguments = literal::arguments(script, &mut scan.at).into_iter();
                let json = match (word, arguments.next()) {
                    ("purchaseTag", Some(command)) if command == "\"purchase\"" => arguments.next(),
                    ("sendEvents", events) => events,
                    _ => None,
                };
                found.extend(json.map(|json| Payload {
                    data_layer: false,
                    json,
                }));
            }
            _ => {}
        }
    }
    found
}

/// Walks over a script's words, past comments, strings and regular expressions.
struct Scan<'a> {
    text: &'a str,
    at: usize,
    /// Whether the last thing read was a value, after which `/` divides instead of opening a regular expression.
    operand: bool,
    /// Up to here no `/` opens a regular expression: one that has no end was looked for already.
    division_until: usize,
}

impl<'a> Scan<'a> {
    fn next_word(&mut self) -> Option<&'a str> {
        loop {
            self.at = literal::skip_blank(self.text, self.at);
            let rest = &self.text[self.at..];
            let first = rest.chars().next()?;
            match first {
                '"' | '\'' | '`' => {
                    self.at = literal::string_end(self.text, self.at);
                    self.operand = true;
                }
                '/' if !self.operand && self.at >= self.division_until => {
                    match regular_expression(rest) {
                        Ok(length) => self.at += length,
                        Err(line) => self.division_until = self.at + line,
                    }
                    self.operand = true;
                }
                c if is_word(c) => {
                    let word = &rest[..rest.find(|c| !is_word(c)).unwrap_or(rest.len())];
                    self.at += word.len();
                    self.operand = !matches!(word, "return" | "typeof" | "case" | "in" | "of" | "do" | "else");
                    return Some(word);
                }
                c => {
                    self.at += c.len_utf8();
                    self.operand = matches!(c, ')' | ']' | '}');
                }
            }
        }
    }

    /// Reads exactly these tokens, or nothing.
    fn eat_all(&mut self, tokens: &[&str]) -> bool {
        let mut at = self.at;
        for token in tokens {
            at = literal::skip_blank(self.text, at);
            if !self.text[at..].starts_with(token) {
                return false;
            }
            at += token.len();
        }
        self.at = at;
        self.operand = false;
        true
    }

    fn eat_assignment(&mut self) -> bool {
        let at = literal::skip_blank(self.text, self.at);
        !self.text[at..].starts_with("==") && self.eat_all(&["="])
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

/// Length of the regular expression `text` begins with; the length of the line if there is none.
fn regular_expression(text: &str) -> Result<usize, usize> {
    let (mut escaped, mut in_class) = (false, false);
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\n' | '\r' => return Err(at),
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '/' if !in_class => return Ok(at + 1),
            _ => {}
        }
    }
    Err(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(script: &str, expected: &[&str]) {
        let found: Vec<String> = payloads(script).into_iter().map(|payload| payload.json).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_known_calls_are_found() {
        check(
            "window.dataLayer.push({ecommerce: null}); dataLayer . push({a:1},{b:2})",
            &[r#"{"ecommerce":null}"#, r#"{"a":1}"#, r#"{"b":2}"#],
        );
        check("var dataLayer = [{event:'purchase'}];", &[r#"[{"event":"purchase"}]"#]);
        check(
            "gtag('event', 'purchase', {value: 1.50})",
            &[r#"["event","purchase",{"value":1.50}]"#],
        );
        check(
            "purchaseTag('purchase', {purchase_id:'1'}); purchaseTag('config', {a:1})",
            &[r#"{"purchase_id":"1"}"#],
        );
        check(
            "connectif.managed.sendEvents([{type:'purchase'}], {})",
            &[r#"[{"type":"purchase"}]"#],
        );
    }

    #[test]
    fn expressions_comments_strings_and_other_names_are_not() {
        check("window.dataLayer = window.dataLayer || [];", &[]);
        check("dataLayer.push({value: total()}); dataLayer.push(x)", &[]);
        check("if (dataLayer == [1]) {}", &[]);
        check(
            "// dataLayer.push({a:1})\n/* dataLayer.push({a:2}) */ '  dataLayer.push({a:3})'",
            &[],
        );
        check("myDataLayer.push({a:1}); dataLayer2.push({a:1}); gtagX('a')", &[]);
        check("var quote = /'/; dataLayer.push({a:1})", &[r#"{"a":1}"#]);
        check("x = a / b; dataLayer.push({a:'/'})", &[r#"{"a":"/"}"#]);
    }

    #[test]
    fn an_event_inside_a_function_counts_like_any_other() {
        check("$(function () { dataLayer.push({a: 1}); });", &[r#"{"a":1}"#]);
    }

    #[test]
    fn a_broken_script_ends_quietly() {
        for script in [
            "dataLayer.push(",
            "dataLayer.push({a:'",
            "dataLayer =",
            "gtag('event',",
            "`",
            "/[",
            "/* x",
        ] {
            assert!(purchases(script).is_empty(), "{script}");
        }
    }
}
