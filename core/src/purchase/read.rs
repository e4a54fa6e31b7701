//! Reads the typed fields of one purchase or one line, noting every problem with its path.

mod numbers;

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{
    DateTime, Kind, Problem, Rules, Said, Severity, date,
    problem::Problems,
    said,
    text::{Address, ID_CHARS_MAX, TEXT_CHARS_MAX, address, is_placeholder, trim},
};
use crate::source::{Field, RawValue};

/// How much a field is needed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Without it the purchase is refused.
    Purchase,
    /// Without it the line is reported.
    Item,
    /// Without it nothing is said.
    Optional,
    /// Without it a value is computed.
    Derived,
}

/// The fields of one purchase or one line.
pub struct Reader<'a> {
    /// In the page's order; repeated ones stand several times.
    pub fields: &'a [(Field, RawValue)],
    /// What precedes a field's name in problem paths.
    pub prefix: &'a str,
    /// The site's reading rules.
    pub rules: &'a Rules<'a>,
    /// Where problems go.
    pub problems: &'a mut Problems,
}

impl<'a> Reader<'a> {
    /// An id: verbatim but for blanks around it. A control character is told and stays, because without it the id may be
    /// another purchase's.
    pub fn id(&mut self, field: Field, need: Need) -> Option<String> {
        let text = self.plain(field, need)?;
        if text.chars().count() > ID_CHARS_MAX {
            self.reject_with(
                field,
                need,
                Kind::TooLong,
                text,
                said::ID_TOO_LONG,
                &ID_CHARS_MAX.to_string(),
            );
            return None;
        }
        if text.chars().any(char::is_control) {
            self.push(field, Kind::Malformed, Severity::Warning, text, said::CONTROL_IN_ID);
        }
        if text == "0" && need == Need::Purchase {
            self.push(field, Kind::Placeholder, Severity::Warning, text, said::ZERO_ID);
        }
        Some(text.to_string())
    }

    /// A cart's id, where `0` stands for none (Connectif's own Shopify script prints it).
    pub fn cart_id(&mut self, field: Field) -> Option<String> {
        let id = self.id(field, Need::Optional)?;
        if id == "0" {
            self.push(field, Kind::Placeholder, Severity::Warning, &id, said::ZERO_CART_ID);
            return None;
        }
        Some(id)
    }

    /// A free text.
    pub fn text(&mut self, field: Field, need: Need) -> Option<String> {
        let text = self.plain(field, need)?;
        if text.chars().count() > TEXT_CHARS_MAX {
            self.reject_with(
                field,
                need,
                Kind::TooLong,
                text,
                said::TEXT_TOO_LONG,
                &TEXT_CHARS_MAX.to_string(),
            );
            return None;
        }
        Some(text.to_string())
    }

    /// All values of a repeated field; blank ones are skipped.
    pub fn texts(&mut self, field: Field) -> Vec<String> {
        let mut texts = Vec::new();
        let given: Vec<&'a RawValue> = self.given(field).collect();
        for (index, value) in given.into_iter().enumerate() {
            let path = format!("{}{}[{index}]", self.prefix, field.name());
            let (kind, text, message) = match value {
                RawValue::Wrong(what) => (Kind::WrongType, *what, said::WRITE_TEXT_OR_NUMBER.plain()),
                RawValue::Text(text) | RawValue::Number(text) => match trim(text) {
                    "" => continue,
                    text if is_placeholder(text) => (Kind::Placeholder, text, said::TEMPLATE_PLACEHOLDER.plain()),
                    text if text.chars().count() > TEXT_CHARS_MAX => (
                        Kind::TooLong,
                        text,
                        said::TEXT_TOO_LONG.with(&TEXT_CHARS_MAX.to_string()),
                    ),
                    text => {
                        texts.push(text.to_string());
                        continue;
                    }
                },
            };
            self.problems.push(Problem::warning(path, kind, text, message));
        }
        texts
    }

    /// One of the documented words, in their canonical spelling; each pair is what may stand there and what it means.
    pub fn word(&mut self, field: Field, words: &[(&str, &'static str)]) -> Option<&'static str> {
        let text = self.plain(field, Need::Optional)?;
        let bare = ["https://schema.org/", "http://schema.org/"]
            .iter()
            .find_map(|prefix| text.strip_prefix(prefix))
            .unwrap_or(text);
        let Some((_, word)) = words.iter().find(|(spelling, _)| spelling.eq_ignore_ascii_case(bare)) else {
            let known: Vec<&str> = words
                .iter()
                .filter(|(spelling, word)| spelling == word)
                .map(|(_, word)| *word)
                .collect();
            self.reject_with(
                field,
                Need::Optional,
                Kind::UnknownValue,
                text,
                said::WRITE_ONE_OF,
                &known.join(", "),
            );
            return None;
        };
        if *word != text {
            self.taken_as(field, Kind::Spelling, text, word);
        }
        Some(word)
    }

    /// An address, completed with the page's if it is relative.
    pub fn address(&mut self, field: Field, need: Need) -> Option<String> {
        let text = self.text(field, need)?;
        match address(&text, self.rules.page_url) {
            Address::Absolute => Some(text),
            Address::Resolved(whole) => {
                self.taken_as(field, Kind::ResolvedUrl, &text, &whole);
                Some(whole)
            }
            Address::Relative => {
                self.reject(field, need, Kind::RelativeUrl, &text, said::WRITE_ADDRESS);
                None
            }
            Address::Malformed => {
                self.reject(field, need, Kind::Malformed, &text, said::WRITE_ADDRESS);
                None
            }
        }
    }

    /// A date-time.
    pub fn date(&mut self, field: Field) -> Option<DateTime> {
        let text = self.plain(field, Need::Optional)?;
        let reading = match date::read(text, self.rules.zone) {
            Ok(reading) => reading,
            Err(kind) => {
                let said = match kind {
                    Kind::Impossible => said::NO_SUCH_DATE,
                    _ => said::WRITE_DATE,
                };
                self.reject(field, Need::Optional, kind, text, said);
                return None;
            }
        };
        if reading.rewritten {
            self.taken_as(field, Kind::DateForm, text, reading.value.as_str());
        }
        if reading.floating {
            self.push(field, Kind::NoTimeZone, Severity::Warning, text, said::ADD_ZONE);
        }
        Some(reading.value)
    }

    /// Whether the field is there with any text, right or wrong.
    pub fn is_given(&self, field: Field) -> bool {
        self.given(field).any(|value| !is_blank_value(value))
    }

    /// Notes a computed value.
    pub fn note(&mut self, field: Field, said: Said) {
        self.push(field, Kind::Derived, Severity::Normalised, "", said);
    }

    /// Notes a required value that could not be computed.
    pub fn lack(&mut self, field: Field, said: Said) {
        self.push(field, Kind::Missing, Severity::Warning, "", said);
    }

    /// The field's one text, trimmed.
    fn plain(&mut self, field: Field, need: Need) -> Option<&'a str> {
        let value = self.first(field, need)?;
        self.scalar(field, need, value)
    }

    fn scalar(&mut self, field: Field, need: Need, value: &'a RawValue) -> Option<&'a str> {
        match value {
            RawValue::Wrong(what) => {
                self.reject(field, need, Kind::WrongType, what, said::WRITE_TEXT_OR_NUMBER);
                None
            }
            RawValue::Text(text) | RawValue::Number(text) => {
                let text = trim(text);
                if is_placeholder(text) {
                    self.reject(field, need, Kind::Placeholder, text, said::TEMPLATE_PLACEHOLDER);
                    return None;
                }
                Some(text)
            }
        }
    }

    /// The first value that is not blank. A missing required field is noted, and so is a second, different value.
    fn first(&mut self, field: Field, need: Need) -> Option<&'a RawValue> {
        let mut given = self.given(field).filter(|value| !is_blank_value(value));
        let Some(first) = given.next() else {
            let is_there = self.given(field).next().is_some();
            let required = matches!(need, Need::Purchase | Need::Item);
            if required {
                let (kind, said) = if is_there {
                    (Kind::Empty, said::EMPTY)
                } else {
                    (Kind::Missing, said::MISSING)
                };
                self.reject_with(field, need, kind, "", said, field.name());
            }
            return None;
        };
        if let Some(other) = given.find(|value| value_text(value) != value_text(first)) {
            let text = value_text(other);
            self.push(field, Kind::Repeated, Severity::Warning, text, said::GIVEN_TWICE);
        }
        Some(first)
    }

    fn given(&self, field: Field) -> impl Iterator<Item = &'a RawValue> + use<'a> {
        self.fields
            .iter()
            .filter(move |(known, _)| *known == field)
            .map(|(_, value)| value)
    }

    fn taken_as(&mut self, field: Field, kind: Kind, text: &str, value: &str) {
        self.push_with(field, kind, Severity::Normalised, text, said::TAKEN_AS, value);
    }

    fn reject(&mut self, field: Field, need: Need, kind: Kind, text: &str, said: Said) {
        self.reject_with(field, need, kind, text, said, "");
    }

    fn reject_with(&mut self, field: Field, need: Need, kind: Kind, text: &str, said: Said, value: &str) {
        let severity = if need == Need::Purchase {
            Severity::Error
        } else {
            Severity::Warning
        };
        self.push_with(field, kind, severity, text, said, value);
    }

    fn push(&mut self, field: Field, kind: Kind, severity: Severity, text: &str, said: Said) {
        self.push_with(field, kind, severity, text, said, "");
    }

    fn push_with(&mut self, field: Field, kind: Kind, severity: Severity, text: &str, said: Said, value: &str) {
        let path = String::from(self.prefix) + field.name();
        self.problems
            .push(Problem::new(path, kind, severity, text, said.with(value)));
    }
}

fn value_text(value: &RawValue) -> &str {
    match value {
        RawValue::Text(text) | RawValue::Number(text) => trim(text),
        RawValue::Wrong(what) => what,
    }
}

fn is_blank_value(value: &RawValue) -> bool {
    value_text(value).is_empty()
}
