//! Entries for a new destination: all of them, each once, however many come at the same moment, also by several hands.

use std::sync::Mutex;

use purchase_collector::{
    clock::now_ms,
    passing::{Destination, config},
    store::{Backfilled, Store, StoreError, Take, Work, Writing, sql},
};

use crate::world::{World, order};

/// More than three reads' worth.
const PURCHASES: i64 = 1_700;

/// When they were received, in milliseconds since 1970: many at the same moment.
fn received_at(number: i64) -> i64 {
    1_000_000 + number / 600
}

/// Purchases of the site "demo" and one of another site.
struct Fill;

impl Work for Fill {
    type Output = ();

    async fn run(&self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        for number in 0..=PURCHASES {
            let insert = "INSERT INTO purchases (site, purchase_id, purchase, total_price, total_quantity, source, \
                          record_id, captured_at, received_at, problems, envelope, deliveries, conflicts) \
                          VALUES ($1, $2, '{}', '10', 2, 'markup', 'a1', 5, $3, '[]', '{}', 1, 0)";
            let site = if number == PURCHASES { "other" } else { "demo" };
            let insert = sql(insert).bind(site).bind(format!("P{number}"));
            writing.execute(insert.bind(received_at(number))).await?;
        }
        Ok(())
    }
}

async fn filled() -> World {
    let world = World::new(&[]).await;
    world.store.write(Fill).await.expect("filled");
    world
}

/// A webhook of this site.
pub fn hook(world: &World, site: &str) -> Destination {
    configured(world, site, "kind = \"webhook\"\nurl = \"https://hook.example\"")
}

/// A destination of this site with these lines.
fn configured(world: &World, site: &str, lines: &str) -> Destination {
    let path = |name: &str| world.folder.path().join(name);
    std::fs::write(path("key"), "the-key:a-secret-of-the-tests").expect("written");
    let text = format!(
        "[[destination]]\nsite = \"{site}\"\nname = \"hook\"\n{lines}\nkey_file = \"{}\"",
        path("key").display()
    );
    std::fs::write(path("destinations.toml"), text).expect("written");
    let config = config::load(&path("destinations.toml")).expect("it is right");
    config.destinations.into_iter().next().expect("one")
}

/// The entries by now, taken: their purchases in the order in which they are due.
async fn taken(store: &Store, now: i64) -> Vec<String> {
    match store
        .take("demo", "hook", now, 60_000, 10_000)
        .await
        .expect("it answers")
    {
        Take::Entries(entries) => entries.into_iter().map(|entry| entry.key.purchase_id).collect(),
        Take::Nothing(_) => vec![],
    }
}

#[tokio::test]
async fn every_purchase_of_the_site_gets_one_entry_in_its_order() {
    let world = filled().await;
    let reports = Mutex::new(vec![]);
    let report = |so_far: Backfilled| reports.lock().expect("no panic").push(so_far.looked_at);
    let now = now_ms();
    let all = 0..i64::MAX;
    let done = world
        .store
        .backfill(&hook(&world, "demo"), all.clone(), now, report)
        .await
        .expect("done");
    let count = PURCHASES.unsigned_abs();
    let expected = Backfilled {
        looked_at: count,
        added: count,
        reached: received_at(PURCHASES - 1),
    };
    assert_eq!(done, expected);
    // Bounded reads, of which each is told.
    let reports = reports.into_inner().expect("no panic");
    assert!(reports.len() > 3 && reports.is_sorted(), "{reports:?}");
    let again = world
        .store
        .backfill(&hook(&world, "demo"), all, now, |_| {})
        .await
        .expect("done");
    assert_eq!((again.looked_at, again.added), (count, 0));

    // Little by little: after a second there are as many as leave in it, and a new purchase is not behind the rest.
    assert_eq!(taken(&world.store, now).await, ["P0"]);
    let second = taken(&world.store, now + 1_000).await;
    assert_eq!(second.len(), 10, "{second:?}");
    let rest = taken(&world.store, now + 10_000_000).await;
    // Those that were taken are due again: their leases are over.
    assert_eq!(rest.len() as u64, count);
}

#[tokio::test]
async fn only_what_was_received_in_the_time_is_looked_at() {
    let world = filled().await;
    let range = received_at(600)..received_at(1_200);
    let done = world
        .store
        .backfill(&hook(&world, "demo"), range, now_ms(), |_| {})
        .await
        .expect("done");
    assert_eq!((done.looked_at, done.added), (600, 600));
    let none = world
        .store
        .backfill(&hook(&world, "nobody"), 0..i64::MAX, now_ms(), |_| {})
        .await;
    assert_eq!(none.expect("done").looked_at, 0);
}

#[tokio::test]
async fn a_destination_gets_only_the_events_that_it_takes() {
    let world = World::new(&[]).await;
    for status in [None, Some("canceled")] {
        world.post(order("a1", "1", status)).await;
    }
    // Connectif's API cancels nothing.
    for (lines, expected) in [
        ("kind = \"connectif\"", ["placed"].as_slice()),
        (
            "kind = \"webhook\"\nurl = \"https://hook.example\"",
            &["canceled", "placed"],
        ),
    ] {
        let destination = configured(&world, "demo", lines);
        let done = world.store.backfill(&destination, 0..i64::MAX, now_ms(), |_| {}).await;
        assert_eq!(done.expect("done").added, 1, "{lines}");
        let passes = world.store.passes_of("demo", "1").await.expect("it answers");
        let mut events: Vec<_> = passes.into_iter().map(|pass| pass.event).collect();
        events.sort();
        assert_eq!(events, expected, "{lines}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_at_once_add_each_purchase_once_while_others_arrive() {
    let world = filled().await;
    let adding: Vec<_> = (0..3)
        .map(|_| {
            let (store, hook) = (world.store.clone(), hook(&world, "demo"));
            tokio::spawn(async move { store.backfill(&hook, 0..i64::MAX, now_ms(), |_| {}).await })
        })
        .collect();
    let mut arrived = 0;
    while adding.iter().any(|task| !task.is_finished()) {
        let id = format!("a{arrived}");
        assert_eq!(world.post(order(&id, &id, None)).await.status, 201);
        arrived += 1;
    }
    let mut added = 0;
    for task in adding {
        added += task.await.expect("no panic").expect("done").added;
    }
    let last = world
        .store
        .backfill(&hook(&world, "demo"), 0..i64::MAX, now_ms(), |_| {})
        .await;
    let last = last.expect("done");
    assert_eq!(last.looked_at, PURCHASES.unsigned_abs() + arrived);
    assert_eq!(added + last.added, last.looked_at, "each counted once");
    let all = taken(&world.store, i64::MAX / 2).await;
    assert_eq!(all.len() as u64, last.looked_at);
}
