//! One purchase arrives, exactly once.

use serde_json::json;

use crate::{browser::Browser, world::World};

const ORDER: &str = "/order-confirmation?order=10023&item=SKU-987:3&item=SKU-114:1&cart=558";

#[tokio::test(flavor = "multi_thread")]
async fn a_healthy_purchase_is_stored_as_the_module_printed_it() {
    let world = World::start().await;
    world.browser.open(&world.shop(ORDER)).await;
    let registered = world.browser.event("registered").await;
    assert_eq!(
        (&registered["purchase_id"], &registered["outcome"]),
        (&json!("10023"), &json!("accepted"))
    );

    let stored = world.collector.wait_for_purchases(1).await.remove(0);
    let purchase = &stored["purchase"];
    assert_eq!(stored["site"], "demo");
    assert_eq!(stored["source"], "markup");
    assert_eq!(purchase["purchase_id"], "10023");
    assert_eq!(purchase["cart_id"], "558");
    assert_eq!(purchase["total_quantity"], 4);
    assert_eq!(purchase["total_price"], "199.65");
    assert_eq!(purchase["purchase_date"], "2026-11-21T10:00:00+01:00");
    assert_eq!(purchase["product_basket_item"][0]["price"], "180.75");
    assert_eq!(purchase["product_basket_item"][0]["unit_price"], "60.25");
    assert_eq!(purchase["product_basket_item"][0]["availability"], "InStock");
    assert_eq!(purchase["product_basket_item"].as_array().map(Vec::len), Some(2));

    assert_eq!(
        world.browser.stored_keys().await,
        [""; 0],
        "a confirmed record is erased"
    );
    Browser::assert_no_exception(&world.browser.events().await);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_markup_is_refused_with_its_paths_and_nothing_is_stored() {
    let world = World::start().await;
    world
        .browser
        .open(&world.shop("/order-confirmation?order=10024&variant=malformed"))
        .await;
    let refused = world.browser.event("refused").await;
    let errors: Vec<_> = refused["problems"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|problem| problem["severity"] == "error")
        .map(|problem| {
            (
                problem["path"].as_str().unwrap_or("?"),
                problem["kind"].as_str().unwrap_or("?"),
            )
        })
        .collect();
    assert_eq!(errors, [("total_price", "malformed"), ("total_quantity", "missing")]);

    let refusal = crate::process::until("the refusal in the collector's history", || async {
        world.collector.refusals().await.pop()
    })
    .await;
    let paths: Vec<_> = refusal["problems"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|problem| problem["path"].clone())
        .collect();
    for path in [
        "total_price",
        "total_quantity",
        "purchase_date",
        "product_basket_item[0].name",
        "product_basket_item[0].quantity",
    ] {
        assert!(paths.contains(&json!(path)), "{path} is not among {paths:?}");
    }
    assert_eq!(world.collector.purchases().await.len(), 0);
    Browser::assert_no_exception(&world.browser.events().await);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmation_page_reloaded_three_times_is_one_purchase() {
    let world = World::start().await;
    world.browser.open(&world.shop(ORDER)).await;
    world.browser.event("registered").await;
    for _ in 0..3 {
        world.browser.reload().await;
        let registered = world.browser.event("registered").await;
        assert_eq!(registered["outcome"], "duplicate");
    }
    let stored = world.collector.wait_for_purchases(1).await.remove(0);
    assert_eq!(stored["conflicts"], 0, "the same page is the same content");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn collector_down_during_the_visit_and_up_on_the_next_page() {
    let mut world = World::start().await;
    // The tag's files are in the browser's cache, as on every page but a shopper's very first.
    world.browser.open(&world.shop("/")).await;
    world.browser.run_async("purchaseTag('snapshot', done)", vec![]).await;
    world.collector.kill().await;

    world.browser.open(&world.shop(ORDER)).await;
    world.browser.event("retrying").await;
    assert_eq!(
        world.browser.stored_keys().await.len(),
        1,
        "what is unconfirmed is kept"
    );
    Browser::assert_no_exception(&world.browser.events().await);
    // A page without the tag, so that only the next page of the shop can deliver.
    world.browser.open(&world.gateway("/health")).await;

    world.collector.start().await;
    assert_eq!(world.collector.purchases().await.len(), 0);
    world.browser.open(&world.shop("/")).await;
    assert_eq!(world.browser.event("registered").await["purchase_id"], "10023");
    assert_eq!(world.collector.wait_for_purchases(1).await[0]["purchase_id"], "10023");
    assert_eq!(world.browser.stored_keys().await, [""; 0]);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_left_at_once_after_its_markup_appeared() {
    let world = World::start().await;
    // Leaves in the very turn in which the purchase was captured: before the module runs, before anything is sent.
    let leave = format!(
        "document.addEventListener('purchase-tag:captured', () => {{ location.href = {:?} }}, {{ once: true }})",
        world.gateway("/health")
    );
    world.proxy.set_prelude(&leave);
    world.browser.open(&world.shop("/")).await;
    world.browser.run_async("purchaseTag('snapshot', done)", vec![]).await;
    world.browser.visit(&world.shop(ORDER)).await;
    let gateway = world.gateway("/health");
    world.browser.arrives_at(&gateway).await;
    // Either it was delivered while leaving, or the next page of the shop delivers it.
    world.browser.open(&world.shop("/")).await;
    assert_eq!(world.collector.wait_for_purchases(1).await[0]["purchase_id"], "10023");
    world.end().await;
}
