//! The npm package in the shops of `tests/packages`, as their bundlers built them: each sells once, and the collector has one row.
//!
//! `cargo xtask test --only packages` builds them and names their folder in `PURCHASE_PACKAGES`.

mod consent;
mod sites;

use serde_json::{Value, json};

use crate::{
    browser::{Browser, Engine},
    collector::Collector,
    front::{self, Front, Pages},
    process::{free_port, start_with},
};

/// A built shop, served; the collector it sends to; a browser.
struct Shop {
    collector: Collector,
    front: Front,
    browser: Browser,
}

impl Shop {
    async fn open(pages: Pages) -> Shop {
        let port = free_port();
        Shop::at(port, pages, Some(format!("demo={}", front::origin(port)))).await
    }

    /// The same with a collector that takes purchases of every site.
    async fn for_all_sites(pages: Pages) -> Shop {
        Shop::at(free_port(), pages, None).await
    }

    async fn at(port: u16, pages: Pages, site: Option<String>) -> Shop {
        let mut collector = Collector::new(site);
        collector.start().await;
        let front = Front::start(port, pages, collector.url()).await;
        let browser = Browser::start(Engine::Chromium).await;
        Shop {
            collector,
            front,
            browser,
        }
    }

    /// Goes through the shop, reloads the confirmation, and finds one row.
    async fn sells_once(self, is_one_document: bool) -> Browser {
        let Shop {
            collector,
            front,
            browser,
        } = self;
        browser.open(&front.address("/")).await;
        browser.run("window.isFirstDocument = true").await;
        assert_eq!(
            judged(&browser).await,
            json!([]),
            "the module runs before anything is bought"
        );
        browser.press("buy").await;
        browser.awaits("thanks").await;
        assert_eq!(
            browser.run("return window.isFirstDocument === true").await,
            is_one_document
        );
        let registered = browser.event("registered").await;
        assert_eq!(
            (&registered["purchase_id"], &registered["outcome"]),
            (&json!("10023"), &json!("accepted"))
        );
        assert_eq!(
            judged(&browser).await,
            json!(["accepted"]),
            "by the module, not without it"
        );
        assert_silent(&browser).await;
        let stored = collector.wait_for_purchases(1).await.remove(0);
        assert_eq!(stored["purchase"]["total_price"], "180.75");

        browser.reload().await;
        if browser.run("return !document.getElementById('thanks')").await == true {
            browser.press("buy").await;
        }
        assert_eq!(browser.event("registered").await["outcome"], "duplicate");
        assert_silent(&browser).await;
        let purchases = collector.purchases().await;
        assert_eq!((purchases.len(), &purchases[0]["conflicts"]), (1, &json!(0)));
        browser
    }
}

/// The outcomes of this page's purchases, once a script of the page has started the tag; null if the module does not run.
async fn judged(browser: &Browser) -> Value {
    let script = "
        const ask = () => {
          if (!(window.purchaseTag || {}).version) return setTimeout(ask, 20);
          purchaseTag('snapshot', (held) => done(held && held.purchases.map(({ outcome }) => outcome)));
        };
        ask();";
    browser.run_async(script, vec![]).await
}

/// What the page's console was told about, as warnings and errors.
async fn said(browser: &Browser) -> Vec<String> {
    let said = browser.run("return window.__said").await;
    let said = said.as_array().into_iter().flatten();
    said.filter_map(|text| text.as_str().map(Into::into)).collect()
}

async fn assert_silent(browser: &Browser) {
    Browser::assert_no_exception(&browser.events().await);
    assert_eq!(said(browser).await, [] as [&str; 0]);
}

/// A shop whose build is a folder of files sells once; its pages are documents of their own.
async fn sells_from(folder: &str) {
    let shop = Shop::open(Pages::built(folder)).await;
    shop.sells_once(false).await.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn vite() {
    let shop = Shop::open(Pages::built("vite/dist")).await;
    shop.sells_once(true).await.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn react_runs_every_effect_twice_in_strict_mode() {
    let shop = Shop::open(Pages::built("vite/dist-development")).await;
    let browser = shop.sells_once(true).await;
    assert_eq!(browser.run("return window.effects").await, 2);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn next_with_a_soft_navigation() {
    let port = free_port();
    let folder = front::built("next");
    let server = start_with(
        "node",
        ["node_modules/next/dist/bin/next", "start", "--port", &port.to_string()],
        |command| {
            command.current_dir(&folder).env("NEXT_TELEMETRY_DISABLED", "1");
        },
    );
    let shop = Shop::open(Pages::served(port, server).await).await;
    shop.sells_once(true).await.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn webpack() {
    sells_from("webpack/dist").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn astro() {
    sells_from("astro/dist").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn esbuild() {
    sells_from("esbuild/dist").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rollup_with_the_single_file() {
    sells_from("rollup/dist").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_bundler() {
    sells_from("plain/dist").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_copies_on_one_page_are_one_tag_and_keep_what_came_before_it() {
    let shop = Shop::open(Pages::built("plain/dist")).await;
    shop.browser.open(&shop.front.address("/twice.html")).await;
    shop.collector.wait_for_purchases(1).await;
    assert_eq!(judged(&shop.browser).await, json!(["accepted"]));
    let both = shop.browser.run_async("started.then(done)", vec![]).await;
    assert_eq!(both, json!([true, true]), "each copy tells whether the module runs");
    let said = said(&shop.browser).await;
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("loaded twice"), "{said:?}");
    assert_eq!(shop.collector.purchases().await.len(), 1);
    shop.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn init_again_is_the_same_and_other_options_are_told() {
    let shop = Shop::open(Pages::built("plain/dist")).await;
    shop.browser.open(&shop.front.address("/again.html")).await;
    assert_eq!(
        shop.browser.run_async("again.then(done)", vec![]).await,
        json!([true, true, true])
    );
    assert_eq!(shop.browser.run("return areSame").await, true);
    let said = said(&shop.browser).await;
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("other options"), "{said:?}");
    shop.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_module_in_every_form() {
    let shop = Shop::open(Pages::built("plain/dist")).await;
    for form in ["text", "address", "response", "bytes", "view", "module", "promise"] {
        shop.browser
            .open(&shop.front.address(&format!("/forms.html?{form}")))
            .await;
        assert_eq!(
            shop.browser.run_async("started.then(done)", vec![]).await,
            true,
            "{form}"
        );
        assert_silent(&shop.browser).await;
    }
    shop.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purchase_arrives_without_the_module_and_init_says_so() {
    for form in ["missing", "rejected", "nonsense"] {
        let shop = Shop::open(Pages::built("plain/dist")).await;
        shop.browser
            .open(&shop.front.address(&format!("/forms.html?{form}")))
            .await;
        assert_eq!(
            shop.browser.run_async("started.then(done)", vec![]).await,
            false,
            "{form}"
        );
        shop.collector.wait_for_purchases(1).await;
        Browser::assert_no_exception(&shop.browser.events().await);
        shop.browser.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_site_nothing_runs_and_init_ends() {
    let shop = Shop::open(Pages::built("plain/dist")).await;
    shop.browser.open(&shop.front.address("/forms.html?nameless")).await;
    assert_eq!(shop.browser.run_async("started.then(done)", vec![]).await, false);
    let said = said(&shop.browser).await;
    assert!(said.len() == 1 && said[0].contains("site must be"), "{said:?}");
    shop.browser.close().await;
}
