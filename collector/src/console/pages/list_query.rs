//! What lists are asked for in their addresses.

use jiff::{ToSpan, civil::Date, tz::TimeZone};
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use crate::store::console::{Place, PurchaseSearch, SEARCH_BYTES_MAX};

/// Rows on one page.
pub const ROWS: usize = 50;

/// The fields of the forms above lists, as texts; an empty one does not narrow.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    pub q: String,
    pub site: String,
    pub state: String,
    pub source: String,
    /// A day, `YYYY-MM-DD`, in the reader's time zone.
    pub from: String,
    /// The last day.
    pub to: String,
    pub problems: String,
    pub late: String,
    pub tests: String,
    pub unsent: String,
    /// The place where the page begins.
    pub at: Option<i64>,
    pub at_site: String,
    pub at_id: String,
}

fn some(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The beginning of a day, or of the day after it, in milliseconds since 1970.
pub fn day(text: &str, zone: &TimeZone, days: i32) -> Option<i64> {
    let date: Date = text.trim().parse().ok()?;
    let date = date.checked_add(days.days()).ok()?;
    Some(date.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
}

impl ListQuery {
    /// The site, if one is chosen.
    pub fn site(&self) -> Option<String> {
        some(&self.site)
    }

    /// The place where the page begins.
    pub fn place(&self) -> Option<Place> {
        Some(Place {
            at: self.at?,
            site: self.at_site.clone(),
            id: self.at_id.clone(),
        })
    }

    /// Whether anything narrows the list.
    pub fn narrows(&self) -> bool {
        let texts = [&self.q, &self.site, &self.state, &self.source, &self.from, &self.to];
        let marks = [&self.problems, &self.late, &self.tests, &self.unsent];
        texts.into_iter().chain(marks).any(|text| !text.trim().is_empty())
    }

    /// The search of one page and one row more, which tells whether another page follows.
    pub fn search(&self, zone: &TimeZone) -> PurchaseSearch {
        let text = some(&self.q).map(|mut text| {
            let mut end = SEARCH_BYTES_MAX.min(text.len());
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            text.truncate(end);
            text
        });
        PurchaseSearch {
            text,
            site: self.site(),
            state: some(&self.state),
            source: some(&self.source),
            from: day(&self.from, zone, 0),
            until: day(&self.to, zone, 1),
            has_problems: !self.problems.is_empty(),
            is_late: !self.late.is_empty(),
            is_unsent: !self.unsent.is_empty(),
            with_tests: !self.tests.is_empty(),
            after: self.place(),
            limit: i64::try_from(ROWS).unwrap_or(i64::MAX).saturating_add(1),
        }
    }

    /// The address of the same list from a place.
    pub fn address(&self, path: &str, place: &Place) -> String {
        let mut query = Serializer::new(String::new());
        let fields = [
            ("q", &self.q),
            ("site", &self.site),
            ("state", &self.state),
            ("source", &self.source),
            ("from", &self.from),
            ("to", &self.to),
            ("problems", &self.problems),
            ("late", &self.late),
            ("tests", &self.tests),
            ("unsent", &self.unsent),
        ];
        for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
            query.append_pair(name, value);
        }
        query.append_pair("at", &place.at.to_string());
        query.append_pair("at_site", &place.site);
        query.append_pair("at_id", &place.id);
        format!("{path}?{}", query.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_the_readers() {
        let madrid = TimeZone::get("Europe/Madrid").expect("a zone");
        let query = ListQuery {
            from: "2026-03-29".to_owned(),
            to: "2026-03-29".to_owned(),
            ..ListQuery::default()
        };
        let search = query.search(&madrid);
        let hours = search
            .until
            .zip(search.from)
            .map(|(until, from)| (until - from) / 3_600_000);
        // Summer time begins on this day.
        assert_eq!(hours, Some(23));
        assert_eq!(day("no day", &madrid, 0), None);
        assert_eq!(day("9999-12-31", &madrid, 1), None);
    }

    #[test]
    fn a_place_survives_its_address() {
        let place = Place {
            at: 5,
            site: "a".to_owned(),
            id: "ä&b=c #1".to_owned(),
        };
        let query = ListQuery {
            q: "a b&c".to_owned(),
            ..ListQuery::default()
        };
        let address = query.address("/console/purchases", &place);
        let read: ListQuery = axum::extract::Query::try_from_uri(&address.parse().expect("an address"))
            .expect("a query")
            .0;
        assert_eq!((read.place(), read.q), (Some(place), query.q));
        let long = ListQuery {
            q: "ä".repeat(300),
            ..ListQuery::default()
        };
        assert_eq!(
            long.search(&TimeZone::UTC).text.map(|text| text.len()),
            Some(SEARCH_BYTES_MAX)
        );
    }
}
