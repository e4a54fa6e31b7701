//! What became of a purchase: the sum of its messages, and each thing they said.

use purchase_core::{
    Purchase,
    order::{Course, State},
};
use sqlx::FromRow;

use super::{Delivery, StoreError, Writing, sql};

/// Most rows kept of what was said of one purchase. A message that changes its state is kept beyond it: ranks only rise, so
/// there are only a few of them.
pub const TRANSITIONS_PER_PURCHASE_MAX: i64 = 100;

#[derive(FromRow)]
struct Stored {
    state: String,
    placed: bool,
    completed: bool,
    order_status: Option<String>,
}

/// Adds what the message says of the order; the purchase is stored already. Twice is harmless: the same thing said again by
/// the same kind of source changes nothing. Answers what the order was before, none if it is new, and what it is now.
pub async fn merge(
    writing: &mut Writing<'_>,
    delivery: &Delivery,
    purchase: &Purchase,
    is_new: bool,
    received_at: i64,
) -> Result<(Option<Course>, Course), StoreError> {
    let said = purchase.standing;
    let (before, course, changes, order_status) = if is_new {
        (None, Course::begin(said), true, purchase.order_status.clone())
    } else {
        let stored = stored(writing, delivery, purchase).await?;
        let before = Course {
            state: state(&stored.state)?,
            placed: stored.placed,
            completed: stored.completed,
        };
        let after = before.after(said);
        // The status belongs to the message that made the order what it is.
        if after != before {
            (Some(before), after, true, purchase.order_status.clone())
        } else {
            (Some(before), after, false, stored.order_status)
        }
    };
    if changes {
        writing
            .execute(
                sql(
                    "UPDATE purchases SET state = $3, placed = $4, completed = $5, order_status = $6 \
             WHERE site = $1 AND purchase_id = $2",
                )
                .bind(&delivery.site)
                .bind(&purchase.purchase_id)
                .bind(course.state.name())
                .bind(course.placed)
                .bind(course.completed)
                .bind(order_status),
            )
            .await?;
    }
    if changes || !is_heard(writing, delivery, purchase).await? {
        note_transition(writing, delivery, purchase, changes, received_at).await?;
    }
    Ok((before, course))
}

/// The state of this name in the database.
///
/// # Errors
/// If there is none: the database was written by something else.
pub fn state(name: &str) -> Result<State, StoreError> {
    State::from_name(name).ok_or_else(|| StoreError::State(name.to_owned()))
}

async fn stored(writing: &mut Writing<'_>, delivery: &Delivery, purchase: &Purchase) -> Result<Stored, StoreError> {
    let select = "SELECT state, placed, completed, order_status FROM purchases WHERE site = $1 AND purchase_id = $2";
    writing
        .one(sql(select).bind(&delivery.site).bind(&purchase.purchase_id))
        .await
}

/// Whether this kind of source has said the same before.
async fn is_heard(writing: &mut Writing<'_>, delivery: &Delivery, purchase: &Purchase) -> Result<bool, StoreError> {
    let (count,): (i64,) = writing
        .one(
            sql(
                "SELECT COUNT(*) FROM transitions WHERE site = $1 AND purchase_id = $2 AND state = $3 AND placed = $4 \
         AND COALESCE(order_status, '') = $5 AND source = $6",
            )
            .bind(&delivery.site)
            .bind(&purchase.purchase_id)
            .bind(purchase.standing.state.name())
            .bind(purchase.standing.placed)
            // A status is never empty: the reader leaves such a field out.
            .bind(purchase.order_status.as_deref().unwrap_or_default())
            .bind(delivery.source),
        )
        .await?;
    Ok(count > 0)
}

async fn note_transition(
    writing: &mut Writing<'_>,
    delivery: &Delivery,
    purchase: &Purchase,
    changes: bool,
    received_at: i64,
) -> Result<(), StoreError> {
    let limit = if changes {
        i64::MAX
    } else {
        TRANSITIONS_PER_PURCHASE_MAX
    };
    let number: Option<(i64,)> = writing.first(sql(
        "UPDATE purchases SET transitions = transitions + 1 WHERE site = $1 AND purchase_id = $2 AND transitions < $3 \
         RETURNING transitions",
    )
    .bind(&delivery.site)
    .bind(&purchase.purchase_id)
    .bind(limit))
    .await?;
    let Some((number,)) = number else {
        return Ok(());
    };
    writing.execute(sql(
        "INSERT INTO transitions (site, purchase_id, number, at, state, placed, order_status, source, record_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&delivery.site)
    .bind(&purchase.purchase_id)
    .bind(number)
    .bind(received_at)
    .bind(purchase.standing.state.name())
    .bind(purchase.standing.placed)
    .bind(&purchase.order_status)
    .bind(delivery.source)
    .bind(&delivery.record_id))
    .await?;
    Ok(())
}
