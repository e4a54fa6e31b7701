//! Keeping what was received. Each delivery is one transaction: it is kept whole or not at all.

use std::sync::Arc;

use purchase_core::{
    Judgement, Problem, Purchase,
    wire::{Outcome, Receipt},
};

use super::{Store, StoreError, Work, Writing, closing, contacts, digest, purchase, queue, sql, standing};
use crate::{
    clock::now_ms,
    passing::{Event, Routes},
    problem,
    proof::Proof,
};

/// The source of test purchases, beside the sources of envelopes and `server`. They are kept and shown, and never counted or
/// passed on.
pub const TEST_SOURCE: &str = "test";

/// One message as it came.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The shop's key.
    pub site: String,
    /// The record's id, also in the receipt.
    pub record_id: String,
    /// Where it came from: an envelope's `source`, `order-status` if the page had to ask for it, `server`, or [`TEST_SOURCE`].
    pub source: &'static str,
    /// When it was captured, in milliseconds since 1970.
    pub captured_at: i64,
    /// The page's address without query and fragment.
    pub page: Option<String>,
    /// The gateway that the page was reached from, if the tag knew it.
    pub gateway: Option<String>,
    /// Its text; an envelope's byte for byte.
    pub text: String,
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
    pub async fn keep(
        &self,
        delivery: Arc<Delivery>,
        judgement: Judgement,
        proof: Proof,
    ) -> Result<Receipt, StoreError> {
        let site = delivery.site.clone();
        let routes = self.routes.clone();
        let receipt = self
            .write_message(Keep {
                delivery,
                judgement,
                proof,
                routes,
            })
            .await?;
        self.routes.wake(&site);
        Ok(receipt)
    }
}

struct Keep {
    delivery: Arc<Delivery>,
    judgement: Judgement,
    proof: Proof,
    routes: Routes,
}

impl Work for Keep {
    type Output = Receipt;

    async fn run(&self, writing: &mut Writing<'_>) -> Result<Receipt, StoreError> {
        let Keep {
            delivery,
            judgement,
            proof,
            routes,
        } = self;
        let received_at = now_ms();
        let (outcome, conflict) = match &judgement.purchase {
            None => {
                refuse(writing, delivery, &judgement.problems, received_at).await?;
                (Outcome::Refused, false)
            }
            Some(purchase) => {
                let content = purchase::Content::new(purchase, &judgement.problems, *proof)?;
                accept(writing, routes, delivery, purchase, &content, received_at).await?
            }
        };
        Ok(Receipt {
            id: delivery.record_id.clone(),
            outcome,
            purchase_id: judgement.purchase.as_ref().map(|purchase| purchase.purchase_id.clone()),
            conflict,
            problems: judgement.problems.clone(),
        })
    }
}

async fn accept(
    writing: &mut Writing<'_>,
    routes: &Routes,
    delivery: &Delivery,
    purchase: &Purchase,
    content: &purchase::Content,
    received_at: i64,
) -> Result<(Outcome, bool), StoreError> {
    // From here on nobody else looks at this purchase to change it.
    closing::lock_purchase(writing, &delivery.site, &purchase.purchase_id).await?;
    let is_new = purchase::insert(writing, delivery, purchase, content, received_at).await?;
    let stored = match is_new {
        true => None,
        false => Some(purchase::is_stored(writing, delivery, purchase, content).await?),
    };
    let conflict = stored.as_ref().is_some_and(|stored| !stored.has_content);
    // Who was erased does not come back with a message that is repeated, nor with another content.
    let said = content;
    let cleaned = stored
        .filter(|stored| stored.is_erased)
        .map(|_| (purchase::without_person(delivery, purchase), said.without_person()));
    let (delivery, purchase, content) = match &cleaned {
        Some(((delivery, purchase), content)) => (delivery, purchase, content),
        None => (delivery, purchase, said),
    };
    if conflict {
        purchase::keep_conflict(writing, delivery, purchase, (said, content), received_at).await?;
    }
    purchase::note_cart(writing, delivery, purchase).await?;
    purchase::note_gateway(writing, delivery, purchase).await?;
    if !is_new {
        purchase::note_proof(writing, delivery, purchase, content, received_at).await?;
    }
    let gains_contact = !is_new && contacts::note(writing, &delivery.site, purchase).await?;
    let (before, course) = standing::merge(writing, delivery, purchase, is_new, received_at).await?;
    closing::close_checkouts(writing, delivery, purchase, course, received_at).await?;
    let key = (delivery.site.as_str(), purchase.purchase_id.as_str());
    // A test purchase counts nowhere.
    if delivery.source != TEST_SOURCE {
        queue::enqueue(writing, routes, key, Event::between(before, course), received_at).await?;
    }
    if gains_contact {
        queue::send_with_contact(writing, key, received_at).await?;
    }
    let outcome = match (is_new, conflict) {
        (true, _) => "accepted",
        (false, false) => "duplicate",
        (false, true) => "conflict",
    };
    purchase::note_delivery(writing, delivery, purchase, outcome, received_at).await?;
    Ok((if is_new { Outcome::Accepted } else { Outcome::Duplicate }, conflict))
}

async fn refuse(
    writing: &mut Writing<'_>,
    delivery: &Delivery,
    problems: &[Problem],
    received_at: i64,
) -> Result<(), StoreError> {
    let digest = digest::of_envelope(&delivery.text);
    let problems = problem::write(problems)?;
    let (times, envelope): (i64, String) = writing.one(sql(
        "INSERT INTO refusals (site, digest, record_id, source, page, problems, envelope, first_at, received_at, times) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, 1) \
         ON CONFLICT (site, digest) DO UPDATE SET times = refusals.times + 1, received_at = excluded.received_at \
         RETURNING times, envelope",
    )
    .bind(&delivery.site)
    .bind(&digest)
    .bind(&delivery.record_id)
    .bind(delivery.source)
    .bind(&delivery.page)
    .bind(&problems)
    .bind(&delivery.text)
    .bind(received_at))
    .await?;
    // What has another digest now is one from which somebody was erased: who is repeated does not come back in the problems.
    if times > 1 && digest::of_envelope(&envelope) == digest {
        let update = "UPDATE refusals SET problems = $3 WHERE site = $1 AND digest = $2";
        let update = sql(update).bind(&delivery.site).bind(&digest).bind(&problems);
        writing.execute(update).await?;
    }
    Ok(())
}
