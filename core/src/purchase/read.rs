//! Reads the typed fields of one purchase or one line, noting every problem with its path.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{
    DateTime, Decimal, Kind, Message, Problem, Rules, Severity, date,
    number::{self, AMOUNT_WHOLE_MAX, Reading, WHOLE_MAX},
    problem::Problems,
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

/// What kind of number is expected.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Decimal,
    Whole,
    Percentage,
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
    /// An id: verbatim but for blanks around it.
    pub fn id(&mut self, field: Field, need: Need) -> Option<String> {
        let text = self.plain(field, need)?;
        if text.chars().count() > ID_CHARS_MAX {
            self.reject(
                field,
                need,
                Kind::TooLong,
                text,
                Message::IdTooLong { limit: ID_CHARS_MAX },
            );
            return None;
        }
        if text == "0" && need == Need::Purchase {
            self.push(field, Kind::Placeholder, Severity::Warning, text, Message::ZeroId);
        }
        Some(text.to_string())
    }

    /// A cart's id, where `0` stands for none (Connectif's own Shopify script prints it).
    pub fn cart_id(&mut self, field: Field) -> Option<String> {
        let id = self.id(field, Need::Optional)?;
        if id == "0" {
            self.push(field, Kind::Placeholder, Severity::Warning, &id, Message::ZeroCartId);
            return None;
        }
        Some(id)
    }

    /// A free text.
    pub fn text(&mut self, field: Field, need: Need) -> Option<String> {
        let text = self.plain(field, need)?;
        if text.chars().count() > TEXT_CHARS_MAX {
            self.reject(
                field,
                need,
                Kind::TooLong,
                text,
                Message::TextTooLong { limit: TEXT_CHARS_MAX },
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
                RawValue::Wrong(what) => (Kind::WrongType, *what, Message::WriteText),
                RawValue::Text(text) | RawValue::Number(text) => match trim(text) {
                    "" => continue,
                    text if is_placeholder(text) => (Kind::Placeholder, text, Message::LeaveOut),
                    text if text.chars().count() > TEXT_CHARS_MAX => {
                        (Kind::TooLong, text, Message::TextTooLong { limit: TEXT_CHARS_MAX })
                    }
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
            self.reject(
                field,
                Need::Optional,
                Kind::UnknownValue,
                text,
                Message::WriteOneOf {
                    words: known.join(", "),
                },
            );
            return None;
        };
        if *word != text {
            self.push(
                field,
                Kind::Spelling,
                Severity::Normalised,
                text,
                Message::TakenAs {
                    value: (*word).to_string(),
                },
            );
        }
        Some(word)
    }

    /// An address, completed with the page's if it is relative.
    pub fn address(&mut self, field: Field, need: Need) -> Option<String> {
        let text = self.text(field, need)?;
        match address(&text, self.rules.page_url) {
            Address::Absolute => Some(text),
            Address::Resolved(whole) => {
                self.push(
                    field,
                    Kind::ResolvedUrl,
                    Severity::Normalised,
                    &text,
                    Message::TakenAs { value: whole.clone() },
                );
                Some(whole)
            }
            Address::Relative => {
                self.reject(field, need, Kind::RelativeUrl, &text, Message::WriteWholeAddress);
                None
            }
            Address::Malformed => {
                self.reject(field, need, Kind::Malformed, &text, Message::WriteWebAddress);
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
                let message = match kind {
                    Kind::Impossible => Message::NoSuchDate,
                    _ => Message::WriteDate,
                };
                self.reject(field, Need::Optional, kind, text, message);
                return None;
            }
        };
        if reading.rewritten {
            let value = reading.value.as_str().to_string();
            self.push(
                field,
                Kind::DateForm,
                Severity::Normalised,
                text,
                Message::TakenAs { value },
            );
        }
        if reading.floating {
            self.push(field, Kind::NoTimeZone, Severity::Warning, text, Message::AddZone);
        }
        Some(reading.value)
    }

    /// An amount of money.
    pub fn amount(&mut self, field: Field, need: Need) -> Option<Decimal> {
        let (text, reading) = self.number(field, need, Form::Decimal)?;
        if reading.value.whole_part() > AMOUNT_WHOLE_MAX {
            self.reject(field, need, Kind::OutOfRange, text, Message::AmountTooLarge);
            return None;
        }
        if let (Some(mark), Some(currency)) = (reading.currency, self.rules.currency)
            && !mark.fits(currency)
        {
            let configured = currency.code().to_string();
            self.push(
                field,
                Kind::CurrencyMismatch,
                Severity::Warning,
                text,
                Message::AmountKept { configured },
            );
        }
        self.rewritten(field, text, &reading, reading.rewritten);
        Some(reading.value)
    }

    /// A decimal between 0 and `limit`.
    pub fn bounded(&mut self, field: Field, limit: u64) -> Option<Decimal> {
        let (text, reading) = self.number(field, Need::Optional, Form::Decimal)?;
        self.within(field, text, reading, limit)
    }

    /// A percentage between 0 and 100; its sign is dropped.
    pub fn percentage(&mut self, field: Field) -> Option<Decimal> {
        let (text, reading) = self.number(field, Need::Optional, Form::Percentage)?;
        self.within(field, text, reading, 100)
    }

    /// A whole number.
    pub fn whole(&mut self, field: Field, need: Need) -> Option<u64> {
        let (text, reading) = self.number(field, need, Form::Whole)?;
        let (kind, message) = match reading.value.whole() {
            Some(value) if value <= WHOLE_MAX && reading.currency.is_none() => {
                self.rewritten(field, text, &reading, reading.rewritten || reading.has_fraction);
                return Some(value);
            }
            Some(_) if reading.currency.is_some() => (Kind::Malformed, Message::WholeWithoutCurrency),
            Some(_) => (Kind::OutOfRange, Message::NumberTooLarge),
            None => (Kind::NotWhole, Message::WriteWhole),
        };
        self.reject(field, need, kind, text, message);
        None
    }

    /// Whether the field is there with any text, right or wrong.
    pub fn is_given(&self, field: Field) -> bool {
        self.given(field).any(|value| !is_blank_value(value))
    }

    /// Notes a computed value.
    pub fn note(&mut self, field: Field, message: Message) {
        self.push(field, Kind::Derived, Severity::Normalised, "", message);
    }

    /// Notes a required value that could not be computed.
    pub fn lack(&mut self, field: Field, message: Message) {
        self.push(field, Kind::Missing, Severity::Warning, "", message);
    }

    fn within(&mut self, field: Field, text: &str, reading: Reading, limit: u64) -> Option<Decimal> {
        if reading.value.exceeds(limit) {
            self.reject(
                field,
                Need::Optional,
                Kind::OutOfRange,
                text,
                Message::WriteUpTo { limit },
            );
            return None;
        }
        self.rewritten(field, text, &reading, reading.rewritten);
        Some(reading.value)
    }

    fn number(&mut self, field: Field, need: Need, form: Form) -> Option<(&'a str, Reading)> {
        let value = self.first(field, need)?;
        let text = self.scalar(field, need, value)?;
        let (bare, had_percent) = match text.strip_suffix('%').filter(|_| form == Form::Percentage) {
            Some(bare) => (trim(bare), true),
            None => (text, false),
        };
        let reading = match value {
            RawValue::Number(_) => number::read_json_number(bare),
            _ => number::read_text(bare, self.rules.decimal),
        };
        match reading {
            Ok(reading) => Some((
                text,
                Reading {
                    rewritten: reading.rewritten || had_percent,
                    ..reading
                },
            )),
            Err(kind) => {
                let message = match kind {
                    Kind::Ambiguous => Message::TwoReadings,
                    Kind::Negative => Message::NotBelowZero,
                    Kind::OutOfRange => Message::TooManyDigits,
                    _ if form == Form::Whole => Message::WriteDigits,
                    _ => Message::WriteDecimal,
                };
                self.reject(field, need, kind, text, message);
                None
            }
        }
    }

    fn rewritten(&mut self, field: Field, text: &str, reading: &Reading, rewritten: bool) {
        if rewritten {
            self.push(
                field,
                Kind::NumberForm,
                Severity::Normalised,
                text,
                Message::TakenAs {
                    value: reading.value.to_string(),
                },
            );
        }
    }

    /// The field's one text, trimmed.
    fn plain(&mut self, field: Field, need: Need) -> Option<&'a str> {
        let value = self.first(field, need)?;
        self.scalar(field, need, value)
    }

    fn scalar(&mut self, field: Field, need: Need, value: &'a RawValue) -> Option<&'a str> {
        match value {
            RawValue::Wrong(what) => {
                self.reject(field, need, Kind::WrongType, what, Message::WriteTextOrNumber);
                None
            }
            RawValue::Text(text) | RawValue::Number(text) => {
                let text = trim(text);
                if is_placeholder(text) {
                    self.reject(field, need, Kind::Placeholder, text, Message::TemplatePlaceholder);
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
                let field_name = field.name();
                let (kind, message) = if is_there {
                    (Kind::Empty, Message::Empty { field: field_name })
                } else {
                    (Kind::Missing, Message::Missing { field: field_name })
                };
                self.reject(field, need, kind, "", message);
            }
            return None;
        };
        if let Some(other) = given.find(|value| value_text(value) != value_text(first)) {
            let text = value_text(other);
            self.push(field, Kind::Repeated, Severity::Warning, text, Message::GivenTwice);
        }
        Some(first)
    }

    fn given(&self, field: Field) -> impl Iterator<Item = &'a RawValue> + use<'a> {
        self.fields
            .iter()
            .filter(move |(known, _)| *known == field)
            .map(|(_, value)| value)
    }

    fn reject(&mut self, field: Field, need: Need, kind: Kind, text: &str, message: Message) {
        let severity = if need == Need::Purchase {
            Severity::Error
        } else {
            Severity::Warning
        };
        self.push(field, kind, severity, text, message);
    }

    fn push(&mut self, field: Field, kind: Kind, severity: Severity, text: &str, message: Message) {
        let path = String::from(self.prefix) + field.name();
        self.problems.push(Problem::new(path, kind, severity, text, message));
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
