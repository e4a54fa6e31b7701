//! A record as the browser stores it: `1 <attempts> <next_at> <captured_at> <envelope>`.

use alloc::{format, string::String};

use crate::outbox::{Record, Timestamp};

/// The format written today; other versions are left in storage for the release that knows them.
const VERSION: &str = "1";

/// The stored text.
pub fn record_to_text(record: &Record) -> String {
    let Record {
        attempts,
        next_at,
        captured_at,
        body,
        ..
    } = record;
    format!("{VERSION} {attempts} {} {} {body}", next_at.0, captured_at.0)
}

/// Reads a stored text; `id` is the last part of its key. None if it is of another version or no record.
pub fn record_from_text(id: &str, text: &str) -> Option<Record> {
    let mut parts = text.splitn(5, ' ');
    if parts.next()? != VERSION {
        return None;
    }
    let attempts = parts.next()?.parse().ok()?;
    let next_at = Timestamp(parts.next()?.parse().ok()?);
    let captured_at = Timestamp(parts.next()?.parse().ok()?);
    let body = parts.next().filter(|body| body.starts_with('{'))?;
    Some(Record {
        id: id.into(),
        attempts,
        next_at,
        captured_at,
        body: body.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let record = Record {
            id: "a1".into(),
            attempts: 3,
            next_at: Timestamp(7),
            captured_at: Timestamp(5),
            body: "{\"a b\": 1}".into(),
        };
        assert_eq!(record_from_text("a1", &record_to_text(&record)), Some(record));
    }

    #[test]
    fn garbage_and_other_versions_are_not_records() {
        for text in [
            "",
            "1",
            "2 0 0 0 {}",
            "1 0 0 {}",
            "1 x 0 0 {}",
            "1 0 0 0 ",
            "1 -1 0 0 {}",
        ] {
            assert_eq!(record_from_text("a", text), None, "{text}");
        }
    }
}
