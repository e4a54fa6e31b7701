//! Reads the fields that are numbers.

use alloc::string::ToString;

use super::{
    super::{
        Decimal, Kind, Severity,
        number::{self, AMOUNT_WHOLE_MAX, Reading, WHOLE_MAX},
        said,
        text::trim,
    },
    Need, Reader,
};
use crate::source::{Field, RawValue};

/// What kind of number is expected.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Decimal,
    Whole,
    Percentage,
}

impl<'a> Reader<'a> {
    /// An amount of money.
    pub fn amount(&mut self, field: Field, need: Need) -> Option<Decimal> {
        let (text, reading) = self.number(field, need, Form::Decimal)?;
        if reading.value.whole_part() > AMOUNT_WHOLE_MAX {
            self.reject(field, need, Kind::OutOfRange, text, said::TOO_MANY_DIGITS);
            return None;
        }
        if let (Some(mark), Some(currency)) = (reading.currency, self.rules.currency)
            && !mark.fits(currency)
        {
            self.push_with(
                field,
                Kind::CurrencyMismatch,
                Severity::Warning,
                text,
                said::AMOUNT_KEPT,
                currency.code(),
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
        let (kind, said) = match reading.value.whole() {
            Some(value) if value <= WHOLE_MAX && reading.currency.is_none() => {
                self.rewritten(field, text, &reading, reading.rewritten || reading.has_fraction);
                return Some(value);
            }
            Some(_) if reading.currency.is_some() => (Kind::Malformed, said::WRITE_WHOLE),
            Some(_) => (Kind::OutOfRange, said::TOO_MANY_DIGITS),
            None => (Kind::NotWhole, said::WRITE_WHOLE),
        };
        self.reject(field, need, kind, text, said);
        None
    }

    fn within(&mut self, field: Field, text: &str, reading: Reading, limit: u64) -> Option<Decimal> {
        if reading.value.exceeds(limit) {
            self.reject_with(
                field,
                Need::Optional,
                Kind::OutOfRange,
                text,
                said::WRITE_UP_TO,
                &limit.to_string(),
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
                let said = match kind {
                    Kind::Ambiguous => said::TWO_READINGS,
                    Kind::Negative => said::NOT_BELOW_ZERO,
                    Kind::OutOfRange => said::TOO_MANY_DIGITS,
                    _ if form == Form::Whole => said::WRITE_WHOLE,
                    _ => said::WRITE_DECIMAL,
                };
                self.reject(field, need, kind, text, said);
                None
            }
        }
    }

    fn rewritten(&mut self, field: Field, text: &str, reading: &Reading, rewritten: bool) {
        if rewritten {
            self.taken_as(field, Kind::NumberForm, text, reading.value.as_str());
        }
    }
}
