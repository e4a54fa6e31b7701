//! By what a shopper leaves the checkout page for the gateway. The marked form is what the late returns submit.

use serde_json::Value;

use crate::{process::until, world::World};

/// Something in the cart, and the checkout page open with the module there.
async fn at_the_checkout(world: &World) {
    world.browser.open(&world.shop("/")).await;
    let add = "fetch('/cart/add', { method: 'POST', body: new URLSearchParams({ sku: 'SKU-987', units: 1 }) }).then(() => done())";
    world.browser.run_async(add, vec![]).await;
    world.browser.open(&world.shop("/checkout")).await;
    world.browser.run_async("purchaseTag('snapshot', done)", vec![]).await;
}

/// The marks of the page's own form go, so that nothing is left to leave by.
async fn without_marks(world: &World) {
    let unmark = "document.querySelectorAll('[data-purchase-tag-pay]').forEach((it) => it.removeAttribute('data-purchase-tag-pay'))";
    world.browser.run(unmark).await;
}

/// The one checkout that the collector has, as soon as it has one.
async fn reported(world: &World) -> Value {
    let rows = until("a checkout is reported", || async {
        Some(world.collector.checkouts_of("demo").await).filter(|rows| !rows.is_empty())
    })
    .await;
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows[0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_itself_where_nothing_is_marked() {
    let world = World::start().await;
    at_the_checkout(&world).await;
    // Marked, so this is no departure.
    world.browser.open(&world.shop("/cart")).await;
    let kept = "return Object.keys(localStorage).filter((key) => key.startsWith('purchase-tag:demo:o:')).length";
    assert_eq!(world.browser.run(kept).await, 0);

    at_the_checkout(&world).await;
    without_marks(&world).await;
    world.browser.visit(&world.gateway("/health")).await;
    let row = reported(&world).await;
    assert_eq!(
        (&row["state"], &row["basis"]),
        (&"created".into(), &"left".into()),
        "{row}"
    );
    assert_eq!(row["total_quantity"].to_string().trim_matches('"'), "2", "{row}");
    assert!(
        world.collector.purchases().await.is_empty(),
        "a departure is no purchase"
    );
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_marked_link() {
    let world = World::start().await;
    at_the_checkout(&world).await;
    without_marks(&world).await;
    // The page is still marked as checkout: what counts is that the click is seen before the page goes.
    let click = format!(
        "document.body.insertAdjacentHTML('beforeend', '<a href=\"{}\" target=\"_blank\" data-purchase-tag-pay><b id=\"to-pay\">Pay</b></a>');
         document.getElementById('to-pay').click()",
        world.gateway("/health")
    );
    world.browser.run(&click).await;
    let row = reported(&world).await;
    assert_eq!(
        (&row["state"], &row["basis"]),
        (&"created".into(), &"left".into()),
        "{row}"
    );
    // Once the receipt is there nothing waits any more.
    until("the departure is confirmed", || async {
        let snapshot = world.browser.run_async("purchaseTag('snapshot', done)", vec![]).await;
        let records = snapshot["records"].as_array().is_some_and(Vec::is_empty);
        records.then(|| assert_eq!(snapshot["purchases"], serde_json::json!([]), "{snapshot}"))
    })
    .await;
    let mut heard = world.browser.events().await;
    heard.retain(|event| event["name"] != "pageshow");
    assert_eq!(heard, Vec::<Value>::new(), "the page hears of purchases only");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_a_gateway_that_is_known_by_its_host() {
    let world = World::start().await;
    at_the_checkout(&world).await;
    without_marks(&world).await;
    // Nobody answers there; what counts is where the link leads.
    let click = "
        document.body.insertAdjacentHTML('beforeend',
          '<a href=\"https://sis-t.redsys.invalid.redsys.es.invalid/pay?secret=1\" target=\"_blank\" data-purchase-tag-pay id=\"to-pay\">Pay</a>');
        document.getElementById('to-pay').click()";
    world.browser.run(click).await;
    let row = reported(&world).await;
    assert_eq!(row["gateway"], "redsys", "{row}");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_beside_a_call_that_says_what_is_left_with() {
    let world = World::start().await;
    at_the_checkout(&world).await;
    without_marks(&world).await;
    let click = "
        document.querySelectorAll('.cn_cart').forEach((cart) => cart.remove());
        document.body.insertAdjacentHTML('beforeend',
          '<a href=\"https://www.paypal.com.invalid/pay\" target=\"_blank\" data-purchase-tag-pay id=\"to-pay\">Pay</a>');
        document.getElementById('to-pay').addEventListener('click', () =>
          purchaseTag('checkout', { cart_id: 'of-the-call', total_quantity: 1, total_price: '5.00' }));
        document.getElementById('to-pay').click()";
    world.browser.run(click).await;
    let row = reported(&world).await;
    assert_eq!(
        (&row["gateway"], &row["cart_id"]),
        (&"paypal".into(), &"of-the-call".into()),
        "{row}"
    );
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_that_the_page_prevents_counts_once_the_page_goes() {
    let world = World::start().await;
    at_the_checkout(&world).await;
    let kept = "return Object.keys(localStorage).filter((key) => key.startsWith('purchase-tag:demo:o:')).length";
    let prevent = "
        document.addEventListener('submit', (event) => event.preventDefault(), { once: true });
        document.getElementById('place-order').click();
        setTimeout(done, 50)";
    // The shop's validation objects, and the shopper goes on to something else.
    world.browser.run_async(prevent, vec![]).await;
    assert_eq!(world.browser.run(kept).await, 0);
    world
        .browser
        .run("document.querySelector('aside a').id = 'to-cart'")
        .await;
    world.browser.press("to-cart").await;
    world.browser.arrives_at(&world.shop("/cart")).await;
    assert_eq!(world.browser.run(kept).await, 0);
    assert!(world.collector.checkouts_of("demo").await.is_empty());
    // The shop's script asks its server first, and leaves by an address.
    at_the_checkout(&world).await;
    world.browser.run_async(prevent, vec![]).await;
    world.browser.visit(&world.gateway("/health")).await;
    let row = reported(&world).await;
    assert_eq!(row["basis"], "left", "{row}");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_marked_button_leaves_by_its_form() {
    let world = World::start().await;
    at_the_checkout(&world).await;
    without_marks(&world).await;
    let kept = "return Object.keys(localStorage).filter((key) => key.startsWith('purchase-tag:demo:o:')).length";
    // A field is wrong: the browser submits nothing.
    let mark = format!(
        "const form = document.getElementById('checkout');
         form.action = '{}';
         document.getElementById('place-order').setAttribute('data-purchase-tag-pay', '');
         form.insertAdjacentHTML('beforeend', '<input name=\"wrong\" id=\"wrong\" required>');
         document.getElementById('place-order').click();
         setTimeout(done, 50)",
        world.gateway("/health")
    );
    world.browser.run_async(&mark, vec![]).await;
    assert_eq!(world.browser.run(kept).await, 0);
    // Nor is it a departure that the shopper looks at another page then.
    let look_away = "
        Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
        delete document.visibilityState";
    world.browser.run(look_away).await;
    assert_eq!(world.browser.run(kept).await, 0);
    let right = "
        document.getElementById('wrong').value = 'right';
        document.getElementById('checkout').target = '_blank';
        document.getElementById('place-order').click();
        setTimeout(done, 50)";
    world.browser.run_async(right, vec![]).await;
    let row = reported(&world).await;
    assert_eq!(row["basis"], "left", "{row}");
    world.end().await;
}
