//! The sentence of a problem, and the value in it.

use alloc::string::{String, ToString};
use core::fmt;

use serde::{Serialize, Serializer};

use super::said;

/// An English sentence; `{name}` in it, at most once, is where its value belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said(&'static str);

/// What to write instead of what was found, or what was done with it: its text is an English sentence. Catalogues in other
/// languages go by its code and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    said: Said,
    /// Empty if the sentence has none.
    value: String,
}

impl Said {
    /// A sentence.
    pub const fn new(text: &'static str) -> Said {
        Said(text)
    }

    /// The sentence, with the value's name in braces.
    pub fn text(self) -> &'static str {
        self.0
    }

    /// As a message, without a value.
    pub fn plain(self) -> Message {
        self.with("")
    }

    /// As a message with its value.
    pub fn with(self, value: &str) -> Message {
        Message {
            said: self,
            value: value.to_string(),
        }
    }

    /// The name of its value, if it has one.
    pub fn value_name(self) -> Option<&'static str> {
        let (_, rest) = self.0.split_once('{')?;
        rest.split_once('}').map(|(name, _)| name)
    }
}

impl Message {
    /// The sentence with its value.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut in_name = false;
        // Letter by letter: nothing else is as small in the page's module.
        for c in self.said.0.chars() {
            match c {
                '{' => {
                    in_name = true;
                    text.push_str(&self.value);
                }
                '}' => in_name = false,
                _ if in_name => {}
                c => text.push(c),
            }
        }
        text
    }

    /// The sentence, whatever its value.
    pub fn said(&self) -> Said {
        self.said
    }

    /// The code of a sentence of [`said`]; none if another part says it. It is looked up, because the module of the page has no use
    /// for codes and does not carry them.
    pub fn code(&self) -> Option<&'static str> {
        let row = said::ALL.iter().find(|(_, said)| *said == self.said);
        row.map(|(code, _)| *code)
    }

    /// The value and its name in the sentence, if it has one.
    pub fn value(&self) -> Option<(&'static str, &str)> {
        self.said.value_name().map(|name| (name, self.value.as_str()))
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_has_its_own_code_and_at_most_one_value() {
        for (index, (code, said)) in said::ALL.iter().enumerate() {
            assert!(
                said::ALL[..index]
                    .iter()
                    .all(|(other, text)| other != code && text != said),
                "{code}"
            );
            assert!(
                code.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-')),
                "{code}"
            );
            let message = said.with("<5>");
            assert_eq!(message.code(), Some(*code));
            let expected = said
                .value_name()
                .map(|name| said.text().replace(&alloc::format!("{{{name}}}"), "<5>"));
            assert_eq!(message.to_string(), expected.unwrap_or_else(|| said.text().to_string()));
            assert!(!message.to_string().contains(['{', '}']), "{code}: {message}");
        }
    }
}
