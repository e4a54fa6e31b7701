//! How many purchases per second are made durable. Not a test but a measurement, side by side in one run:
//! `cargo test --release -p purchase-collector --test sqlite --test postgres -- --ignored --nocapture purchases_per_second`

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use axum::http::StatusCode;
use purchase_collector::store::Store;

use crate::world::{self, ON_POSTGRES, envelope, post, send};

/// Rounds per setting, taken in turn; the spread among them is the noise.
const ROUNDS: usize = 5;

/// How long one round lasts, in seconds.
const ROUND_SECONDS: u64 = 3;

/// Purchases per second, and the longest wait for one, in milliseconds.
async fn round(group_max: usize, senders: usize) -> (f64, f64) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder on a disk");
    let address = world::new_address(folder.path()).await;
    let store = Store::open_grouping(&address, group_max)
        .await
        .expect("the database opens");
    let router = world::router(&store, &world::serve_options(&[]));
    let (next, until) = (
        Arc::new(AtomicUsize::new(0)),
        Instant::now() + Duration::from_secs(ROUND_SECONDS),
    );
    let started = Instant::now();
    let sending: Vec<_> = (0..senders)
        .map(|_| {
            let (router, next) = (router.clone(), Arc::clone(&next));
            tokio::spawn(async move {
                let mut longest = Duration::ZERO;
                while Instant::now() < until {
                    let id = next.fetch_add(1, Ordering::Relaxed).to_string();
                    let sent = Instant::now();
                    let answer = send(router.clone(), post(envelope(&id, &id, "10.00"))).await;
                    assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
                    longest = longest.max(sent.elapsed());
                }
                longest
            })
        })
        .collect();
    let mut longest = Duration::ZERO;
    for sender in sending {
        longest = longest.max(sender.await.expect("no panic"));
    }
    let rate = next.load(Ordering::Relaxed) as f64 / started.elapsed().as_secs_f64();
    store.close().await;
    (rate, longest.as_secs_f64() * 1000.0)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement of a minute"]
async fn purchases_per_second() {
    let settings: &[(&str, usize, usize)] = if ON_POSTGRES {
        &[("PostgreSQL, 1 sender", 1, 1), ("PostgreSQL, 64 senders", 1, 64)]
    } else {
        &[
            ("SQLite, 1 sender, one by one", 1, 1),
            ("SQLite, 1 sender, grouped", 128, 1),
            ("SQLite, 64 senders, one by one", 1, 64),
            ("SQLite, 64 senders, grouped", 128, 64),
        ]
    };
    let mut results = vec![Vec::new(); settings.len()];
    for _ in 0..ROUNDS {
        for ((_, group_max, senders), results) in settings.iter().zip(&mut results) {
            results.push(round(*group_max, *senders).await);
        }
    }
    for ((name, ..), results) in settings.iter().zip(&mut results) {
        results.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (least, middle, most) = (results[0].0, results[ROUNDS / 2].0, results[ROUNDS - 1].0);
        let longest = results.iter().fold(0.0_f64, |longest, result| longest.max(result.1));
        println!("{name:<34} {middle:>7.0} per second ({least:.0} to {most:.0}), longest wait {longest:.0} ms");
    }
}
