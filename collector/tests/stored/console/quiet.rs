//! Shops from which nothing comes.

use purchase_collector::{clock::now_ms, store::console::Role};

use crate::world::{World, envelope, post, router, serve_options};

#[tokio::test]
async fn a_quiet_shop_is_warned_of() {
    let world = World::new(&["--quiet-hours", "demo=1"]).await;
    let ana = world.cookie_of("ana", Role::Viewer).await;
    world.send(post(envelope("a1", "1", "10.00"))).await;
    assert!(!world.page("/console", &ana).await.contains("No purchase from"));
    let back = now_ms() - 3_600_001;
    world.move_purchase("1", back).await;
    let page = world.page("/console", &ana).await;
    assert!(
        page.contains("No purchase from demo.") && page.contains("Nothing for an hour or more"),
        "{page}"
    );
}

#[tokio::test]
async fn a_shop_that_is_not_configured_any_more_is_not_waited_for() {
    let world = World::new(&["--site", "demo=https://shop.example", "--quiet-hours", "1"]).await;
    let ana = world.cookie_of("ana", Role::Viewer).await;
    world.send(post(envelope("a1", "1", "10.00"))).await;
    world.move_purchase("1", now_ms() - 3_600_001).await;
    let page = world.page("/console", &ana).await;
    assert!(page.contains("No purchase from demo."), "{page}");
    let later = serve_options(&["--site", "other=https://other.example", "--quiet-hours", "1"]);
    let world = World {
        router: router(&world.store, &later),
        ..world
    };
    let page = world.page("/console", &ana).await;
    assert!(!page.contains("No purchase from"), "{page}");
    // Its purchases are there all the same.
    assert!(
        page.contains(">demo</a>") && page.contains(">not configured any more<"),
        "{page}"
    );
}
