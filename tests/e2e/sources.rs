//! The four sources, and the shapes in which pages bring them.

use serde_json::{Value, json};

use crate::{browser::Browser, world::World};

/// Opens one variant of the confirmation page and returns the one purchase that arrived.
async fn arrives(world: &World, variant: &str) -> Value {
    world
        .browser
        .open(&world.shop(&format!(
            "/order-confirmation?order=20001&item=SKU-987:3&variant={variant}"
        )))
        .await;
    let registered = world.browser.event("registered").await;
    assert_eq!(registered["purchase_id"], "20001", "{variant}");
    Browser::assert_no_exception(&world.browser.events().await);
    world.collector.wait_for_purchases(1).await.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn markup_inserted_after_load_child_by_child() {
    let world = World::start().await;
    let stored = arrives(&world, "late").await;
    assert_eq!(stored["purchase"]["total_price"], "180.75");
    assert_eq!(
        stored["purchase"]["total_quantity"], 3,
        "a block is read when it is complete"
    );
    assert_eq!(stored["conflicts"], 0);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_json_script_element() {
    let world = World::start().await;
    let stored = arrives(&world, "json").await;
    assert_eq!(
        (&stored["source"], &stored["purchase"]["total_price"]),
        (&json!("json"), &json!("180.75"))
    );
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_with_connectifs_names() {
    let world = World::start().await;
    let stored = arrives(&world, "call").await;
    assert_eq!(
        (&stored["source"], &stored["purchase"]["total_quantity"]),
        (&json!("call"), &json!(3))
    );
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_data_layers_purchase_entry() {
    let world = World::start().await;
    let stored = arrives(&world, "data-layer").await;
    assert_eq!(stored["source"], "data-layer");
    assert_eq!(
        stored["purchase"]["total_quantity"], 3,
        "GA4 has no total quantity: it is counted"
    );
    assert_eq!(stored["purchase"]["currency"], "EUR");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_blocks_are_several_purchases() {
    let world = World::start().await;
    world
        .browser
        .open(&world.shop("/order-confirmation?order=20001&variant=several"))
        .await;
    world.collector.wait_for_purchases(2).await;
    assert_eq!(world.collector.purchase_ids().await, ["20001", "20001-2"]);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn localised_amounts_are_normalised_and_reported() {
    let world = World::start().await;
    world
        .browser
        .open(&world.shop("/order-confirmation?order=20001&item=SKU-451:1&variant=localised"))
        .await;
    world.browser.event("registered").await;
    let stored = world.collector.wait_for_purchases(1).await.remove(0);
    assert_eq!(stored["purchase"]["total_price"], "1234.56");
    let problems = stored["problems"].as_array().expect("the stored purchase's problems");
    assert!(
        problems
            .iter()
            .any(|problem| problem["path"] == "total_price" && problem["severity"] == "normalised")
    );
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_buyers_address_is_read_only_if_the_site_asks() {
    let path = "/order-confirmation?order=20001&item=SKU-987:3&email=Jane.Doe%40example.com";
    // echo -n jane.doe@example.com | sha256sum
    let hash = "86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d";
    for (options, email, email_sha256) in [
        ("", Value::Null, Value::Null),
        ("data-contact=email", json!("Jane.Doe@example.com"), Value::Null),
        ("data-contact=sha256", Value::Null, json!(hash)),
    ] {
        let world = World::with_options(options).await;
        world.browser.open(&world.shop(path)).await;
        world.browser.event("registered").await;
        let stored = world.collector.wait_for_purchases(1).await.remove(0);
        assert_eq!(
            (&stored["purchase"]["email"], &stored["purchase"]["email_sha256"]),
            (&email, &email_sha256),
            "{options}"
        );
        let text = world.collector.read("/v1/purchases/demo/20001").await.to_string();
        assert_eq!(
            text.contains("Jane.Doe@example.com"),
            email != Value::Null,
            "{options}: {text}"
        );
        world.end().await;
    }
}
