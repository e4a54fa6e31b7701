//! Passing purchases on, as the console and other readers see it. The rows' fields are the columns, which the migrations
//! document.
//! Passing on again is in `queue`.

use serde::Serialize;
use sqlx::FromRow;

use super::{Store, StoreError, sql};
use crate::passing::{
    Destination,
    circuit::{Circuit, Gate},
};

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

/// How a destination does.
#[derive(Debug, Serialize)]
pub struct DestinationHealth {
    /// The shop's key.
    pub site: String,
    /// Its name.
    pub destination: String,
    /// Whether this collector passes purchases on to it. What waits for a destination that is not configured any more stays.
    pub configured: bool,
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

/// What was ever in a state, of one destination.
#[derive(FromRow)]
struct CountRow {
    site: String,
    destination: String,
    waiting: i64,
    delivered: i64,
    dead: i64,
}

impl CountRow {
    fn is_of(&self, destination: &Destination) -> bool {
        self.site == destination.site && self.destination == destination.name
    }
}

#[derive(FromRow)]
struct DestinationRow {
    site: String,
    destination: String,
    open_until: i64,
    not_before: i64,
    last_error_at: Option<i64>,
    last_error_status: Option<i64>,
    last_error_text: Option<String>,
    last_error_advice: Option<String>,
}

/// A day, in milliseconds.
const DAY_MS: i64 = 24 * 3_600_000;

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

    /// How every destination does that is configured or was ever to get something, of one site or of all; `now` is in milliseconds since 1970.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn destinations_health(
        &self,
        site: Option<&str>,
        now: i64,
    ) -> Result<Vec<DestinationHealth>, StoreError> {
        let mut counts = sql(
            "SELECT site, destination, COUNT(CASE WHEN state = 'waiting' THEN 1 END) AS waiting, \
             COUNT(CASE WHEN state IN ('delivered', 'verified') AND finished_at > $1 THEN 1 END) AS delivered, \
             COUNT(CASE WHEN state = 'dead' THEN 1 END) AS dead FROM passes",
        )
        .bind(now.saturating_sub(DAY_MS));
        if let Some(site) = site {
            counts.push(" WHERE site = ").push_bind(site);
        }
        counts.push(" GROUP BY site, destination ORDER BY site, destination");
        let mut states = sql(
            "SELECT site, destination, open_until, not_before, last_error_at, last_error_status, \
                              last_error_text, last_error_advice FROM destinations",
        );
        if let Some(site) = site {
            states.push(" WHERE site = ").push_bind(site);
        }
        let mut moment = self.moment().await?;
        let mut counts: Vec<CountRow> = moment.all(counts).await?;
        let states: Vec<DestinationRow> = moment.all(states).await?;
        let configured: Vec<_> = self.routes.all().map(|(destination, _)| destination).collect();
        for new in configured.iter().filter(|new| site.is_none_or(|site| site == new.site)) {
            if !counts.iter().any(|count| count.is_of(new)) {
                counts.push(CountRow {
                    site: new.site.clone(),
                    destination: new.name.clone(),
                    waiting: 0,
                    delivered: 0,
                    dead: 0,
                });
            }
        }
        counts.sort_by(|one, other| (&one.site, &one.destination).cmp(&(&other.site, &other.destination)));
        let health = |count: CountRow| {
            let is_configured = configured.iter().any(|one| count.is_of(one));
            let known = states
                .iter()
                .find(|state| state.site == count.site && state.destination == count.destination);
            health(count, is_configured, known, now)
        };
        Ok(counts.into_iter().map(health).collect())
    }
}

fn health(count: CountRow, configured: bool, known: Option<&DestinationRow>, now: i64) -> DestinationHealth {
    let circuit = known.map_or(Gate::Open, |row| {
        let circuit = Circuit {
            open_until: row.open_until,
            ..Circuit::default()
        };
        circuit.gate(now)
    });
    let until = known.map_or(0, |row| row.open_until.max(row.not_before));
    DestinationHealth {
        site: count.site,
        destination: count.destination,
        configured,
        waiting: count.waiting,
        delivered_24h: count.delivered,
        dead: count.dead,
        circuit: match circuit {
            Gate::Open => CircuitState::Closed,
            Gate::Probe => CircuitState::HalfOpen,
            Gate::ClosedUntil(_) => CircuitState::Open,
        },
        open_until: Some(until).filter(|until| *until > now),
        last_error: known.and_then(|row| {
            Some(LastError {
                at: row.last_error_at?,
                status: row.last_error_status,
                text: row.last_error_text.clone().unwrap_or_default(),
                advice: row.last_error_advice.clone(),
            })
        }),
    }
}
