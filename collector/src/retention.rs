//! Erases by age, while the server runs.

use std::time::Duration;

use crate::{clock::now_ms, store::Store};

/// How often what has become old is erased, in seconds.
const PERIOD_SECONDS: u64 = 3_600;

const DAY_MS: i64 = 86_400_000;

/// Erases what is older than this, again and again; to be dropped at the end. Several collectors may do so beside each other.
pub async fn keep_erasing(store: Store, days: u32) {
    let mut done = i64::MIN;
    loop {
        let before = now_ms().saturating_sub(i64::from(days).saturating_mul(DAY_MS));
        match store.expire(done, before).await {
            Ok(erased) => {
                done = before;
                tracing::info!(
                    days,
                    purchases = erased.purchases,
                    refusals = erased.refusals,
                    checkouts = erased.checkouts,
                    "erased by age"
                );
            }
            // The next time is soon enough: it has days to do it.
            Err(error) => tracing::error!(%error, "nothing could be erased by age"),
        }
        tokio::time::sleep(Duration::from_secs(PERIOD_SECONDS)).await;
    }
}
