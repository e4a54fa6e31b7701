//! Pages that the shop's server signed, with the README's own lines for Node; one of them was changed in the browser.

use purchase_collector::store::Store;
use serde_json::{Value, json};
use tokio::process::Command;

use super::{shop::Shop, site::Page};
use crate::{
    browser::Engine,
    collector::Collector,
    console::{add_person, sign_in},
};

const SECRET: &str = "0123456789abcdef-demo";

/// What the README's example makes of a purchase, run as the shop's server runs it.
async fn signature(purchase: &Value) -> String {
    let readme = include_str!("../../../README.md");
    let examples = readme
        .split("```js\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next());
    let example = examples
        .into_iter()
        .find(|text| text.contains("createHmac"))
        .expect("an example");
    let script = format!("{example}\nconsole.log(signature(JSON.parse(process.env.PURCHASE)));");
    let output = Command::new("node")
        .args(["--input-type=module", "--eval", &script])
        .env("PURCHASE_SERVER_SECRET", SECRET)
        .env("PURCHASE", purchase.to_string())
        .output()
        .await
        .expect("node runs");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("a text").trim().to_owned()
}

/// A confirmation page that is signed, and `script` in the shopper's browser before the tag looks.
async fn page(shop: &Shop, id: &str, script: &str) -> Page {
    let purchase = json!({
        "purchase_id": id, "total_price": "180.75", "purchase_date": "2024-09-13T10:49:31+02:00",
    });
    let text = |key: &str| purchase[key].as_str().expect("a text").to_owned();
    Page {
        body: format!(
            "<div class=cn_purchase><span class=purchase_id>{id}</span><span class=total_quantity>3</span>
             <span class=total_price> {} </span><span class=purchase_date>{}</span><span class=signature>{}</span></div>
             <script>{script}</script>{}",
            text("total_price"),
            text("purchase_date"),
            signature(&purchase).await,
            shop.snippet().html(),
        ),
        ..Page::default()
    }
}

async fn start() -> Shop {
    let collector = Collector::new(None)
        .with_secrets(vec![format!("demo={SECRET}")])
        .with_signing(vec!["demo".to_owned()]);
    let store = Store::open(&collector.database().into())
        .await
        .expect("the database opens");
    add_person(&store).await;
    store.close().await;
    Shop::with_collector(Engine::Chromium, collector).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_page_is_verified_and_a_changed_total_is_refused_and_shown() {
    let shop = start().await;
    let signed = page(&shop, "10023", "").await;
    assert!(shop.buys("/signed", signed, "10023").await, "the module runs");
    let stored = shop.collector.purchases().await;
    assert_eq!(
        (&stored[0]["verified"], &stored[0]["purchase"]["total_price"]),
        (&json!(true), &json!("180.75"))
    );

    let change = "document.querySelector('.total_price').textContent = '1.00'";
    let changed = page(&shop, "10024", change).await;
    shop.browser.open(&shop.site.page("/changed", changed)).await;
    let refused = shop.browser.event("refused").await;
    assert_eq!(refused["outcome"], "refused", "{refused}");
    assert_eq!(shop.collector.purchase_ids().await, ["10023"]);
    let refusals = shop.collector.refusals().await;
    let problems = refusals[0]["problems"].as_array().expect("a list").iter();
    let of_signature: Vec<&Value> = problems.filter(|problem| problem["path"] == "signature").collect();
    assert_eq!((refusals.len(), of_signature.len()), (1, 1), "{refusals:?}");
    assert_eq!(
        (&of_signature[0]["kind"], &of_signature[0]["severity"]),
        (&json!("wrong_signature"), &json!("error"))
    );

    // What the merchant sees.
    let browser = &shop.browser;
    sign_in(browser, &shop.collector).await;
    browser.open(&format!("{}/console/refused", shop.collector.url())).await;
    let causes = browser.run("return document.querySelector('.causes').innerText").await;
    let causes = causes.as_str().expect("a text");
    assert!(
        causes.contains("signature") && causes.contains("does not fit the purchase"),
        "{causes}"
    );
    browser
        .open(&format!("{}/console/purchase?site=demo&id=10023", shop.collector.url()))
        .await;
    let badges = browser.run("return document.querySelector('.badges').innerText").await;
    assert!(
        badges.as_str().is_some_and(|text| text.contains("verified")),
        "{badges}"
    );
    shop.end().await;
}
