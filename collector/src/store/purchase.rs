//! The content of a purchase: the first one stands, others are kept beside it. What became of the order is in `standing`.

use purchase_core::{Problem, Purchase};
use serde_json::{Map, Value};

use super::{Delivery, StoreError, Writing, contacts, digest, ordered, sql};
use crate::{problem, proof::Proof, redact};

/// Most rows kept of the deliveries of one purchase; later ones are only counted.
pub const DELIVERIES_PER_PURCHASE_MAX: i64 = 1_000;

/// Most distinct other contents kept of one purchase; later ones are answered as conflicts and not kept.
pub const CONFLICTS_PER_PURCHASE_MAX: i64 = 100;

/// What a message says, as stored.
pub struct Content {
    /// Canonical JSON.
    canonical: String,
    /// JSON list.
    problems: String,
    /// Who vouches for it.
    proof: Proof,
}

impl Content {
    /// # Errors
    /// If it cannot be written as JSON.
    pub fn new(purchase: &Purchase, problems: &[Problem], proof: Proof) -> Result<Content, StoreError> {
        Ok(Content {
            canonical: serde_json::to_string(purchase)?,
            problems: problem::write(problems)?,
            proof,
        })
    }

    /// As it may be kept of a purchase whose buyer was erased.
    pub fn without_person(&self) -> Content {
        Content {
            canonical: redact::without_person(&self.canonical),
            problems: redact::without_person(&self.problems),
            proof: self.proof,
        }
    }

    /// Without the order's status and the buyer: an order whose status goes on is the same order, no conflict, and so is one that
    /// a page told before it had the buyer's hash.
    fn lasting(canonical: &str) -> Result<Map<String, Value>, StoreError> {
        // Nothing is lost by this reader: canonical amounts are texts and all numbers are whole.
        let mut fields: Map<String, Value> = serde_json::from_str(canonical)?;
        fields.remove("order_status");
        for key in contacts::CONTACT_KEYS {
            fields.remove(key);
        }
        Ok(fields)
    }
}

/// Whether this is the first time: the primary key decides.
pub async fn insert(
    writing: &mut Writing<'_>,
    delivery: &Delivery,
    purchase: &Purchase,
    content: &Content,
    received_at: i64,
) -> Result<bool, StoreError> {
    let inserted = writing.execute(sql(
        "INSERT INTO purchases (site, purchase_id, purchase, total_price, total_quantity, purchase_date, source, page, \
         record_id, captured_at, received_at, problems, envelope, cart_id, ordered_at, payment_method, \
         verified_at, deliveries, conflicts, transitions) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0, 0, 0) \
         ON CONFLICT (site, purchase_id) DO NOTHING",
    )
    .bind(&delivery.site)
    .bind(&purchase.purchase_id)
    .bind(&content.canonical)
    .bind(purchase.total_price.to_string())
    .bind(i64::try_from(purchase.total_quantity).unwrap_or(i64::MAX))
    .bind(purchase.purchase_date.as_ref().map(|date| date.as_str()))
    .bind(delivery.source)
    .bind(&delivery.page)
    .bind(&delivery.record_id)
    .bind(delivery.captured_at)
    .bind(received_at)
    .bind(&content.problems)
    .bind(&delivery.text)
    .bind(&purchase.cart_id)
    .bind(ordered::at(purchase, delivery, received_at))
    .bind(&purchase.payment_method)
    .bind((content.proof != Proof::None).then_some(received_at)))
    .await?;
    Ok(inserted == 1)
}

/// Marks what is stored already as verified, if the message proves it: that has the same total and date. A server message without a
/// date vouches for the total. Twice is harmless: the first proof stands.
pub async fn note_proof(
    writing: &mut Writing<'_>,
    delivery: &Delivery,
    purchase: &Purchase,
    content: &Content,
    received_at: i64,
) -> Result<(), StoreError> {
    let date = purchase.purchase_date.as_ref().map(|date| date.as_str());
    let vouches_for_date = match content.proof {
        Proof::None => return Ok(()),
        Proof::Signature => true,
        Proof::Server => date.is_some(),
    };
    let mut update = sql(
        "UPDATE purchases SET verified_at = $3 WHERE site = $1 AND purchase_id = $2 AND verified_at IS NULL AND total_price = $4",
    )
    .bind(&delivery.site)
    .bind(&purchase.purchase_id)
    .bind(received_at)
    .bind(purchase.total_price.to_string());
    if vouches_for_date {
        // A date is never empty.
        update
            .push(" AND COALESCE(purchase_date, '') = ")
            .push_bind(date.unwrap_or_default());
    }
    writing.execute(update).await?;
    Ok(())
}

/// Keeps the cart's id if no earlier message of the purchase named one: checkouts are found by it.
pub async fn note_cart(writing: &mut Writing<'_>, delivery: &Delivery, purchase: &Purchase) -> Result<(), StoreError> {
    if let Some(cart_id) = &purchase.cart_id {
        writing
            .execute(
                sql("UPDATE purchases SET cart_id = $3 WHERE site = $1 AND purchase_id = $2 AND cart_id IS NULL")
                    .bind(&delivery.site)
                    .bind(&purchase.purchase_id)
                    .bind(cart_id),
            )
            .await?;
    }
    Ok(())
}

/// Keeps the gateway if no earlier message of the purchase named one: a server's message comes before the page's as often as not.
pub async fn note_gateway(
    writing: &mut Writing<'_>,
    delivery: &Delivery,
    purchase: &Purchase,
) -> Result<(), StoreError> {
    if let Some(gateway) = &delivery.gateway {
        writing
            .execute(
                sql("UPDATE purchases SET gateway = $3 WHERE site = $1 AND purchase_id = $2 AND gateway IS NULL")
                    .bind(&delivery.site)
                    .bind(&purchase.purchase_id)
                    .bind(gateway),
            )
            .await?;
    }
    Ok(())
}

/// Whether the stored purchase of this id has this content, whatever the order's status.
pub async fn is_stored(
    writing: &mut Writing<'_>,
    delivery: &Delivery,
    purchase: &Purchase,
    content: &Content,
) -> Result<Stored, StoreError> {
    let select = "SELECT purchase, contact_erased_at FROM purchases WHERE site = $1 AND purchase_id = $2";
    let select = sql(select).bind(&delivery.site).bind(&purchase.purchase_id);
    let (stored, erased_at): (String, Option<i64>) = writing.one(select).await?;
    let is_erased = erased_at.is_some();
    let is_same = |own: &str, other: &str| Ok::<_, StoreError>(Content::lasting(own)? == Content::lasting(other)?);
    let has_content = if is_erased {
        is_same(&redact::without_person(&stored), &content.without_person().canonical)?
    } else {
        stored == content.canonical || is_same(&stored, &content.canonical)?
    };
    Ok(Stored { has_content, is_erased })
}

/// How a message stands to the purchase that is stored already.
pub struct Stored {
    /// Whether its content is the stored one.
    pub has_content: bool,
    /// Whether the purchase's buyer was erased: then only what is without a person may be kept of the message.
    pub is_erased: bool,
}

/// The message as it may be kept of a purchase whose buyer was erased.
pub fn without_person(delivery: &Delivery, purchase: &Purchase) -> (Delivery, Purchase) {
    let delivery = Delivery {
        text: redact::without_person(&delivery.text),
        ..delivery.clone()
    };
    let purchase = Purchase {
        contact: None,
        order_status: purchase.order_status.as_deref().and_then(redact::rest_without_person),
        ..purchase.clone()
    };
    (delivery, purchase)
}

/// Keeps another content, once however often and with whatever status it comes; `said` is how it came, `content` what may be
/// kept of it.
pub async fn keep_conflict(
    writing: &mut Writing<'_>,
    delivery: &Delivery,
    purchase: &Purchase,
    (said, content): (&Content, &Content),
    received_at: i64,
) -> Result<(), StoreError> {
    let digest = digest::of_text(&serde_json::to_string(&Content::lasting(&said.canonical)?)?);
    let known = writing
        .execute(
            sql("UPDATE conflicts SET times = times + 1 WHERE site = $1 AND purchase_id = $2 AND digest = $3")
                .bind(&delivery.site)
                .bind(&purchase.purchase_id)
                .bind(&digest),
        )
        .await?;
    if known > 0 {
        return Ok(());
    }
    let has_room = writing.execute(sql(
        "UPDATE purchases SET conflicts = conflicts + 1 WHERE site = $1 AND purchase_id = $2 AND conflicts < $3",
    )
    .bind(&delivery.site)
    .bind(&purchase.purchase_id)
    .bind(CONFLICTS_PER_PURCHASE_MAX))
    .await?;
    if has_room == 0 {
        return Ok(());
    }
    writing.execute(sql(
        "INSERT INTO conflicts (site, purchase_id, digest, purchase, problems, source, envelope, received_at, times) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)",
    )
    .bind(&delivery.site)
    .bind(&purchase.purchase_id)
    .bind(&digest)
    .bind(&content.canonical)
    .bind(&content.problems)
    .bind(delivery.source)
    .bind(&delivery.text)
    .bind(received_at))
    .await?;
    Ok(())
}

/// Counts the delivery, and keeps its row while there is room.
pub async fn note_delivery(
    writing: &mut Writing<'_>,
    delivery: &Delivery,
    purchase: &Purchase,
    outcome: &str,
    received_at: i64,
) -> Result<(), StoreError> {
    let (number,): (i64,) = writing.one(sql(
        "UPDATE purchases SET deliveries = deliveries + 1 WHERE site = $1 AND purchase_id = $2 RETURNING deliveries",
    )
    .bind(&delivery.site)
    .bind(&purchase.purchase_id))
    .await?;
    if number > DELIVERIES_PER_PURCHASE_MAX {
        return Ok(());
    }
    writing
        .execute(
            sql(
                "INSERT INTO deliveries (site, purchase_id, number, record_id, outcome, received_at, sent_at, attempt) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(&delivery.site)
            .bind(&purchase.purchase_id)
            .bind(number)
            .bind(&delivery.record_id)
            .bind(outcome)
            .bind(received_at)
            .bind(delivery.sent_at)
            .bind(delivery.attempt),
        )
        .await?;
    Ok(())
}
