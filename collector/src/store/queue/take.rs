//! Taking entries.

use sqlx::FromRow;

use super::super::{FIRST_ATTEMPTS, LAST_ATTEMPTS, PassKey, Store, StoreError, Work, Writing, sql, standing};
use crate::passing::{
    Order,
    circuit::{Circuit, Gate},
    order::read_purchase,
};
use purchase_core::order::Course;

/// An entry that is ours until its lease ends.
#[derive(Debug)]
pub struct Claimed {
    /// Which one.
    pub key: PassKey,
    /// The fence: every change names it.
    pub claims: i64,
    /// Which attempt this is, counted from 1.
    pub number: i64,
    /// Failures in a row before.
    pub failures: i64,
    /// The age limit counts from here, in milliseconds since 1970.
    pub since: i64,
    /// How many of its requests were answered well before.
    pub progress: i64,
    /// Whether a request of an earlier attempt may have arrived unheard.
    pub maybe_sent: bool,
    /// Whether it is sent already and only asked for.
    pub verifying: bool,
    /// How often it was asked for in vain since it was last sent.
    pub asked: i64,
    /// How often it was accepted and then not there.
    pub unseen: i64,
    /// Whether it is the one that a half-open circuit lets through.
    pub is_probe: bool,
    /// The order as it is now; none if it cannot be read any more.
    pub order: Option<Order>,
}

/// What there was to take.
#[derive(Debug)]
pub enum Take {
    /// These, at least one.
    Entries(Vec<Claimed>),
    /// Nothing before this, in milliseconds since 1970; none if nothing is known to come.
    Nothing(Option<i64>),
}

#[derive(FromRow)]
struct Due {
    purchase_id: String,
    event: String,
    state: String,
    claims: i64,
    due_at: i64,
    failures: i64,
    since: i64,
    progress: i64,
    maybe_sent: bool,
    asked: i64,
    unseen: i64,
    attempts: i64,
}

#[derive(FromRow)]
struct Stored {
    purchase: String,
    state: String,
    placed: bool,
    completed: bool,
    captured_at: i64,
    received_at: i64,
    canceled_at: Option<i64>,
}

#[derive(FromRow)]
struct Health {
    failures: i64,
    openings: i64,
    open_until: i64,
    not_before: i64,
}

impl Store {
    /// Takes at most so many entries of a destination that are due, each for `lease_ms` milliseconds. No other collector gets them
    /// before. Of two events of one purchase the later one waits for the earlier.
    ///
    /// # Errors
    /// If the database fails; then nothing is taken.
    pub async fn take(
        &self,
        site: &str,
        destination: &str,
        now: i64,
        lease_ms: i64,
        limit: i64,
    ) -> Result<Take, StoreError> {
        // Most of the time there is nothing, and a look costs no write.
        let due = sql("SELECT MIN(due_at) FROM passes WHERE site = $1 AND destination = $2 AND due_at IS NOT NULL")
            .bind(site)
            .bind(destination);
        match self.first::<(Option<i64>,)>(due).await? {
            Some((Some(due_at),)) if due_at <= now => {}
            Some((due_at,)) => return Ok(Take::Nothing(due_at)),
            None => return Ok(Take::Nothing(None)),
        }
        self.write(TakeDue {
            site: site.to_owned(),
            destination: destination.to_owned(),
            now,
            lease_ms,
            limit,
        })
        .await
    }
}

struct TakeDue {
    site: String,
    destination: String,
    now: i64,
    lease_ms: i64,
    limit: i64,
}

impl Work for TakeDue {
    type Output = Take;

    async fn run(&self, writing: &mut Writing<'_>) -> Result<Take, StoreError> {
        let TakeDue { now, limit, .. } = *self;
        let (circuit, not_before) = self.health(writing).await?;
        if not_before > now {
            return Ok(Take::Nothing(Some(not_before)));
        }
        let limit = match circuit.gate(now) {
            Gate::ClosedUntil(until) => return Ok(Take::Nothing(Some(until))),
            Gate::Probe => limit.min(1),
            Gate::Open => limit,
        };
        let is_probe = circuit.gate(now) == Gate::Probe;
        let due = self.due(writing, limit).await?;
        if due.is_empty() {
            return self.next(writing).await;
        }
        if is_probe && !self.take_probe(writing, circuit).await? {
            return Ok(Take::Nothing(None));
        }
        let mut entries = vec![];
        for due in due {
            entries.extend(self.take(writing, due, is_probe).await?);
        }
        if entries.is_empty() {
            // Another collector has them; the probe that carries nothing would keep the destination waiting.
            if is_probe {
                self.give_probe_back(writing, circuit).await?;
            }
            return Ok(Take::Nothing(None));
        }
        Ok(Take::Entries(entries))
    }
}

impl TakeDue {
    async fn health(&self, writing: &mut Writing<'_>) -> Result<(Circuit, i64), StoreError> {
        let select = "SELECT failures, openings, open_until, not_before FROM destinations \
                      WHERE site = $1 AND destination = $2";
        let health: Option<Health> = writing
            .first(sql(select).bind(&self.site).bind(&self.destination))
            .await?;
        Ok(health.map_or((Circuit::default(), 0), |health| {
            let circuit = Circuit {
                failures: health.failures,
                openings: health.openings,
                open_until: health.open_until,
            };
            (circuit, health.not_before)
        }))
    }

    async fn due(&self, writing: &mut Writing<'_>, limit: i64) -> Result<Vec<Due>, StoreError> {
        let select = "SELECT purchase_id, event, state, claims, due_at, failures, since, progress, maybe_sent, asked, \
                      unseen, attempts \
                      FROM passes WHERE site = $1 AND destination = $2 AND due_at <= $3 \
                      AND (event = 'placed' OR NOT EXISTS (SELECT 1 FROM passes other WHERE other.site = passes.site \
                      AND other.purchase_id = passes.purchase_id AND other.destination = passes.destination \
                      AND other.event <> passes.event AND other.state = 'waiting' \
                      AND (other.event = 'placed' OR other.created_at < passes.created_at))) \
                      ORDER BY due_at LIMIT $4";
        let due = sql(select).bind(&self.site).bind(&self.destination);
        writing.all(due.bind(self.now).bind(limit)).await
    }

    /// When the next one is due that is not due yet: what is due and not taken waits for another one.
    async fn next(&self, writing: &mut Writing<'_>) -> Result<Take, StoreError> {
        let select = "SELECT MIN(due_at) FROM passes WHERE site = $1 AND destination = $2 AND due_at > $3";
        let next = sql(select).bind(&self.site).bind(&self.destination).bind(self.now);
        let (due_at,): (Option<i64>,) = writing.one(next).await?;
        Ok(Take::Nothing(due_at))
    }

    /// The probe is ours if nobody moved the circuit's time meanwhile. Whoever dies with it has lost it when the lease ends.
    async fn take_probe(&self, writing: &mut Writing<'_>, seen: Circuit) -> Result<bool, StoreError> {
        let update = "UPDATE destinations SET open_until = $3 WHERE site = $1 AND destination = $2 AND open_until = $4";
        let probe = sql(update).bind(&self.site).bind(&self.destination);
        let until = self.now.saturating_add(self.lease_ms);
        Ok(writing.execute(probe.bind(until).bind(seen.open_until)).await? == 1)
    }

    /// As if it was never taken; nobody else can have moved it within this transaction.
    async fn give_probe_back(&self, writing: &mut Writing<'_>, seen: Circuit) -> Result<(), StoreError> {
        let update = "UPDATE destinations SET open_until = $3 WHERE site = $1 AND destination = $2";
        let probe = sql(update).bind(&self.site).bind(&self.destination);
        writing.execute(probe.bind(seen.open_until)).await.map(drop)
    }

    /// None if another collector was faster.
    async fn take(&self, writing: &mut Writing<'_>, due: Due, is_probe: bool) -> Result<Option<Claimed>, StoreError> {
        let update = "UPDATE passes SET claims = claims + 1, attempts = attempts + 1, due_at = $5, maybe_sent = TRUE \
                      WHERE site = $1 AND purchase_id = $2 AND destination = $3 AND event = $4 AND claims = $6 \
                      AND due_at = $7";
        let of_entry = |text| {
            sql(text)
                .bind(&self.site)
                .bind(&due.purchase_id)
                .bind(&self.destination)
                .bind(&due.event)
        };
        let until = self.now.saturating_add(self.lease_ms);
        let claim = of_entry(update).bind(until).bind(due.claims).bind(due.due_at);
        if writing.execute(claim).await? == 0 {
            return Ok(None);
        }
        let interrupted = "UPDATE pass_attempts SET outcome = 'interrupted', advice = 'interrupted' WHERE site = $1 \
                           AND purchase_id = $2 AND destination = $3 AND event = $4 AND outcome = 'sending'";
        writing.execute(of_entry(interrupted)).await?;
        let number = due.attempts.saturating_add(1);
        if number > FIRST_ATTEMPTS + LAST_ATTEMPTS {
            let delete = "DELETE FROM pass_attempts WHERE site = $1 AND purchase_id = $2 AND destination = $3 \
                          AND event = $4 AND number > $5 AND number <= $6";
            let between = of_entry(delete).bind(FIRST_ATTEMPTS).bind(number - LAST_ATTEMPTS);
            writing.execute(between).await?;
        }
        let insert = "INSERT INTO pass_attempts (site, purchase_id, destination, event, number, started_at, outcome, \
                      text) VALUES ($1, $2, $3, $4, $5, $6, 'sending', '')";
        writing.execute(of_entry(insert).bind(number).bind(self.now)).await?;
        Ok(Some(Claimed {
            order: self.order(writing, &due.purchase_id).await?,
            key: PassKey {
                site: self.site.clone(),
                purchase_id: due.purchase_id,
                destination: self.destination.clone(),
                event: due.event,
            },
            claims: due.claims.saturating_add(1),
            number,
            failures: due.failures,
            since: due.since,
            progress: due.progress,
            maybe_sent: due.maybe_sent,
            verifying: due.state == "verifying",
            asked: due.asked,
            unseen: due.unseen,
            is_probe,
        }))
    }

    async fn order(&self, writing: &mut Writing<'_>, purchase_id: &str) -> Result<Option<Order>, StoreError> {
        let select = "SELECT purchase, state, placed, completed, captured_at, received_at, \
                      (SELECT MIN(t.at) FROM transitions t WHERE t.site = purchases.site \
                      AND t.purchase_id = purchases.purchase_id AND t.state = 'canceled') AS canceled_at \
                      FROM purchases WHERE site = $1 AND purchase_id = $2";
        let stored: Option<Stored> = writing.first(sql(select).bind(&self.site).bind(purchase_id)).await?;
        let Some(stored) = stored else { return Ok(None) };
        let Ok(purchase) = read_purchase(&stored.purchase) else {
            return Ok(None);
        };
        Ok(Some(Order {
            site: self.site.clone(),
            purchase,
            course: Course {
                state: standing::state(&stored.state)?,
                placed: stored.placed,
                completed: stored.completed,
            },
            captured_at: stored.captured_at,
            received_at: stored.received_at,
            canceled_at: stored.canceled_at,
        }))
    }
}
