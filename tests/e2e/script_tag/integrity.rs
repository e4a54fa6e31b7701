//! Files that are not what the snippet was printed for: their code does not run, and the purchase arrives all the same.

use super::{
    shop::{Shop, purchase},
    site::{Page, built, built_name},
};
use crate::browser::Engine;

/// Behind a script's code.
const FOREIGN_CODE: &[u8] = b"\n;globalThis.__foreign = true;\n";

async fn spoilt_files(engine: Engine) {
    let shop = Shop::start_in(engine).await;
    let snippet = shop.snippet();
    let page = |id: &str| Page {
        head: snippet.html(),
        body: purchase(id),
        ..Page::default()
    };

    let glue = built_name(".mjs");
    shop.site.replace(&glue, [&built(&glue), FOREIGN_CODE].concat());
    assert!(!shop.buys("/glue", page("1"), "1").await, "the module does not run");
    assert_warned(&shop, &glue).await;
    shop.site.replace(&glue, built(&glue));

    let module = built_name(".wasm");
    // A custom section without a name: the same module to WebAssembly, other bytes.
    shop.site.replace(&module, [&built(&module), &[0, 1, 0][..]].concat());
    assert!(!shop.buys("/module", page("2"), "2").await, "the module does not run");
    assert_warned(&shop, &module).await;
    shop.site.replace(&module, built(&module));

    assert!(
        shop.buys("/well", page("3"), "3").await,
        "the module runs with the right files"
    );
    assert_eq!(shop.browser.run("return window.__foreign === undefined").await, true);
    shop.end().await;
}

async fn assert_warned(shop: &Shop, file: &str) {
    assert_eq!(
        shop.browser.run("return window.__foreign === undefined").await,
        true,
        "code of another {file} ran"
    );
    let warnings = shop.seen("warning").await;
    let [warning] = &warnings[..] else {
        panic!("one warning, not {warnings:?}")
    };
    let warning = warning.as_str().unwrap_or_default();
    assert!(
        warning.contains("the loader delivers by itself") && warning.contains(file),
        "{warning}"
    );
}

mod chromium {
    #[tokio::test(flavor = "multi_thread")]
    async fn spoilt_glue_and_module_do_not_run() {
        super::spoilt_files(crate::browser::Engine::Chromium).await;
    }
}

mod firefox {
    #[tokio::test(flavor = "multi_thread")]
    async fn spoilt_glue_and_module_do_not_run() {
        super::spoilt_files(crate::browser::Engine::Firefox).await;
    }
}

mod webkit {
    #[tokio::test(flavor = "multi_thread")]
    async fn spoilt_glue_and_module_do_not_run() {
        super::spoilt_files(crate::browser::Engine::WebKit).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spoilt_loader_does_not_run_and_harms_nothing() {
    let shop = Shop::start().await;
    let snippet = shop.snippet();
    let (_, pinned) = snippet.loader.split_once("purchase-tag-").expect("a pinned name");
    let name = format!("purchase-tag-{}.js", pinned.split('.').next().unwrap_or_default());
    shop.site.replace(&name, [&built(&name), FOREIGN_CODE].concat());
    let page = Page {
        head: snippet.html(),
        body: purchase("1"),
        ..Page::default()
    };
    shop.browser.open(&shop.site.page("/loader", page)).await;
    let state = "return [typeof purchaseTag, purchaseTag.version === undefined, window.__foreign === undefined]";
    assert_eq!(
        shop.browser.run(state).await,
        serde_json::json!(["function", true, true])
    );
    assert_eq!(shop.seen("exception").await, [""; 0]);
    shop.end().await;
}
