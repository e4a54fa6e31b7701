//! The purchases that close checkouts, whichever of the two comes first.

use purchase_core::{
    Purchase,
    order::{Course, State},
};
use sqlx::{Sqlite, Transaction};

use super::{Delivery, StoreError};

/// What a checkout is found by.
#[derive(Clone, Copy)]
pub struct Keys<'a> {
    pub checkout_id: &'a str,
    pub cart_id: Option<&'a str>,
    pub purchase_id: Option<&'a str>,
}

/// Closes the open checkouts of this purchase's id or cart, once it is placed or canceled. The purchase is stored already.
/// Twice is harmless: the first purchase that closed a checkout stays named.
pub async fn close_checkouts(
    transaction: &mut Transaction<'_, Sqlite>,
    delivery: Delivery<'_>,
    purchase: &Purchase,
    course: Course,
    received_at: i64,
) -> Result<(), StoreError> {
    if !course.placed && course.state != State::Canceled {
        return Ok(());
    }
    // The cart that this message names, and the one that an earlier message of the purchase named.
    sqlx::query(
        "UPDATE checkouts SET closed_by = $2, closed_at = $4 WHERE site = $1 AND closed_by IS NULL \
         AND (purchase_id = $2 OR cart_id = $3 \
         OR cart_id = (SELECT cart_id FROM purchases WHERE site = $1 AND purchase_id = $2))",
    )
    .bind(delivery.site)
    .bind(&purchase.purchase_id)
    .bind(&purchase.cart_id)
    .bind(received_at)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// Closes the reported checkout if a purchase came of it already. That holds too if the shopper left after that purchase and
/// only the cart's id is the same: a shop that uses a cart's id for a second order gets one closed checkout for both,
/// because a checkout that stays open without need calls for a purchase that is not missing.
pub async fn close_if_bought(
    transaction: &mut Transaction<'_, Sqlite>,
    delivery: Delivery<'_>,
    checkout: Keys<'_>,
    received_at: i64,
) -> Result<(), StoreError> {
    let bought: Option<String> = sqlx::query_scalar(
        "SELECT purchase_id FROM purchases WHERE site = $1 AND (placed = TRUE OR state = $4) \
         AND (purchase_id = $2 OR cart_id = $3) \
         ORDER BY CASE WHEN purchase_id = $2 THEN 0 ELSE 1 END, received_at LIMIT 1",
    )
    .bind(delivery.site)
    .bind(checkout.purchase_id)
    .bind(checkout.cart_id)
    .bind(State::Canceled.name())
    .fetch_optional(&mut **transaction)
    .await?;
    let Some(bought) = bought else { return Ok(()) };
    sqlx::query(
        "UPDATE checkouts SET closed_by = $3, closed_at = $4 \
         WHERE site = $1 AND checkout_id = $2 AND closed_by IS NULL",
    )
    .bind(delivery.site)
    .bind(checkout.checkout_id)
    .bind(bought)
    .bind(received_at)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}
