//! The buyers' contacts: completed by a later message, erased by request or by age. What was bought stays, because it is what
//! makes repeats harmless.

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
    /// Checkouts that are gone by age.
    pub checkouts: u64,
}

/// Whose data is erased: an address in the spellings in which it may have been kept.
#[derive(Clone, Debug)]
struct Needles(Vec<String>);

impl Needles {
    fn new(email: &str) -> Needles {
        let mut needles = vec![email.trim().to_ascii_lowercase()];
        if let Some(hash) = Contact::read(email.trim(), ContactMode::Sha256) {
            needles.push(hash.as_str().to_owned());
        }
        Needles(needles)
    }

    /// The text without any contact, and without these wherever else they stand.
    fn cut(&self, text: &str) -> String {
        self.0
            .iter()
            .fold(redact::without_contact(text).into_owned(), |text, needle| {
                without(text, needle)
            })
    }
}

/// The text without an ASCII needle in lower case, however the text spells it.
fn without(mut text: String, needle: &str) -> String {
    while let Some(at) = text.to_ascii_lowercase().find(needle) {
        text.replace_range(at..at + needle.len(), "");
    }
    text
}

/// A pattern for `LIKE … ESCAPE '!'` that finds the text anywhere.
fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern + "%"
}

impl Store {
    /// Erases one person's contact from everything that is kept, of one site or of all. It reads every row once: minutes for
    /// millions of them. Twice is harmless.
    ///
    /// # Errors
    /// If the database fails; then some may be erased already.
    pub async fn erase_contact(&self, site: Option<&str>, email: &str) -> Result<Erased, StoreError> {
        let needles = Needles::new(email);
        let mut erased = Erased::default();
        for needle in &needles.0 {
            let pattern = containing(needle);
            for (site, purchase_id) in self.purchases_with(site, &pattern).await? {
                erased.purchases += 1;
                let needles = Some(needles.clone());
                self.write(Purchases {
                    keys: vec![(site, purchase_id)],
                    needles,
                })
                .await?;
            }
            for (site, digest) in self.refusals_with(site, &pattern).await? {
                erased.refusals += 1;
                let needles = needles.clone();
                self.write(Refusal { site, digest, needles }).await?;
            }
        }
        Ok(erased)
    }

    async fn purchases_with(&self, site: Option<&str>, pattern: &str) -> Result<Vec<(String, String)>, StoreError> {
        let mut found = Vec::new();
        for text in [
            "SELECT site, purchase_id FROM purchases WHERE (LOWER(purchase) LIKE $1 ESCAPE '!' \
             OR LOWER(envelope) LIKE $1 ESCAPE '!')",
            "SELECT site, purchase_id FROM conflicts WHERE (LOWER(purchase) LIKE $1 ESCAPE '!' \
             OR LOWER(envelope) LIKE $1 ESCAPE '!')",
        ] {
            let mut statement = sql(text).bind(pattern);
            if let Some(site) = site {
                statement.push(" AND site = ").push_bind(site);
            }
            found.extend(self.all::<(String, String)>(statement).await?);
        }
        found.sort();
        found.dedup();
        Ok(found)
    }

    async fn refusals_with(&self, site: Option<&str>, pattern: &str) -> Result<Vec<(String, String)>, StoreError> {
        let mut statement =
            sql("SELECT site, digest FROM refusals WHERE LOWER(envelope) LIKE $1 ESCAPE '!'").bind(pattern);
        if let Some(site) = site {
            statement.push(" AND site = ").push_bind(site);
        }
        self.all(statement).await
    }

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
            self.write(Purchases { keys, needles: None }).await?;
        }
        let (refusals, checkouts) = self.write(Old { before }).await?;
        Ok(Erased {
            refusals,
            checkouts,
            ..erased
        })
    }
}

/// Erases the contact of purchases, and with needles what else they find there.
struct Purchases {
    keys: Vec<(String, String)>,
    needles: Option<Needles>,
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
                    .bind(self.cut(&purchase))
                    .bind(self.cut(&envelope))
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
                        .bind(self.cut(&purchase))
                        .bind(self.cut(&envelope)),
                    )
                    .await?;
            }
        }
        Ok(())
    }
}

impl Purchases {
    fn cut(&self, text: &str) -> String {
        match &self.needles {
            Some(needles) => needles.cut(text),
            None => redact::without_contact(text).into_owned(),
        }
    }
}

/// Erases a contact in one refused content.
struct Refusal {
    site: String,
    digest: String,
    needles: Needles,
}

impl Work for Refusal {
    type Output = ();

    async fn run(&self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        let refusal = |text| sql(text).bind(&self.site).bind(&self.digest);
        let (envelope, problems): (String, String) = writing
            .one(refusal(
                "SELECT envelope, problems FROM refusals WHERE site = $1 AND digest = $2",
            ))
            .await?;
        let change = refusal("UPDATE refusals SET envelope = $3, problems = $4 WHERE site = $1 AND digest = $2")
            .bind(self.needles.cut(&envelope))
            .bind(self.needles.cut(&problems));
        writing.execute(change).await.map(drop)
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

/// Adds the contact that an earlier message of the purchase did not have yet, unless it was erased: a page that hashes the
/// address may send the purchase before the hash is there, and the shop's server may know the buyer where the page does not. An
/// address takes the place of its own hash. Whether anything was added; twice is harmless.
pub async fn note(writing: &mut Writing<'_>, site: &str, purchase: &Purchase) -> Result<bool, StoreError> {
    let Some(contact) = &purchase.contact else {
        return Ok(false);
    };
    let key = |text| sql(text).bind(site).bind(&purchase.purchase_id);
    let row = key("SELECT purchase, contact_erased_at FROM purchases WHERE site = $1 AND purchase_id = $2");
    let (stored, erased_at): (String, Option<i64>) = writing.one(row).await?;
    // Our own texts, which this reader knows and whose order it keeps.
    let mut fields = match json::read(&stored) {
        Ok(Value::Map(fields)) => fields,
        _ => return Ok(false),
    };
    fields.retain(|(key, value)| key != CONTACT_KEYS[1] || !is_hash_of(value, contact));
    let is_known = fields.iter().any(|(key, _)| CONTACT_KEYS.contains(&key.as_str()));
    if erased_at.is_some() || is_known {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_goes_wherever_it_stands() {
        let needles = Needles::new(" Jane.Doe@Gmail.com ");
        let text = r#"{"contact":{"email":"x"},"note":"call JANE.DOE@gmail.com, jane.doe@gmail.com","n":"1"}"#;
        assert_eq!(needles.cut(text), r#"{"note":"call , ","n":"1"}"#);
        let hash = Contact::read("janedoe@gmail.com", ContactMode::Sha256).expect("a hash");
        assert_eq!(needles.cut(&format!(r#"{{"h":"{}"}}"#, hash.as_str())), r#"{"h":""}"#);
    }

    #[test]
    fn a_pattern_finds_nothing_but_the_text() {
        assert_eq!(containing("a_b%c!d"), "%a!_b!%c!!d%");
    }
}
