//! What the store counts of itself while it runs, for `GET /metrics`; and what is read from the database when it is asked for.

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, histogram::Histogram},
};

use super::{Finished, Statement, Store, StoreError, sql};

/// Upper bounds of the buckets of a group's size, in writes.
const GROUP_SIZES: [f64; 8] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0];

/// Counted since the process began. Clones share it.
#[derive(Clone, Debug)]
pub struct Figures {
    /// Calls that failed.
    pub failures: Counter,
    /// Writes in each transaction of a file; a server groups by itself.
    pub group_size: Histogram,
    /// Attempts to pass something on.
    pub attempts: Family<AttemptLabels, Counter>,
}

/// Site and destination are configured ones: no client can invent series.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct AttemptLabels {
    /// The shop's key.
    pub site: String,
    /// The destination's name.
    pub destination: String,
    /// As in `pass_attempts`.
    pub outcome: String,
}

impl Default for Figures {
    fn default() -> Figures {
        Figures {
            failures: Counter::default(),
            group_size: Histogram::new(GROUP_SIZES),
            attempts: Family::default(),
        }
    }
}

impl Figures {
    /// Counts a failure.
    pub(super) fn note<T>(&self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if result.is_err() {
            self.failures.inc();
        }
        result
    }

    pub(super) fn attempt(&self, finished: &Finished) {
        let labels = AttemptLabels {
            site: finished.key.site.clone(),
            destination: finished.key.destination.clone(),
            outcome: finished.outcome.to_owned(),
        };
        self.attempts.get_or_create(&labels).inc();
    }
}

/// One configured destination's part of the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueLength {
    /// The shop's key.
    pub site: String,
    /// The destination's name.
    pub destination: String,
    /// Entries that wait to be sent or asked for.
    pub waiting: i64,
    /// Dead letters.
    pub dead: i64,
    /// Whether the circuit is open.
    pub is_open: bool,
}

impl Store {
    /// What it counts.
    pub fn figures(&self) -> &Figures {
        &self.figures
    }

    /// What waits and what is dead for each destination of the store's routes; `now` is in milliseconds since 1970. One query, which
    /// looks at what it counts and at nothing else.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn queue_lengths(&self, now: i64) -> Result<Vec<QueueLength>, StoreError> {
        let mut statement = sql("");
        let mut destinations: Vec<_> = self.routes.all().map(|(destination, _)| destination).collect();
        destinations.sort_by(|a, b| (&a.site, &a.name).cmp(&(&b.site, &b.name)));
        for (number, destination) in destinations.iter().enumerate() {
            let of = |statement: &mut Statement| {
                statement.push(" WHERE site = ").push_bind(&destination.site);
                statement.push(" AND destination = ").push_bind(&destination.name);
            };
            statement.push(if number == 0 {
                "SELECT CAST("
            } else {
                " UNION ALL SELECT CAST("
            });
            statement
                .push_bind(i64::try_from(number).unwrap_or(i64::MAX))
                .push(" AS BIGINT)");
            for states in ["'waiting', 'verifying'", "'dead'"] {
                statement.push(", (SELECT COUNT(*) FROM passes");
                of(&mut statement);
                statement.push(" AND state IN (").push(states).push("))");
            }
            statement.push(", (SELECT COUNT(*) FROM destinations");
            of(&mut statement);
            statement.push(" AND open_until > ").push_bind(now).push(")");
        }
        if destinations.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<(i64, i64, i64, i64)> = self.all(statement).await?;
        let length = |(number, waiting, dead, open): (i64, i64, i64, i64)| {
            let destination = destinations.get(usize::try_from(number).ok()?)?;
            Some(QueueLength {
                site: destination.site.clone(),
                destination: destination.name.clone(),
                waiting,
                dead,
                is_open: open > 0,
            })
        };
        Ok(rows.into_iter().filter_map(length).collect())
    }
}
