//! One refusal, whole.

use sqlx::FromRow;

use crate::store::{Store, StoreError, sql};

/// What names a refusal.
#[derive(Clone, Debug)]
pub struct RefusalKey {
    /// The shop's key.
    pub site: String,
    /// SHA-256 of what the page said, in hexadecimal.
    pub digest: String,
}

/// A refused payload. The fields are the columns, which the migrations document.
#[derive(Debug, FromRow)]
#[allow(missing_docs, reason = "the fields are the columns, which the migrations document")]
pub struct Refusal {
    pub site: String,
    pub digest: String,
    pub record_id: String,
    pub source: String,
    pub page: Option<String>,
    pub problems: String,
    pub envelope: String,
    pub first_at: i64,
    pub received_at: i64,
    pub times: i64,
}

impl Store {
    /// One refusal; none if it is not known.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn refusal(&self, key: &RefusalKey) -> Result<Option<Refusal>, StoreError> {
        let select = sql(
            "SELECT site, digest, record_id, source, page, problems, envelope, first_at, received_at, times \
             FROM refusals WHERE site = $1 AND digest = $2",
        );
        self.first(select.bind(&key.site).bind(&key.digest)).await
    }
}
