//! Time zones by name: IANA names from the bundled database, `±hh:mm` and `UTC` from the core.

use jiff::{
    civil::DateTime,
    tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase},
};
use purchase_core::{
    Zone,
    purchase::{FixedZone, date::CivilDateTime},
};

/// A zone found by its name.
#[derive(Clone, Debug)]
pub enum SiteZone {
    /// `UTC`, `+01:00`
    Fixed(FixedZone),
    /// `Europe/Madrid`
    Named(TimeZone),
}

impl SiteZone {
    /// Looks a zone up; none if neither the core nor the zone database knows the name. The database is the one in the
    /// binary, so that the answer does not depend on the machine.
    pub fn from_name(name: &str) -> Option<SiteZone> {
        if let Some(zone) = FixedZone::from_name(name) {
            return Some(SiteZone::Fixed(zone));
        }
        TimeZoneDatabase::bundled().get(name.trim()).ok().map(SiteZone::Named)
    }
}

impl Zone for SiteZone {
    fn offset_minutes(&self, local: &CivilDateTime) -> Option<i16> {
        let zone = match self {
            SiteZone::Fixed(zone) => return zone.offset_minutes(local),
            SiteZone::Named(zone) => zone,
        };
        let part = |number: u8| i8::try_from(number).ok();
        let (month, day) = (part(local.month)?, part(local.day)?);
        let (hour, minute, second) = (part(local.hour)?, part(local.minute)?, part(local.second)?);
        let local = DateTime::new(local.year, month, day, hour, minute, second, 0).ok()?;
        let AmbiguousOffset::Unambiguous { offset } = zone.to_ambiguous_timestamp(local).offset() else {
            return None;
        };
        // Before the 1970s some zones were seconds off the minute; no shop was open.
        (offset.seconds() % 60 == 0)
            .then_some(offset.seconds() / 60)
            .and_then(|minutes| i16::try_from(minutes).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(zone: &str, (month, day, hour): (u8, u8, u8), expected: Option<i16>) {
        let local = CivilDateTime {
            year: 2025,
            month,
            day,
            hour,
            minute: 30,
            second: 0,
        };
        assert_eq!(
            SiteZone::from_name(zone).and_then(|zone| zone.offset_minutes(&local)),
            expected
        );
    }

    #[test]
    fn summer_and_winter_differ_and_the_changes_are_left_open() {
        check("Europe/Madrid", (1, 16, 14), Some(60));
        check("Europe/Madrid", (7, 16, 14), Some(120));
        check("Europe/Madrid", (3, 30, 2), None);
        check("Europe/Madrid", (10, 26, 2), None);
        check("Asia/Kolkata", (1, 1, 0), Some(330));
        check("+01:00", (7, 1, 0), Some(60));
    }

    #[test]
    fn unknown_names_are_none() {
        assert!(SiteZone::from_name("Mars/Olympus").is_none());
        assert!(SiteZone::from_name("").is_none());
    }
}
