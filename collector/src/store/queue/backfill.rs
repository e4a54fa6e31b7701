//! Entries for what was stored before a destination was configured.

use std::ops::Range;

use purchase_core::order::Course;
use sqlx::FromRow;

use super::{
    super::{PassKey, Store, StoreError, TEST_SOURCE, Work, Writing, sql, standing},
    insert,
};
use crate::passing::{Destination, Event};

/// Purchases that are looked at together, in one read and at most one transaction: a file is held for some milliseconds only, and
/// memory holds no more of them.
const WINDOW: i64 = 500;

/// How many of the added purchases become due in each second. Entries are taken in the order in which they are due, so what is sold
/// meanwhile overtakes the rest of them instead of waiting behind years of purchases until it is too old to start anything there.
const DUE_PER_SECOND: u64 = 10;

/// What was done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backfilled {
    /// Purchases that were looked at.
    pub looked_at: u64,
    /// Purchases with an entry that they had not before.
    pub added: u64,
    /// When the last one was received that was looked at, in milliseconds since 1970.
    pub reached: i64,
}

impl Store {
    /// Makes the entries that a destination would have, had it been there always: for every purchase of its site that was received
    /// in this time, in milliseconds since 1970, as if its first message had told its present state. Which events that makes is
    /// [`Event::between`]'s affair, as ever. Twice is harmless: what has an entry keeps it. `report` is told after every few hundred
    /// purchases; what is added then stays, whatever follows.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn backfill(
        &self,
        destination: &Destination,
        received: Range<i64>,
        now: i64,
        mut report: impl FnMut(Backfilled) + Send,
    ) -> Result<Backfilled, StoreError> {
        let mut done = Backfilled {
            reached: received.start,
            ..Backfilled::default()
        };
        let mut last_id = String::new();
        loop {
            let window = self.window(destination, done.reached, &last_id, received.end).await?;
            let is_last = i64::try_from(window.len()).is_ok_and(|len| len < WINDOW);
            if let Some(last) = window.last() {
                done.reached = last.received_at;
                last_id.clone_from(&last.purchase_id);
            }
            done.looked_at = done.looked_at.saturating_add(window.len() as u64);
            let mut add = Add {
                site: destination.site.clone(),
                destination: destination.name.clone(),
                purchases: vec![],
                added_before: done.added,
                now,
            };
            for row in window {
                let events = row.missing(destination)?;
                if !events.is_empty() {
                    add.purchases.push((row.purchase_id, events));
                }
            }
            if !add.purchases.is_empty() {
                done.added = done.added.saturating_add(self.write(add).await?);
                self.routes.wake(&destination.site);
            }
            report(done);
            if is_last {
                return Ok(done);
            }
        }
    }

    /// The next purchases after one, oldest first.
    async fn window(
        &self,
        destination: &Destination,
        since: i64,
        last_id: &str,
        until: i64,
    ) -> Result<Vec<Row>, StoreError> {
        // The limit stands inside: the entries of a few hundred purchases are looked up one by one, however many there are.
        let select = sql(
            "SELECT p.purchase_id, p.received_at, p.source, p.state, p.placed, p.completed, \
             CASE WHEN EXISTS (SELECT 1 FROM passes e WHERE e.site = $1 AND e.purchase_id = p.purchase_id \
             AND e.destination = $2 AND e.event = 'placed') THEN TRUE ELSE FALSE END AS has_placed, \
             CASE WHEN EXISTS (SELECT 1 FROM passes e WHERE e.site = $1 AND e.purchase_id = p.purchase_id \
             AND e.destination = $2 AND e.event = 'canceled') THEN TRUE ELSE FALSE END AS has_canceled \
             FROM (SELECT purchase_id, received_at, source, state, placed, completed FROM purchases \
             WHERE site = $1 AND received_at >= $3 AND (received_at > $3 OR purchase_id > $4) AND received_at < $5 \
             ORDER BY received_at, purchase_id LIMIT $6) p ORDER BY p.received_at, p.purchase_id",
        );
        let window = select.bind(&destination.site).bind(&destination.name).bind(since);
        self.all(window.bind(last_id).bind(until).bind(WINDOW)).await
    }
}

/// A stored purchase, and which entries it has. There is no third: a first message makes no event `completed`.
#[derive(FromRow)]
struct Row {
    purchase_id: String,
    received_at: i64,
    source: String,
    state: String,
    placed: bool,
    completed: bool,
    has_placed: bool,
    has_canceled: bool,
}

impl Row {
    /// The events that the destination takes and was never to be told of.
    fn missing(&self, destination: &Destination) -> Result<Vec<Event>, StoreError> {
        // A test purchase counts nowhere.
        if self.source == TEST_SOURCE {
            return Ok(vec![]);
        }
        let course = Course {
            state: standing::state(&self.state)?,
            placed: self.placed,
            completed: self.completed,
        };
        let is_missing = |event: &Event| match event {
            Event::Placed => !self.has_placed,
            Event::Canceled => !self.has_canceled,
            Event::Completed => false,
        };
        let events = Event::between(None, course).filter(|event| destination.takes(*event));
        Ok(events.filter(is_missing).collect())
    }
}

/// Entries to be made in one transaction.
struct Add {
    site: String,
    destination: String,
    purchases: Vec<(String, Vec<Event>)>,
    /// How many purchases were added before these.
    added_before: u64,
    /// In milliseconds since 1970.
    now: i64,
}

impl Work for Add {
    /// How many purchases have a new entry: others may add them at the same time.
    type Output = u64;

    async fn run(&self, writing: &mut Writing<'_>) -> Result<u64, StoreError> {
        let mut added = 0;
        for (purchase_id, events) in &self.purchases {
            let wait_ms = self.added_before.saturating_add(added).saturating_mul(1000) / DUE_PER_SECOND;
            let due_at = self.now.saturating_add_unsigned(wait_ms);
            let mut is_new = false;
            for event in events {
                let key = PassKey {
                    site: self.site.clone(),
                    purchase_id: purchase_id.clone(),
                    destination: self.destination.clone(),
                    event: event.name().to_owned(),
                };
                is_new |= insert(writing, &key, self.now, due_at).await?;
            }
            added += u64::from(is_new);
        }
        Ok(added)
    }
}
