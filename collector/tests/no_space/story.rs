//! What happens to a shop, whichever disk is full.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use purchase_collector::store::{Store, sql};
use serde_json::Value;
use tokio::time::timeout;

use crate::{
    erp::Erp,
    world::{
        process::{Collector, get},
        shop::{PATIENCE_SECONDS, Shop, assert_is_put_off},
    },
};

/// Most purchases until the full disk must be noticed.
const PURCHASES_MAX: usize = 5_000;

/// Purchases that are refused while the disk is full.
const PUT_OFF: usize = 8;

/// How long a refusal counts for readiness, in seconds, as docs/operations.md has it.
const REFUSED_SECONDS: u64 = 10;

/// What a line of the log has if it has something of a purchase's contents.
const CONTENTS: [&str; 3] = ["cn_purchase", "order-confirmation", "captured_at"];

/// A small disk under a database.
pub trait Disk {
    /// To the last byte.
    fn fill(&mut self);
    /// As before.
    fn clear(&mut self);
    /// What an operator may have to do besides making room; again and again.
    fn help(&mut self) {}
    /// What is stored at this moment.
    fn stored(&self) -> impl Future<Output = Store>;
}

/// The story. `reason` is what the log says of the full disk, in part; if it is empty, any reason will do.
pub async fn play(disk: &mut impl Disk, collector: &Collector, erp: &Erp, reason: &str) {
    let mut shop = Shop::new(collector);
    (0..5).for_each(|_| shop.sells());
    in_time(erp.has(&shop.acknowledged)).await;
    shop.probes_say(200);

    // These are on their way when the disk is full: what becomes of them cannot be written down.
    erp.answers(false);
    let under_way = shop.next.to_string();
    shop.sells();
    in_time(erp.has(&BTreeSet::from([under_way]))).await;
    disk.fill();
    is_full(&mut shop);
    is_not_ready(&mut shop);
    erp.answers(true);
    is_not_ready(&mut shop);
    says_why(collector, reason).await;

    disk.clear();
    let until = Instant::now() + Duration::from_secs(PATIENCE_SECONDS);
    while shop.sell().0 != 201 {
        assert!(Instant::now() < until, "it does not recover");
        disk.help();
    }
    shop.probes_say(200);
    assert!(shop.put_off.len() > PUT_OFF);
    shop.repeats();
    (0..5).for_each(|_| shop.sells());
    in_time(erp.has(&shop.acknowledged)).await;
    all_is_there(&shop, disk).await;
    tells_no_contents(collector);
}

/// Sells until it is refused, again and again.
fn is_full(shop: &mut Shop) {
    while shop.put_off.len() < PUT_OFF {
        assert!(shop.next < PURCHASES_MAX, "the disk is not full");
        let (status, answer, _) = shop.sell();
        if status != 201 {
            assert_is_put_off(status, &answer);
        }
    }
}

/// It is alive, but after a refusal it is not ready.
fn is_not_ready(shop: &mut Shop) {
    let status = |path| get(&shop.address, path).map(|(status, _)| status);
    assert_eq!(status("/v1/health/live"), Some(200));
    for _ in 0..PATIENCE_SECONDS {
        let started = Instant::now();
        let (refused, answer, _) = shop.sell();
        if refused == 201 {
            // A last bit of room was found.
            continue;
        }
        assert_is_put_off(refused, &answer);
        match get(&shop.address, "/v1/health/ready") {
            Some((503, _)) => return,
            ready => assert!(
                started.elapsed() >= Duration::from_secs(REFUSED_SECONDS),
                "it refuses and is ready: {ready:?}"
            ),
        }
    }
    panic!("the disk is not full");
}

/// The log has the reason.
async fn says_why(collector: &Collector, reason: &str) {
    let says_so = |line: &Value| {
        line["level"] == "ERROR"
            && line["message"] == "database failed"
            && line["error"].as_str().is_some_and(|error| error.contains(reason))
    };
    in_time(async {
        while !collector.log().iter().any(says_so) {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

/// Each line of the log is one sentence, one per request that failed, and without contents.
fn tells_no_contents(collector: &Collector) {
    let mut requests = BTreeSet::new();
    for line in collector.log() {
        let text = line.to_string();
        assert!(
            line.is_object() && CONTENTS.iter().all(|word| !text.contains(word)),
            "{text}"
        );
        if line["level"] == "ERROR" {
            let error = line["error"].as_str().unwrap_or_default();
            assert!(!error.is_empty() && error.lines().count() == 1, "{text}");
        }
        if line["message"] == "database failed" {
            assert!(requests.insert(line["span"]["id"].to_string()), "said twice: {text}");
        }
    }
}

/// Whatever was acknowledged is stored, once, and nothing waits to be passed on.
async fn all_is_there(shop: &Shop, disk: &impl Disk) {
    let store = disk.stored().await;
    let stored = store.all(sql("SELECT purchase_id FROM purchases")).await;
    let stored: Vec<(String,)> = stored.expect("the rows");
    store.close().await;
    let ids: BTreeSet<String> = stored.iter().map(|(id,)| id.clone()).collect();
    assert_eq!((stored.len(), &ids), (shop.acknowledged.len(), &shop.acknowledged));
    in_time(async {
        loop {
            let store = disk.stored().await;
            let waiting = sql("SELECT COUNT(*) FROM passes WHERE state <> 'delivered'");
            let waiting: Option<(i64,)> = store.first(waiting).await.expect("the rows");
            store.close().await;
            if waiting == Some((0,)) {
                break;
            }
        }
    })
    .await;
}

async fn in_time<T>(event: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(PATIENCE_SECONDS), event)
        .await
        .expect("it happens")
}
