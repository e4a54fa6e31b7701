//! An order as the destinations see it: what is stored of a purchase, read back.

use jiff::{Timestamp, civil, tz::TimeZone};
use purchase_core::{
    ContactMode, DecimalMark, Purchase, Rules, json, order::Course, purchase::Contact, source::from_fields,
};

/// Longest time between a capture and its arrival that the capture's time is believed, in milliseconds: 31 days, one more than
/// the tag keeps a purchase. A device's clock may say anything.
const CAPTURE_AGE_MS_MAX: i64 = 31 * 24 * 3_600_000;

/// A stored purchase and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The shop's key.
    pub site: String,
    /// What was bought: the first content, which stands.
    pub purchase: Purchase,
    /// What became of it.
    pub course: Course,
    /// When it was captured, by the shopper's device, in milliseconds since 1970.
    pub captured_at: i64,
    /// When the collector received it, in milliseconds since 1970.
    pub received_at: i64,
    /// When the collector first heard that it is canceled, in milliseconds since 1970; none if it is not.
    pub canceled_at: Option<i64>,
}

/// Why a stored purchase cannot be read: the database was written by something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stored purchase cannot be read")]
pub struct NotReadable;

/// Reads a purchase's canonical JSON, by the one parser: the canonical form of a canonical purchase is itself.
///
/// # Errors
/// If the text is not the canonical form of a purchase.
pub fn read_purchase(canonical: &str) -> Result<Purchase, NotReadable> {
    let value = json::read(canonical).map_err(|_| NotReadable)?;
    let mut raw = from_fields(&value);
    if let Some(hash) = value.get("email_sha256").and_then(json::Value::text) {
        raw.contact = Some(hash.to_owned());
    }
    let rules = Rules {
        // Canonical amounts are digits and a dot.
        decimal: Some(DecimalMark::Dot),
        contact: ContactMode::Email,
        ..Rules::default()
    };
    Purchase::parse(&raw, &rules).purchase.ok_or(NotReadable)
}

impl Order {
    /// The buyer's address, if it is known in plain text.
    pub fn email(&self) -> Option<&str> {
        Order::email_of(&self.purchase)
    }

    /// The same of a purchase alone.
    pub fn email_of(purchase: &Purchase) -> Option<&str> {
        match &purchase.contact {
            Some(Contact::Email(email)) => Some(email),
            _ => None,
        }
    }

    /// When the order was placed, in milliseconds since 1970: the purchase's date if it names an instant, in the shop's zone if
    /// it names none, else the capture, else the arrival.
    pub fn placed_at(&self, zone: Option<&TimeZone>) -> i64 {
        let date = self.purchase.purchase_date.as_ref().map(|date| date.as_str());
        date.and_then(|date| instant(date, zone)).unwrap_or_else(|| {
            let age = self.received_at.saturating_sub(self.captured_at);
            if (0..=CAPTURE_AGE_MS_MAX).contains(&age) {
                self.captured_at
            } else {
                self.received_at
            }
        })
    }

    /// The day and time on the shop's own clock: as printed, else in the shop's zone.
    pub fn local_time(&self, zone: Option<&TimeZone>) -> civil::DateTime {
        let date = self.purchase.purchase_date.as_ref().map(|date| date.as_str());
        date.and_then(civil_time).unwrap_or_else(|| {
            let at = Timestamp::from_millisecond(self.placed_at(zone)).unwrap_or_default();
            zone.unwrap_or(&TimeZone::UTC).to_datetime(at)
        })
    }
}

/// Milliseconds since 1970; none if the date names no instant and no zone is given.
pub(super) fn instant(date: &str, zone: Option<&TimeZone>) -> Option<i64> {
    if let Ok(at) = date.parse::<Timestamp>() {
        return Some(at.as_millisecond());
    }
    let local = civil_time(date)?;
    Some(zone?.to_timestamp(local).ok()?.as_millisecond())
}

/// Without the offset; midnight if there is no time.
fn civil_time(date: &str) -> Option<civil::DateTime> {
    let date = date.strip_suffix('Z').unwrap_or(date);
    date.parse::<civil::DateTime>().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use purchase_core::order::Standing;

    fn order(date: &str, captured_at: i64, received_at: i64) -> Order {
        let text = format!(r#"{{"purchase_id":"1","total_quantity":1,"total_price":"5","purchase_date":"{date}"}}"#);
        Order {
            site: "demo".to_owned(),
            purchase: read_purchase(&text).expect("it is canonical"),
            course: Course::begin(Standing::CONFIRMED),
            captured_at,
            received_at,
            canceled_at: None,
        }
    }

    #[test]
    fn the_best_time_known_wins() {
        let madrid = TimeZone::get("Europe/Madrid").expect("a zone");
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant").as_millisecond();
        let cases = [
            ("2024-09-13T10:49:31+02:00", None, at("2024-09-13T08:49:31Z")),
            ("2024-09-13T10:49:31", Some(&madrid), at("2024-09-13T08:49:31Z")),
            ("2024-09-13", Some(&madrid), at("2024-09-12T22:00:00Z")),
            ("2024-09-13T10:49:31", None, 1_000),
        ];
        for (date, zone, expected) in cases {
            assert_eq!(order(date, 1_000, 2_000).placed_at(zone), expected, "{date}");
        }
        // A clock that is ahead, and one that was never set.
        assert_eq!(order("2024-09-13T10:49:31", 3_000, 2_000).placed_at(None), 2_000);
        let late = CAPTURE_AGE_MS_MAX + 1_001;
        assert_eq!(order("2024-09-13T10:49:31", 1_000, late).placed_at(None), late);
    }

    #[test]
    fn the_shops_day_is_the_printed_one() {
        let local = |date: &str| order(date, 0, 0).local_time(None).strftime("%F %T").to_string();
        assert_eq!(local("2024-09-13T23:49:31-06:00"), "2024-09-13 23:49:31");
        assert_eq!(local("2024-09-13T23:49:31Z"), "2024-09-13 23:49:31");
        assert_eq!(local("2024-09-13"), "2024-09-13 00:00:00");
    }
}
