//! The purchases that close checkouts, whichever of the two comes first.

use super::{Delivery, StoreError, Writing, sql};
use purchase_core::{
    Purchase,
    order::{Course, State},
};

/// What a checkout is found by.
pub struct Keys {
    pub checkout_id: String,
    pub cart_id: Option<String>,
    pub purchase_id: Option<String>,
}

/// Holds the checkout, to the end of the transaction. The order in which these three are taken: checkout, purchase, cart.
pub async fn lock_checkout(writing: &mut Writing<'_>, site: &str, checkout_id: &str) -> Result<(), StoreError> {
    writing.lock(site, &format!("checkout {checkout_id}")).await
}

/// Holds the purchase, whether it is known or not.
pub async fn lock_purchase(writing: &mut Writing<'_>, site: &str, purchase_id: &str) -> Result<(), StoreError> {
    writing.lock(site, &format!("purchase {purchase_id}")).await
}

/// Holds the cart: whoever comes second of its purchase and its checkout must see the first.
pub async fn lock_cart(writing: &mut Writing<'_>, site: &str, cart_id: &str) -> Result<(), StoreError> {
    writing.lock(site, &format!("cart {cart_id}")).await
}

/// Closes the open checkouts of this purchase's id or cart, once it is placed or canceled. The purchase is stored already.
/// Twice is harmless: the first purchase that closed a checkout stays named.
pub async fn close_checkouts(
    writing: &mut Writing<'_>,
    delivery: &Delivery,
    purchase: &Purchase,
    course: Course,
    received_at: i64,
) -> Result<(), StoreError> {
    if !course.placed && course.state != State::Canceled {
        return Ok(());
    }
    let select = "SELECT cart_id FROM purchases WHERE site = $1 AND purchase_id = $2";
    let (stored,): (Option<String>,) = writing
        .one(sql(select).bind(&delivery.site).bind(&purchase.purchase_id))
        .await?;
    // The cart that this message names, and the one that an earlier message of the purchase named.
    for cart_id in [
        stored.as_ref(),
        purchase.cart_id.as_ref().filter(|id| stored.as_ref() != Some(id)),
    ]
    .into_iter()
    .flatten()
    {
        lock_cart(writing, &delivery.site, cart_id).await?;
    }
    writing
        .execute(
            sql(
                "UPDATE checkouts SET closed_by = $2, closed_at = $4 WHERE site = $1 AND closed_by IS NULL \
         AND (purchase_id = $2 OR cart_id = $3 OR cart_id = $5)",
            )
            .bind(&delivery.site)
            .bind(&purchase.purchase_id)
            .bind(&purchase.cart_id)
            .bind(received_at)
            .bind(stored),
        )
        .await?;
    Ok(())
}

/// Closes the reported checkout if a purchase came of it already. That holds too if the shopper left after that purchase and
/// only the cart's id is the same: a shop that uses a cart's id for a second order gets one closed checkout for both,
/// because a checkout that stays open without need calls for a purchase that is not missing.
pub async fn close_if_bought(
    writing: &mut Writing<'_>,
    delivery: &Delivery,
    checkout: &Keys,
    received_at: i64,
) -> Result<(), StoreError> {
    let bought: Option<(String,)> = writing
        .first(
            sql(
                "SELECT purchase_id FROM purchases WHERE site = $1 AND (placed = TRUE OR state = $4) \
         AND (purchase_id = $2 OR cart_id = $3) \
         ORDER BY CASE WHEN purchase_id = $2 THEN 0 ELSE 1 END, received_at LIMIT 1",
            )
            .bind(&delivery.site)
            .bind(&checkout.purchase_id)
            .bind(&checkout.cart_id)
            .bind(State::Canceled.name()),
        )
        .await?;
    let Some((bought,)) = bought else {
        return Ok(());
    };
    writing
        .execute(
            sql("UPDATE checkouts SET closed_by = $3, closed_at = $4 \
         WHERE site = $1 AND checkout_id = $2 AND closed_by IS NULL")
            .bind(&delivery.site)
            .bind(&checkout.checkout_id)
            .bind(bought)
            .bind(received_at),
        )
        .await?;
    Ok(())
}
