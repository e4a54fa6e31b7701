//! Dates as shops print them, never turned into another instant.

use alloc::{format, string::String};
use serde::{Serialize, Serializer};

use super::{problem::Kind, rules::Zone};

/// Largest offset from UTC, in minutes: no place on earth is further away.
pub const OFFSET_MINUTES_MAX: i16 = 14 * 60;

/// Most digits of a fraction of a second.
pub const FRACTION_DIGITS_MAX: usize = 9;

/// A date-time in canonical text: `2024-09-13T10:49:31Z`, with the printed fraction and offset; without an offset where none
/// is known; the date alone where no time was printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateTime(String);

impl DateTime {
    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// A date and a time of day without a zone, both existing in the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CivilDateTime {
    /// 1 to 9999.
    pub year: i16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
}

/// A date that was understood.
#[derive(Debug, PartialEq, Eq)]
pub struct DateReading {
    /// Its canonical form.
    pub value: DateTime,
    /// Whether the text has another form than ISO 8601 with seconds and zone.
    pub rewritten: bool,
    /// Whether no zone is printed nor known, so that the instant is unknown.
    pub floating: bool,
}

/// Reads `YYYY-MM-DD`, then `T` or a space, `hh:mm[:ss[.fraction]]`, then `Z`, an offset with or without colon, or nothing.
///
/// # Errors
/// [`Kind::Malformed`] for any other text, [`Kind::Impossible`] for what is not in the calendar.
pub fn read(text: &str, zone: Option<&dyn Zone>) -> Result<DateReading, Kind> {
    let mut rest = text;
    let (year, month, day) = calendar_date(&mut rest)?;
    if rest.is_empty() {
        return Ok(DateReading {
            value: DateTime(text.into()),
            rewritten: false,
            floating: true,
        });
    }
    let is_canonical_separator = rest.starts_with('T');
    rest = rest.strip_prefix(['T', 't', ' ']).ok_or(Kind::Malformed)?;
    rest = rest.trim_start_matches(' ');
    let (hour, _) = (number(&mut rest, 2)?, literal(&mut rest, ':')?);
    let minute = number(&mut rest, 2)?;
    let after_colon = rest.strip_prefix(':');
    let has_seconds = after_colon.is_some();
    let second = match after_colon {
        Some(after) => {
            rest = after;
            number(&mut rest, 2)?
        }
        None => 0,
    };
    let comma_fraction = rest.starts_with(',');
    let fraction = if has_seconds { fraction(&mut rest)? } else { "" };
    let zone_text = rest.trim_start_matches(' ');
    let spaced_zone = zone_text.len() != rest.len();
    if hour > 23 || minute > 59 || second > 59 {
        return Err(Kind::Impossible);
    }
    let local = CivilDateTime {
        year,
        month,
        day,
        hour: hour as u8,
        minute: minute as u8,
        second: second as u8,
    };
    let printed_offset = match zone_text {
        "" => None,
        text => Some(offset_minutes(text).ok_or_else(|| offset_error(text))?),
    };
    let known_offset = zone
        .filter(|_| printed_offset.is_none())
        .and_then(|zone| zone.offset_minutes(&local));
    let plain_zone = zone_text == "Z" || zone_text.len() == 6;
    let value = canonical(&local, fraction, printed_offset.or(known_offset));
    let same_form = is_canonical_separator && has_seconds && !comma_fraction && !spaced_zone;
    Ok(DateReading {
        value,
        rewritten: !same_form || known_offset.is_some() || (printed_offset.is_some() && !plain_zone),
        floating: printed_offset.or(known_offset).is_none(),
    })
}

/// Minutes east of UTC from `Z`, `±hh:mm`, `±hhmm` or `±hh`; none for anything else or beyond [`OFFSET_MINUTES_MAX`].
pub fn offset_minutes(text: &str) -> Option<i16> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, mut rest) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+')?),
    };
    let hours = number(&mut rest, 2).ok()?;
    let minutes = if rest.is_empty() {
        0
    } else {
        rest = rest.strip_prefix(':').unwrap_or(rest);
        number(&mut rest, 2).ok()?
    };
    let offset = hours * 60 + minutes;
    (rest.is_empty() && minutes < 60 && offset <= OFFSET_MINUTES_MAX).then_some(sign * offset)
}

/// An offset of the right shape is impossible, anything else malformed.
fn offset_error(text: &str) -> Kind {
    let is_shape = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit() || b == b':');
    if text.strip_prefix(['+', '-']).is_some_and(is_shape) && matches!(text.len(), 3 | 5 | 6) {
        Kind::Impossible
    } else {
        Kind::Malformed
    }
}

fn calendar_date(rest: &mut &str) -> Result<(i16, u8, u8), Kind> {
    let year = number(rest, 4)?;
    literal(rest, '-')?;
    let month = number(rest, 2)?;
    literal(rest, '-')?;
    let day = number(rest, 2)?;
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 0,
    };
    if year < 1 || day < 1 || day > days {
        return Err(Kind::Impossible);
    }
    Ok((year, month as u8, day as u8))
}

fn number(rest: &mut &str, digits: usize) -> Result<i16, Kind> {
    let (text, after) = rest.split_at_checked(digits).ok_or(Kind::Malformed)?;
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Kind::Malformed);
    }
    *rest = after;
    text.parse().map_err(|_| Kind::Malformed)
}

fn literal(rest: &mut &str, c: char) -> Result<(), Kind> {
    *rest = rest.strip_prefix(c).ok_or(Kind::Malformed)?;
    Ok(())
}

fn fraction<'a>(rest: &mut &'a str) -> Result<&'a str, Kind> {
    let Some(after) = rest.strip_prefix(['.', ',']) else {
        return Ok("");
    };
    let length = after.bytes().take_while(u8::is_ascii_digit).count();
    if length == 0 || length > FRACTION_DIGITS_MAX {
        return Err(Kind::Malformed);
    }
    let (digits, after) = after.split_at_checked(length).ok_or(Kind::Malformed)?;
    *rest = after;
    Ok(digits)
}

fn canonical(local: &CivilDateTime, fraction: &str, offset: Option<i16>) -> DateTime {
    let CivilDateTime {
        year,
        month,
        day,
        hour,
        minute,
        second,
    } = local;
    let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    match offset {
        None => {}
        Some(0) => text.push('Z'),
        Some(offset) => {
            let (sign, offset) = if offset < 0 { ('-', -offset) } else { ('+', offset) };
            text += &format!("{sign}{:02}:{:02}", offset / 60, offset % 60);
        }
    }
    DateTime(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::purchase::rules::FixedZone;

    #[track_caller]
    fn reads(text: &str, expected: &str, rewritten: bool, floating: bool) {
        let reading = read(text, None).expect(text);
        assert_eq!(
            (reading.value.as_str(), reading.rewritten, reading.floating),
            (expected, rewritten, floating)
        );
    }

    #[test]
    fn what_shops_print() {
        reads("2024-09-13T10:49:31Z", "2024-09-13T10:49:31Z", false, false);
        reads("2024-09-13T10:49:31+02:00", "2024-09-13T10:49:31+02:00", false, false);
        reads("2024-09-13T10:49:31+0200", "2024-09-13T10:49:31+02:00", true, false);
        reads("2024-09-13T10:49:31-03", "2024-09-13T10:49:31-03:00", true, false);
        reads("2017-09-29 14:12:37.430Z", "2017-09-29T14:12:37.430Z", true, false);
        reads(
            "2017-09-29 14:12:37,43 +02:00",
            "2017-09-29T14:12:37.43+02:00",
            true,
            false,
        );
        reads("2025-01-16 14:32:10", "2025-01-16T14:32:10", true, true);
        reads("2022-11-08T00:00:00", "2022-11-08T00:00:00", false, true);
        reads("2022-11-08T10:20Z", "2022-11-08T10:20:00Z", true, false);
        reads("2024-09-13T10:49:31+00:00", "2024-09-13T10:49:31Z", false, false);
        reads("2024-09-13", "2024-09-13", false, true);
        reads("2024-02-29T00:00:00z", "2024-02-29T00:00:00Z", true, false);
    }

    #[test]
    fn a_known_zone_fills_in_and_never_overrides() {
        let zone = FixedZone::from_name("+0530").expect("an offset");
        let reading = read("2025-01-16 14:32:10", Some(&zone)).expect("a date");
        assert_eq!(
            (reading.value.as_str(), reading.floating),
            ("2025-01-16T14:32:10+05:30", false)
        );
        assert_eq!(
            read("2025-01-16T14:32:10Z", Some(&zone))
                .expect("a date")
                .value
                .as_str(),
            "2025-01-16T14:32:10Z"
        );
    }

    #[test]
    fn what_is_refused() {
        for text in [
            "0000-00-00 00:00:00",
            "2023-02-29",
            "2024-13-01T00:00:00Z",
            "2024-01-01T24:00:00Z",
            "2024-01-01T10:00:60Z",
            "2024-01-01T10:00:00+14:01",
        ] {
            assert_eq!(read(text, None), Err(Kind::Impossible), "{text}");
        }
        for text in [
            "",
            "13/09/2024",
            "1726224571",
            "2024-9-13",
            "2024-09-13T",
            "2024-09-13X10:00:00",
            "2024-09-13T10",
            "2024-09-13T10:00:00 CET",
            "2024-09-13T10:00:00.Z",
            "２０２４-09-13",
        ] {
            assert_eq!(read(text, None), Err(Kind::Malformed), "{text}");
        }
    }
}
