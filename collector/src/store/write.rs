//! Keeping what was received. Each delivery is one transaction: it is kept whole or not at all.

use std::time::{SystemTime, UNIX_EPOCH};

use purchase_core::{
    Judgement, Problem, Purchase,
    wire::{Envelope, Outcome, Receipt},
};
use sqlx::{Sqlite, Transaction};

use super::{Store, StoreError, digest};

/// Most rows kept of the deliveries of one purchase; later ones are only counted.
pub const DELIVERIES_PER_PURCHASE_MAX: i64 = 1_000;

/// Most distinct other contents kept of one purchase; later ones are answered as conflicts and not kept.
pub const CONFLICTS_PER_PURCHASE_MAX: i64 = 100;

/// One envelope as it came.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    /// What it says.
    pub envelope: &'a Envelope,
    /// Its text, byte for byte.
    pub text: &'a str,
    /// The device's clock when it sent, in milliseconds since 1970, if it said so.
    pub sent_at: Option<i64>,
    /// Which attempt it is, counted from 1, if it said so.
    pub attempt: Option<i64>,
}

impl Store {
    /// Keeps one judged delivery and answers its receipt. When this returns the data is on the disk. Twice is harmless:
    /// the same purchase is stored once, whoever sends it and however often, also at the same time.
    ///
    /// # Errors
    /// If the database fails; then nothing of the delivery is kept.
    pub async fn keep(&self, delivery: Delivery<'_>, judgement: Judgement) -> Result<Receipt, StoreError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let received_at = now_ms();
        let (outcome, conflict) = match &judgement.purchase {
            None => {
                refuse(&mut transaction, delivery, &judgement.problems, received_at).await?;
                (Outcome::Refused, false)
            }
            Some(purchase) => accept(&mut transaction, delivery, purchase, &judgement.problems, received_at).await?,
        };
        transaction.commit().await?;
        Ok(Receipt {
            id: delivery.envelope.id.clone(),
            outcome,
            purchase_id: judgement.purchase.map(|purchase| purchase.purchase_id),
            conflict,
            problems: judgement.problems,
        })
    }
}

async fn accept(
    transaction: &mut Transaction<'_, Sqlite>,
    delivery: Delivery<'_>,
    purchase: &Purchase,
    problems: &[Problem],
    received_at: i64,
) -> Result<(Outcome, bool), StoreError> {
    let canonical = serde_json::to_string(purchase)?;
    let problems = serde_json::to_string(problems)?;
    let is_new = insert(transaction, delivery, purchase, &canonical, &problems, received_at).await?;
    let conflict = !is_new && !is_stored(transaction, delivery, purchase, &canonical).await?;
    if conflict {
        keep_conflict(transaction, delivery, purchase, &canonical, &problems, received_at).await?;
    }
    let outcome = match (is_new, conflict) {
        (true, _) => "accepted",
        (false, false) => "duplicate",
        (false, true) => "conflict",
    };
    note_delivery(transaction, delivery, purchase, outcome, received_at).await?;
    Ok((if is_new { Outcome::Accepted } else { Outcome::Duplicate }, conflict))
}

/// Whether this is the first time: the primary key decides.
async fn insert(
    transaction: &mut Transaction<'_, Sqlite>,
    delivery: Delivery<'_>,
    purchase: &Purchase,
    canonical: &str,
    problems: &str,
    received_at: i64,
) -> Result<bool, StoreError> {
    let inserted = sqlx::query(
        "INSERT INTO purchases (site, purchase_id, purchase, total_price, total_quantity, purchase_date, source, page, \
         record_id, captured_at, received_at, problems, envelope, deliveries, conflicts) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0) \
         ON CONFLICT (site, purchase_id) DO NOTHING",
    )
    .bind(&delivery.envelope.site)
    .bind(&purchase.purchase_id)
    .bind(canonical)
    .bind(purchase.total_price.to_string())
    .bind(i64::try_from(purchase.total_quantity).unwrap_or(i64::MAX))
    .bind(purchase.purchase_date.as_ref().map(|date| date.as_str()))
    .bind(delivery.envelope.source.name())
    .bind(&delivery.envelope.page)
    .bind(&delivery.envelope.id)
    .bind(i64::try_from(delivery.envelope.captured_at).unwrap_or(i64::MAX))
    .bind(received_at)
    .bind(problems)
    .bind(delivery.text)
    .execute(&mut **transaction)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Whether the stored purchase of this id has exactly this content.
async fn is_stored(
    transaction: &mut Transaction<'_, Sqlite>,
    delivery: Delivery<'_>,
    purchase: &Purchase,
    canonical: &str,
) -> Result<bool, StoreError> {
    let stored: String = sqlx::query_scalar("SELECT purchase FROM purchases WHERE site = $1 AND purchase_id = $2")
        .bind(&delivery.envelope.site)
        .bind(&purchase.purchase_id)
        .fetch_one(&mut **transaction)
        .await?;
    Ok(stored == canonical)
}

async fn keep_conflict(
    transaction: &mut Transaction<'_, Sqlite>,
    delivery: Delivery<'_>,
    purchase: &Purchase,
    canonical: &str,
    problems: &str,
    received_at: i64,
) -> Result<(), StoreError> {
    let digest = digest::of_text(canonical);
    let known =
        sqlx::query("UPDATE conflicts SET times = times + 1 WHERE site = $1 AND purchase_id = $2 AND digest = $3")
            .bind(&delivery.envelope.site)
            .bind(&purchase.purchase_id)
            .bind(&digest)
            .execute(&mut **transaction)
            .await?;
    if known.rows_affected() > 0 {
        return Ok(());
    }
    let has_room = sqlx::query(
        "UPDATE purchases SET conflicts = conflicts + 1 WHERE site = $1 AND purchase_id = $2 AND conflicts < $3",
    )
    .bind(&delivery.envelope.site)
    .bind(&purchase.purchase_id)
    .bind(CONFLICTS_PER_PURCHASE_MAX)
    .execute(&mut **transaction)
    .await?;
    if has_room.rows_affected() == 0 {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO conflicts (site, purchase_id, digest, purchase, problems, source, envelope, received_at, times) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)",
    )
    .bind(&delivery.envelope.site)
    .bind(&purchase.purchase_id)
    .bind(&digest)
    .bind(canonical)
    .bind(problems)
    .bind(delivery.envelope.source.name())
    .bind(delivery.text)
    .bind(received_at)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

async fn note_delivery(
    transaction: &mut Transaction<'_, Sqlite>,
    delivery: Delivery<'_>,
    purchase: &Purchase,
    outcome: &str,
    received_at: i64,
) -> Result<(), StoreError> {
    let number: i64 = sqlx::query_scalar(
        "UPDATE purchases SET deliveries = deliveries + 1 WHERE site = $1 AND purchase_id = $2 RETURNING deliveries",
    )
    .bind(&delivery.envelope.site)
    .bind(&purchase.purchase_id)
    .fetch_one(&mut **transaction)
    .await?;
    if number > DELIVERIES_PER_PURCHASE_MAX {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO deliveries (site, purchase_id, number, record_id, outcome, received_at, sent_at, attempt) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&delivery.envelope.site)
    .bind(&purchase.purchase_id)
    .bind(number)
    .bind(&delivery.envelope.id)
    .bind(outcome)
    .bind(received_at)
    .bind(delivery.sent_at)
    .bind(delivery.attempt)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

async fn refuse(
    transaction: &mut Transaction<'_, Sqlite>,
    delivery: Delivery<'_>,
    problems: &[Problem],
    received_at: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO refusals (site, digest, record_id, source, page, problems, envelope, first_at, received_at, times) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, 1) \
         ON CONFLICT (site, digest) DO UPDATE SET times = refusals.times + 1, received_at = excluded.received_at, \
         problems = excluded.problems",
    )
    .bind(&delivery.envelope.site)
    .bind(digest::of_envelope(delivery.text))
    .bind(&delivery.envelope.id)
    .bind(delivery.envelope.source.name())
    .bind(&delivery.envelope.page)
    .bind(serde_json::to_string(problems)?)
    .bind(delivery.text)
    .bind(received_at)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// Milliseconds since 1970.
fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
