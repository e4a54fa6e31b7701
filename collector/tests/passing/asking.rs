//! A platform that does not tell repeats apart is asked for long before anything is sent to it again.

use std::time::Duration;

use purchase_collector::{
    passing::asking::{ASKED_MAX, UNSEEN_MAX},
    store::{StoreError, Work, Writing, sql},
};
use serde_json::json;

use crate::{
    process::{Setup, destination, purchase},
    standins::{Fault, Faults, Platform, Shows, StandIn},
};

async fn connectif(shows: Shows) -> StandIn {
    let connectif = StandIn::start(Platform::Connectif, Faults::none()).await;
    let mut known = connectif.known.lock().expect("no panic");
    known.shows = shows;
    // Its contact is known, so that the first request of all is the purchase.
    known.contacts.push("ann@shop.example".to_owned());
    drop(known);
    connectif
}

fn outcomes(pass: &purchase_collector::store::Pass) -> Vec<&str> {
    pass.attempts.iter().map(|attempt| attempt.outcome.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shown_late_is_sent_once() {
    let connectif = connectif(Shows::Late { vain: 6 }).await;
    let setup = Setup::on_file(&destination("connectif", &connectif)).await;
    let collector = setup.start();
    collector.post(&purchase("P0", json!({}))).await;
    let pass = setup.until("P0", "connectif", "verified").await;
    assert_eq!(connectif.counts()["P0"], 1, "{pass:?}");
    let mut expected = vec!["delivered"];
    expected.extend(["missing"; 6]);
    expected.push("verified");
    assert_eq!(outcomes(&pass), expected);
    let arrivals = connectif.arrivals();
    // The first pause is 20 ms; the last one 64 times as long.
    assert!(
        arrivals[7] - arrivals[6] >= Duration::from_millis(1_270),
        "{arrivals:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_never_shown_is_sent_a_few_times_and_given_up() {
    let connectif = connectif(Shows::Never).await;
    let setup = Setup::on_server(&destination("connectif", &connectif)).await;
    let collector = setup.start();
    collector.post(&purchase("P0", json!({}))).await;
    let pass = setup.until("P0", "connectif", "dead").await;
    assert_eq!(i64::try_from(connectif.counts()["P0"]), Ok(UNSEEN_MAX));
    let asked = outcomes(&pass).iter().filter(|outcome| **outcome == "missing").count();
    assert_eq!(i64::try_from(asked), Ok(UNSEEN_MAX * ASKED_MAX), "{pass:?}");
    let last = pass.attempts.last().expect("an attempt");
    assert_eq!(
        (last.outcome.as_str(), last.advice.as_deref()),
        ("missing", Some("never-seen"))
    );
    // Each time it was not there counts as one failure, and to be accepted in between ends none: the pauses grow.
    let failures = sql("SELECT failures FROM passes WHERE purchase_id = 'P0'");
    let failures: Option<(i64,)> = setup.store.first(failures).await.expect("it answers");
    assert_eq!(failures, Some((UNSEEN_MAX,)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_fails_tells_neither_that_it_is_there_nor_that_it_is_not() {
    let connectif = connectif(Shows::AtOnce).await;
    let fails = [
        Fault::None,
        Fault::Status(500),
        Fault::Status(403),
        Fault::Throttle { seconds: 0 },
    ];
    connectif.set_faults(Faults::these(&fails, Fault::None));
    let setup = Setup::on_file(&destination("connectif", &connectif)).await;
    let collector = setup.start();
    collector.post(&purchase("P0", json!({}))).await;
    let pass = setup.until("P0", "connectif", "verified").await;
    assert_eq!(outcomes(&pass), ["delivered", "retry", "retry", "retry", "verified"]);
    assert_eq!(connectif.counts()["P0"], 1, "{pass:?}");
}

/// All entries wait since 1970.
struct OfOld;

impl Work for OfOld {
    type Output = u64;

    async fn run(&self, writing: &mut Writing<'_>) -> Result<u64, StoreError> {
        writing.execute(sql("UPDATE passes SET since = 0")).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_is_delivered_even_if_nobody_could_be_asked_for_it() {
    let connectif = connectif(Shows::AtOnce).await;
    connectif.set_faults(Faults::these(&[Fault::None], Fault::Status(500)));
    let setup = Setup::on_file(&destination("connectif", &connectif)).await;
    let collector = setup.start();
    collector.post(&purchase("P0", json!({}))).await;
    setup.until("P0", "connectif", "verifying").await;
    assert_eq!(setup.store.write(OfOld).await.expect("written"), 1);
    let pass = setup.until("P0", "connectif", "delivered").await;
    assert_eq!(outcomes(&pass)[0], "delivered");
    assert_eq!(pass.attempts.last().map(|last| last.outcome.as_str()), Some("retry"));
    assert_eq!(connectif.counts()["P0"], 1, "{pass:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_answered_in_time_is_not_sent_while_it_may_be_under_way() {
    let connectif = connectif(Shows::AtOnce).await;
    // Longer than a request may take, 400 ms, and shorter than the asking.
    let late = Fault::LateEffect {
        after: Duration::from_millis(900),
    };
    connectif.set_faults(Faults::these(&[late], Fault::None));
    let setup = Setup::on_file(&destination("connectif", &connectif)).await;
    let collector = setup.start();
    collector.post(&purchase("P0", json!({}))).await;
    let pass = setup.until("P0", "connectif", "verified").await;
    assert_eq!(connectif.counts()["P0"], 1, "{pass:?}");
    assert_eq!(outcomes(&pass)[..2], ["retry", "missing"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_did_not_arrive_is_sent_again_in_the_end() {
    let connectif = connectif(Shows::AtOnce).await;
    // Each time nothing arrives; then it is asked for, and once more before it is sent again.
    let mut asked = [Fault::None; 1 + ASKED_MAX as usize].to_vec();
    asked.insert(0, Fault::Reset);
    let faults: Vec<_> = (0..UNSEEN_MAX).flat_map(|_| asked.clone()).collect();
    connectif.set_faults(Faults::these(&faults, Fault::None));
    let setup = Setup::on_file(&destination("connectif", &connectif)).await;
    let collector = setup.start();
    collector.post(&purchase("P0", json!({}))).await;
    // What was never accepted is not given up after a few times.
    let pass = setup.until("P0", "connectif", "verified").await;
    assert_eq!(connectif.counts()["P0"], 1, "{pass:?}");
    let mut expected = vec![];
    for _ in 0..UNSEEN_MAX {
        expected.push("retry");
        expected.extend(["missing"; ASKED_MAX as usize]);
    }
    expected.extend(["delivered", "verified"]);
    assert_eq!(outcomes(&pass), expected);
}
