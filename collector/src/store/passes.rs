//! Passing purchases on, as the console and other readers see it. The rows' fields are the columns, which the migrations
//! document.
//!
//! | method of the store | gives |
//! |---|---|
//! | `passes_of(&self, site: &str, purchase_id: &str) -> Result<Vec<Pass>, StoreError>` | every destination and event of one purchase |
//! | `destinations_health(&self, site: Option<&str>, now: i64) -> Result<Vec<DestinationHealth>, StoreError>` | every destination that was ever used |
//! | `replay(&self, key: PassKey, now: i64) -> Result<bool, StoreError>` | whether there was such a dead or unsent entry |
//! | `replay_dead(&self, site: &str, destination: &str, now: i64) -> Result<u64, StoreError>` | how many there were |

use serde::Serialize;

/// Most attempts kept of one purchase's way to one destination; later ones are only counted.
pub const ATTEMPTS_PER_PASS_MAX: i64 = 100;

/// Which entry of the queue.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct PassKey {
    /// The shop's key.
    pub site: String,
    /// The purchase.
    pub purchase_id: String,
    /// The destination's name.
    pub destination: String,
    /// `placed`, `completed` or `canceled`.
    pub event: String,
}

/// One purchase's way to one destination, for one event.
#[derive(Debug, Serialize)]
pub struct Pass {
    /// The destination's name.
    pub destination: String,
    /// `placed`, `completed` or `canceled`.
    pub event: String,
    /// `waiting`, `verifying` (sent; it is asked for soon), `delivered`, `verified`, `not-sent` or `dead`.
    pub state: String,
    /// When it was to be passed on, in milliseconds since 1970.
    pub created_at: i64,
    /// When it is tried or asked for next, in milliseconds since 1970; none if it is done.
    pub due_at: Option<i64>,
    /// When it was done with, in milliseconds since 1970.
    pub finished_at: Option<i64>,
    /// How often it was tried, with the attempts that are not kept any more.
    pub attempts_total: i64,
    /// Oldest first; at most [`ATTEMPTS_PER_PASS_MAX`](super::ATTEMPTS_PER_PASS_MAX).
    pub attempts: Vec<PassAttempt>,
}

/// One attempt.
#[derive(Debug, Serialize)]
pub struct PassAttempt {
    /// Counted from 1.
    pub number: i64,
    /// Milliseconds since 1970.
    pub started_at: i64,
    /// Milliseconds since 1970; none while it is under way, or if the collector was stopped during it.
    pub finished_at: Option<i64>,
    /// `sending`, `interrupted`, `delivered`, `verified`, `missing` (it was asked for and is not there), `retry`, `refused` or
    /// `not-sent`.
    pub outcome: String,
    /// The answer's HTTP status, if there was one.
    pub status: Option<i64>,
    /// The answer's words, cut and without personal data.
    pub text: String,
    /// What to do: [`Advice::code`](crate::passing::Advice::code).
    pub advice: Option<String>,
}

/// How a destination does.
#[derive(Debug, Serialize)]
pub struct DestinationHealth {
    /// The shop's key.
    pub site: String,
    /// Its name.
    pub destination: String,
    /// Entries that wait to be sent.
    pub waiting: i64,
    /// Entries delivered, verified or not, in the last 24 hours.
    pub delivered_24h: i64,
    /// Dead letters.
    pub dead: i64,
    /// Its circuit.
    pub circuit: CircuitState,
    /// When the circuit lets the next one through, or the platform allows the next one, in milliseconds since 1970.
    pub open_until: Option<i64>,
    /// The last failure, whatever followed.
    pub last_error: Option<LastError>,
}

/// A destination's circuit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CircuitState {
    /// Everything leaves.
    Closed,
    /// Nothing leaves.
    Open,
    /// One leaves, to see whether the destination is well again.
    HalfOpen,
}

/// A failure.
#[derive(Debug, Serialize)]
pub struct LastError {
    /// Milliseconds since 1970.
    pub at: i64,
    /// The answer's HTTP status, if there was one.
    pub status: Option<i64>,
    /// The answer's words, cut and without personal data.
    pub text: String,
    /// What to do: [`Advice::code`](crate::passing::Advice::code).
    pub advice: Option<String>,
}
