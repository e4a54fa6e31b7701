//! Passing on again what was given up.

use super::{
    super::{PassKey, Store, StoreError, Work, Writing, sql},
    finish::of_entry,
};

impl Store {
    /// Passes one entry on again that is dead or was not sent, from where it stood; false if there is no such entry. Twice is
    /// harmless.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn replay(&self, key: PassKey, now: i64) -> Result<bool, StoreError> {
        let site = key.site.clone();
        let found = self.write(ReplayOne { key, now }).await?;
        self.routes.wake(&site);
        Ok(found)
    }

    /// The same for all dead entries of a destination; how many there were.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn replay_dead(&self, site: &str, destination: &str, now: i64) -> Result<u64, StoreError> {
        let work = ReplayDead {
            site: site.to_owned(),
            destination: destination.to_owned(),
            now,
        };
        let count = self.write(work).await?;
        self.routes.wake(site);
        Ok(count)
    }
}

struct ReplayOne {
    key: PassKey,
    now: i64,
}

impl Work for ReplayOne {
    type Output = bool;

    async fn run(&self, writing: &mut Writing<'_>) -> Result<bool, StoreError> {
        let update = "UPDATE passes SET state = 'waiting', due_at = $5, since = $5, failures = 0, finished_at = NULL \
                      WHERE site = $1 AND purchase_id = $2 AND destination = $3 AND event = $4 \
                      AND state IN ('dead', 'not-sent')";
        Ok(writing.execute(of_entry(&self.key, update).bind(self.now)).await? == 1)
    }
}

struct ReplayDead {
    site: String,
    destination: String,
    now: i64,
}

impl Work for ReplayDead {
    type Output = u64;

    async fn run(&self, writing: &mut Writing<'_>) -> Result<u64, StoreError> {
        let update = "UPDATE passes SET state = 'waiting', due_at = $3, since = $3, failures = 0, finished_at = NULL \
                      WHERE site = $1 AND destination = $2 AND state = 'dead'";
        writing
            .execute(sql(update).bind(&self.site).bind(&self.destination).bind(self.now))
            .await
    }
}
