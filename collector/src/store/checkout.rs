//! Open checkouts: what pages report of them. The purchases that close them are in `closing`.

use std::{cmp::Ordering, sync::Arc};

use purchase_core::{
    checkout::{Basis, CheckoutReport},
    order::{Course, Standing},
    wire::{Outcome, Receipt},
};
use sqlx::FromRow;

use super::{
    Delivery, Store, StoreError, Work, Writing,
    closing::{self, Keys},
    sql, standing,
};
use crate::clock::now_ms;

/// Most rows kept of what was reported of one checkout. A state on a basis that was not heard before is kept beyond it:
/// there are only a few of them.
pub const TRANSITIONS_PER_CHECKOUT_MAX: i64 = 100;

/// What a report's contents come to, as far as it can be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Canonical decimal text.
    pub price: Option<String>,
    /// Units.
    pub quantity: Option<i64>,
    /// ISO 4217 code.
    pub currency: Option<String>,
    /// In the shop's words.
    pub payment_method: Option<String>,
}

#[derive(FromRow)]
struct Stored {
    cart_id: Option<String>,
    purchase_id: Option<String>,
    state: String,
    basis: String,
    gateway: Option<String>,
    left_at: i64,
    has_contents: bool,
}

impl Store {
    /// Keeps one report and answers its receipt: accepted if this state on this basis was not heard of this checkout
    /// before. `totals` are those of its contents, if it has any. When this returns the data is on the disk. Twice is
    /// harmless. Never makes a purchase.
    ///
    /// # Errors
    /// If the database fails; then nothing of the report is kept.
    pub async fn keep_report(
        &self,
        delivery: Arc<Delivery>,
        report: CheckoutReport,
        totals: Option<Totals>,
    ) -> Result<Receipt, StoreError> {
        self.write_message(KeepReport {
            delivery,
            report,
            totals,
        })
        .await
    }
}

struct KeepReport {
    delivery: Arc<Delivery>,
    report: CheckoutReport,
    totals: Option<Totals>,
}

impl Work for KeepReport {
    type Output = Receipt;

    async fn run(&self, writing: &mut Writing<'_>) -> Result<Receipt, StoreError> {
        let KeepReport {
            delivery,
            report,
            totals,
        } = self;
        let totals = totals.as_ref();
        let received_at = now_ms();
        let keys = lock(writing, delivery, report).await?;
        let is_new = insert(writing, delivery, report, totals, received_at).await?;
        if !is_new {
            merge(writing, delivery, report, totals, received_at).await?;
        }
        let is_news = note_transition(writing, delivery, report, received_at).await?;
        closing::close_if_bought(writing, delivery, &keys, received_at).await?;
        Ok(Receipt {
            id: delivery.record_id.clone(),
            outcome: if is_news { Outcome::Accepted } else { Outcome::Duplicate },
            purchase_id: report.purchase_id.clone(),
            conflict: false,
            problems: Vec::new(),
        })
    }
}

/// Holds the checkout and what it may become a purchase by; returns these keys, as they will be stored.
async fn lock(writing: &mut Writing<'_>, delivery: &Delivery, report: &CheckoutReport) -> Result<Keys, StoreError> {
    closing::lock_checkout(writing, &delivery.site, &report.checkout_id).await?;
    let select = "SELECT cart_id, purchase_id FROM checkouts WHERE site = $1 AND checkout_id = $2";
    let stored: Option<(Option<String>, Option<String>)> = writing
        .first(sql(select).bind(&delivery.site).bind(&report.checkout_id))
        .await?;
    let (cart_id, purchase_id) = stored.unwrap_or_default();
    let keys = Keys {
        checkout_id: report.checkout_id.clone(),
        cart_id: cart_id.or_else(|| report.cart_id.clone()),
        purchase_id: purchase_id.or_else(|| report.purchase_id.clone()),
    };
    if let Some(purchase_id) = &keys.purchase_id {
        closing::lock_purchase(writing, &delivery.site, purchase_id).await?;
    }
    if let Some(cart_id) = &keys.cart_id {
        closing::lock_cart(writing, &delivery.site, cart_id).await?;
    }
    Ok(keys)
}

async fn insert(
    writing: &mut Writing<'_>,
    delivery: &Delivery,
    report: &CheckoutReport,
    totals: Option<&Totals>,
    received_at: i64,
) -> Result<bool, StoreError> {
    let inserted = writing.execute(sql(
        "INSERT INTO checkouts (site, checkout_id, cart_id, purchase_id, state, basis, gateway, left_at, first_at, \
         received_at, total_price, total_quantity, currency, has_contents, envelope, payment_method, transitions) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $12, $13, $14, $15, 0) \
         ON CONFLICT (site, checkout_id) DO NOTHING",
    )
    .bind(&delivery.site)
    .bind(&report.checkout_id)
    .bind(&report.cart_id)
    .bind(&report.purchase_id)
    .bind(report.state.name())
    .bind(report.basis.name())
    .bind(&report.gateway)
    .bind(left_at(report))
    .bind(received_at)
    .bind(totals.and_then(|totals| totals.price.as_deref()))
    .bind(totals.and_then(|totals| totals.quantity))
    .bind(totals.and_then(|totals| totals.currency.as_deref()))
    .bind(totals.is_some())
    .bind(&delivery.text)
    .bind(totals.and_then(|totals| totals.payment_method.as_deref())))
    .await?;
    Ok(inserted == 1)
}

async fn merge(
    writing: &mut Writing<'_>,
    delivery: &Delivery,
    report: &CheckoutReport,
    totals: Option<&Totals>,
    received_at: i64,
) -> Result<(), StoreError> {
    let stored = stored(writing, delivery, report).await?;
    let standing = |state| Standing { state, placed: false };
    let before = Course::begin(standing(standing::state(&stored.state)?));
    let after = before.after(standing(report.state));
    // Of two reports of the same state the one that rests on more is named.
    let rests_on_more = Basis::from_name(&stored.basis).is_none_or(|basis| weight(report.basis) > weight(basis));
    let sets_basis = after != before || (report.state == after.state && rests_on_more);
    // A shopper who comes back may leave by another gateway and choose another way to pay: the last departure's stand.
    let departure = left_at(report).cmp(&stored.left_at);
    let gateway = match departure {
        Ordering::Greater => report.gateway.as_ref(),
        Ordering::Equal => report.gateway.as_ref().or(stored.gateway.as_ref()),
        Ordering::Less => stored.gateway.as_ref().or(report.gateway.as_ref()),
    };
    writing.execute(sql(
        "UPDATE checkouts SET cart_id = $3, purchase_id = $4, state = $5, basis = $6, gateway = $7, left_at = $8, \
         received_at = $9 WHERE site = $1 AND checkout_id = $2",
    )
    .bind(&delivery.site)
    .bind(&report.checkout_id)
    .bind(stored.cart_id.as_ref().or(report.cart_id.as_ref()))
    .bind(stored.purchase_id.as_ref().or(report.purchase_id.as_ref()))
    .bind(after.state.name())
    .bind(if sets_basis {
        report.basis.name()
    } else {
        stored.basis.as_str()
    })
    .bind(gateway)
    .bind(left_at(report).max(stored.left_at))
    .bind(received_at))
    .await?;
    if let (false, Some(totals)) = (stored.has_contents, totals) {
        writing
            .execute(
                sql(
                    "UPDATE checkouts SET total_price = $3, total_quantity = $4, currency = $5, has_contents = TRUE, \
             envelope = $6 WHERE site = $1 AND checkout_id = $2",
                )
                .bind(&delivery.site)
                .bind(&report.checkout_id)
                .bind(&totals.price)
                .bind(totals.quantity)
                .bind(&totals.currency)
                .bind(&delivery.text),
            )
            .await?;
    }
    let method = totals.and_then(|totals| totals.payment_method.as_ref());
    if departure == Ordering::Greater || (departure == Ordering::Equal && method.is_some()) {
        let update = "UPDATE checkouts SET payment_method = $3 WHERE site = $1 AND checkout_id = $2";
        writing
            .execute(sql(update).bind(&delivery.site).bind(&report.checkout_id).bind(method))
            .await?;
    }
    Ok(())
}

async fn stored(writing: &mut Writing<'_>, delivery: &Delivery, report: &CheckoutReport) -> Result<Stored, StoreError> {
    let select = "SELECT cart_id, purchase_id, state, basis, gateway, left_at, has_contents FROM checkouts \
                  WHERE site = $1 AND checkout_id = $2";
    writing
        .one(sql(select).bind(&delivery.site).bind(&report.checkout_id))
        .await
}

/// Keeps what the report says, once. Whether this state on this basis is new.
async fn note_transition(
    writing: &mut Writing<'_>,
    delivery: &Delivery,
    report: &CheckoutReport,
    received_at: i64,
) -> Result<bool, StoreError> {
    let heard: Vec<(Option<String>,)> = writing.all(sql(
        "SELECT gateway FROM checkout_transitions WHERE site = $1 AND checkout_id = $2 AND state = $3 AND basis = $4",
    )
    .bind(&delivery.site)
    .bind(&report.checkout_id)
    .bind(report.state.name())
    .bind(report.basis.name()))
    .await?;
    let is_news = heard.is_empty();
    if heard.iter().any(|(gateway,)| *gateway == report.gateway) {
        return Ok(is_news);
    }
    let limit = if is_news {
        i64::MAX
    } else {
        TRANSITIONS_PER_CHECKOUT_MAX
    };
    let number: Option<(i64,)> = writing.first(sql(
        "UPDATE checkouts SET transitions = transitions + 1 WHERE site = $1 AND checkout_id = $2 AND transitions < $3 \
         RETURNING transitions",
    )
    .bind(&delivery.site)
    .bind(&report.checkout_id)
    .bind(limit))
    .await?;
    let Some((number,)) = number else {
        return Ok(is_news);
    };
    writing
        .execute(
            sql(
                "INSERT INTO checkout_transitions (site, checkout_id, number, at, state, basis, gateway) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(&delivery.site)
            .bind(&report.checkout_id)
            .bind(number)
            .bind(received_at)
            .bind(report.state.name())
            .bind(report.basis.name())
            .bind(&report.gateway),
        )
        .await?;
    Ok(is_news)
}

fn left_at(report: &CheckoutReport) -> i64 {
    i64::try_from(report.left_at).unwrap_or(i64::MAX)
}

/// How much a report proves: the shop knows more than the shopper's browser.
fn weight(basis: Basis) -> u8 {
    match basis {
        Basis::Left => 0,
        Basis::Returned => 1,
        Basis::Status => 2,
    }
}
