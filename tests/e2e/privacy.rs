//! What `docs/privacy.md` says is what a browser keeps and a request carries.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    proxy::{Fault, RetryAfter},
    world::World,
};

/// Names in the first column of the tables under a heading of the page.
fn documented(heading: &str) -> BTreeSet<String> {
    let page = include_str!("../../docs/privacy.md");
    let section = page.split("\n## ").find(|section| section.starts_with(heading));
    let section = section.unwrap_or_else(|| panic!("docs/privacy.md has no section {heading}"));
    let names = section
        .lines()
        .filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned()));
    names.collect()
}

/// The keys of an object, and those of the objects in it, as `outer.inner`.
fn fields(prefix: &str, value: &Value, into: &mut BTreeSet<String>) {
    for (key, value) in value.as_object().into_iter().flatten() {
        into.insert(format!("{prefix}{key}"));
        fields(&format!("{prefix}{key}."), value, into);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_names_every_key_and_every_field() {
    let options = "data-consent=wait data-contact=email data-decimal=dot data-time-zone=Europe/Madrid data-currency=EUR \
        data-platform=woocommerce data-order-statuses=paid=completed:placed";
    let world = World::with_options(options).await;
    let browser = &world.browser;
    world.proxy.set_prelude("purchaseTag('consent', 'granted');");
    let stored = "
        const keys = Object.keys(localStorage).concat(Object.keys(sessionStorage)).filter((key) => /purchase-tag/.test(key));
        const opened = indexedDB.open('purchase-tag');
        opened.onsuccess = () => {
          const records = opened.result.transaction('records').objectStore('records');
          const names = records.getAllKeys();
          const values = records.getAll();
          values.onsuccess = () => {
            opened.result.close();
            done({ keys, names: names.result, fields: values.result.map((value) => Object.keys(value)).flat() });
          };
        }";
    let mut seen = BTreeSet::new();
    let mut look = async || {
        let found = browser.run_async(stored, vec![]).await;
        let texts = |of: &str| -> Vec<String> {
            let list = found[of].as_array().expect("a list").iter();
            list.filter_map(Value::as_str).map(Into::into).collect()
        };
        for key in texts("keys") {
            let mut parts: Vec<&str> = key.split(':').collect();
            parts[1] = "<site>";
            if parts.len() == 4 {
                parts[3] = "<id>";
            }
            seen.insert(parts.join(":"));
        }
        seen.extend(texts("names").iter().map(|_| "<site>:<id>".to_owned()));
        seen.extend(texts("fields"));
    };
    // Undelivered, held back, and left for a gateway; then delivered.
    world.proxy.set(Fault::Status(503, Some(RetryAfter::Seconds(1)))).await;
    browser
        .open(&world.shop("/order-confirmation?order=80001&item=SKU-987:1&email=jane%40example.com"))
        .await;
    browser.event("retrying").await;
    browser
        .run("purchaseTag('checkout', { cart_id: '80002', total_quantity: 1, total_price: '5' })")
        .await;
    look().await;
    world.proxy.set(Fault::None).await;
    world.collector.wait_for_purchases(1).await;
    browser.event("registered").await;
    look().await;
    let mut stored = documented("In the browser");
    assert_eq!(seen, stored, "left: in the browser, right: in docs/privacy.md");

    // Another page, with a call, and a report of the checkout.
    let mut sent = BTreeSet::new();
    crate::process::until("a report", || async {
        let posts = world.proxy.seen();
        posts
            .posts
            .iter()
            .any(|post| post.body.contains("\"checkout\""))
            .then_some(())
    })
    .await;
    for post in &world.proxy.seen().posts {
        let mut envelope: Value = serde_json::from_str(&post.body).expect("an envelope");
        let data = envelope["data"].take();
        fields("", &envelope, &mut sent);
        if envelope["source"] == "checkout" {
            let mut data = data;
            data["contents"].take();
            fields("data.", &data, &mut sent);
        }
    }
    stored = documented("In a request");
    let unknown: Vec<_> = sent.difference(&stored).collect();
    assert!(unknown.is_empty(), "sent and not in docs/privacy.md: {unknown:?}");
    for required in [
        "v",
        "site",
        "id",
        "source",
        "captured_at",
        "page",
        "config",
        "contact",
        "data",
        "data.left_at",
    ] {
        assert!(
            sent.contains(required) && stored.contains(required),
            "{required}: {sent:?}"
        );
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_carry_no_secrets() {
    let world = World::start().await;
    let browser = &world.browser;
    let secrets = ["S3CRET", "jane%40example.com", "pass:word"];
    world.proxy.set(Fault::Refuse).await;
    browser
        .open(&world.shop("/order-confirmation?order=80011&item=SKU-987:1&key=S3CRET&token=S3CRET#access_token=S3CRET"))
        .await;
    browser.event("retrying").await;
    let urls = "
        const line = (url) => ({ quantity: 1, price: '5', unit_price: '5', product_id: 'P', name: 'Mug', url, thumbnail_url: url + '&size=80' });
        const item = ['?variant=7&utm_email=S3CRET&access_token=S3CRET', '?session_id=S3CRET', '?a=1#id_token=S3CRET&b=2', '?email=jane%40example.com&lang=es']
          .map((query) => line('https://shop.example/p/1' + query)).concat([line('https://pass:word@shop.example/p/2?monkey=1')]);
        const fields = (id) => ({ purchase_id: id, total_quantity: 1, total_price: '5', product_basket_item: item });
        purchaseTag('purchase', fields('80012'));
        const script = document.createElement('script');
        script.type = 'application/json';
        script.className = 'cn_purchase';
        // As PHP writes it.
        script.textContent = JSON.stringify(fields('80013')).replace(/[/]/g, '\\\\/').replace(/&/g, '\\\\u0026').replace(/S3CRET/g, 'a\\\\/S3CRET');
        document.body.append(script);
        const block = document.createElement('div');
        block.className = 'cn_purchase';
        block.innerHTML = '<i class=purchase_id>80014</i><i class=total_quantity>1</i><i class=total_price>5</i>';
        for (const { url } of item) {
          const line = document.createElement('div');
          line.className = 'product_basket_item';
          line.innerHTML = '<i class=quantity>1</i><i class=price>5</i><i class=product_id>P</i><i class=name>Mug</i><i class=unit_price>5</i><i class=url></i>';
          line.lastChild.textContent = url;
          block.append(line);
        }
        document.body.append(block)";
    browser.run(urls).await;
    crate::process::until("four records", || async {
        (browser.stored_keys().await.len() == 4).then_some(())
    })
    .await;
    let everything = browser
        .run("return JSON.stringify(Object.entries(localStorage))")
        .await
        .to_string();
    world.proxy.set(Fault::None).await;
    browser.run("purchaseTag('flush')").await;
    let purchases = world.collector.wait_for_purchases(4).await;
    let bodies: Vec<String> = world.proxy.seen().posts.iter().map(|post| post.body.clone()).collect();
    for secret in secrets {
        assert!(!everything.contains(secret), "{secret} is stored: {everything}");
        assert!(
            bodies.iter().all(|body| !body.contains(secret)),
            "{secret} is sent: {bodies:?}"
        );
    }
    let shown = |id: &str| {
        let found = purchases.iter().find(|purchase| purchase["purchase_id"] == id);
        found.unwrap_or_else(|| panic!("{id} is not among {purchases:?}"))["purchase"]["product_basket_item"].clone()
    };
    for id in ["80012", "80013", "80014"] {
        let lines = shown(id);
        let urls: Vec<_> = (0..5).map(|line| lines[line]["url"].as_str().unwrap_or("?")).collect();
        let expected = [
            "https://shop.example/p/1?variant=7&utm_email=&access_token=",
            "https://shop.example/p/1?session_id=",
            "https://shop.example/p/1?a=1#id_token=&b=2",
            "https://shop.example/p/1?email=&lang=es",
            "https://shop.example/p/2?monkey=1",
        ];
        assert_eq!(urls, expected, "{id}");
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_wanted_as_a_hash_is_stored_and_sent_as_nothing_else() {
    // printf janedoe@gmail.com | sha256sum: as Google's enhanced conversions want it, without dots before gmail.com.
    let hash = "d6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69";
    let page = "/order-confirmation?order=80021&item=SKU-987:1&email=%20Jane.Doe%40Gmail.com%20";
    let stored = "
        const opened = indexedDB.open('purchase-tag');
        opened.onsuccess = () => {
          const values = opened.result.transaction('records').objectStore('records').getAll();
          values.onsuccess = () => done(JSON.stringify([values.result, Object.entries(localStorage), Object.entries(sessionStorage)]));
        }";
    for (mode, kept) in [
        ("none", None),
        ("sha256", Some(hash)),
        ("email", Some("Jane.Doe@Gmail.com")),
    ] {
        let world = World::with_options(&format!("data-contact={mode}")).await;
        let browser = &world.browser;
        world.proxy.set(Fault::Refuse).await;
        browser.open(&world.shop(page)).await;
        browser.event("retrying").await;
        let fields = "{ purchase_id: '80022', total_quantity: 1, total_price: '5', email: ' Jane.Doe@Gmail.com ' }";
        browser.run(&format!("purchaseTag('purchase', {fields})")).await;
        browser.run_async("purchaseTag('snapshot', done)", vec![]).await;
        let stored = browser.run_async(stored, vec![]).await.to_string();
        world.proxy.set(Fault::None).await;
        browser.run("purchaseTag('flush')").await;
        let purchases = world.collector.wait_for_purchases(2).await;
        let sent: String = world.proxy.seen().posts.iter().map(|post| post.body.as_str()).collect();
        for text in [&stored, &sent] {
            assert_eq!(
                text.to_lowercase().contains("doe@gmail"),
                mode == "email",
                "{mode}: {text}"
            );
            assert!(kept.is_none_or(|kept| text.contains(kept)), "{mode}: {text}");
            assert_eq!(text.contains(hash), mode == "sha256", "{mode}: {text}");
        }
        for purchase in &purchases {
            let contact = [&purchase["purchase"]["email"], &purchase["purchase"]["email_sha256"]];
            let found = contact.into_iter().find_map(Value::as_str);
            assert_eq!(found, kept, "{mode}: {purchase}");
        }
        world.end().await;
    }
}
