//! What an operator relies on: limits for one client, figures, names of requests, probes.

mod world;

use std::{
    convert::Infallible,
    time::{Duration, Instant},
};

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use purchase_collector::{
    courier,
    passing::{Routes, client::Client, config},
    store::{StoreError, Work, Writing, sql},
};
use serde_json::{Value, json};
use tokio::sync::watch;
use world::{TOKEN, World, envelope, get, post, report};

/// What a site with the rate 1 may send at once: ten seconds' worth.
const SITE_BURST: usize = 10;

const SITE: [&str; 2] = ["--site", "demo=https://shop.example"];

const SECRET: [&str; 2] = ["--server-secret", "demo=0123456789abcdef-demo"];

/// A purchase as the shop's server tells it.
fn from_server(purchase_id: &str) -> Request<Body> {
    let body = json!({ "site": "demo", "purchase_id": purchase_id, "total_quantity": 1, "total_price": "5" });
    let request = Request::post("/v1/purchases")
        .header("content-type", "application/json")
        .header("authorization", "Bearer 0123456789abcdef-demo");
    request
        .body(Body::from(body.to_string()))
        .expect("the request is well-formed")
}

fn from_client(address: &str, body: String) -> Request<Body> {
    let mut request = post(body);
    let value = address.parse().expect("a header's value");
    request.headers_mut().insert("x-forwarded-for", value);
    request
}

#[tokio::test]
async fn one_client_is_told_to_wait_and_the_others_are_served() {
    let world = World::new(&["--address-rate", "1", "--proxy-header", "x-forwarded-for"]).await;
    let mut statuses = Vec::new();
    for number in 0..12 {
        let request = from_client("192.0.2.1", envelope(&format!("r{number}"), "10023", "10.00"));
        statuses.push(world.send(request).await);
    }
    assert_eq!(statuses[0].status, StatusCode::CREATED);
    let last = &statuses[11];
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS, "{statuses:?}");
    assert!(
        last.header("retry-after")
            .parse::<u64>()
            .is_ok_and(|seconds| seconds > 0)
    );
    assert!(last.json()["receipt"].is_null(), "only a receipt may erase a record");
    let other = from_client("192.0.2.2", envelope("r99", "10023", "10.00"));
    assert_eq!(world.send(other).await.status, StatusCode::OK);
}

#[tokio::test]
async fn without_a_proxy_header_nobody_may_invent_an_address() {
    let world = World::new(&["--address-rate", "1"]).await;
    for number in 0..12 {
        let request = from_client("192.0.2.1", envelope(&format!("r{number}"), "10023", "10.00"));
        assert!(world.send(request).await.status.is_success());
    }
}

#[tokio::test]
async fn one_site_cannot_use_up_the_others_share() {
    let world = World::new(&[
        "--site-rate",
        "1",
        SITE[0],
        SITE[1],
        "--site",
        "other=https://other.example",
    ])
    .await;
    let mut statuses = Vec::new();
    for number in 0..12 {
        let answer = world.post(envelope(&format!("r{number}"), "10023", "10.00")).await;
        statuses.push(answer.status);
    }
    assert_eq!(statuses[0], StatusCode::CREATED);
    assert_eq!(statuses[11], StatusCode::TOO_MANY_REQUESTS, "{statuses:?}");
    let other = envelope("r1", "10023", "10.00").replace("\"demo\"", "\"other\"");
    assert_eq!(world.post(other).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn whatever_a_site_sends_counts_and_nothing_beyond_the_limit_is_kept() {
    for message in ["envelope", "report", "server"] {
        let world = World::new(&[&["--site-rate", "1"], &SITE[..], &SECRET].concat()).await;
        let mut taken = 0;
        loop {
            let request = match message {
                "envelope" => post(envelope("r", "1", "10.00")),
                "report" => post(report("r", &json!({}))),
                _ => from_server("1"),
            };
            let answer = world.send(request).await;
            if answer.status == StatusCode::TOO_MANY_REQUESTS {
                break;
            }
            assert!(answer.status.is_success(), "{message}: {answer:?}");
            taken += 1;
            // A slow machine may earn some places meanwhile.
            assert!(taken < 5 * SITE_BURST, "{message}: nothing is refused");
        }
        assert!(taken >= SITE_BURST, "{message}: refused after {taken}");
        if message != "report" {
            let history = world.read("/v1/purchases/demo/1").await;
            assert_eq!(history["deliveries_total"], taken, "{message}");
        }
    }
}

#[tokio::test]
async fn a_client_that_sent_too_much_hides_no_probe_and_no_figure() {
    let world = World::new(&["--address-rate", "1", "--proxy-header", "x-forwarded-for"]).await;
    let ask = |path: &str| {
        let bearer = format!("Bearer {TOKEN}");
        world.send(get(
            path,
            &[("authorization", &bearer), ("x-forwarded-for", "192.0.2.1")],
        ))
    };
    let mut last = StatusCode::OK;
    for _ in 0..12 {
        last = ask("/v1/health/ready").await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(ask("/v1/health/live").await.status, StatusCode::OK);
    let answer = ask("/metrics").await;
    assert_eq!(answer.status, StatusCode::OK);
    let text = String::from_utf8(answer.body).expect("text");
    let refused = r#"purchase_collector_requests_total{route="/v1/health/ready",method="GET",status="429"} "#;
    assert!(text.contains(refused), "{text}");
}

#[tokio::test]
async fn figures_tell_what_arrived_and_only_to_who_has_the_token() {
    let world = World::new(&[&SITE[..], &SECRET].concat()).await;
    world.post(envelope("r1", "10023", "10.00")).await;
    world.post(envelope("r2", "10023", "10.00")).await;
    world.post(envelope("r3", "10024", "ten")).await;
    world.post(report("r4", &json!({}))).await;
    world.send(get("/v1/no/such/path", &[])).await;
    world.send(from_server("10026")).await;
    world.read("/v1/purchases/demo/10023").await;
    let captured_at = purchase_collector::clock::now_ms() - 2_000;
    let fresh = envelope("r5", "10025", "10.00").replace("1763765393000", &captured_at.to_string());
    world.post(fresh).await;
    assert_eq!(world.send(get("/metrics", &[])).await.status, StatusCode::UNAUTHORIZED);
    let text = figures(&world).await;
    for line in [
        r#"purchase_collector_messages_total{site="demo",source="markup",outcome="accepted"} 2"#,
        r#"purchase_collector_messages_total{site="demo",source="markup",outcome="duplicate"} 1"#,
        r#"purchase_collector_messages_total{site="demo",source="checkout",outcome="accepted"} 1"#,
        r#"purchase_collector_messages_total{site="demo",source="server",outcome="accepted"} 1"#,
        r#"purchase_collector_messages_total{site="demo",source="markup",outcome="refused"} 1"#,
        r#"purchase_collector_requests_total{route="/v1/purchases",method="POST",status="201"} 4"#,
        r#"purchase_collector_requests_total{route="/v1/purchases/{site}/{purchase_id}",method="GET",status="200"} 1"#,
        // Of purchases that a page told: one waited two seconds, the other one was captured long ago.
        r#"purchase_collector_delivery_seconds_bucket{le="1.0",site="demo"} 0"#,
        r#"purchase_collector_delivery_seconds_bucket{le="30.0",site="demo"} 1"#,
        r#"purchase_collector_delivery_seconds_count{site="demo"} 2"#,
        "purchase_collector_requests_running 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is missing in\n{text}");
    }
    assert!(!text.contains("/v1/no/such/path"), "nobody outside may name a series");
}

#[tokio::test]
async fn figures_tell_what_waits_for_whom_and_what_became_of_it() {
    let mut world = World::new(&SITE).await;
    let file = world.folder.path().join("destinations.toml");
    std::fs::write(world.folder.path().join("key"), "0123456789abcdef").expect("the key is written");
    // Nobody listens at port 1. One failure opens the circuit, and the second attempt comes too late for this test.
    let text = "[delivery]\ncircuit_failures = 1\nretry_ms_min = 3600000\n\n[[destination]]\nsite = \"demo\"\nkind = \"webhook\"\n\
                name = \"erp\"\nurl = \"http://127.0.0.1:1/\"\nkey_file = \"KEY\"\n";
    let key = world.folder.path().join("key").display().to_string();
    std::fs::write(&file, text.replace("KEY", &key)).expect("the configuration is written");
    let config = config::load(&file).expect("the configuration is right");
    let routes = Routes::new(config.destinations);
    world.store = world.store.with_routes(routes.clone());
    world.router = world::router(&world.store, &world::serve_options(&SITE));
    world.post(envelope("r1", "10023", "10.00")).await;

    let of_erp = |name: &str| format!("purchase_collector_{name}{{site=\"demo\",destination=\"erp\"}}");
    let before = figures(&world).await;
    for (name, value) in [("passes_waiting", 1), ("passes_dead", 0), ("circuit_open", 0)] {
        assert_has(&before, &format!("{} {value}", of_erp(name)));
    }
    assert_has(&before, "purchase_collector_database_up 1");
    assert_has(&before, "purchase_collector_store_failures_total 0");
    assert_has(&before, "purchase_collector_store_group_size_count 1");
    assert_has(&before, "purchase_collector_store_group_size_sum 1.0");
    assert!(
        before.ends_with("# EOF\n") && before.matches("# EOF").count() == 1,
        "{before}"
    );

    let client = Client::new(1_000).expect("a client");
    let (stop, stopped) = watch::channel(false);
    let courier = tokio::spawn(courier::run(
        world.store.clone(),
        routes,
        client,
        config.delivery,
        stopped,
    ));
    let is_open = format!("{} 1", of_erp("circuit_open"));
    let started = Instant::now();
    let mut after = before;
    while !after.lines().any(|line| line == is_open) {
        assert!(started.elapsed() < Duration::from_secs(20), "nothing is tried: {after}");
        tokio::task::yield_now().await;
        after = figures(&world).await;
    }
    stop.send(true).expect("the courier runs");
    courier.await.expect("no panic");
    assert_has(&after, &format!("{} 1", of_erp("passes_waiting")));
    assert_has(
        &after,
        r#"purchase_collector_pass_attempts_total{site="demo",destination="erp",outcome="retry"} 1"#,
    );
    // What may have arrived and is asked for waits, too.
    world.store.write(Becomes("verifying")).await.expect("it is changed");
    assert_has(&figures(&world).await, &format!("{} 1", of_erp("passes_waiting")));
    // Given up, as on its seventh day.
    world.store.write(Becomes("dead")).await.expect("it is changed");
    assert_has(&figures(&world).await, &format!("{} 1", of_erp("passes_dead")));
    assert_has(&figures(&world).await, &format!("{} 0", of_erp("passes_waiting")));

    world.store.close().await;
    world.post(envelope("r2", "10024", "10.00")).await;
    let closed = figures(&world).await;
    assert_has(&closed, "purchase_collector_database_up 0");
    assert!(!closed.contains("purchase_collector_passes_waiting"), "{closed}");
    assert!(
        !closed.contains("purchase_collector_store_failures_total 0"),
        "{closed}"
    );
}

/// The state that the one entry of the queue gets.
struct Becomes(&'static str);

impl Work for Becomes {
    type Output = ();

    async fn run(&self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        writing
            .execute(sql("UPDATE passes SET state = $1").bind(self.0))
            .await
            .map(drop)
    }
}

#[tokio::test]
async fn a_client_that_leaves_is_not_counted_as_running_for_ever() {
    let world = World::new(&SITE).await;
    let endless = Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, Infallible>>());
    let request = tokio::spawn(world::send(world.router.clone(), post(endless)));
    let running = |text: &str, count: u32| text.contains(&format!("purchase_collector_requests_running {count}\n"));
    // The other one is the request for the figures itself.
    while !running(&figures(&world).await, 2) {
        tokio::task::yield_now().await;
    }
    request.abort();
    assert!(request.await.expect_err("it has no end").is_cancelled());
    let text = figures(&world).await;
    assert!(running(&text, 1), "{text}");
}

async fn figures(world: &World) -> String {
    let bearer = format!("Bearer {TOKEN}");
    let answer = world.send(get("/metrics", &[("authorization", &bearer)])).await;
    assert_eq!(answer.status, StatusCode::OK);
    String::from_utf8(answer.body).expect("text")
}

#[track_caller]
fn assert_has(text: &str, line: &str) {
    assert!(text.lines().any(|found| found == line), "{line} is missing in\n{text}");
}

#[tokio::test]
async fn a_site_that_nobody_configured_names_no_series() {
    let world = World::new(&[]).await;
    world.post(envelope("r1", "10023", "10.00")).await;
    let text = figures(&world).await;
    assert!(text.contains(r#"purchase_collector_messages_total{site="","#), "{text}");
}

#[tokio::test]
async fn every_answer_names_its_request() {
    let world = World::new(&SITE).await;
    let given = world
        .send(get("/v1/health", &[("x-request-id", "from-the-proxy.1")]))
        .await;
    assert_eq!(given.header("x-request-id"), "from-the-proxy.1");
    let too_long = "x".repeat(65);
    for wrong in ["", "two words", "a\"b", too_long.as_str()] {
        let answer = world.send(get("/no/such/path", &[("x-request-id", wrong)])).await;
        let name = answer.header("x-request-id");
        assert!(name.len() == 32 && name != wrong, "{wrong:?} became {name:?}");
    }
}

#[tokio::test]
async fn probes_tell_the_process_from_its_database() {
    let world = World::new(&SITE).await;
    let status = |path| {
        let sent = world.send(get(path, &[]));
        async { sent.await.status }
    };
    assert_eq!(status("/v1/health/ready").await, StatusCode::OK);
    world.store.close().await;
    assert_eq!(status("/v1/health/ready").await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(status("/v1/health/live").await, StatusCode::OK);
    let answer: Value = world.send(get("/v1/health/live", &[])).await.json();
    assert_eq!(answer["status"], "ok");
}
