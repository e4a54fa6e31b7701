//! The queue itself: who holds an entry, and for how long.

use std::collections::BTreeSet;

use purchase_collector::{
    passing::circuit::CircuitLimits,
    store::{
        CircuitState, Claimed, DatabaseAddress, FIRST_ATTEMPTS, Finished, Health, LAST_ATTEMPTS, Store, StoreError,
        Take, Work, Writing, sql,
    },
};
use tokio::sync::watch;

use crate::postgres;

const ENTRIES: usize = 200;
const LEASE_MS: i64 = 1_000;

/// So many entries without purchases: nothing here looks at them.
struct Fill(usize);

impl Work for Fill {
    type Output = ();

    async fn run(&self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        for number in 0..self.0 {
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
    stores_with(ENTRIES).await
}

async fn stores_with(entries: usize) -> Vec<Store> {
    let address = DatabaseAddress::parse(&postgres::schema().await).expect("an address");
    let mut stores = vec![];
    for _ in 0..4 {
        stores.push(Store::open(&address).await.expect("the database opens"));
    }
    stores[0].write(Fill(entries)).await.expect("the entries are made");
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

#[tokio::test]
async fn of_many_attempts_the_first_and_the_last_are_kept() {
    const ATTEMPTS: i64 = 120;
    let store = stores_with(1).await.remove(0);
    for now in 1..=ATTEMPTS {
        let claimed = take(&store, now, 1).await.remove(0);
        let failed = Finished {
            state: "waiting",
            due_at: Some(now + 1),
            outcome: "retry",
            text: format!("failure {now}"),
            ..delivered(&claimed)
        };
        assert!(store.finish(failed).await.expect("it answers"));
    }
    let pass = store.passes_of("demo", "P0").await.expect("it answers").remove(0);
    let numbers: Vec<_> = pass.attempts.iter().map(|attempt| attempt.number).collect();
    let last = ATTEMPTS - LAST_ATTEMPTS + 1;
    let expected: Vec<_> = (1..=FIRST_ATTEMPTS).chain(last..=ATTEMPTS).collect();
    assert_eq!((pass.attempts_total, numbers), (ATTEMPTS, expected));
    assert!(
        pass.attempts
            .iter()
            .all(|attempt| attempt.text == format!("failure {}", attempt.number))
    );
}

/// A destination whose circuit is half open.
struct HalfOpen;

impl Work for HalfOpen {
    type Output = ();

    async fn run(&self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        let insert = "INSERT INTO destinations (site, destination, failures, openings, open_until, not_before) \
                      VALUES ('demo', 'hook', 3, 1, 5, 0)";
        writing.execute(sql(insert)).await.map(drop)
    }
}

/// Ends every entry, and keeps the transaction open until it is told to go on.
struct EndAll {
    /// The transaction's process at the server.
    process: watch::Sender<i64>,
    go_on: watch::Receiver<bool>,
}

impl Work for EndAll {
    type Output = ();

    async fn run(&self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        let update = "UPDATE passes SET state = 'delivered', due_at = NULL, claims = claims + 1";
        writing.execute(sql(update)).await?;
        let (process,): (i64,) = writing.one(sql("SELECT CAST(pg_backend_pid() AS BIGINT)")).await?;
        self.process.send_replace(process);
        let mut go_on = self.go_on.clone();
        let _ = go_on.wait_for(|go_on| *go_on).await;
        Ok(())
    }
}

/// How many wait for this process of the server.
struct Waiting(i64);

impl Work for Waiting {
    type Output = i64;

    async fn run(&self, writing: &mut Writing<'_>) -> Result<i64, StoreError> {
        let select = "SELECT COUNT(*) FROM pg_stat_activity WHERE CAST($1 AS INT) = ANY(pg_blocking_pids(pid))";
        let (count,): (i64,) = writing.one(sql(select).bind(self.0)).await?;
        Ok(count)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_probe_without_an_entry_is_given_back() {
    const NOW: i64 = 10;
    let stores = stores_with(1).await;
    stores[0].write(HalfOpen).await.expect("it is written");
    let (process, mut begun) = watch::channel(0);
    let (go, go_on) = watch::channel(false);
    let other = stores[1].clone();
    let ended = tokio::spawn(async move { other.write(EndAll { process, go_on }).await });
    let process = *begun.wait_for(|process| *process != 0).await.expect("it begins");
    let prober = stores[2].clone();
    let probe = tokio::spawn(async move { take(&prober, NOW, 1).await.len() });
    // It has the probe, and waits for the entry that the other one is ending.
    while stores[3].write(Waiting(process)).await.expect("the server answers") == 0 {
        tokio::task::yield_now().await;
    }
    go.send_replace(true);
    ended.await.expect("no panic").expect("it is kept");
    assert_eq!(probe.await.expect("no panic"), 0);
    let health = stores[0]
        .destinations_health(None, NOW)
        .await
        .expect("it answers")
        .remove(0);
    assert_eq!((health.circuit, health.open_until), (CircuitState::HalfOpen, None));
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
