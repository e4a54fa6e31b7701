//! What the console shows of passing on, and who may pass on again.

use axum::http::StatusCode;
use purchase_collector::{
    clock::now_ms,
    passing::{Destination, Routes, config},
    store::{Claimed, Finished, Health, Store, Take, console::Role},
};

use super::reader::{form, posted};
use crate::world::{self, World, envelope, order};

const CONFIGURATION: &str = r#"
[[destination]]
site = "demo"
name = "books"
kind = "webhook"
key_file = "KEY"
url = "https://books.example/in"
[[destination]]
site = "demo"
name = "idle"
kind = "webhook"
key_file = "KEY"
url = "https://idle.example/in"
"#;

/// A collector with two destinations, whose couriers are the tests themselves.
pub async fn passing() -> World {
    let mut world = World::new(&[]).await;
    let path = |name: &str| world.folder.path().join(name);
    std::fs::write(path("key"), "a-secret-of-the-tests").expect("written");
    let text = CONFIGURATION.replace("KEY", path("key").to_str().expect("text"));
    std::fs::write(path("destinations.toml"), text).expect("written");
    let config = config::load(&path("destinations.toml")).expect("it is right");
    let destinations: Vec<Destination> = config.destinations;
    world.store = world.store.clone().with_routes(Routes::new(destinations));
    world.router = world::router(&world.store, &world::serve_options(&[]));
    world
}

/// Takes what is due for a destination.
pub async fn take(store: &Store, destination: &str) -> Vec<Claimed> {
    match store
        .take("demo", destination, now_ms(), 60_000, 10)
        .await
        .expect("taken")
    {
        Take::Entries(entries) => entries,
        Take::Nothing(_) => vec![],
    }
}

/// The destination's answer: yes, or no for good.
async fn answer(store: &Store, claimed: Claimed, is_taken: bool) {
    assert!(store.finish(finished(claimed, is_taken)).await.expect("kept"));
}

pub fn finished(claimed: Claimed, is_taken: bool) -> Finished {
    Finished {
        key: claimed.key,
        claims: claimed.claims,
        number: claimed.number,
        at: now_ms(),
        state: if is_taken { "delivered" } else { "dead" },
        due_at: None,
        failures: 0,
        progress: None,
        maybe_sent: false,
        asked: None,
        unseen: 0,
        outcome: if is_taken { "delivered" } else { "refused" },
        status: Some(if is_taken { 200 } else { 422 }),
        text: "<b>unknown article</b>".to_owned(),
        advice: (!is_taken).then_some("refused"),
        health: Health {
            well: Some(true),
            limits: config::Delivery::default().circuit(),
            was_probe: false,
            not_before: None,
            random: 0.5,
        },
    }
}

/// Purchases "1" and "2", both refused by the destination "books".
async fn refused() -> World {
    let world = passing().await;
    for (record, id) in [("a1", "1"), ("a2", "2")] {
        world.post(envelope(record, id, "10.00")).await;
    }
    let claimed = take(&world.store, "books").await;
    assert_eq!(claimed.len(), 2);
    for claimed in claimed {
        answer(&world.store, claimed, false).await;
    }
    world
}

const ENTRY: [(&str, &str); 4] = [
    ("site", "demo"),
    ("id", "1"),
    ("destination", "books"),
    ("event", "placed"),
];

#[tokio::test]
async fn a_dead_letter_says_why_and_an_administrator_passes_it_on_again() {
    let world = refused().await;
    let ana = world.cookie_of("ana", Role::Admin).await;
    let page = world.page("/console/purchase?site=demo&id=1", &ana).await;
    for text in [
        "Passed on to books",
        "given up",
        "HTTP 422",
        "&#60;b&#62;unknown article&#60;/b&#62;",
        "The platform refuses this purchase",
        "action=\"/console/replay\"",
        "Pass on again",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let answer = world.send(form("/console/replay", &ana, &ENTRY)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = world.page(answer.header("location"), &ana).await;
    assert!(
        page.contains("on its way to the destination again") && page.contains("waits"),
        "{page}"
    );
    // A second time there is nothing to do, and what is under way stays as it is.
    let answer = world.send(form("/console/replay", &ana, &ENTRY)).await;
    assert!(
        answer.header("location").ends_with("&done=nothing-queued"),
        "{answer:?}"
    );
    let again = take(&world.store, "books").await;
    let again: Vec<_> = again
        .iter()
        .map(|one| (one.key.purchase_id.as_str(), one.number))
        .collect();
    assert_eq!(again, [("1", 2)]);
}

#[tokio::test]
async fn all_dead_letters_of_a_destination_are_passed_on_again_together() {
    let world = refused().await;
    let ana = world.cookie_of("ana", Role::Admin).await;
    let page = world.page("/console/destinations", &ana).await;
    for text in [
        "Pass on all 2 again",
        "works, some given up",
        // Configured, and never used.
        ">idle",
        "Nothing has failed yet",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let fields = [("site", "demo"), ("destination", "books")];
    let answer = world.send(form("/console/replay-dead", &ana, &fields)).await;
    assert_eq!(answer.header("location"), "/console/destinations?done=queued");
    assert_eq!(take(&world.store, "books").await.len(), 2);
    let answer = world.send(form("/console/replay-dead", &ana, &fields)).await;
    assert_eq!(answer.header("location"), "/console/destinations?done=nothing-queued");
}

#[tokio::test]
async fn only_an_administrator_on_our_own_pages_passes_on_again() {
    let world = refused().await;
    let ana = world.cookie_of("ana", Role::Admin).await;
    let eva = world.cookie_of("eva", Role::Viewer).await;
    for path in ["/console/purchase?site=demo&id=1", "/console/destinations"] {
        assert!(
            world.page(path, &ana).await.contains("action=\"/console/replay"),
            "{path}"
        );
        assert!(
            !world.page(path, &eva).await.contains("action=\"/console/replay"),
            "{path}"
        );
    }
    for path in ["/console/replay", "/console/replay-dead"] {
        assert_eq!(
            world.send(form(path, &eva, &ENTRY)).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
        for headers in [
            vec![("cookie", ana.as_str())],
            vec![("cookie", ana.as_str()), ("sec-fetch-site", "cross-site")],
            vec![
                ("cookie", ana.as_str()),
                ("origin", "https://shop.example"),
                ("host", "collector.example"),
            ],
        ] {
            let answer = world.send(posted(path, &headers, &ENTRY)).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
        }
        let answer = world.send(form(path, "", &ENTRY)).await;
        assert!(
            answer.header("location").starts_with("/console/login"),
            "{path} {answer:?}"
        );
        assert_eq!(
            world.send(form(path, &ana, &[("site", "demo")])).await.status,
            StatusCode::BAD_REQUEST
        );
    }
    assert!(take(&world.store, "books").await.is_empty());
}

#[tokio::test]
async fn what_is_not_passed_on_can_be_listed_alone() {
    let world = passing().await;
    let ana = world.cookie_of("ana", Role::Viewer).await;
    for (record, id) in [("a1", "dead"), ("a2", "waits"), ("a3", "taken")] {
        world.post(envelope(record, id, "10.00")).await;
    }
    // Not an order yet: there is nothing to pass on.
    world.post(order("a4", "pending", Some("created"))).await;
    for destination in ["books", "idle"] {
        for claimed in take(&world.store, destination).await {
            let id = claimed.key.purchase_id.clone();
            if id == "dead" && destination == "books" {
                answer(&world.store, claimed, false).await;
            } else if id != "waits" {
                answer(&world.store, claimed, true).await;
            }
        }
    }
    let page = world.page("/console/purchases?unsent=1", &ana).await;
    for (id, is_listed) in [("dead", true), ("waits", true), ("taken", false), ("pending", false)] {
        assert_eq!(page.contains(&format!(">{id}</a>")), is_listed, "{id}");
    }
    let other = world.page("/console/purchases?unsent=1&site=other", &ana).await;
    assert!(!other.contains(">dead</a>"));
}

#[tokio::test]
async fn a_destination_that_is_not_configured_any_more_says_why_nothing_leaves() {
    let mut world = passing().await;
    world.post(envelope("a1", "1", "10.00")).await;
    let ana = world.cookie_of("ana", Role::Viewer).await;
    let page = world.page("/console/destinations", &ana).await;
    assert!(!page.contains("not configured any more"), "{page}");
    world.store = world.store.clone().with_routes(Routes::default());
    world.router = world::router(&world.store, &world::serve_options(&[]));
    let page = world.page("/console/destinations", &ana).await;
    assert!(
        page.contains("not configured any more") && page.contains("Configure it again, or leave it"),
        "{page}"
    );
}

#[tokio::test]
async fn what_waits_for_a_paused_destination_is_next_when_the_pause_ends() {
    let world = passing().await;
    let ana = world.cookie_of("ana", Role::Viewer).await;
    world.post(envelope("a1", "1", "10.00")).await;
    let claimed = take(&world.store, "books").await.remove(0);
    let mut failed = finished(claimed, false);
    // 2100, and the entry itself is due at once.
    (failed.state, failed.outcome) = ("waiting", "retry");
    (failed.due_at, failed.health.not_before) = (Some(now_ms()), Some(4_102_488_000_000));
    assert!(world.store.finish(failed).await.expect("kept"));
    let page = world.page("/console/purchase?site=demo&id=1", &ana).await;
    assert!(page.contains("next on 1 Jan 2100"), "{page}");
}
