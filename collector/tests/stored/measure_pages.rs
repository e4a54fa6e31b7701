//! How long the console's pages take with a million entries of the queue. Not a test but a measurement:
//! `cargo test --release -p purchase-collector --test sqlite --test postgres -- --ignored --nocapture milliseconds_per_page`

use std::time::Instant;

use purchase_collector::{
    clock::now_ms,
    store::{Backfilled, StoreError, Work, Writing, console::Role, sql},
};

use crate::{stored::backfill::hook, world::World};

/// Purchases, over a year, each passed on to two destinations.
const PURCHASES: i64 = 500_000;

/// Departures for a gateway, over a year.
const DEPARTURES: i64 = 200_000;

/// Different refused contents, over a year.
const REFUSALS: i64 = 20_000;

/// Rows that one statement makes.
const AT_ONCE: i64 = 10_000;

/// A year, in milliseconds.
const YEAR_MS: i64 = 365 * 24 * 3_600_000;

/// How often each page is asked for.
const ROUNDS: usize = 7;

/// The numbers from `$1` to `$2`; `$3` is now, `$4` the time from one to the next.
const NUMBERS: &str = "WITH RECURSIVE n(i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $2) ";

const PURCHASE: &str = "INSERT INTO purchases (site, purchase_id, purchase, total_price, total_quantity, source, page, \
    record_id, captured_at, received_at, problems, envelope, deliveries, conflicts, ordered_at, payment_method, cart_id) \
    SELECT CASE WHEN i % 4 = 0 THEN 'moda' ELSE 'demo' END, 'P' || i, '{\"purchase_id\":\"P' || i || '\",\"total_quantity\":2,\
    \"total_price\":\"64.5\",\"payment_method\":\"Tarjeta\",\"currency\":\"EUR\",\"email\":\"shopper' || i || '@shopper.example\",\
    \"product_basket_item\":[{\"product_id\":\"p12\",\"name\":\"Hervidor de cuello de cisne\",\"quantity\":1,\"unit_price\":\
    \"64.5\",\"price\":\"64.5\",\"url\":\"https://shop.example/hervidor-de-cuello-de-cisne\"}]}', '64.5', 2, \
    CASE WHEN i % 500 = 0 THEN 'test' WHEN i % 10 = 0 THEN 'server' ELSE 'call' END, 'https://shop.example/confirmation', \
    'r' || i, $3 - i * $4, $3 - i * $4 + 900, '[]', '{\"v\":1,\"site\":\"demo\",\"id\":\"r' || i || '\",\"source\":\"call\",\
    \"captured_at\":1763765393000,\"page\":\"https://shop.example/confirmation\",\"config\":{\"currency\":\"EUR\"},\"data\":\
    {\"purchase_id\":\"P' || i || '\",\"total_quantity\":2,\"total_price\":\"64.50\",\"payment_method\":\"Tarjeta\",\
    \"product_basket_item\":[{\"product_id\":\"p12\",\"name\":\"Hervidor de cuello de cisne\",\"quantity\":1,\"unit_price\":\
    \"64.50\",\"price\":\"64.50\",\"url\":\"https://shop.example/hervidor-de-cuello-de-cisne\"}]}}', 1, 0, $3 - i * $4, 'Tarjeta', 'c' || (i * 2 / 5) FROM n";

const TRANSITION: &str = "INSERT INTO transitions (site, purchase_id, number, at, state, placed, source, record_id) \
    SELECT CASE WHEN i % 4 = 0 THEN 'moda' ELSE 'demo' END, 'P' || i, 1, $3 - i * $4, 'completed', TRUE, 'call', 'r' || i FROM n";

const PASSES: &str = "INSERT INTO passes (site, purchase_id, destination, event, state, created_at, since, due_at, claims, \
    failures, progress, maybe_sent, attempts, finished_at) \
    SELECT CASE WHEN i % 4 = 0 THEN 'moda' ELSE 'demo' END, 'P' || i, d.name, 'placed', \
    CASE WHEN i % 997 = 0 THEN 'dead' ELSE 'delivered' END, $3 - i * $4, $3 - i * $4, NULL, 1, 0, 1, FALSE, 1, \
    $3 - i * $4 + 500 FROM n, (SELECT 'connectif' AS name UNION ALL SELECT 'klaviyo') d";

const DEPARTURE: &str = "INSERT INTO checkouts (site, checkout_id, cart_id, state, basis, gateway, left_at, first_at, \
    received_at, total_price, total_quantity, currency, has_contents, envelope, closed_by, closed_at, transitions) \
    SELECT CASE WHEN i % 4 = 0 THEN 'moda' ELSE 'demo' END, 'c' || i, 'c' || i, 'created', 'left', 'redsys', $3 - i * $4, \
    $3 - i * $4, $3 - i * $4 + 500, '64.5', 2, 'EUR', TRUE, '{\"v\":1,\"site\":\"demo\",\"id\":\"d' || i || '\",\"source\":\
    \"checkout\",\"data\":{\"checkout_id\":\"c\",\"state\":\"created\",\"basis\":\"left\",\"gateway\":\"redsys\"}}', \
    CASE WHEN i % 3 < 2 THEN 'P' || (i * 5 / 2) END, CASE WHEN i % 3 < 2 THEN 1 END, 1 FROM n";

const REPORT: &str = "INSERT INTO checkout_transitions (site, checkout_id, number, at, state, basis, gateway) \
    SELECT CASE WHEN i % 4 = 0 THEN 'moda' ELSE 'demo' END, 'c' || i, 1, $3 - i * $4, 'created', 'left', 'redsys' FROM n";

const REFUSAL: &str = "INSERT INTO refusals (site, digest, record_id, source, page, problems, envelope, first_at, received_at, \
    times) SELECT CASE WHEN i % 4 = 0 THEN 'moda' ELSE 'demo' END, 'd' || i, 'x' || i, 'call', \
    'https://shop.example/order/' || i || '/confirmation', '[{\"path\":\"total_price\",\"kind\":\"ambiguous_amount\",\
    \"severity\":\"error\",\"found\":\"1,' || i || '\",\"text\":\"it can be read in two ways\",\"advice\":\"set the mark\"}]', \
    '{}', $3 - i * $4, $3 - i * $4, 1 FROM n";

/// So many rows of one kind.
struct Fill {
    insert: &'static str,
    first: i64,
    count: i64,
    now: i64,
}

impl Work for Fill {
    type Output = ();

    async fn run(&self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        let last = (self.first + AT_ONCE).min(self.count) - 1;
        let mut statement = sql(NUMBERS);
        statement.push(self.insert);
        let statement = statement.bind(self.first).bind(last).bind(self.now);
        writing.execute(statement.bind(YEAR_MS / self.count)).await.map(drop)
    }
}

async fn filled() -> World {
    let world = World::new(&[]).await;
    let now = now_ms();
    for (insert, count) in [
        (PURCHASE, PURCHASES),
        (TRANSITION, PURCHASES),
        (PASSES, PURCHASES),
        (DEPARTURE, DEPARTURES),
        (REPORT, DEPARTURES),
        (REFUSAL, REFUSALS),
    ] {
        for first in (0..count).step_by(usize::try_from(AT_ONCE).expect("few")) {
            let fill = Fill {
                insert,
                first,
                count,
                now,
            };
            world.store.write(fill).await.expect("filled");
        }
    }
    world
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement of minutes"]
async fn milliseconds_per_page() {
    let world = filled().await;
    let ana = world.cookie_of("ana", Role::Admin).await;
    for path in [
        "/console",
        "/console?site=demo",
        "/console/purchases",
        "/console/purchases?site=demo",
        "/console/purchases?unsent=1",
        "/console/purchases?late=1",
        "/console/purchases?q=no+such+product",
        "/console/destinations",
        "/console/accuracy",
        "/console/refused",
        "/console/checkouts",
        "/console/purchase?site=demo&id=P250001",
    ] {
        let mut taken = vec![];
        for _ in 0..ROUNDS {
            let asked = Instant::now();
            world.page(path, &ana).await;
            taken.push(asked.elapsed().as_secs_f64() * 1000.0);
        }
        taken.sort_by(f64::total_cmp);
        println!(
            "{path:<44} {:>7.0} ms ({:.0} to {:.0})",
            taken[ROUNDS / 2],
            taken[0],
            taken[ROUNDS - 1]
        );
    }

    let hook = hook(&world, "demo");
    let since = now_ms() - YEAR_MS / 5;
    for round in ["all to be added", "all there"] {
        let (mut last, mut longest) = (Instant::now(), 0.0_f64);
        let begun = last;
        let report = |_: Backfilled| {
            longest = longest.max(last.elapsed().as_secs_f64() * 1000.0);
            last = Instant::now();
        };
        let done = world
            .store
            .backfill(&hook, since..i64::MAX, now_ms(), report)
            .await
            .expect("done");
        println!(
            "backfill, {round}: {done:?} in {:.1} s, the longest step {longest:.0} ms",
            begun.elapsed().as_secs_f64()
        );
    }
}
