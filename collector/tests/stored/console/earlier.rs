//! Purchases from before the console, and a history for each kind of purchase.

use purchase_collector::store::{StoreError, Work, Writing, console::Role, sql};
use serde_json::json;

use crate::world::{World, call, order};

/// What the migrations that added `ordered_at`, `payment_method` and `contact_erased_at` left in every row.
struct Unknown;

impl Work for Unknown {
    type Output = u64;

    async fn run(&self, writing: &mut Writing<'_>) -> Result<u64, StoreError> {
        writing
            .execute(sql("UPDATE purchases SET ordered_at = NULL, payment_method = NULL"))
            .await
    }
}

#[tokio::test]
async fn purchases_from_before_are_on_every_page() {
    let world = World::new(&[]).await;
    let ana = world.cookie_of("ana", Role::Viewer).await;
    let purchase =
        json!({ "purchase_id": "old-1", "total_quantity": 1, "total_price": "10.00", "payment_method": "Bizum" });
    world.post(call("a1", purchase)).await;
    assert_eq!(world.store.write(Unknown).await.expect("written"), 1);
    let list = world.page("/console/purchases", &ana).await;
    assert!(list.contains(">old-1</a>"), "{list}");
    // The content has what the column has not.
    let page = world.page("/console/purchase?site=demo&id=old-1", &ana).await;
    assert!(page.contains("<dd>Bizum</dd>") && page.contains("Captured"), "{page}");
    let accuracy = world.page("/console/accuracy", &ana).await;
    assert!(accuracy.contains("not known"), "{accuracy}");
    // Lateness counts from the capture, which is long ago in these tests' messages.
    let late = world.page("/console/purchases?late=1", &ana).await;
    assert!(late.contains(">old-1</a>"), "{late}");
    assert!(page.contains("late: "), "{page}");
}

#[tokio::test]
async fn a_refused_payloads_history_has_the_steps_it_came_to() {
    let world = World::new(&[]).await;
    let ana = world.cookie_of("ana", Role::Viewer).await;
    world.post(crate::world::envelope("a1", "1", "free")).await;
    let list = world.page("/console/refused", &ana).await;
    let href = list
        .split("/console/refusal?")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let href = href.expect("a link").replace("&#38;", "&").replace("&amp;", "&");
    let page = world.page(&format!("/console/refusal?{href}"), &ana).await;
    let steps = [
        "Captured<",
        "Kept in the browser<",
        "Sent<",
        "Received<",
        "Checked<",
        "Stored<",
        "Passed on<",
    ];
    let places: Vec<_> = steps.iter().map(|step| page.find(step)).collect();
    assert!(places.is_sorted() && places[0].is_some(), "{places:?}");
    // The reader's words and the core's are told apart for those who hear the page.
    let spanish = format!("{ana}; purchase_console_language=es");
    let page = world.page(&format!("/console/refusal?{href}"), &spanish).await;
    let (_, english) = page.split_once("lang=\"en\">").expect("the core's sentence");
    let english = english.split('<').next().expect("its end");
    assert!(
        page.contains("no tiene la forma") && !english.contains("forma"),
        "{english}"
    );
}

#[tokio::test]
async fn an_order_that_does_not_count_yet_waits_to_be_passed_on() {
    let world = World::new(&[]).await;
    let ana = world.cookie_of("ana", Role::Viewer).await;
    world.post(order("a1", "1", Some("created"))).await;
    let page = world.page("/console/purchase?site=demo&id=1", &ana).await;
    assert!(page.contains("when it counts as an order"), "{page}");
    world.post(order("a2", "1", Some("completed"))).await;
    let page = world.page("/console/purchase?site=demo&id=1", &ana).await;
    assert!(page.contains("no destination was configured for it"), "{page}");
}
