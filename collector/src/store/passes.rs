//! Passing purchases on, as the console and other readers see it. The rows' fields are the columns, which the migrations
//! document.
//! Passing on again is in `queue`.

use serde::Serialize;
use sqlx::FromRow;

use super::{Store, StoreError, sql};

/// The first attempts of one purchase's way to one destination, which are all kept.
pub const FIRST_ATTEMPTS: i64 = 10;

/// The last attempts, which are kept too; those between are only counted.
pub const LAST_ATTEMPTS: i64 = 90;

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
    /// Oldest first: the first [`FIRST_ATTEMPTS`](super::FIRST_ATTEMPTS) and the last [`LAST_ATTEMPTS`](super::LAST_ATTEMPTS).
    pub attempts: Vec<PassAttempt>,
}

/// One attempt.
#[derive(Debug, FromRow, Serialize)]
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

#[derive(FromRow)]
struct PassRow {
    destination: String,
    event: String,
    state: String,
    created_at: i64,
    due_at: Option<i64>,
    finished_at: Option<i64>,
    attempts: i64,
}

#[derive(FromRow)]
struct AttemptRow {
    destination: String,
    event: String,
    #[sqlx(flatten)]
    attempt: PassAttempt,
}

impl Store {
    /// Every destination and event of one purchase, oldest first, with their attempts, of one moment.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn passes_of(&self, site: &str, purchase_id: &str) -> Result<Vec<Pass>, StoreError> {
        let of_purchase = |text| sql(text).bind(site).bind(purchase_id);
        let mut moment = self.moment().await?;
        let rows: Vec<PassRow> = moment
            .all(of_purchase(
                "SELECT destination, event, state, created_at, due_at, finished_at, attempts FROM passes \
                 WHERE site = $1 AND purchase_id = $2 ORDER BY created_at, destination, event",
            ))
            .await?;
        let mut attempts: Vec<AttemptRow> = moment
            .all(of_purchase(
                "SELECT destination, event, number, started_at, finished_at, outcome, status, text, advice \
                 FROM pass_attempts WHERE site = $1 AND purchase_id = $2 ORDER BY number",
            ))
            .await?;
        let with_attempts = |row: PassRow| {
            let is_own =
                |attempt: &mut AttemptRow| attempt.destination == row.destination && attempt.event == row.event;
            let own = attempts.extract_if(.., is_own).map(|row| row.attempt).collect();
            Pass {
                attempts: own,
                destination: row.destination,
                event: row.event,
                state: row.state,
                created_at: row.created_at,
                due_at: row.due_at,
                finished_at: row.finished_at,
                attempts_total: row.attempts,
            }
        };
        Ok(rows.into_iter().map(with_attempts).collect())
    }
}
