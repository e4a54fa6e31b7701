//! Reading numbers as shops print them, without ever guessing.

use alloc::{string::String, vec::Vec};

use super::{
    currency::CurrencyMark,
    decimal::{Decimal, WHOLE_DIGITS_MAX},
    problem::Kind,
    rules::DecimalMark,
    text::{is_blank, trim},
};

/// Largest whole number: every JSON reader keeps it exactly (2^53 − 1).
pub const WHOLE_MAX: u64 = 9_007_199_254_740_991;

/// Largest amount: with cents it is still exact in the binary floats of the platforms it is passed on to.
pub const AMOUNT_WHOLE_MAX: u64 = 999_999_999_999_999;

/// Largest exponent, either sign, that is expanded.
const EXPONENT_MAX: usize = 40;

/// A number that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Its value.
    pub value: Decimal,
    /// Whether the text has another form than the documented plain one (`180.75`).
    pub rewritten: bool,
    /// Whether the text has a fractional part, be it zero.
    pub has_fraction: bool,
    /// The currency printed beside it.
    pub currency: Option<CurrencyMark>,
}

/// Reads a printed number: a currency sign before or after, group marks, either decimal mark.
///
/// # Errors
/// [`Kind::Ambiguous`] for `1.234` and `1,234` when `mark` is not known; `Malformed`, `Negative`, `OutOfRange`.
pub fn read_text(text: &str, mark: Option<DecimalMark>) -> Result<Reading, Kind> {
    let (rest, currency, negative, plus) = strip_signs(trim(text))?;
    let printed = Printed::split(rest)?;
    let (whole, fraction, localised) = printed.resolve(mark)?;
    let value = Decimal::from_digits(&whole, &fraction).ok_or(Kind::OutOfRange)?;
    if negative && value.as_str() != "0" {
        return Err(Kind::Negative);
    }
    let padded = (fraction.len() > 2 && fraction.ends_with('0')) || (whole.len() > 1 && whole.starts_with('0'));
    let rewritten = localised || padded || plus || negative || currency.is_some() || whole.is_empty();
    Ok(Reading {
        value,
        rewritten,
        has_fraction: !fraction.is_empty(),
        currency,
    })
}

/// What a printed amount means whatever the site's rules; none if it is none, or the rules decide.
pub fn plain_amount(text: &str) -> Option<Decimal> {
    read_text(text, None).ok().map(|reading| reading.value)
}

/// Reads a JSON number: a dot is a decimal mark, an exponent is expanded exactly.
///
/// # Errors
/// `Negative`, `OutOfRange`, and `Malformed` for what is no JSON number.
pub fn read_json_number(digits: &str) -> Result<Reading, Kind> {
    let Some((mantissa, exponent)) = digits.split_once(['e', 'E']) else {
        return read_text(digits, Some(DecimalMark::Dot));
    };
    let (negative, mantissa) = mantissa
        .strip_prefix('-')
        .map_or((false, mantissa), |rest| (true, rest));
    let (down, exponent) = exponent
        .strip_prefix('-')
        .map_or((false, exponent), |rest| (true, rest));
    let shift: usize = exponent
        .strip_prefix('+')
        .unwrap_or(exponent)
        .parse()
        .map_err(|_| Kind::OutOfRange)?;
    if shift > EXPONENT_MAX || mantissa.len() > EXPONENT_MAX {
        return Err(Kind::OutOfRange);
    }
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    // The point moves within the digits, which are padded with zeros so that there is room on its way.
    let zeros = "0".repeat(shift);
    let (padded, point) = if down {
        (String::from(&zeros) + whole + fraction, whole.len())
    } else {
        (String::from(whole) + fraction + &zeros, whole.len() + shift)
    };
    let (whole, fraction) = padded.split_at_checked(point).ok_or(Kind::Malformed)?;
    let value = Decimal::from_digits(whole, fraction).ok_or(Kind::OutOfRange)?;
    if negative && value.as_str() != "0" {
        return Err(Kind::Negative);
    }
    Ok(Reading {
        has_fraction: value.whole().is_none(),
        value,
        rewritten: true,
        currency: None,
    })
}

/// Drops a sign and a currency on either side: rest, currency, minus, plus.
fn strip_signs(text: &str) -> Result<(&str, Option<CurrencyMark>, bool, bool), Kind> {
    let mut rest = text;
    let mut currency = None;
    let (mut minus, mut plus) = (false, false);
    loop {
        if let Some(after) = rest.strip_prefix(['-', '\u{2212}']).filter(|_| !minus && !plus) {
            (minus, rest) = (true, trim(after));
        } else if let Some(after) = rest.strip_prefix('+').filter(|_| !minus && !plus) {
            (plus, rest) = (true, trim(after));
        } else if let Some((mark, after)) = CurrencyMark::strip_prefix(rest).filter(|_| currency.is_none()) {
            (currency, rest) = (Some(mark), trim(after));
        } else {
            break;
        }
    }
    if currency.is_none()
        && let Some((mark, before)) = CurrencyMark::strip_suffix(rest)
    {
        (currency, rest) = (Some(mark), trim(before));
    }
    if rest.is_empty() {
        Err(Kind::Malformed)
    } else {
        Ok((rest, currency, minus, plus))
    }
}

/// Runs of digits and the marks between them.
struct Printed<'a> {
    runs: Vec<&'a str>,
    marks: Vec<char>,
}

impl<'a> Printed<'a> {
    fn split(text: &'a str) -> Result<Printed<'a>, Kind> {
        let is_mark = |c: &char| match c {
            '.' | ',' | '\'' | '\u{2019}' => true,
            c => is_blank(*c) && !matches!(c, '\n' | '\r' | '\t'),
        };
        // A number within the limits has at most this many groups.
        let (marks_max, no_digit) = (WHOLE_DIGITS_MAX, |c: char| !c.is_ascii_digit());
        let marks: Vec<char> = text.chars().filter(|c| no_digit(*c)).take(marks_max + 1).collect();
        if marks.len() > marks_max || !marks.iter().all(is_mark) {
            return Err(Kind::Malformed);
        }
        let runs = text.split(no_digit).collect();
        Ok(Printed { runs, marks })
    }

    /// Whole digits, fraction digits, and whether the form is another than plain digits with a dot.
    fn resolve(&self, mark: Option<DecimalMark>) -> Result<(String, String, bool), Kind> {
        let (Some((&first_run, others)), Some((&last_run, but_last))) =
            (self.runs.split_first(), self.runs.split_last())
        else {
            return Err(Kind::Malformed);
        };
        let Some((&last_mark, before)) = self.marks.split_last() else {
            return if first_run.is_empty() {
                Err(Kind::Malformed)
            } else {
                Ok((first_run.into(), String::new(), false))
            };
        };
        if others.iter().any(|run| run.is_empty()) {
            return Err(Kind::Malformed);
        }
        let is_decimal_mark = matches!(last_mark, '.' | ',') && !before.contains(&last_mark);
        if is_decimal_mark && before.is_empty() {
            let can_be_group = last_run.len() == 3 && (1..=3).contains(&first_run.len()) && !first_run.starts_with('0');
            let is_dot = last_mark == '.';
            if can_be_group {
                match mark {
                    None => return Err(Kind::Ambiguous),
                    Some(mark) if (mark == DecimalMark::Dot) != is_dot => {
                        return Ok((self.runs.concat(), String::new(), true));
                    }
                    Some(_) => {}
                }
            }
            return Ok((first_run.into(), last_run.into(), !is_dot));
        }
        let (groups, group_marks) = if is_decimal_mark {
            (but_last, before)
        } else {
            (self.runs.as_slice(), self.marks.as_slice())
        };
        let mark = group_marks.first().ok_or(Kind::Malformed)?;
        if group_marks.iter().any(|other| other != mark) || !are_groups(groups, *mark) {
            return Err(Kind::Malformed);
        }
        Ok((
            groups.concat(),
            if is_decimal_mark {
                last_run.into()
            } else {
                String::new()
            },
            true,
        ))
    }
}

/// Threes, or the Indian pairs before a last three.
fn are_groups(groups: &[&str], mark: char) -> bool {
    let Some((first, rest)) = groups.split_first() else {
        return false;
    };
    let Some((last, middle)) = rest.split_last() else {
        return false;
    };
    let of = |length: usize| middle.iter().all(|group| group.len() == length);
    if first.is_empty() || first.starts_with('0') || last.len() != 3 {
        return false;
    }
    (first.len() <= 3 && of(3)) || (mark == ',' && first.len() <= 2 && !middle.is_empty() && of(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, mark: Option<DecimalMark>, expected: &str, rewritten: bool) {
        let reading = read_text(text, mark).expect(text);
        assert_eq!(
            (reading.value.as_str(), reading.rewritten),
            (expected, rewritten),
            "{text}"
        );
    }

    #[track_caller]
    fn fails(text: &str, kind: Kind) {
        assert_eq!(read_text(text, None).map(|reading| reading.value), Err(kind), "{text}");
    }

    #[test]
    fn plain_and_localised_forms() {
        for (text, expected, rewritten) in [
            ("180.75", "180.75", false),
            ("20", "20", false),
            ("20.00", "20", false),
            ("180.750000", "180.75", true),
            ("180,75", "180.75", true),
            ("1.234,56", "1234.56", true),
            ("1,234.50", "1234.5", true),
            ("1\u{a0}234,50", "1234.5", true),
            ("1\u{202f}234,50 €", "1234.5", true),
            ("€180.75", "180.75", true),
            ("1'234.50", "1234.5", true),
            ("12,34,567.50", "1234567.5", true),
            ("1.234.567", "1234567", true),
            ("0.125", "0.125", false),
            ("1234.567", "1234.567", false),
            (".5", "0.5", true),
            ("+5", "5", true),
            ("-0.00", "0", true),
            ("R$ 10,00", "10", true),
            ("10 USD", "10", true),
            ("007", "7", true),
        ] {
            reads(text, None, expected, rewritten);
        }
    }

    #[test]
    fn the_configured_mark_decides_only_what_is_ambiguous() {
        fails("1.234", Kind::Ambiguous);
        fails("1,234", Kind::Ambiguous);
        fails("180.750", Kind::Ambiguous);
        reads("1.234", Some(DecimalMark::Dot), "1.234", false);
        reads("1.234", Some(DecimalMark::Comma), "1234", true);
        reads("1,234", Some(DecimalMark::Dot), "1234", true);
        reads("180.75", Some(DecimalMark::Comma), "180.75", false);
    }

    #[test]
    fn what_is_not_a_number() {
        for text in [
            "",
            "abc",
            "1.2.3",
            "1.23.456",
            "180.",
            "180,",
            "1,2,3.4.5",
            "12 34",
            "1e3",
            "٣",
            "5%",
            "--1",
            "€",
            "1..2",
            "0.123.456",
        ] {
            fails(text, Kind::Malformed);
        }
        fails("-1", Kind::Negative);
        fails("12345678901234567", Kind::OutOfRange);
        fails("0.1234567890123456789", Kind::OutOfRange);
    }

    #[test]
    fn json_numbers_are_expanded_exactly() {
        for (digits, expected) in [
            ("1.8075e2", "180.75"),
            ("5e-3", "0.005"),
            ("12E+1", "120"),
            ("0e5", "0"),
            ("1.5e-1", "0.15"),
        ] {
            assert_eq!(read_json_number(digits).expect(digits).value.as_str(), expected);
        }
        assert_eq!(
            read_json_number("1e99").map(|reading| reading.value),
            Err(Kind::OutOfRange)
        );
        assert_eq!(
            read_json_number("-1e2").map(|reading| reading.value),
            Err(Kind::Negative)
        );
        assert_eq!(
            read_json_number("1.234")
                .expect("a dot is a decimal mark in JSON")
                .value
                .as_str(),
            "1.234"
        );
    }
}
