//! Keeping what was received. Each delivery is one transaction: it is kept whole or not at all.

use purchase_core::{
    Judgement, Problem, Purchase,
    wire::{Outcome, Receipt},
};
use sqlx::{Sqlite, Transaction};

use super::{Store, StoreError, closing, digest, purchase, standing};
use crate::clock::now_ms;

/// One message as it came.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    /// The shop's key.
    pub site: &'a str,
    /// The record's id, also in the receipt.
    pub record_id: &'a str,
    /// Where it came from: an envelope's `source`, or `server`.
    pub source: &'a str,
    /// When it was captured, in milliseconds since 1970.
    pub captured_at: i64,
    /// The page's address without query and fragment.
    pub page: Option<&'a str>,
    /// Its text; an envelope's byte for byte.
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
            id: delivery.record_id.to_owned(),
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
    let content = purchase::Content::new(purchase, problems)?;
    let is_new = purchase::insert(transaction, delivery, purchase, &content, received_at).await?;
    let conflict = !is_new && !purchase::is_stored(transaction, delivery, purchase, &content).await?;
    if conflict {
        purchase::keep_conflict(transaction, delivery, purchase, &content, received_at).await?;
    }
    purchase::note_cart(transaction, delivery, purchase).await?;
    let course = standing::merge(transaction, delivery, purchase, is_new, received_at).await?;
    closing::close_checkouts(transaction, delivery, purchase, course, received_at).await?;
    let outcome = match (is_new, conflict) {
        (true, _) => "accepted",
        (false, false) => "duplicate",
        (false, true) => "conflict",
    };
    purchase::note_delivery(transaction, delivery, purchase, outcome, received_at).await?;
    Ok((if is_new { Outcome::Accepted } else { Outcome::Duplicate }, conflict))
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
    .bind(delivery.site)
    .bind(digest::of_envelope(delivery.text))
    .bind(delivery.record_id)
    .bind(delivery.source)
    .bind(delivery.page)
    .bind(serde_json::to_string(problems)?)
    .bind(delivery.text)
    .bind(received_at)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}
