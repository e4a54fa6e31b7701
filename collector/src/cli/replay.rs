//! The options of `replay`.

use std::path::PathBuf;

use clap::Args;
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

use super::Database;

/// Options of `replay`.
#[derive(Clone, Debug, Args)]
pub struct Replay {
    /// What keeps the purchases.
    #[command(flatten)]
    pub database: Database,

    /// The shop's key
    #[arg(long, value_name = "KEY")]
    pub site: String,

    /// The destination's name in the file of destinations
    #[arg(long, value_name = "NAME")]
    pub destination: String,

    /// Only this purchase, also if it was not sent for a reason that is mended [default: all dead ones]
    #[arg(long, value_name = "ID", conflicts_with = "since")]
    pub purchase: Option<String>,

    /// Instead of dead ones, the purchases received on this day (YYYY-MM-DD, in UTC) or later that were never to be passed on there;
    /// also an instant, such as 2026-03-01T00:00:00+01:00. They become due little by little, 10 per second, so that new purchases
    /// overtake them
    #[arg(long, value_name = "DATE", requires = "destinations", value_parser = beginning)]
    pub since: Option<i64>,

    /// With --since: only what was received up to the end of this day, or before this instant [default: all]
    #[arg(long, value_name = "DATE", requires = "since", value_parser = end)]
    pub until: Option<i64>,

    /// With --since: the TOML file with the destination, the same that `serve` has
    #[arg(long, value_name = "FILE", requires = "since")]
    pub destinations: Option<PathBuf>,
}

fn beginning(text: &str) -> Result<i64, &'static str> {
    moment(text, 0)
}

fn end(text: &str) -> Result<i64, &'static str> {
    moment(text, 1)
}

/// An instant, or the beginning of the day so many days after a day, in milliseconds since 1970.
fn moment(text: &str, days: i32) -> Result<i64, &'static str> {
    let wrong = "write a day as 2026-03-01, or an instant as 2026-03-01T00:00:00+01:00";
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at.as_millisecond());
    }
    // A time without its zone could be anybody's.
    let is_day = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let day = text.parse::<Date>().ok().filter(|_| is_day).ok_or(wrong)?;
    let day = day.checked_add(days.days()).and_then(|day| day.to_zoned(TimeZone::UTC));
    Ok(day.map_err(|_| wrong)?.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_whole_and_instants_exact() {
        const DAY: i64 = 86_400_000;
        assert_eq!((beginning("1970-01-02"), end("1970-01-02")), (Ok(DAY), Ok(2 * DAY)));
        let instant = "1970-01-02T01:00:00+01:00";
        assert_eq!((beginning(instant), end(instant)), (Ok(DAY), Ok(DAY)));
        for wrong in ["1970-01-02T00:00:00", "02/01/1970", "yesterday", "", "9999-12-31"] {
            assert!(end(wrong).is_err(), "{wrong}");
        }
    }
}
