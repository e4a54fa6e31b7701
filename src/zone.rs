//! Named time zones, from the browser's own data base.

use js_sys::{Array, Date, Intl::DateTimeFormat, Object, Reflect};
use purchase_core::{Zone, purchase::date::CivilDateTime};
use wasm_bindgen::{JsCast, JsValue};

/// A zone by its IANA name. An unknown name has no offsets.
pub struct IntlZone<'a>(pub &'a str);

impl Zone for IntlZone<'_> {
    fn offset_minutes(&self, local: &CivilDateTime) -> Option<i16> {
        let format = formatter(self.0)?;
        let as_utc = utc_ms(local);
        // Each of the offsets in force a day before and a day after is right if it leads back to the local time. Both
        // right and different: the time happens twice. None right: it is skipped.
        let mut found = None;
        for probe in [as_utc - DAY_MS, as_utc + DAY_MS] {
            let offset = local_ms(&format, probe)? - probe;
            if local_ms(&format, as_utc - offset)? == as_utc && found.is_none_or(|known| known == offset) {
                found = Some(offset);
            } else if found.is_some() && local_ms(&format, as_utc - offset)? == as_utc {
                return None;
            }
        }
        found
            .filter(|offset| offset % MINUTE_MS == 0)
            .map(|offset| (offset / MINUTE_MS) as i16)
    }
}

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

fn formatter(name: &str) -> Option<DateTimeFormat> {
    let options = Object::new();
    let texts = [
        ("timeZone", name),
        ("hourCycle", "h23"),
        ("calendar", "gregory"),
        ("numberingSystem", "latn"),
    ];
    let parts = ["year", "month", "day", "hour", "minute", "second"].map(|part| (part, "numeric"));
    for (key, value) in texts.into_iter().chain(parts) {
        Reflect::set(&options, &key.into(), &value.into()).ok()?;
    }
    // Constructed by hand: the binding's constructor does not catch the exception for an unknown name.
    let class = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let class = Reflect::get(&class, &"DateTimeFormat".into())
        .ok()?
        .dyn_into::<js_sys::Function>()
        .ok()?;
    let arguments = Array::of2(&"en".into(), &options);
    Reflect::construct(&class, &arguments).ok()?.dyn_into().ok()
}

/// The zone's wall clock at this instant, as if it were UTC.
fn local_ms(format: &DateTimeFormat, instant: i64) -> Option<i64> {
    let date = Date::new(&JsValue::from_f64(instant as f64));
    let mut local = CivilDateTime {
        year: 1,
        month: 1,
        day: 1,
        hour: 0,
        minute: 0,
        second: 0,
    };
    for part in format.format_to_parts(&date).iter() {
        let value = Reflect::get(&part, &"value".into()).ok()?.as_string()?;
        let kind = Reflect::get(&part, &"type".into()).ok()?.as_string()?;
        match kind.as_str() {
            "year" => local.year = value.parse().ok()?,
            "month" => local.month = value.parse().ok()?,
            "day" => local.day = value.parse().ok()?,
            "hour" => local.hour = value.parse().ok()?,
            "minute" => local.minute = value.parse().ok()?,
            "second" => local.second = value.parse().ok()?,
            _ => {}
        }
    }
    Some(utc_ms(&local))
}

fn utc_ms(local: &CivilDateTime) -> i64 {
    // Days since 1970 of the proleptic Gregorian calendar, counting years from March.
    let (month, day) = (i64::from(local.month), i64::from(local.day));
    let year = i64::from(local.year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let days = era * 146_097 + day_of_era - 719_468;
    days * DAY_MS + (i64::from(local.hour) * 60 + i64::from(local.minute)) * MINUTE_MS + i64::from(local.second) * 1_000
}
