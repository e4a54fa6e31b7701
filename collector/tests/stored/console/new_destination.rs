//! Passing on earlier purchases from the destinations' page.

use axum::http::StatusCode;
use purchase_collector::{passing::Routes, store::console::Role};

use super::{
    destinations::{passing, take},
    reader::{form, posted},
};
use crate::world::{self, World, envelope};

const PATH: &str = "/console/earlier";

/// 2025-11-21 at 23:30 in UTC, which is the 22nd in Madrid.
const LATE_EVENING: i64 = 1_763_767_800_000;

/// Two destinations that were configured after the purchases "1" and "2" were stored.
async fn configured_late() -> World {
    let mut world = passing().await;
    let passed_on = world.store.clone();
    world.store = world.store.with_routes(Routes::default());
    world.router = world::router(&world.store, &world::serve_options(&[]));
    for (record, id) in [("a1", "1"), ("a2", "2")] {
        world.post(envelope(record, id, "10.00")).await;
    }
    world.move_purchase("1", LATE_EVENING).await;
    world.store = passed_on;
    world.router = world::router(&world.store, &world::serve_options(&[]));
    world
}

fn fields<'a>(destination: &'a str, from: &'a str, to: &'a str) -> [(&'static str, &'a str); 4] {
    [
        ("site", "demo"),
        ("destination", destination),
        ("from", from),
        ("to", to),
    ]
}

#[tokio::test]
async fn an_administrator_adds_earlier_purchases_by_the_days_of_their_own_time_zone() {
    let world = configured_late().await;
    let ana = world.cookie_of("ana", Role::Admin).await;
    let madrid = format!("{ana}; purchase_console_zone=Europe%2FMadrid");
    let page = world.page("/console/destinations", &ana).await;
    assert!(
        page.contains("Pass on earlier purchases") && page.contains("action=\"/console/earlier\""),
        "{page}"
    );

    // In Madrid it was the day after.
    let answer = world
        .send(form(PATH, &madrid, &fields("books", "2025-11-21", "2025-11-21")))
        .await;
    assert_eq!(answer.header("location"), "/console/destinations?added=0");
    let answer = world
        .send(form(PATH, &madrid, &fields("books", "2025-11-22", "2025-11-22")))
        .await;
    assert_eq!(answer.header("location"), "/console/destinations?added=1");
    let page = world.page(answer.header("location"), &ana).await;
    assert!(page.contains("One earlier purchase was added."), "{page}");
    let taken = take(&world.store, "books").await;
    let taken: Vec<_> = taken.iter().map(|entry| entry.key.purchase_id.as_str()).collect();
    assert_eq!(taken, ["1"]);

    // Without a last day all that has none yet, and only there.
    let answer = world.send(form(PATH, &ana, &fields("books", "2025-01-01", ""))).await;
    assert_eq!(answer.header("location"), "/console/destinations?added=1");
    let answer = world.send(form(PATH, &ana, &fields("books", "2025-01-01", ""))).await;
    assert_eq!(answer.header("location"), "/console/destinations?added=0");
    let spanish = format!("{ana}; purchase_console_language=es");
    let page = world.page("/console/destinations?added=0", &spanish).await;
    assert!(
        page.contains("Transmitir compras anteriores") && page.contains("No había nada que añadir."),
        "{page}"
    );
    assert!(take(&world.store, "idle").await.is_empty());
}

#[tokio::test]
async fn only_an_administrator_on_our_own_pages_adds_them_and_only_where_it_leads_somewhere() {
    let world = configured_late().await;
    let ana = world.cookie_of("ana", Role::Admin).await;
    let eva = world.cookie_of("eva", Role::Viewer).await;
    let all = fields("books", "2025-01-01", "");
    assert!(!world.page("/console/destinations", &eva).await.contains(PATH));
    assert_eq!(world.send(form(PATH, &eva, &all)).await.status, StatusCode::FORBIDDEN);
    let nobody = world.send(form(PATH, "", &all)).await;
    assert!(nobody.header("location").starts_with("/console/login"), "{nobody:?}");
    for headers in [
        vec![("cookie", ana.as_str())],
        vec![("cookie", ana.as_str()), ("sec-fetch-site", "cross-site")],
    ] {
        assert_eq!(
            world.send(posted(PATH, &headers, &all)).await.status,
            StatusCode::FORBIDDEN,
            "{headers:?}"
        );
    }
    for (wrong, status) in [
        (fields("books", "", ""), StatusCode::BAD_REQUEST),
        (fields("books", "2025-01-01", "soon"), StatusCode::BAD_REQUEST),
        (fields("nowhere", "2025-01-01", ""), StatusCode::NOT_FOUND),
    ] {
        assert_eq!(world.send(form(PATH, &ana, &wrong)).await.status, status, "{wrong:?}");
    }
    assert!(take(&world.store, "books").await.is_empty());
}
