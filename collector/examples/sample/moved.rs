//! Moves what was kept just now to when it is to have happened. All times are milliseconds since 1970.

use purchase_collector::store::{StoreError, Work, Writing, sql};

/// Moves a refusal into the past.
pub struct Refused {
    pub record_id: String,
    pub first_at: i64,
    pub last_at: i64,
}

impl Work for Refused {
    type Output = ();

    async fn run(&self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        let update = "UPDATE refusals SET first_at = $1, received_at = $2 WHERE record_id = $3";
        let update = sql(update).bind(self.first_at).bind(self.last_at).bind(&self.record_id);
        writing.execute(update).await.map(drop)
    }
}

/// Moves a purchase's arrival into the past.
pub struct Arrived {
    pub site: String,
    pub purchase_id: String,
    pub captured_at: i64,
    pub received_at: i64,
}

impl Work for Arrived {
    type Output = ();

    async fn run(&self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        let of = |text| {
            sql(text)
                .bind(&self.site)
                .bind(&self.purchase_id)
                .bind(self.received_at)
        };
        // What came with an earlier message was moved before.
        let purchases = "UPDATE purchases SET received_at = $3, ordered_at = $4 \
                         WHERE site = $1 AND purchase_id = $2 AND received_at > $3";
        writing.execute(of(purchases).bind(self.captured_at)).await?;
        for text in [
            "UPDATE deliveries SET received_at = $3 WHERE site = $1 AND purchase_id = $2 AND received_at > $3",
            "UPDATE transitions SET at = $3 WHERE site = $1 AND purchase_id = $2 AND at > $3",
            "UPDATE conflicts SET received_at = $3 WHERE site = $1 AND purchase_id = $2 AND received_at > $3",
            "UPDATE passes SET created_at = $3, since = $3, due_at = $3 \
             WHERE site = $1 AND purchase_id = $2 AND created_at > $3",
        ] {
            writing.execute(of(text)).await?;
        }
        Ok(())
    }
}
