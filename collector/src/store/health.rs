//! How the destinations do. What is counted is looked up by its index: a view costs as much as there is to tell, however many
//! purchases were passed on before.

use serde::Serialize;
use sqlx::FromRow;

use super::{Moment, Store, StoreError, sql};
use crate::passing::circuit::{Circuit, Gate};

/// Destinations that are counted in one query.
const TOGETHER: usize = 100;

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

/// What is in a state, of one destination.
struct Counts {
    waiting: i64,
    delivered: i64,
    dead: i64,
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

/// A site's key and the name of one of its destinations.
type Way = (String, String);

impl Store {
    /// How every destination does that is configured or was ever to get something, of one site or of all; `now` is in milliseconds since 1970.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn destinations_health(
        &self,
        site: Option<&str>,
        now: i64,
    ) -> Result<Vec<DestinationHealth>, StoreError> {
        let configured = self.routes.all().map(|(one, _)| (one.site.clone(), one.name.clone()));
        let configured: Vec<Way> = configured
            .filter(|(of, _)| site.is_none_or(|site| site == of))
            .collect();
        let mut states = sql(
            "SELECT site, destination, open_until, not_before, last_error_at, last_error_status, \
                              last_error_text, last_error_advice FROM destinations",
        );
        if let Some(site) = site {
            states.push(" WHERE site = ").push_bind(site);
        }
        let mut moment = self.moment().await?;
        let mut ways = used(&mut moment, site).await?;
        ways.extend(configured.iter().cloned());
        ways.sort();
        ways.dedup();
        let mut counts = vec![];
        for some in ways.chunks(TOGETHER) {
            counts.extend(count(&mut moment, some, now).await?);
        }
        let states: Vec<DestinationRow> = moment.all(states).await?;
        let health = |(way, counts): (Way, Counts)| {
            let known = states
                .iter()
                .find(|state| state.site == way.0 && state.destination == way.1);
            let is_configured = configured.contains(&way);
            health(way, counts, is_configured, known, now)
        };
        Ok(ways.into_iter().zip(counts).map(health).collect())
    }
}

/// The destinations that have entries. Each step jumps over all entries of one of them.
async fn used(moment: &mut Moment, site: Option<&str>) -> Result<Vec<Way>, StoreError> {
    let mut ways = vec![];
    let mut next_site = match site {
        Some(site) => Some(site.to_owned()),
        None => least(moment.first(sql("SELECT MIN(site) FROM passes")).await?),
    };
    while let Some(of) = next_site {
        let mut name = String::new();
        loop {
            let next = sql("SELECT MIN(destination) FROM passes WHERE site = $1 AND destination > $2");
            let Some(next) = least(moment.first(next.bind(&of).bind(&name)).await?) else {
                break;
            };
            name.clone_from(&next);
            ways.push((of.clone(), next));
        }
        next_site = match site {
            Some(_) => None,
            None => least(
                moment
                    .first(sql("SELECT MIN(site) FROM passes WHERE site > $1").bind(of))
                    .await?,
            ),
        };
    }
    Ok(ways)
}

/// None if there was nothing to compare.
fn least(row: Option<(Option<String>,)>) -> Option<String> {
    row.and_then(|(least,)| least)
}

/// What waits, was delivered in the last day and is dead, of each.
async fn count(moment: &mut Moment, ways: &[Way], now: i64) -> Result<Vec<Counts>, StoreError> {
    let mut select = sql("");
    for (number, (site, destination)) in (0_i64..).zip(ways) {
        select.push(if number == 0 {
            "SELECT CAST("
        } else {
            " UNION ALL SELECT CAST("
        });
        select.push_bind(number).push(" AS BIGINT)");
        for states in ["'waiting'", "'dead'", "'delivered', 'verified'"] {
            select
                .push(", (SELECT COUNT(*) FROM passes WHERE site = ")
                .push_bind(site)
                .push(" AND destination = ")
                .push_bind(destination)
                .push(" AND state IN (")
                .push(states)
                .push(")");
            if states.starts_with("'delivered'") {
                select.push(" AND finished_at > ").push_bind(now.saturating_sub(DAY_MS));
            }
            select.push(")");
        }
    }
    let mut rows: Vec<(i64, i64, i64, i64)> = moment.all(select).await?;
    rows.sort_unstable();
    let counts = |(_, waiting, dead, delivered)| Counts {
        waiting,
        delivered,
        dead,
    };
    Ok(rows.into_iter().map(counts).collect())
}

fn health(
    (site, destination): Way,
    count: Counts,
    configured: bool,
    known: Option<&DestinationRow>,
    now: i64,
) -> DestinationHealth {
    let circuit = known.map_or(Gate::Open, |row| {
        let circuit = Circuit {
            open_until: row.open_until,
            ..Circuit::default()
        };
        circuit.gate(now)
    });
    let until = known.map_or(0, |row| row.open_until.max(row.not_before));
    DestinationHealth {
        site,
        destination,
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
