//! What became of an attempt.

use super::{
    super::{PassKey, Store, StoreError, Work, Writing, sql},
    contact,
};
use crate::passing::circuit::{Circuit, CircuitLimits};

/// What became of an attempt, and what follows.
#[derive(Clone, Debug)]
pub struct Finished {
    /// Which entry.
    pub key: PassKey,
    /// The fence.
    pub claims: i64,
    /// Which attempt.
    pub number: i64,
    /// Milliseconds since 1970.
    pub at: i64,
    /// The entry's state from now on.
    pub state: &'static str,
    /// When it is due again, in milliseconds since 1970; none if it is done.
    pub due_at: Option<i64>,
    /// Failures in a row.
    pub failures: i64,
    /// How many of its requests were answered well; none leaves it as it is.
    pub progress: Option<i64>,
    /// Whether a request may have arrived unheard.
    pub maybe_sent: bool,
    /// How often it was asked for in vain since it was last sent; none leaves it as it is.
    pub asked: Option<i64>,
    /// How often it was accepted and then not there.
    pub unseen: i64,
    /// The attempt's outcome.
    pub outcome: &'static str,
    /// Status of the answer.
    pub status: Option<i64>,
    /// Its words.
    pub text: String,
    /// What to do, as a code.
    pub advice: Option<&'static str>,
    /// What it says of the destination.
    pub health: Health,
}

/// What an attempt says of its destination.
#[derive(Clone, Copy, Debug)]
pub struct Health {
    /// Whether the destination answered as one that is well does; none if it was not asked.
    pub well: Option<bool>,
    /// When the circuit opens.
    pub limits: CircuitLimits,
    /// Whether the attempt was the probe of a half-open circuit.
    pub was_probe: bool,
    /// Nothing more leaves before this, in milliseconds since 1970.
    pub not_before: Option<i64>,
    /// Even in 0..1.
    pub random: f64,
}

impl Store {
    /// Keeps what became of an attempt; false if the entry was lost to another collector meanwhile. The attempt and what it says of
    /// the destination are kept all the same. Twice is harmless.
    ///
    /// # Errors
    /// If the database fails; then the lease ends by itself, and the entry is tried again.
    pub async fn finish(&self, finished: Finished) -> Result<bool, StoreError> {
        self.figures.attempt(&finished);
        self.write(finished).await
    }

    /// Keeps that so many requests of an entry are answered well, and renews its lease; false if it is not ours any more.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn progress(&self, key: &PassKey, claims: i64, progress: i64, until: i64) -> Result<bool, StoreError> {
        self.write(Progress {
            key: key.clone(),
            claims,
            progress,
            until,
        })
        .await
    }

    /// Keeps that an entry that was asked for in vain is about to be sent again, and renews its lease; false if it is not ours any
    /// more. Twice is harmless.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn sends_again(&self, key: &PassKey, claims: i64, until: i64) -> Result<bool, StoreError> {
        self.write(SendsAgain {
            key: key.clone(),
            claims,
            until,
        })
        .await
    }
}

impl Work for Finished {
    type Output = bool;

    async fn run(&self, writing: &mut Writing<'_>) -> Result<bool, StoreError> {
        if self.state == "not-sent" {
            contact::hold(writing, &self.key).await?;
        }
        let update = "UPDATE passes SET state = $5, due_at = $6, failures = $7, progress = COALESCE($8, progress), \
                      maybe_sent = $9, finished_at = $10, asked = COALESCE($12, asked), \
                      unseen = $13 WHERE site = $1 AND purchase_id = $2 AND destination = $3 AND event = $4 \
                      AND claims = $11";
        let entry = of_entry(&self.key, update)
            .bind(self.state)
            .bind(self.due_at)
            .bind(self.failures);
        let finished_at = self.due_at.is_none().then_some(self.at);
        let entry = entry
            .bind(self.progress)
            .bind(self.maybe_sent)
            .bind(finished_at)
            .bind(self.claims)
            .bind(self.asked)
            .bind(self.unseen);
        let is_ours = writing.execute(entry).await? == 1;

        let update = "UPDATE pass_attempts SET finished_at = $6, outcome = $7, status = $8, text = $9, advice = $10 \
                      WHERE site = $1 AND purchase_id = $2 AND destination = $3 AND event = $4 AND number = $5";
        let attempt = of_entry(&self.key, update)
            .bind(self.number)
            .bind(self.at)
            .bind(self.outcome);
        writing
            .execute(attempt.bind(self.status).bind(&self.text).bind(self.advice))
            .await?;

        if is_ours && self.state == "not-sent" {
            contact::look_again(writing, &self.key, self.at).await?;
        }
        match self.health.well {
            Some(true) => self.note_success(writing).await?,
            Some(false) => self.note_failure(writing).await?,
            // It showed nothing: the next one is the probe.
            None if self.health.was_probe => self.give_probe_back(writing).await?,
            None => {}
        }
        if self.outcome != "delivered" && self.outcome != "verified" && self.outcome != "not-sent" {
            self.note_error(writing).await?;
        }
        if let Some(not_before) = self.health.not_before {
            self.insert_destination(writing).await?;
            let update =
                "UPDATE destinations SET not_before = $3 WHERE site = $1 AND destination = $2 AND not_before < $3";
            writing.execute(self.of_destination(update).bind(not_before)).await?;
        }
        Ok(is_ours)
    }
}

impl Finished {
    /// Only a destination that was ill is written: successes are many.
    async fn note_success(&self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        let update = "UPDATE destinations SET failures = 0, openings = 0, open_until = 0 \
                      WHERE site = $1 AND destination = $2 AND (failures <> 0 OR openings <> 0 OR open_until <> 0)";
        writing.execute(self.of_destination(update)).await.map(drop)
    }

    async fn note_failure(&self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        // Collectors must not overwrite each other's counts.
        writing
            .lock(&self.key.site, &format!("destination {}", self.key.destination))
            .await?;
        self.insert_destination(writing).await?;
        let select = "SELECT failures, openings, open_until FROM destinations WHERE site = $1 AND destination = $2";
        let (failures, openings, open_until): (i64, i64, i64) = writing.one(self.of_destination(select)).await?;
        let before = Circuit {
            failures,
            openings,
            open_until,
        };
        let Health {
            limits,
            was_probe,
            random,
            ..
        } = self.health;
        let after = before.failed(self.at, limits, was_probe, random);
        let update = "UPDATE destinations SET failures = $3, openings = $4, open_until = $5 \
                      WHERE site = $1 AND destination = $2";
        let circuit = self.of_destination(update).bind(after.failures).bind(after.openings);
        writing.execute(circuit.bind(after.open_until)).await.map(drop)
    }

    async fn give_probe_back(&self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        let update = "UPDATE destinations SET open_until = $3 WHERE site = $1 AND destination = $2 AND open_until > $3";
        writing
            .execute(self.of_destination(update).bind(self.at))
            .await
            .map(drop)
    }

    async fn note_error(&self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        self.insert_destination(writing).await?;
        let update = "UPDATE destinations SET last_error_at = $3, last_error_status = $4, last_error_text = $5, \
                      last_error_advice = $6 WHERE site = $1 AND destination = $2";
        let error = self.of_destination(update).bind(self.at).bind(self.status);
        writing
            .execute(error.bind(&self.text).bind(self.advice))
            .await
            .map(drop)
    }

    async fn insert_destination(&self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        let insert = "INSERT INTO destinations (site, destination, failures, openings, open_until, not_before) \
                      VALUES ($1, $2, 0, 0, 0, 0) ON CONFLICT (site, destination) DO NOTHING";
        writing.execute(self.of_destination(insert)).await.map(drop)
    }

    fn of_destination(&self, text: &'static str) -> super::super::Statement {
        sql(text).bind(&self.key.site).bind(&self.key.destination)
    }
}

struct Progress {
    key: PassKey,
    claims: i64,
    progress: i64,
    until: i64,
}

impl Work for Progress {
    type Output = bool;

    async fn run(&self, writing: &mut Writing<'_>) -> Result<bool, StoreError> {
        let update = "UPDATE passes SET progress = $5, due_at = $6 WHERE site = $1 AND purchase_id = $2 \
                      AND destination = $3 AND event = $4 AND claims = $7";
        let progress = of_entry(&self.key, update).bind(self.progress).bind(self.until);
        Ok(writing.execute(progress.bind(self.claims)).await? == 1)
    }
}

struct SendsAgain {
    key: PassKey,
    claims: i64,
    until: i64,
}

impl Work for SendsAgain {
    type Output = bool;

    async fn run(&self, writing: &mut Writing<'_>) -> Result<bool, StoreError> {
        let update = "UPDATE passes SET asked = 0, due_at = $5 WHERE site = $1 AND purchase_id = $2 \
                      AND destination = $3 AND event = $4 AND claims = $6";
        let again = of_entry(&self.key, update).bind(self.until).bind(self.claims);
        Ok(writing.execute(again).await? == 1)
    }
}

/// A statement about one entry: its key are the first four values.
pub fn of_entry(key: &PassKey, text: &'static str) -> super::super::Statement {
    sql(text)
        .bind(&key.site)
        .bind(&key.purchase_id)
        .bind(&key.destination)
        .bind(&key.event)
}
