//! What was stored before a destination was configured, passed on by `replay --since`: looked at where it arrives.

use std::sync::Arc;

use jiff::Timestamp;
use purchase_collector::{
    clock::now_ms,
    judge::judge,
    store::{Delivery, TEST_SOURCE},
};
use purchase_core::wire::Envelope;
use serde_json::{Value, json};

use crate::{
    process::{Setup, destination, purchase},
    standins::{Faults, Platform, StandIn},
};

const HOUR_MS: i64 = 3_600_000;

/// An instant so long ago, as shops print it.
fn ago(hours: i64) -> String {
    let at = Timestamp::from_millisecond(now_ms() - hours * HOUR_MS).expect("a time");
    at.to_string()
}

/// `replay` of what was received since this date, for this destination.
fn earlier(setup: &Setup, destination: &str, dates: &[&str]) -> String {
    let file = setup.file().display().to_string();
    let common = ["--site", "demo", "--destination", destination, "--destinations", &file];
    setup.replay(&[&common, dates].concat())
}

/// A purchase that the console made as a test.
async fn test_purchase(setup: &Setup) {
    let text = purchase("TEST", json!({})).to_string();
    let envelope = Envelope::read(&text).expect("an envelope");
    let judgement = judge(envelope.sole_purchase(), &envelope.config, None);
    let delivery = Delivery {
        site: "demo".to_owned(),
        record_id: envelope.id.clone(),
        source: TEST_SOURCE,
        captured_at: now_ms(),
        page: None,
        gateway: None,
        text: text.clone(),
        sent_at: None,
        attempt: None,
    };
    setup
        .store
        .keep(Arc::new(delivery), judgement, purchase_collector::proof::Proof::None)
        .await
        .expect("kept");
}

/// What Klaviyo took: metric, unique id, whether flows were left alone; by metric and id.
fn events(klaviyo: &StandIn) -> Vec<(String, String, bool)> {
    let known = klaviyo.known.lock().expect("no panic");
    let event = |body: &Value| {
        let attributes = &body["data"]["attributes"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (
            text(&attributes["metric"]["data"]["attributes"]["name"]),
            text(&attributes["unique_id"]),
            attributes["backfill"].as_bool().expect("it is said"),
        )
    };
    let mut events: Vec<_> = known.taken.values().flatten().map(event).collect();
    events.sort();
    events
}

async fn story(setup: Setup, klaviyo: &StandIn, webhook: &StandIn) {
    let only_webhook = destination("webhook", webhook);
    setup.configure(&only_webhook);
    let collector = setup.start();
    let dated = |id: &str, hours: i64, status: Option<&str>| {
        let mut more = json!({ "purchase_date": ago(hours) });
        if let Some(status) = status {
            more["order_status"] = json!(status);
        }
        purchase(id, more)
    };
    for body in [
        dated("OLD", 24 * 40, None),
        dated("RECENT", 1, None),
        dated("GONE", 24 * 50, None),
        dated("GONE", 24 * 50, Some("canceled")),
        // Never counted as an order.
        dated("OPEN", 24 * 50, Some("pending")),
        dated("NEVER", 24 * 50, Some("canceled")),
    ] {
        assert!(collector.post(&body).await, "{body}");
    }
    let refused = purchase("BAD", json!({ "total_price": "free" }));
    assert!(!collector.post(&refused).await);
    test_purchase(&setup).await;
    for id in ["OLD", "RECENT", "GONE"] {
        setup.until(id, "webhook", "delivered").await;
    }
    collector.stop();

    setup.configure(&(only_webhook + &destination("klaviyo", klaviyo)));
    let collector = setup.start();
    assert!(collector.post(&dated("NEW", 0, None)).await);
    setup.until("NEW", "klaviyo", "delivered").await;
    let new = |metric: &str, id: &str| (metric.to_owned(), id.to_owned(), false);
    let of_new = [
        new("Ordered Product", "NEW_1"),
        new("Ordered Product", "NEW_2"),
        new("Placed Order", "NEW"),
    ];
    assert_eq!(events(klaviyo), of_new);

    // Nothing of another time, and what is said is what was done.
    let before = ["--since", "2001-01-01", "--until", "2001-12-31"];
    assert_eq!(earlier(&setup, "klaviyo", &before), "0 to be passed on, of 0 purchases");
    let all = ["--since", "2001-01-01"];
    assert_eq!(earlier(&setup, "klaviyo", &all), "3 to be passed on, of 7 purchases");
    for id in ["OLD", "RECENT", "GONE"] {
        setup.until(id, "klaviyo", "delivered").await;
    }
    setup.until_event("GONE", "klaviyo", "canceled", "delivered").await;
    let event = |metric: &str, id: &str, is_late: bool| (metric.to_owned(), id.to_owned(), is_late);
    let mut expected = of_new.to_vec();
    // The order is old, and was canceled just now.
    expected.push(event("Cancelled Order", "GONE", false));
    for (id, is_late) in [("OLD", true), ("RECENT", false), ("GONE", true)] {
        expected.push(event("Placed Order", id, is_late));
        for line in ["_1", "_2"] {
            expected.push(event("Ordered Product", &format!("{id}{line}"), is_late));
        }
    }
    expected.sort();
    assert_eq!(events(klaviyo), expected);
    assert_eq!(klaviyo.broken(), Vec::<String>::new());

    // A second time there is nothing, neither here nor where everything has arrived before.
    for name in ["klaviyo", "webhook"] {
        assert_eq!(earlier(&setup, name, &all), "0 to be passed on, of 7 purchases");
    }
    assert_eq!(events(klaviyo), expected);
    collector.stop();
}

async fn platforms() -> (StandIn, StandIn) {
    (
        StandIn::start(Platform::Klaviyo, Faults::none()).await,
        StandIn::start(Platform::Webhook, Faults::none()).await,
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_destination_gets_what_was_stored_before_from_a_file() {
    let (klaviyo, webhook) = platforms().await;
    story(Setup::on_file("").await, &klaviyo, &webhook).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_destination_gets_what_was_stored_before_from_a_server() {
    let (klaviyo, webhook) = platforms().await;
    story(Setup::on_server("").await, &klaviyo, &webhook).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_destination_that_nobody_configured_is_said_and_gets_nothing() {
    let webhook = StandIn::start(Platform::Webhook, Faults::none()).await;
    let setup = Setup::on_file(&destination("webhook", &webhook)).await;
    test_purchase(&setup).await;
    let file = setup.file().display().to_string();
    for (arguments, part) in [
        (
            [
                "--destination",
                "webhok",
                "--destinations",
                &file,
                "--since",
                "2001-01-01",
            ]
            .as_slice(),
            "no destination webhok",
        ),
        (
            &["--destination", "webhook", "--since", "2001-01-01"],
            "--destinations <FILE>",
        ),
        (
            &[
                "--destination",
                "webhook",
                "--since",
                "last week",
                "--destinations",
                &file,
            ],
            "write a day as",
        ),
        (
            &[
                "--destination",
                "webhook",
                "--since",
                "2001-01-01",
                "--purchase",
                "1",
                "--destinations",
                &file,
            ],
            "cannot be used with",
        ),
    ] {
        let said = setup.replay_fails(&[&["--site", "demo"], arguments].concat());
        assert!(said.contains(part), "{said}");
    }
}
