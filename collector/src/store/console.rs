//! What only the console asks for and keeps: people and their sessions, lists by page, sums.

/// From order to arrival, in milliseconds, in SQL.
macro_rules! delay {
    () => {
        "(received_at - COALESCE(ordered_at, captured_at))"
    };
}

mod accuracy;
mod causes;
mod hours;
mod list;
mod people;
mod refusal;
mod waiting;

pub use self::{
    accuracy::{DEPARTURES_READ_MAX, Departure, MethodRow, PURCHASES_READ_MAX},
    causes::{REFUSALS_READ_MAX, RefusedRow},
    hours::{HourRow, SiteRow},
    list::{Found, Listed, Place, PurchaseSearch, SEARCH_BYTES_MAX, SEARCHED_MAX},
    people::{Person, Role},
    refusal::{Refusal, RefusalKey},
    waiting::WaitingRow,
};
use super::TEST_SOURCE;

/// A purchase that arrives this many minutes after its order, or later, is late: a shopper who pays on a gateway and comes
/// straight back needs less.
pub const LATE_MINUTES: i64 = 15;

/// Milliseconds in a minute.
pub const MINUTE_MS: i64 = 60_000;

/// Milliseconds in an hour.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
