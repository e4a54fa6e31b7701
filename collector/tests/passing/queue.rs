//! The queue itself: who holds an entry, and for how long.

use std::collections::BTreeSet;

use purchase_collector::{
    passing::circuit::CircuitLimits,
    store::{Claimed, DatabaseAddress, Finished, Health, Store, StoreError, Take, Work, Writing, sql},
};

use crate::postgres;

const ENTRIES: usize = 200;
const LEASE_MS: i64 = 1_000;

/// Entries without purchases: nothing here looks at them.
struct Fill;

impl Work for Fill {
    type Output = ();

    async fn run(&self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        for number in 0..ENTRIES {
            let insert = "INSERT INTO passes (site, purchase_id, destination, event, state, created_at, since, due_at, \
                          claims, failures, progress, maybe_sent, attempts) \
                          VALUES ('demo', $1, 'hook', 'placed', 'waiting', 0, 0, 0, 0, 0, 0, FALSE, 0)";
            writing.execute(sql(insert).bind(format!("P{number}"))).await?;
        }
        Ok(())
    }
}

/// Stores of several collectors on one server, and the queue filled.
async fn stores() -> Vec<Store> {
    let address = DatabaseAddress::parse(&postgres::schema().await).expect("an address");
    let mut stores = vec![];
    for _ in 0..4 {
        stores.push(Store::open(&address).await.expect("the database opens"));
    }
    stores[0].write(Fill).await.expect("the entries are made");
    stores
}

async fn take(store: &Store, now: i64, limit: i64) -> Vec<Claimed> {
    match store
        .take("demo", "hook", now, LEASE_MS, limit)
        .await
        .expect("the database answers")
    {
        Take::Entries(entries) => entries,
        Take::Nothing(_) => vec![],
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_two_collectors_hold_the_same_entry() {
    let mut collectors = vec![];
    for store in stores().await {
        collectors.push(tokio::spawn(async move {
            let mut held = vec![];
            // Nothing may mean that others were faster.
            let mut vain = 0;
            while vain < 20 {
                let taken = take(&store, 10, 7).await;
                vain = if taken.is_empty() { vain + 1 } else { 0 };
                held.extend(taken.into_iter().map(|claimed| claimed.key.purchase_id));
            }
            held
        }));
    }
    let mut all = vec![];
    for collector in collectors {
        all.extend(collector.await.expect("no panic"));
    }
    assert_eq!(all.len(), ENTRIES);
    assert_eq!(all.into_iter().collect::<BTreeSet<_>>().len(), ENTRIES);
}

#[tokio::test]
async fn who_comes_back_after_the_lease_changes_nothing() {
    let stores = stores().await;
    let first = take(&stores[0], 10, 1).await.remove(0);
    assert_eq!((first.number, first.maybe_sent), (1, false));
    // Everything else, and when the lease is over the first one too.
    assert_eq!(take(&stores[1], 10, 1_000).await.len(), ENTRIES - 1);
    assert!(take(&stores[1], 10 + LEASE_MS - 1, 1).await.is_empty());
    let again = take(&stores[1], 10 + LEASE_MS, 1_000).await;
    let again = again
        .into_iter()
        .find(|claimed| claimed.key == first.key)
        .expect("it is due again");
    assert_eq!((again.number, again.maybe_sent), (2, true));

    assert!(
        !stores[0]
            .progress(&first.key, first.claims, 1, 99_999)
            .await
            .expect("it answers")
    );
    assert!(!stores[0].finish(delivered(&first)).await.expect("it answers"));
    let pass = stores[2]
        .passes_of("demo", &first.key.purchase_id)
        .await
        .expect("it answers")
        .remove(0);
    let outcomes: Vec<_> = pass.attempts.iter().map(|attempt| attempt.outcome.as_str()).collect();
    // What the first one did is told all the same.
    assert_eq!(
        (pass.state.as_str(), outcomes),
        ("waiting", vec!["delivered", "sending"])
    );
    assert!(stores[1].finish(delivered(&again)).await.expect("it answers"));
    let pass = stores[2]
        .passes_of("demo", &first.key.purchase_id)
        .await
        .expect("it answers")
        .remove(0);
    assert_eq!((pass.state.as_str(), pass.due_at), ("delivered", None));
}

fn delivered(claimed: &Claimed) -> Finished {
    Finished {
        key: claimed.key.clone(),
        claims: claimed.claims,
        number: claimed.number,
        at: 50,
        state: "delivered",
        due_at: None,
        failures: 0,
        progress: None,
        maybe_sent: false,
        asked: None,
        unseen: 0,
        outcome: "delivered",
        status: Some(202),
        text: String::new(),
        advice: None,
        health: Health {
            well: Some(true),
            limits: CircuitLimits {
                failures: 3,
                open_ms: 1,
                open_ms_max: 1,
            },
            was_probe: false,
            not_before: None,
            random: 0.5,
        },
    }
}
