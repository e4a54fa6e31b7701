//! Where the files and the collector lie: with the shop, on a CDN, behind a reverse proxy's path.

use super::{
    shop::{Shop, purchase},
    site::{PATH, Page, Site},
    snippet::Snippet,
};

fn page(snippet: &Snippet, id: &str) -> Page {
    Page {
        head: snippet.html(),
        body: purchase(id),
        ..Page::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_at_the_collector() {
    let shop = Shop::start().await;
    let snippet = Snippet::print(&shop.collector.url(), &[]);
    assert!(!snippet.loader.contains("data-collector"), "{}", snippet.loader);
    assert!(shop.buys("/own", page(&snippet, "1"), "1").await, "the module runs");
    let newest = Snippet::print(&shop.collector.url(), &["--newest"]);
    assert!(shop.buys("/newest", page(&newest, "2"), "2").await, "the module runs");
    shop.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_the_shop_itself() {
    let shop = Shop::start().await;
    let snippet = shop.snippet();
    assert!(snippet.loader.contains(&shop.site.files()), "{}", snippet.loader);
    assert!(shop.buys("/own", page(&snippet, "1"), "1").await, "the module runs");
    shop.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_on_a_cdn() {
    let shop = Shop::start().await;
    let cdn = Site::start(shop.collector.url()).await;
    let snippet = Snippet::print(&shop.collector.url(), &[&format!("--files={}", cdn.files())]);
    assert!(snippet.loader.contains(&cdn.origin), "{}", snippet.loader);
    assert!(shop.buys("/cdn", page(&snippet, "1"), "1").await, "the module runs");
    let sent = shop.seen("fetch").await;
    let start = format!("{}/v1/purchases?", shop.collector.url());
    assert!(
        sent.iter()
            .any(|url| url.as_str().is_some_and(|url| url.starts_with(&start))),
        "{sent:?}"
    );
    shop.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn collector_behind_a_path_of_the_shop() {
    let shop = Shop::start().await;
    let collector = format!("{}{PATH}", shop.site.origin);
    let snippet = Snippet::print(&collector, &[]);
    assert!(
        snippet.loader.contains(&format!("src=\"{collector}/tag/purchase-tag-"))
            && !snippet.loader.contains("data-collector"),
        "{}",
        snippet.loader
    );
    assert!(shop.buys("/path", page(&snippet, "1"), "1").await, "the module runs");
    // The same by a path instead of an address, as one would write it by hand; and by an attribute.
    let relative = Snippet {
        loader: format!("<script async src=\"{PATH}/tag/purchase-tag.js\" data-site=\"demo\"></script>"),
        ..Snippet::print(&collector, &[])
    };
    assert!(
        shop.buys("/path/relative", page(&relative, "2"), "2").await,
        "the module runs"
    );
    let own_files = Snippet {
        loader: format!(
            "<script async src=\"/assets/purchase-tag.js\" data-site=\"demo\" data-collector=\"{PATH}/\"></script>"
        ),
        ..Snippet::print(&collector, &[])
    };
    assert!(
        shop.buys("/path/attribute", page(&own_files, "3"), "3").await,
        "the module runs"
    );
    let expected = format!("{collector}/v1/purchases?");
    for url in shop.seen("fetch").await {
        let url = url.as_str().unwrap_or_default();
        assert!(!url.contains("/v1/") || url.starts_with(&expected), "{url}");
    }
    shop.end().await;
}
