//! A PostgreSQL server that goes away, comes again, and hangs, under a running collector: answers in time, recovery by itself, and
//! nothing acknowledged that is not stored.

#![cfg(target_os = "linux")]

mod world;

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use purchase_collector::store::{DatabaseAddress, Store, StoreError, Work, Writing, sql};
use sqlx::{Connection, PgConnection};
use tokio::time::timeout;
use world::{
    postgres::server::Server,
    process::{Collector, get},
    shop::{PATIENCE_SECONDS, SLACK_SECONDS, Shop},
};

/// Longest time until an answer while the server is away, in seconds, as docs/operations.md has it.
const AWAY_SECONDS_MAX: u64 = 10;

/// What the collectors here are given for one request, in seconds.
const REQUEST_SECONDS: u64 = 3;

/// Connections of one collector that write, as docs/operations.md has it.
const WRITERS: i64 = 16;

/// Longest time for one query or transaction of a server that hangs, in seconds, as docs/operations.md has it.
const TRY_SECONDS: u64 = 20;

/// Whatever was acknowledged is there, once.
async fn has_lost_nothing(shop: &Shop, url: &str) {
    let address = DatabaseAddress::parse(url).expect("an address");
    let store = Store::open(&address).await.expect("the database opens");
    let rows: Vec<(String, i64)> = store
        .all(sql("SELECT purchase_id, deliveries FROM purchases"))
        .await
        .expect("the rows");
    assert!(rows.iter().all(|(_, deliveries)| *deliveries == 1), "{rows:?}");
    let stored: BTreeSet<String> = rows.into_iter().map(|(id, _)| id).collect();
    let lost: Vec<_> = shop.acknowledged.difference(&stored).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
}

fn collector(url: &str, options: &[&str]) -> Collector {
    let seconds = REQUEST_SECONDS.to_string();
    let own = ["--database", url, "--request-seconds-max", &seconds];
    Collector::start(&[&own, options].concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_stopped_and_started_again() {
    let mut server = Server::start();
    let url = server.url("public");
    // With the limit for a request out of the way.
    let collector = Collector::start(&["--database", &url]);
    let mut shop = Shop::new(&collector);
    shop.sells();
    shop.probes_say(200);
    for _ in 0..2 {
        server.tell("stop");
        shop.probes_say(503);
        for _ in 0..3 {
            shop.is_put_off(AWAY_SECONDS_MAX);
        }
        server.tell("start");
        shop.recovers();
        shop.probes_say(200);
        shop.sells();
    }
    has_lost_nothing(&shop, &url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_under_load() {
    let mut server = Server::start();
    let url = server.url("public");
    let collector = collector(&url, &[]);
    let shops: Vec<Shop> = std::thread::scope(|scope| {
        let sellers: Vec<_> = (0..6)
            .map(|number| {
                let mut shop = Shop::new(&collector);
                shop.next = 1 + number * 1_000_000;
                scope.spawn(move || {
                    let (mut before, mut put_off, mut after) = (0, 0, 0);
                    let started = Instant::now();
                    while after < 20 && started.elapsed() < Duration::from_secs(PATIENCE_SECONDS) {
                        match (shop.sell().0, put_off) {
                            (201, 0) => before += 1,
                            (201, _) => after += 1,
                            (503, _) => put_off += 1,
                            (status, _) => panic!("{status}"),
                        }
                    }
                    assert!(before > 0 && put_off > 0 && after == 20, "{before} {put_off} {after}");
                    shop
                })
            })
            .collect();
        let mut watch = Shop::new(&collector);
        watch.next = 9_000_000;
        (0..50).for_each(|_| watch.sells());
        server.tell("stop");
        watch.is_put_off(REQUEST_SECONDS);
        server.tell("start");
        let sold = sellers.into_iter().map(|seller| seller.join().expect("it sells"));
        sold.chain([watch]).collect()
    });
    for shop in shops {
        has_lost_nothing(&shop, &url).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hangs_holds_nobody_longer_than_one_request_may_take() {
    let mut server = Server::start();
    let url = server.url("public");
    let collector = collector(&url, &["--concurrency-max", "4"]);
    let mut shop = Shop::new(&collector);
    shop.sells();
    server.tell("freeze");
    std::thread::scope(|scope| {
        // As many as may be worked on at a time, so that the collector is full besides.
        let waiting: Vec<_> = (0..4)
            .map(|number| {
                let mut shop = Shop::new(&collector);
                shop.next = 1_000 * (number + 1);
                scope.spawn(move || shop.is_put_off(REQUEST_SECONDS))
            })
            .collect();
        while !waiting.iter().all(|shop| shop.is_finished()) {
            let alive = get(&shop.address, "/v1/health/live").map(|(status, _)| status);
            assert_eq!(alive, Some(200), "a collector that waits is not dead");
        }
        waiting.into_iter().for_each(|shop| shop.join().expect("it is put off"));
    });
    shop.probes_say(503);
    server.tell("thaw");
    shop.recovers();
    shop.probes_say(200);
    has_lost_nothing(&shop, &url).await;
}

/// A statement that the server works on for ten minutes.
const LONG: &str = "SELECT COUNT(CAST(pg_sleep(600) AS TEXT))";

/// A write that takes as long.
struct LongWrite;

impl Work for LongWrite {
    type Output = i64;

    async fn run(&self, writing: &mut Writing<'_>) -> Result<i64, StoreError> {
        Ok(writing.one::<(i64,)>(sql(LONG)).await?.0)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_ever_for_a_connection_or_for_a_server_that_hangs_in_the_middle() {
    let mut server = Server::start();
    let url = server.url("public");
    // Its own limit for a statement would end it first.
    let address = DatabaseAddress::parse(&format!("{url}&options[statement_timeout]=600000")).expect("an address");
    let store = Store::open(&address).await.expect("the database opens");
    let writing = (0..WRITERS).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.write(LongWrite).await })
    });
    let mut asking: Vec<_> = writing.collect();
    let reader = store.clone();
    asking.push(tokio::spawn(async move {
        Ok(reader.first::<(i64,)>(sql(LONG)).await?.map_or(0, |row| row.0))
    }));
    let mut other = PgConnection::connect(&url).await.expect("the server answers");
    let sleeping = "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
    let count = || sqlx::query_scalar::<_, i64>(sleeping);
    while count().fetch_one(&mut other).await.expect("a count") < WRITERS + 1 {}

    let further = timeout(
        Duration::from_secs(AWAY_SECONDS_MAX + SLACK_SECONDS),
        store.write(LongWrite),
    );
    let further = further
        .await
        .expect("no connection becomes free, and that is said in time");
    assert!(
        matches!(further, Err(StoreError::Statement(sqlx::Error::PoolTimedOut))),
        "{further:?}"
    );
    server.tell("freeze");
    // What passes on and erases has no request whose time would end.
    let all = timeout(
        Duration::from_secs(TRY_SECONDS + SLACK_SECONDS),
        futures_util::future::join_all(asking),
    );
    let given_up = all.await;
    server.tell("thaw");
    for answer in given_up.expect("all are given up in time") {
        let answer = answer.expect("no panic");
        assert!(matches!(answer, Err(StoreError::Silent)), "{answer:?}");
    }
    store.ping().await.expect("it goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_never_answer_again_are_replaced() {
    let mut server = Server::start();
    let url = server.url("public");
    let collector = collector(&url, &[]);
    let mut shop = Shop::new(&collector);
    shop.sells();
    let mut other = PgConnection::connect(&url).await.expect("the server answers");
    let mut lock = other.begin().await.expect("a transaction");
    sqlx::query("LOCK TABLE purchases IN ACCESS EXCLUSIVE MODE")
        .execute(&mut *lock)
        .await
        .expect("a lock");
    std::thread::scope(|scope| {
        // More than the collector has connections.
        for number in 0..24 {
            let mut shop = Shop::new(&collector);
            shop.next = 1_000 * (number + 1);
            scope.spawn(move || shop.is_put_off(REQUEST_SECONDS));
        }
    });
    // They are given up by now, and will never hear of it.
    server.tell("freeze-waiting");
    lock.rollback().await.expect("it is undone");
    shop.recovers();
    has_lost_nothing(&shop, &url).await;
}
