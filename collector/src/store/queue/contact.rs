//! Entries that could not be sent because the buyer was not known.

use super::super::{PassKey, StoreError, Writing, closing, sql};
use crate::passing::{Advice, Order, order::read_purchase};

/// Makes the purchase's entries due that were not sent for want of the buyer's address, from their beginning. Twice is harmless.
pub async fn send_with_contact(
    writing: &mut Writing<'_>,
    (site, purchase_id): (&str, &str),
    now: i64,
) -> Result<(), StoreError> {
    let update = "UPDATE passes SET state = 'waiting', due_at = $3, since = $3, failures = 0, finished_at = NULL \
                  WHERE site = $1 AND purchase_id = $2 AND state = 'not-sent' AND EXISTS (SELECT 1 FROM pass_attempts a \
                  WHERE a.site = passes.site AND a.purchase_id = passes.purchase_id \
                  AND a.destination = passes.destination AND a.event = passes.event AND a.number = passes.attempts \
                  AND a.advice IN ($4, $5))";
    let entries = sql(update).bind(site).bind(purchase_id).bind(now);
    writing
        .execute(
            entries
                .bind(Advice::NoContact.code())
                .bind(Advice::HashedContact.code()),
        )
        .await
        .map(drop)
}

/// Takes up again an entry that was just kept as not sent, if the buyer's address came while it was under way: the message that
/// brought it found nothing to make due.
pub async fn look_again(writing: &mut Writing<'_>, key: &PassKey, now: i64) -> Result<(), StoreError> {
    let select = sql("SELECT purchase FROM purchases WHERE site = $1 AND purchase_id = $2");
    let stored: Option<(String,)> = writing.first(select.bind(&key.site).bind(&key.purchase_id)).await?;
    let purchase = stored.and_then(|(text,)| read_purchase(&text).ok());
    if purchase.is_some_and(|purchase| Order::email_of(&purchase).is_some()) {
        send_with_contact(writing, (key.site.as_str(), key.purchase_id.as_str()), now).await?;
    }
    Ok(())
}

/// Holds the purchase, so that a message which brings its contact comes wholly before or wholly after what follows.
pub async fn hold(writing: &mut Writing<'_>, key: &PassKey) -> Result<(), StoreError> {
    closing::lock_purchase(writing, &key.site, &key.purchase_id).await
}
