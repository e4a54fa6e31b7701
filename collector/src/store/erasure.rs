//! One person's contact leaves everything that is kept. What was bought stays, because it is what makes repeats harmless.

use std::collections::BTreeSet;

use super::{
    Store, StoreError, Work, Writing, closing,
    contacts::Erased,
    needles::{Kind, Needles},
    sql,
};
use crate::clock::now_ms;

/// A column in which a shop's message may have put an address.
#[derive(Clone, Copy, Debug)]
struct Place {
    table: &'static str,
    /// The column that tells the site's rows apart, together with the text itself.
    id: &'static str,
    column: &'static str,
    kind: Kind,
}

/// All of them. What a destination answered is kept without addresses from the beginning.
const PLACES: [Place; 18] = [
    of_purchase("purchases", "purchase", Kind::Json),
    of_purchase("purchases", "envelope", Kind::Json),
    of_purchase("purchases", "problems", Kind::Json),
    of_purchase("purchases", "page", Kind::Plain),
    of_purchase("purchases", "payment_method", Kind::Plain),
    of_purchase("purchases", "order_status", Kind::Plain),
    of_purchase("purchases", "gateway", Kind::Plain),
    of_purchase("transitions", "order_status", Kind::Plain),
    of_purchase("conflicts", "purchase", Kind::Json),
    of_purchase("conflicts", "envelope", Kind::Json),
    of_purchase("conflicts", "problems", Kind::Json),
    of_refusal("envelope", Kind::Json),
    of_refusal("problems", Kind::Json),
    of_refusal("page", Kind::Plain),
    of_checkout(CHECKOUTS, "envelope", Kind::Json),
    // From releases that kept these as they came.
    of_checkout(CHECKOUTS, "payment_method", Kind::Plain),
    of_checkout(CHECKOUTS, "gateway", Kind::Plain),
    of_checkout("checkout_transitions", "gateway", Kind::Plain),
];

const fn of_purchase(table: &'static str, column: &'static str, kind: Kind) -> Place {
    Place {
        table,
        id: PURCHASE_ID,
        column,
        kind,
    }
}

const fn of_refusal(column: &'static str, kind: Kind) -> Place {
    Place {
        table: REFUSALS,
        id: "digest",
        column,
        kind,
    }
}

const fn of_checkout(table: &'static str, column: &'static str, kind: Kind) -> Place {
    Place {
        table,
        id: CHECKOUT_ID,
        column,
        kind,
    }
}

const PURCHASE_ID: &str = "purchase_id";
const CHECKOUT_ID: &str = "checkout_id";
const REFUSALS: &str = "refusals";
const CHECKOUTS: &str = "checkouts";

impl Store {
    /// Erases one person's contact from everything that is kept, of one site or of all. It reads every row once for each column:
    /// minutes for millions of them. Twice is harmless.
    ///
    /// # Errors
    /// If the database fails; then some may be erased already.
    pub async fn erase_contact(&self, site: Option<&str>, email: &str) -> Result<Erased, StoreError> {
        let needles = Needles::new(email);
        let (mut purchases, mut refusals, mut checkouts) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for pattern in needles.patterns() {
            for place in PLACES {
                for (site, id, text) in self.texts(place, site, &pattern).await? {
                    let Some(cut) = needles.cut(&text, place.kind) else {
                        continue;
                    };
                    let found = match place.id {
                        PURCHASE_ID => &mut purchases,
                        CHECKOUT_ID => &mut checkouts,
                        _ => &mut refusals,
                    };
                    found.insert((site.clone(), id.clone()));
                    self.write(Cut {
                        place,
                        site,
                        id,
                        text,
                        cut,
                    })
                    .await?;
                }
            }
        }
        Ok(Erased {
            purchases: count(&purchases),
            refusals: count(&refusals),
            checkouts: count(&checkouts),
        })
    }

    async fn texts(
        &self,
        place: Place,
        site: Option<&str>,
        pattern: &str,
    ) -> Result<Vec<(String, String, String)>, StoreError> {
        let mut statement = sql("SELECT site, ");
        statement.push(place.id).push(", ").push(place.column);
        statement.push(" FROM ").push(place.table);
        statement.push(" WHERE LOWER(").push(place.column).push(") LIKE ");
        statement.push_bind(pattern).push(" ESCAPE '!'");
        if let Some(site) = site {
            statement.push(" AND site = ").push_bind(site);
        }
        self.all(statement).await
    }
}

fn count<T>(found: &BTreeSet<T>) -> u64 {
    u64::try_from(found.len()).unwrap_or(u64::MAX)
}

/// Puts another text in a column, where it is still this one.
struct Cut {
    place: Place,
    site: String,
    id: String,
    text: String,
    cut: String,
}

impl Work for Cut {
    type Output = ();

    async fn run(&self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        let is_of_purchase = self.place.id == PURCHASE_ID;
        if is_of_purchase {
            closing::lock_purchase(writing, &self.site, &self.id).await?;
        }
        let mut change = sql("UPDATE ");
        change.push(self.place.table).push(" SET ").push(self.place.column);
        change.push(" = ").push_bind(self.cut.as_str());
        change.push(" WHERE site = ").push_bind(self.site.as_str());
        change
            .push(" AND ")
            .push(self.place.id)
            .push(" = ")
            .push_bind(self.id.as_str());
        change
            .push(" AND ")
            .push(self.place.column)
            .push(" = ")
            .push_bind(self.text.as_str());
        writing.execute(change).await?;
        if is_of_purchase {
            let erased = sql("UPDATE purchases SET contact_erased_at = $3 WHERE site = $1 AND purchase_id = $2");
            let erased = erased.bind(self.site.as_str()).bind(self.id.as_str()).bind(now_ms());
            writing.execute(erased).await?;
        }
        Ok(())
    }
}
