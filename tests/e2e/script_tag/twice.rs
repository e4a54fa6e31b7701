//! The snippet more than once on a page, also of two versions: everything happens once.

use serde_json::Value;

use super::{
    shop::{Shop, purchase},
    site::{Page, built},
};

/// A call that waits for the loader.
const CALL: &str =
    "<script>purchaseTag('purchase', {purchase_id: 'called', total_quantity: 1, total_price: '5.00'})</script>\n";

/// Another release's loader.
const OTHER: &str = "purchase-tag-other.js";

/// Puts another release beside the build's. It is the same code with another version, which is all that can be told of releases to
/// come.
fn serve_other(shop: &Shop) {
    let loader = String::from_utf8(built("purchase-tag.js")).expect("the loader is text");
    let version = format!("\"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(loader.contains(&version), "the loader says its version");
    shop.site
        .replace(OTHER, loader.replace(&version, "\"0.0.1\"").into_bytes());
}

/// Opens a page with its purchase "marked" (and "called", if it has the call), and looks at all that happened.
async fn happens_once(shop: &Shop, path: &str, head: String, copies: usize) {
    let mut expected = vec!["marked"];
    if head.contains(CALL) {
        expected.insert(0, "called");
    }
    shop.browser
        .run_async(
            "indexedDB.deleteDatabase('purchase-tag').onsuccess = () => done()",
            vec![],
        )
        .await;
    shop.browser.run("localStorage.clear()").await;
    let page = Page {
        head,
        body: purchase("marked"),
        ..Page::default()
    };
    shop.browser.open(&shop.site.page(path, page)).await;
    assert!(shop.has_module().await, "{path}: the module runs");
    crate::process::until("every purchase is confirmed", || async {
        (shop.seen("registered").await.len() >= expected.len()).then_some(())
    })
    .await;
    assert!(shop.browser.outbox_is_empty(crate::process::PATIENCE).await, "{path}");

    let of = |name: &'static str| async move { shop.seen(name).await.len() };
    assert_eq!(of("captured").await, expected.len(), "{path}: captured");
    assert_eq!(of("registered").await, expected.len(), "{path}: registered");
    assert_eq!(of("exception").await, 0, "{path}: exceptions");
    let fetched = shop.seen("fetch").await;
    let count = |part: &str| {
        let has = |url: &&Value| url.as_str().is_some_and(|url| url.contains(part));
        fetched.iter().filter(has).count()
    };
    assert_eq!(count(".wasm"), 1, "{path}: the module is fetched once: {fetched:?}");
    assert_eq!(count("/v1/purchases"), expected.len(), "{path}: {fetched:?}");
    let twice = shop.seen("warning").await;
    let twice = twice
        .iter()
        .filter(|warning| warning.as_str().is_some_and(|it| it.contains("loaded twice")));
    assert_eq!(twice.count(), copies - 1, "{path}: each further copy says so");

    // Nothing of the other copy is left that holds the database: it can be deleted while the page is open.
    let deleted = shop
        .browser
        .run_async(
            "const request = indexedDB.deleteDatabase('purchase-tag');
             request.onblocked = () => done('blocked'); request.onsuccess = () => done('deleted');",
            vec![],
        )
        .await;
    assert_eq!(deleted, "deleted", "{path}");
    assert_eq!(
        shop.collector.purchase_ids().await,
        ["called", "marked"][2 - expected.len()..],
        "{path}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_snippet_twice() {
    let shop = Shop::start().await;
    let snippet = shop.snippet();
    shop.browser.open(&shop.site.page("/", Page::default())).await;
    happens_once(&shop, "/element", format!("{0}\n{0}", snippet.loader), 2).await;
    shop.end().await;
    let shop = Shop::start().await;
    shop.browser.open(&shop.site.page("/", Page::default())).await;
    let both = format!("{}{CALL}{}", snippet_for(&shop), snippet_for(&shop));
    happens_once(&shop, "/snippet", both, 2).await;
    shop.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_versions_with_and_without_the_inline_script() {
    for (path, other_first, with_stub) in [
        ("/older-first", true, true),
        ("/newer-first", false, true),
        ("/older-first-bare", true, false),
        ("/newer-first-bare", false, false),
    ] {
        let shop = Shop::start().await;
        serve_other(&shop);
        shop.browser.open(&shop.site.page("/", Page::default())).await;
        let snippet = shop.snippet();
        let element = |name: &str| {
            format!(
                "<script src=\"/assets/{name}\" data-site=\"demo\" data-collector=\"{}\"></script>\n",
                shop.collector.url()
            )
        };
        let mut elements = [element("purchase-tag.js"), element(OTHER)];
        if other_first {
            elements.reverse();
        }
        let [first, second] = elements;
        let head = match with_stub {
            true => format!("{0}\n{CALL}{first}{0}\n{second}", snippet.stub),
            false => format!("{first}{second}"),
        };
        happens_once(&shop, path, head, 2).await;
        let version = shop.browser.run("return purchaseTag.version").await;
        assert_eq!(version == "0.0.1", other_first, "{path}: the first one runs the page");
        shop.end().await;
    }
}

fn snippet_for(shop: &Shop) -> String {
    shop.snippet().html()
}
