//! The queue of what is passed on: entries are made with the purchase, taken by a lease, and finished. At least once: an entry whose
//! collector died is taken again when its lease ends. `passes.claims` is the fence: who finds another number than its own has lost
//! the entry.

mod contact;
mod finish;
mod replay;
mod take;

use super::{StoreError, Writing, sql};
use crate::passing::{Event, Routes};

pub use self::{
    contact::send_with_contact,
    finish::{Finished, Health},
    take::{Claimed, Take},
};

/// Makes an entry for each event and each destination that takes it. Twice is harmless: an event is passed on once.
pub async fn enqueue(
    writing: &mut Writing<'_>,
    routes: &Routes,
    (site, purchase_id): (&str, &str),
    events: impl Iterator<Item = Event>,
    now: i64,
) -> Result<(), StoreError> {
    for event in events {
        for destination in routes.of(site, event) {
            let insert = "INSERT INTO passes (site, purchase_id, destination, event, state, created_at, since, due_at, \
                          claims, failures, progress, maybe_sent, attempts) \
                          VALUES ($1, $2, $3, $4, 'waiting', $5, $5, $5, 0, 0, 0, FALSE, 0) \
                          ON CONFLICT (site, purchase_id, destination, event) DO NOTHING";
            let entry = sql(insert).bind(site).bind(purchase_id).bind(destination);
            writing.execute(entry.bind(event.name()).bind(now)).await?;
        }
    }
    Ok(())
}
