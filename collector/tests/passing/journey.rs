//! The whole way: collectors as processes, real databases, stand-ins that fail in every way. Nothing is lost, nothing comes twice.

use std::time::{Duration, Instant};

use purchase_collector::{clock::now_ms, store::CircuitState};
use serde_json::json;

use crate::{
    klaviyo::Contract,
    process::{Collector, Setup, destination, purchase, seed},
    standins::{Fault, Faults, Platform, StandIn},
};

/// Purchases of the long journey.
const PURCHASES: usize = 24;

/// How often a collector is killed during it.
const KILLS: usize = 6;

struct AllFour {
    connectif: StandIn,
    klaviyo: StandIn,
    egoi: StandIn,
    webhook: StandIn,
}

impl AllFour {
    async fn start(faults: impl Fn(u64) -> Faults) -> AllFour {
        AllFour {
            connectif: StandIn::start(Platform::Connectif, faults(1)).await,
            klaviyo: StandIn::start(Platform::Klaviyo, faults(2)).await,
            egoi: StandIn::start(Platform::Egoi, faults(3)).await,
            webhook: StandIn::start(Platform::Webhook, faults(4)).await,
        }
    }

    fn configuration(&self) -> String {
        destination("connectif", &self.connectif)
            + &destination("klaviyo", &self.klaviyo)
            + &destination("egoi", &self.egoi)
            + &destination("webhook", &self.webhook)
    }

    /// Everything arrived at each of them, once.
    fn check(&self, purchases: usize) {
        let once = |stand_in: &StandIn, keys: Vec<String>| {
            assert_eq!(stand_in.broken(), Vec::<String>::new());
            let mut expected: Vec<_> = keys.into_iter().map(|key| (key, 1)).collect();
            expected.sort();
            assert_eq!(stand_in.counts().into_iter().collect::<Vec<_>>(), expected);
        };
        let ids = || (0..purchases).map(|number| format!("P{number}"));
        once(&self.connectif, ids().collect());
        once(&self.egoi, ids().collect());
        once(&self.webhook, ids().map(|id| format!("demo:{id}:placed")).collect());
        let buyer = "ann@shop.example";
        let events = ids().flat_map(|id| {
            [
                format!("Placed Order {id} {buyer}"),
                format!("Ordered Product {id}_1 {buyer}"),
                format!("Ordered Product {id}_2 {buyer}"),
            ]
        });
        once(&self.klaviyo, events.collect());
    }
}

/// Purchases come, destinations fail, and collectors are killed in the middle of everything.
async fn journey(setup: Setup, platforms: AllFour, collectors: usize, seed: u64) {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut running: Vec<Collector> = (0..collectors).map(|_| setup.start()).collect();
    let mut kills = 0;
    for number in 0..PURCHASES {
        let id = format!("P{number}");
        let which = random.usize(0..collectors);
        assert!(
            running[which].post(&purchase(&id, json!({}))).await,
            "{id} is acknowledged"
        );
        // A repeat changes nothing.
        if random.bool() {
            running[random.usize(0..collectors)]
                .post(&purchase(&id, json!({})))
                .await;
        }
        if kills < KILLS && random.usize(0..PURCHASES) < 2 * KILLS {
            tokio::time::sleep(Duration::from_millis(random.u64(0..150))).await;
            kills += 1;
            running.swap_remove(random.usize(0..collectors)).kill();
            running.push(setup.start());
        }
    }
    setup.until_done(PURCHASES).await;
    platforms.check(PURCHASES);
    for number in 0..PURCHASES {
        for (name, state) in [
            ("connectif", "verified"),
            ("klaviyo", "delivered"),
            ("egoi", "delivered"),
            ("webhook", "delivered"),
        ] {
            let pass = setup.pass(&format!("P{number}"), name).await.expect("it is there");
            assert_eq!(pass.state, state, "{pass:?}");
            assert!(!format!("{pass:?}").contains('@'), "{pass:?}");
        }
    }
    for collector in running {
        collector.stop();
    }
    if let Some(contract) = Contract::start().await {
        let requests = std::mem::take(&mut platforms.klaviyo.known.lock().expect("no panic").requests);
        assert!(requests.len() >= 3 * PURCHASES);
        for request in requests {
            assert_eq!(contract.status(&request).await, 202, "{:?}", request.body);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_purchase_arrives_once_from_a_file() {
    let seed = seed();
    let platforms = AllFour::start(|number| Faults::random(seed ^ number)).await;
    let setup = Setup::on_file(&platforms.configuration()).await;
    journey(setup, platforms, 1, seed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_purchase_arrives_once_from_two_collectors_beside_one_server() {
    let seed = seed();
    let platforms = AllFour::start(|number| Faults::random(seed ^ number)).await;
    let setup = Setup::on_server(&platforms.configuration()).await;
    journey(setup, platforms, 2, seed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_tells_what_happened_and_what_to_do() {
    let platforms = AllFour::start(|_| Faults::none()).await;
    platforms.connectif.known.lock().expect("no panic").unknown_products = vec!["X".to_owned()];
    let setup = Setup::on_file(&platforms.configuration()).await;
    let collector = setup.start();
    // The contact is unknown: it is created, and the purchase is verified.
    collector.post(&purchase("P0", json!({}))).await;
    let pass = setup.until("P0", "connectif", "verified").await;
    let outcomes: Vec<_> = pass.attempts.iter().map(|attempt| attempt.outcome.as_str()).collect();
    assert_eq!(outcomes, ["delivered", "verified"]);
    assert_eq!(
        platforms.connectif.arrivals().len(),
        4,
        "refused, contact, delivered, verified"
    );

    // Unknown products are the merchant's to import; then it is passed on again.
    let mut unknown = purchase("P1", json!({}));
    unknown["data"]["product_basket_item"][0]["product_id"] = json!("X");
    collector.post(&unknown).await;
    let pass = setup.until("P1", "connectif", "dead").await;
    let last = pass.attempts.last().expect("an attempt");
    assert_eq!(
        (last.outcome.as_str(), last.status, last.advice.as_deref()),
        ("refused", Some(400), Some("products-unknown"))
    );
    assert!(
        last.text.contains("E0102") && last.text.contains("[e-mail]"),
        "{}",
        last.text
    );
    let health = setup
        .store
        .destinations_health(Some("demo"), now_ms())
        .await
        .expect("the database answers");
    let connectif = health
        .iter()
        .find(|one| one.destination == "connectif")
        .expect("it is known");
    assert_eq!(
        (connectif.dead, connectif.delivered_24h, connectif.circuit),
        (1, 1, CircuitState::Closed)
    );
    let error = connectif.last_error.as_ref().expect("an error");
    assert_eq!(
        (error.status, error.advice.as_deref()),
        (Some(400), Some("products-unknown"))
    );
    platforms
        .connectif
        .known
        .lock()
        .expect("no panic")
        .unknown_products
        .clear();
    assert_eq!(
        setup.replay(&["--site", "demo", "--destination", "connectif"]),
        "1 to be passed on again"
    );
    setup.until("P1", "connectif", "verified").await;
    assert_eq!(
        setup.replay(&["--site", "demo", "--destination", "connectif"]),
        "0 to be passed on again"
    );

    // A guest is reported, and nothing is sent.
    let before = platforms.klaviyo.arrivals().len();
    let mut guest = purchase("P2", json!({}));
    guest["config"] = json!({});
    collector.post(&guest).await;
    let pass = setup.until("P2", "klaviyo", "not-sent").await;
    assert_eq!(pass.attempts[0].advice.as_deref(), Some("no-contact"));
    setup.until("P2", "webhook", "delivered").await;
    assert!(
        platforms.klaviyo.arrivals().len() - before <= 3,
        "only what P1 had left"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_are_told_when_they_count_and_when_they_are_canceled() {
    let platforms = AllFour::start(|_| Faults::none()).await;
    let setup = Setup::on_server(&platforms.configuration()).await;
    let collector = setup.start();
    let began = now_ms();
    let said = async |status: &str| {
        let mut message = purchase(
            "P0",
            json!({"order_status": status, "purchase_date": "2025-11-21T22:49:53Z"}),
        );
        message["config"]["platform"] = json!("woocommerce");
        assert!(collector.post(&message).await);
    };
    said("pending").await;
    assert!(
        setup
            .store
            .passes_of("demo", "P0")
            .await
            .expect("it answers")
            .is_empty()
    );
    for (status, state) in [
        ("processing", "pending"),
        ("completed", "completed"),
        ("cancelled", "canceled"),
    ] {
        said(status).await;
        setup.until_done(1).await;
        let known = platforms.egoi.known.lock().expect("no panic");
        assert_eq!(known.taken["P0"][0]["order_status"], state, "{status}");
    }
    let events: Vec<_> = platforms.webhook.counts().into_keys().collect();
    assert_eq!(events, ["demo:P0:canceled", "demo:P0:completed", "demo:P0:placed"]);
    let klaviyo: Vec<_> = platforms.klaviyo.counts().into_keys().collect();
    assert_eq!(
        (klaviyo.len(), klaviyo[0].as_str()),
        (4, "Cancelled Order P0 ann@shop.example")
    );
    let known = platforms.klaviyo.known.lock().expect("no panic");
    let time = |metric: &str| {
        let taken = &known.taken[&format!("{metric} P0 ann@shop.example")][0];
        let time = taken["data"]["attributes"]["time"].as_str().expect("a time");
        time.parse::<jiff::Timestamp>().expect("an instant").as_millisecond()
    };
    // The order is of 2025, its cancellation of now.
    assert_eq!(time("Placed Order"), 1_763_765_393_000);
    assert!((began..=now_ms()).contains(&time("Cancelled Order")));
    drop(known);
    assert_eq!(platforms.connectif.counts().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_destination_that_asks_to_be_left_alone_is() {
    let webhook = StandIn::start(
        Platform::Webhook,
        Faults::these(&[Fault::Throttle { seconds: 2 }], Fault::None),
    )
    .await;
    let setup = Setup::on_file(&destination("webhook", &webhook)).await;
    let collector = setup.start();
    collector.post(&purchase("P0", json!({}))).await;
    setup.until("P0", "webhook", "waiting").await;
    while webhook.arrivals().is_empty()
        || setup
            .pass("P0", "webhook")
            .await
            .is_none_or(|pass| pass.attempts[0].finished_at.is_none())
    {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // Others wait as well.
    collector.post(&purchase("P1", json!({}))).await;
    setup.until("P0", "webhook", "delivered").await;
    setup.until("P1", "webhook", "delivered").await;
    let arrivals = webhook.arrivals();
    assert_eq!(arrivals.len(), 3);
    let pause = arrivals[1] - arrivals[0];
    assert!(pause >= Duration::from_millis(1_950), "{pause:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_circuit_spares_a_destination_that_is_ill_and_delivers_when_it_is_well() {
    const WAITING: usize = 40;
    let webhook = StandIn::start(Platform::Webhook, Faults::these(&[], Fault::Status(500))).await;
    let setup = Setup::on_file(&destination("webhook", &webhook)).await;
    let collector = setup.start();
    for number in 0..WAITING {
        collector.post(&purchase(&format!("P{number}"), json!({}))).await;
    }
    let health = async || {
        let health = setup
            .store
            .destinations_health(None, now_ms())
            .await
            .expect("the database answers");
        health.into_iter().next().expect("it is known")
    };
    let end = Instant::now() + Duration::from_secs(30);
    while health().await.circuit == CircuitState::Closed {
        assert!(Instant::now() < end, "the circuit opens");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let before = webhook.arrivals().len();
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    // At most eight were under way; then one probe each 50 ms or more, first, and each 150 ms or more later.
    let while_open = webhook.arrivals().len() - before;
    assert!((1..=8 + 15).contains(&while_open), "{while_open}");
    let ill = health().await;
    assert_eq!((ill.waiting, ill.dead), (i64::try_from(WAITING).unwrap_or_default(), 0));
    webhook.set_faults(Faults::none());
    setup.until_done(WAITING).await;
    assert_eq!(webhook.counts().len(), WAITING);
    let well = health().await;
    assert_eq!(
        (well.waiting, well.delivered_24h, well.circuit),
        (0, i64::try_from(WAITING).unwrap_or_default(), CircuitState::Closed)
    );
}
