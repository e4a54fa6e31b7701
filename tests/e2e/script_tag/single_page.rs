//! Shops of one page: routes change by script, markup is replaced without a load.

use super::{
    shop::{Shop, purchase},
    site::{Page, built_name},
};

/// What a router does when the shopper goes on: another address, other markup.
fn goes_to(path: &str, markup: &str) -> String {
    format!("history.pushState(null, '', {path:?}); document.querySelector('main').innerHTML = {markup:?};")
}

async fn open(shop: &Shop) {
    let page = Page {
        head: shop.snippet().html(),
        body: "<main>The start page</main>".into(),
        ..Page::default()
    };
    shop.browser.open(&shop.site.page("/start", page)).await;
    assert!(shop.has_module().await, "the module runs");
}

/// Waits until so many purchases are confirmed to the page.
async fn confirmed(shop: &Shop, count: usize) {
    crate::process::until(&format!("{count} confirmations"), || async {
        (shop.seen("registered").await.len() >= count).then_some(())
    })
    .await;
}

/// Waits until the page has captured so often.
async fn captured(shop: &Shop, count: usize) {
    crate::process::until(&format!("{count} captures"), || async {
        (shop.seen("captured").await.len() >= count).then_some(())
    })
    .await;
}

/// Id and page of every purchase, sorted.
async fn arrived(shop: &Shop) -> Vec<(String, String)> {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let mut found = Vec::new();
    for purchase in shop.collector.purchases().await {
        let page = text(&purchase["page"]).replace(&shop.site.origin, "");
        found.push((text(&purchase["purchase_id"]), page));
        assert_eq!(purchase["conflicts"], 0, "{purchase}");
    }
    found.sort();
    found
}

fn rows(rows: &[(&str, &str)]) -> Vec<(String, String)> {
    rows.iter().map(|&(id, page)| (id.into(), page.into())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_purchases_on_two_routes_of_one_document() {
    let shop = Shop::start().await;
    open(&shop).await;
    let browser = &shop.browser;
    browser.run(&goes_to("/thanks/1?token=secret", &purchase("1"))).await;
    confirmed(&shop, 1).await;
    browser.run(&goes_to("/home", "Welcome back")).await;
    browser.run(&goes_to("/thanks/2", &purchase("2"))).await;
    confirmed(&shop, 2).await;
    // Back to the first confirmation: it is stated again, and known.
    browser.run(&goes_to("/thanks/1", &purchase("1"))).await;
    browser.run(&goes_to("/thanks/3", &purchase("3"))).await;
    confirmed(&shop, 3).await;
    assert_eq!(
        arrived(&shop).await,
        rows(&[("1", "/thanks/1"), ("2", "/thanks/2"), ("3", "/thanks/3")])
    );
    assert_eq!(shop.seen("exception").await, [""; 0]);
    shop.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_replaced_as_a_whole() {
    let shop = Shop::start().await;
    open(&shop).await;
    let replace = format!(
        "history.pushState(null, '', '/thanks');
         const body = document.createElement('body'); body.innerHTML = {:?}; document.body.replaceWith(body);",
        purchase("1")
    );
    shop.browser.run(&replace).await;
    confirmed(&shop, 1).await;
    assert_eq!(arrived(&shop).await, rows(&[("1", "/thanks")]));
    shop.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_route_that_is_left_before_its_markup_came_to_rest() {
    let shop = Shop::start().await;
    open(&shop).await;
    // In one task: the block is inserted, and gone again with the next route.
    let both = format!(
        "{} setTimeout(() => {{ {} }}, 0);",
        goes_to("/thanks", &purchase("1")),
        goes_to("/home", "Welcome back")
    );
    shop.browser.run(&both).await;
    confirmed(&shop, 1).await;
    let ids = shop.collector.purchase_ids().await;
    assert_eq!(ids, ["1"], "a block that is taken away again is still captured");
    shop.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_element_that_a_framework_uses_again_for_another_purchase() {
    let shop = Shop::start().await;
    // Nobody has taken the first one over when the second one replaces it: nothing but the capture keeps it.
    shop.site.hold_back(Some(built_name(".wasm")));
    let page = Page {
        head: shop.snippet().html(),
        body: format!("<main>{}</main>", purchase("first")),
        ..Page::default()
    };
    shop.browser.open(&shop.site.page("/thanks/first", page)).await;
    shop.browser.event("captured").await;
    let change = |to: &str| format!("document.querySelector('.purchase_id').firstChild.data = {to:?};");
    shop.browser
        .run(&format!(
            "history.pushState(null, '', '/thanks/second'); {}",
            change("typo")
        ))
        .await;
    captured(&shop, 2).await;
    // On the same route it is the same purchase, corrected.
    shop.browser.run(&change("second")).await;
    captured(&shop, 3).await;
    assert_eq!(shop.browser.stored_keys().await.len(), 2, "both wait");
    shop.site.hold_back(None);
    confirmed(&shop, 2).await;
    assert_eq!(
        arrived(&shop).await,
        rows(&[("first", "/thanks/first"), ("second", "/thanks/second")])
    );
    shop.end().await;
}
