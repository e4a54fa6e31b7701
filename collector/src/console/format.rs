//! Numbers, amounts, times and durations as people of a language and a time zone write them.

use fixed_decimal::Decimal;
use fluent_bundle::FluentArgs;
use icu_datetime::{
    DateTimeFormatter,
    fieldsets::{MD, YMD, YMDT},
    options::TimePrecision,
};
use icu_decimal::DecimalFormatter;
use icu_locale_core::Locale as IcuLocale;
use jiff::{Timestamp, tz::TimeZone};
use jiff_icu::ConvertFrom;

use super::catalogue::Language;

/// Milliseconds in a second.
const SECOND_MS: i64 = 1_000;
/// Milliseconds in a minute.
const MINUTE_MS: i64 = 60 * SECOND_MS;
/// Milliseconds in an hour.
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Milliseconds in a day.
const DAY_MS: i64 = 24 * HOUR_MS;

/// A unit is used up to this many of it, because "90 minutes" says more than "1 hour".
const UNITS_MAX: i64 = 2;

/// A whole number, as templates have them: behind any number of references.
pub trait Whole {
    /// The number.
    fn whole(&self) -> i64;
}

impl Whole for i64 {
    fn whole(&self) -> i64 {
        *self
    }
}

impl<T: Whole> Whole for &T {
    fn whole(&self) -> i64 {
        (**self).whole()
    }
}

/// A language and a time zone: all that a text needs to be written for somebody.
#[derive(Clone, Debug)]
pub struct Words {
    /// The language.
    pub language: Language,
    /// The time zone of every time shown.
    pub zone: TimeZone,
}

impl Words {
    /// The text of a key.
    pub fn t(&self, key: &str) -> String {
        self.language.text(key, None)
    }

    /// The text of a key with one value.
    pub fn t1(&self, key: &str, name: &str, value: &str) -> String {
        self.with(key, &[(name, value)])
    }

    /// The text of a key with its values.
    pub fn with(&self, key: &str, values: &[(&str, &str)]) -> String {
        let args: FluentArgs<'_> = values.iter().copied().collect();
        self.language.text(key, Some(&args))
    }

    /// The text of a key that depends on a count: `$count` chooses the plural, `$shown` is the count as written.
    pub fn n(&self, key: &str, count: impl Whole) -> String {
        self.counted(key, count, &[])
    }

    /// The same with further values.
    pub fn counted(&self, key: &str, count: impl Whole, values: &[(&str, &str)]) -> String {
        let count = count.whole();
        let mut args: FluentArgs<'_> = values.iter().copied().collect();
        args.set("count", count);
        args.set("shown", self.number(count));
        self.language.text(key, Some(&args))
    }

    /// The text of a key made of a prefix and a name from the database; the name itself if there is none.
    pub fn named(&self, prefix: &str, name: &str) -> String {
        let key = format!("{prefix}-{}", name.replace('_', "-"));
        if self.language.has(&key) {
            self.t(&key)
        } else {
            name.to_owned()
        }
    }

    fn locale(&self) -> IcuLocale {
        self.language.locale().parse().unwrap_or(IcuLocale::UNKNOWN)
    }

    /// A whole number, such as `12,345`.
    pub fn number(&self, number: impl Whole) -> String {
        let number = number.whole();
        self.decimal(Decimal::from(number))
            .unwrap_or_else(|| number.to_string())
    }

    /// A canonical decimal with at least two places, and its currency if it is known, such as `180.75 EUR`.
    pub fn amount(&self, canonical: &str, currency: Option<&str>) -> String {
        let shown = Decimal::try_from_str(canonical).ok().and_then(|mut decimal| {
            decimal.absolute.pad_end(-2);
            self.decimal(decimal)
        });
        let mut shown = shown.unwrap_or_else(|| canonical.to_owned());
        if let Some(currency) = currency {
            // They belong on one line.
            shown.push('\u{a0}');
            shown.push_str(currency);
        }
        shown
    }

    fn decimal(&self, decimal: Decimal) -> Option<String> {
        let formatter = DecimalFormatter::try_new(self.locale().into(), Default::default()).ok()?;
        Some(formatter.format(&decimal).to_string())
    }

    /// Tenths of a percent of a part in a whole, such as `45.2 %`; a dash if there is no whole.
    pub fn share(&self, part: impl Whole, whole: impl Whole) -> String {
        let (part, whole) = (part.whole(), whole.whole());
        if whole <= 0 {
            return "–".to_owned();
        }
        let tenths = part.saturating_mul(1_000) / whole;
        let mut decimal = Decimal::from(tenths);
        decimal.multiply_pow10(-1);
        let shown = self.decimal(decimal).unwrap_or_else(|| (tenths / 10).to_string());
        format!("{shown}\u{a0}%")
    }

    fn local(&self, ms: i64) -> Option<jiff::civil::DateTime> {
        let timestamp = Timestamp::from_millisecond(ms).ok()?;
        Some(timestamp.to_zoned(self.zone.clone()).datetime())
    }

    /// A moment to the minute; milliseconds since 1970.
    pub fn time(&self, ms: impl Whole) -> String {
        self.moment(ms.whole(), TimePrecision::Minute)
    }

    /// A moment to the second; milliseconds since 1970.
    pub fn second(&self, ms: impl Whole) -> String {
        self.moment(ms.whole(), TimePrecision::Second)
    }

    fn moment(&self, ms: i64, precision: TimePrecision) -> String {
        let shown = self.local(ms).and_then(|local| {
            let fields = YMDT::medium().with_time_precision(precision);
            let formatter = DateTimeFormatter::try_new(self.locale().into(), fields).ok()?;
            Some(formatter.format(&icu_time::DateTime::convert_from(local)).to_string())
        });
        shown.unwrap_or_else(|| "–".to_owned())
    }

    /// A day; milliseconds since 1970.
    pub fn day(&self, ms: impl Whole) -> String {
        let shown = self.local(ms.whole()).and_then(|local| {
            let formatter = DateTimeFormatter::try_new(self.locale().into(), YMD::medium()).ok()?;
            Some(formatter.format(&icu_time::DateTime::convert_from(local)).to_string())
        });
        shown.unwrap_or_else(|| "–".to_owned())
    }

    /// A day of the current year; milliseconds since 1970.
    pub fn short_day(&self, ms: impl Whole) -> String {
        let shown = self.local(ms.whole()).and_then(|local| {
            let formatter = DateTimeFormatter::try_new(self.locale().into(), MD::medium()).ok()?;
            Some(formatter.format(&icu_time::DateTime::convert_from(local)).to_string())
        });
        shown.unwrap_or_else(|| "–".to_owned())
    }

    /// The hour of a moment, 0 to 23; milliseconds since 1970.
    pub fn hour(&self, ms: i64) -> i8 {
        self.local(ms).map_or(0, |local| local.hour())
    }

    /// For machines: the attribute of `<time>`.
    pub fn machine(&self, ms: impl Whole) -> String {
        Timestamp::from_millisecond(ms.whole()).map_or_else(|_| String::new(), |timestamp| timestamp.to_string())
    }

    /// How long something took, in the largest unit of which there are more than [`UNITS_MAX`]; milliseconds.
    pub fn duration(&self, ms: impl Whole) -> String {
        let ms = ms.whole().max(0);
        let units = [
            ("duration-days", DAY_MS),
            ("duration-hours", HOUR_MS),
            ("duration-minutes", MINUTE_MS),
        ];
        let fitting = units.iter().find(|(_, unit)| ms / unit >= UNITS_MAX);
        let (key, unit) = fitting.copied().unwrap_or(("duration-seconds", SECOND_MS));
        self.counted(key, ms / unit, &[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(language: Language, zone: &str) -> Words {
        Words {
            language,
            zone: TimeZone::get(zone).expect("a zone"),
        }
    }

    #[test]
    fn numbers_and_times_are_written_as_in_the_language() {
        let english = words(Language::English, "UTC");
        let spanish = words(Language::Spanish, "Europe/Madrid");
        assert_eq!(english.number(1_234_567), "1,234,567");
        assert_eq!(spanish.number(1_234_567), "1.234.567");
        assert_eq!(english.amount("1180.5", Some("EUR")), "1,180.50\u{a0}EUR");
        assert_eq!(spanish.amount("11180.755", None), "11.180,755");
        assert_eq!(english.amount("no amount", None), "no amount");
        assert_eq!(english.share(1, 3), "33.3\u{a0}%");
        assert_eq!(spanish.share(1, 3), "33,3\u{a0}%");
        assert_eq!(spanish.share(0, 0), "–");
        assert_eq!(english.time(1_763_765_393_000), "21 Nov 2025, 22:49");
        assert_eq!(spanish.time(1_763_765_393_000), "21 nov 2025, 23:49");
        assert_eq!(english.machine(1_763_765_393_000), "2025-11-21T22:49:53Z");
        assert_eq!(spanish.time(i64::MAX), "–");
    }

    #[test]
    fn durations_use_the_unit_that_says_most() {
        let english = words(Language::English, "UTC");
        let cases = [
            (-5, "0 seconds"),
            (1_999, "1 second"),
            (119_000, "119 seconds"),
            (120_000, "2 minutes"),
            (7_199_999, "119 minutes"),
            (7_200_000, "2 hours"),
            (172_800_000, "2 days"),
        ];
        for (ms, expected) in cases {
            assert_eq!(english.duration(ms), expected, "{ms}");
        }
        assert_eq!(words(Language::Spanish, "UTC").duration(1_000), "1 segundo");
    }
}
