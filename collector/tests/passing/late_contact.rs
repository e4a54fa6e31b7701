//! A buyer who becomes known after the purchase: what was not sent for want of the address is sent then.

use purchase_collector::{
    passing::circuit::CircuitLimits,
    store::{Finished, Health, StoreError, Take, Work, Writing, sql},
};
use serde_json::{Value, json};

use crate::{
    process::{Setup, destination, purchase},
    standins::{Faults, Platform, StandIn},
};

/// The message of a page that does not tell the buyer.
fn guest() -> Value {
    let mut message = purchase("P0", json!({}));
    message["config"] = json!({});
    message
}

async fn is_sent_with_its_contact(setup: impl AsyncFnOnce(&str) -> Setup) {
    let connectif = StandIn::start(Platform::Connectif, Faults::none()).await;
    let klaviyo = StandIn::start(Platform::Klaviyo, Faults::none()).await;
    let egoi = StandIn::start(Platform::Egoi, Faults::none()).await;
    let setup = setup(
        &(destination("connectif", &connectif) + &destination("klaviyo", &klaviyo) + &destination("egoi", &egoi)),
    )
    .await;
    let collector = setup.start();
    assert!(collector.post(&guest()).await);
    for name in ["connectif", "klaviyo", "egoi"] {
        setup.until("P0", name, "not-sent").await;
    }
    assert!(connectif.arrivals().is_empty() && klaviyo.arrivals().is_empty() && egoi.arrivals().is_empty());
    // Again without a buyer nothing changes; with one it is sent.
    assert!(collector.post(&guest()).await);
    assert!(collector.post(&purchase("P0", json!({}))).await);
    for (name, state) in [
        ("connectif", "verified"),
        ("klaviyo", "delivered"),
        ("egoi", "delivered"),
    ] {
        let pass = setup.until("P0", name, state).await;
        assert_eq!(pass.attempts[0].outcome, "not-sent");
        assert_eq!(pass.attempts[1].outcome, "delivered");
    }
    assert_eq!((connectif.counts()["P0"], egoi.counts()["P0"]), (1, 1));
    assert_eq!(klaviyo.counts().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_sends_what_gained_its_contact() {
    is_sent_with_its_contact(Setup::on_file).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_sends_what_gained_its_contact() {
    is_sent_with_its_contact(Setup::on_server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_takes_the_place_of_its_own_hash() {
    let egoi = StandIn::start(Platform::Egoi, Faults::none()).await;
    let setup = Setup::on_file(&destination("egoi", &egoi)).await;
    let collector = setup.start();
    let mut hashed = purchase("P0", json!({}));
    hashed["config"] = json!({"contact": "sha256"});
    assert!(collector.post(&hashed).await);
    let pass = setup.until("P0", "egoi", "not-sent").await;
    assert_eq!(pass.attempts[0].advice.as_deref(), Some("hashed-contact"));
    // Another buyer's address is not this one's.
    assert!(
        collector
            .post(&purchase("P0", json!({"email": "bob@shop.example"})))
            .await
    );
    assert_eq!(setup.pass("P0", "egoi").await.expect("it is there").state, "not-sent");
    assert!(collector.post(&purchase("P0", json!({}))).await);
    setup.until("P0", "egoi", "delivered").await;
    assert_eq!(egoi.counts()["P0"], 1);
}

/// An entry for a destination that no collector has, so that the test holds it.
struct Entry;

impl Work for Entry {
    type Output = ();

    async fn run(&self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        let insert = "INSERT INTO passes (site, purchase_id, destination, event, state, created_at, since, due_at, claims, \
                      failures, progress, maybe_sent, attempts) \
                      VALUES ('demo', 'P0', 'held', 'placed', 'waiting', 0, 0, 0, 0, 0, 0, FALSE, 0)";
        writing.execute(sql(insert)).await.map(drop)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_that_comes_during_the_attempt_is_not_missed() {
    for setup in [Setup::on_file("").await, Setup::on_server("").await] {
        let collector = setup.start();
        assert!(collector.post(&guest()).await);
        setup.store.write(Entry).await.expect("it is made");
        let Take::Entries(mut taken) = setup
            .store
            .take("demo", "held", 10, 1_000, 1)
            .await
            .expect("it answers")
        else {
            panic!("it is due");
        };
        let claimed = taken.remove(0);
        assert!(collector.post(&purchase("P0", json!({}))).await);
        let not_sent = Finished {
            key: claimed.key,
            claims: claimed.claims,
            number: claimed.number,
            at: 50,
            state: "not-sent",
            due_at: None,
            failures: 0,
            progress: None,
            maybe_sent: false,
            asked: None,
            unseen: 0,
            outcome: "not-sent",
            status: None,
            text: String::new(),
            advice: Some("no-contact"),
            health: Health {
                well: None,
                limits: CircuitLimits {
                    failures: 3,
                    open_ms: 1,
                    open_ms_max: 1,
                },
                was_probe: false,
                not_before: None,
                random: 0.5,
            },
        };
        assert!(setup.store.finish(not_sent).await.expect("it answers"));
        let pass = setup.pass("P0", "held").await.expect("it is there");
        assert_eq!((pass.state.as_str(), pass.due_at), ("waiting", Some(50)));
    }
}
