//! The buyers' contacts: completed by a later message, erased by age. What was bought stays, because it is what makes repeats
//! harmless.

use purchase_core::{
    Contact, ContactMode, Purchase,
    json::{self, Value},
};
use serde::Serialize;

use super::{Store, StoreError, Work, Writing, closing, sql};
use crate::{clock::now_ms, redact};

/// Purchases whose contact is erased in one transaction: others must not wait long for it.
const BATCH: i64 = 200;

/// The contact's keys in a purchase's JSON: [`Contact`]'s variants.
pub const CONTACT_KEYS: [&str; 2] = ["email", "email_sha256"];

/// How many rows lost what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Erased {
    /// Purchases without their contact now.
    pub purchases: u64,
    /// Refused contents: without the contact, or gone by age.
    pub refusals: u64,
    /// Checkouts: without the contact, or gone by age.
    pub checkouts: u64,
}

impl Store {
    /// Erases by age: contacts of purchases, refused contents and checkouts that were received last from `from` on and before
    /// `before`, in milliseconds since 1970. Twice is harmless.
    ///
    /// # Errors
    /// If the database fails; then some may be erased already.
    pub async fn expire(&self, from: i64, before: i64) -> Result<Erased, StoreError> {
        let mut erased = Erased::default();
        loop {
            let due = sql(
                "SELECT site, purchase_id FROM purchases WHERE received_at >= $1 AND received_at < $2 \
                 AND contact_erased_at IS NULL ORDER BY received_at LIMIT $3",
            );
            let keys: Vec<_> = self.all(due.bind(from).bind(before).bind(BATCH)).await?;
            if keys.is_empty() {
                break;
            }
            erased.purchases += u64::try_from(keys.len()).unwrap_or_default();
            self.write(Purchases { keys }).await?;
        }
        let (refusals, checkouts) = self.write(Old { before }).await?;
        Ok(Erased {
            refusals,
            checkouts,
            ..erased
        })
    }
}

/// Erases the contact of purchases.
struct Purchases {
    keys: Vec<(String, String)>,
}

impl Work for Purchases {
    type Output = ();

    async fn run(&self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        for (site, purchase_id) in &self.keys {
            closing::lock_purchase(writing, site, purchase_id).await?;
            let (purchase, envelope): (String, String) = writing
                .one(
                    sql("SELECT purchase, envelope FROM purchases WHERE site = $1 AND purchase_id = $2")
                        .bind(site)
                        .bind(purchase_id),
                )
                .await?;
            writing
                .execute(
                    sql(
                        "UPDATE purchases SET purchase = $3, envelope = $4, contact_erased_at = $5 \
                         WHERE site = $1 AND purchase_id = $2",
                    )
                    .bind(site)
                    .bind(purchase_id)
                    .bind(redact::without_contact(&purchase).into_owned())
                    .bind(redact::without_contact(&envelope).into_owned())
                    .bind(now_ms()),
                )
                .await?;
            let conflicts: Vec<(String, String, String)> = writing
                .all(
                    sql("SELECT digest, purchase, envelope FROM conflicts WHERE site = $1 AND purchase_id = $2")
                        .bind(site)
                        .bind(purchase_id),
                )
                .await?;
            for (digest, purchase, envelope) in conflicts {
                writing
                    .execute(
                        sql("UPDATE conflicts SET purchase = $4, envelope = $5 \
                             WHERE site = $1 AND purchase_id = $2 AND digest = $3")
                        .bind(site)
                        .bind(purchase_id)
                        .bind(digest)
                        .bind(redact::without_contact(&purchase).into_owned())
                        .bind(redact::without_contact(&envelope).into_owned()),
                    )
                    .await?;
            }
        }
        Ok(())
    }
}

/// Erases what is old and not needed to know a repeat: how many refused contents and checkouts.
struct Old {
    before: i64,
}

impl Work for Old {
    type Output = (u64, u64);

    async fn run(&self, writing: &mut Writing<'_>) -> Result<(u64, u64), StoreError> {
        let old = |text| sql(text).bind(self.before);
        writing
            .execute(old(
                "DELETE FROM checkout_transitions WHERE EXISTS (SELECT 1 FROM checkouts \
                 WHERE checkouts.site = checkout_transitions.site \
                 AND checkouts.checkout_id = checkout_transitions.checkout_id AND checkouts.received_at < $1)",
            ))
            .await?;
        let checkouts = writing
            .execute(old("DELETE FROM checkouts WHERE received_at < $1"))
            .await?;
        let refusals = writing
            .execute(old("DELETE FROM refusals WHERE received_at < $1"))
            .await?;
        Ok((refusals, checkouts))
    }
}

/// Adds the contact that an earlier message of the purchase did not have yet: a page that hashes the
/// address may send the purchase before the hash is there, and the shop's server may know the buyer where the page does not. An
/// address takes the place of its own hash. Whether anything was added; twice is harmless.
pub async fn note(writing: &mut Writing<'_>, site: &str, purchase: &Purchase) -> Result<bool, StoreError> {
    let Some(contact) = &purchase.contact else {
        return Ok(false);
    };
    let key = |text| sql(text).bind(site).bind(&purchase.purchase_id);
    let row = key("SELECT purchase FROM purchases WHERE site = $1 AND purchase_id = $2");
    let (stored,): (String,) = writing.one(row).await?;
    // Our own texts, which this reader knows and whose order it keeps.
    let mut fields = match json::read(&stored) {
        Ok(Value::Map(fields)) => fields,
        _ => return Ok(false),
    };
    fields.retain(|(key, value)| key != CONTACT_KEYS[1] || !is_hash_of(value, contact));
    let is_known = fields.iter().any(|(key, _)| CONTACT_KEYS.contains(&key.as_str()));
    if is_known {
        return Ok(false);
    }
    let key_of_contact = match contact {
        Contact::Email(_) => CONTACT_KEYS[0],
        Contact::EmailSha256(_) => CONTACT_KEYS[1],
    };
    fields.push((key_of_contact.to_owned(), Value::Text(contact.as_str().to_owned())));
    let mut text = String::with_capacity(stored.len());
    json::write(&mut text, &Value::Map(fields));
    let change = key("UPDATE purchases SET purchase = $3 WHERE site = $1 AND purchase_id = $2");
    writing.execute(change.bind(text)).await?;
    Ok(true)
}

/// Whether the value is the hash of this address.
fn is_hash_of(value: &Value, contact: &Contact) -> bool {
    let Contact::Email(email) = contact else {
        return false;
    };
    let hash = Contact::read(email, ContactMode::Sha256);
    hash.is_some_and(|hash| value.text() == Some(hash.as_str()))
}
