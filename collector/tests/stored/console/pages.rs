//! What the pages show, and that nothing in a payload becomes part of a page.

use axum::http::StatusCode;
use purchase_collector::store::console::Role;
use serde_json::json;

use super::reader::form;
use crate::world::{World, call, envelope, get, order, report};

const HOSTILE: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>";

#[tokio::test]
async fn payloads_never_become_part_of_a_page() {
    let world = World::new(&[]).await;
    let ana = world.cookie_of("ana", Role::Admin).await;
    let item = json!({
        "product_id": HOSTILE, "name": HOSTILE, "quantity": HOSTILE, "price": "1", "unit_price": "1", "url": HOSTILE,
    });
    let purchase = json!({
        "purchase_id": HOSTILE, "total_quantity": 1, "total_price": "1.00", "payment_method": HOSTILE, "cart_id": HOSTILE,
        "purchase_date": HOSTILE, "source_name": HOSTILE, "product_basket_item": [item],
    });
    assert_eq!(
        world.post(call("a1", purchase.clone())).await.status,
        StatusCode::CREATED
    );
    let mut other = purchase.clone();
    other["payment_method"] = json!(format!("other {HOSTILE}"));
    world.post(call("a2", other)).await;
    let mut refused = purchase;
    refused["total_price"] = json!(HOSTILE);
    let mut refused: serde_json::Value = serde_json::from_str(&call("a3", refused)).expect("an envelope");
    refused["page"] = json!(format!("https://shop.example/{HOSTILE}"));
    assert_eq!(
        world.post(refused.to_string()).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let left = json!({ "checkout_id": HOSTILE, "cart_id": format!("other {HOSTILE}"), "gateway": HOSTILE });
    world.post(report("a4", &left)).await;

    let list = world.page("/console/purchases", &ana).await;
    let refusals = world.page("/console/refused", &ana).await;
    let link = |page: &str, start: &str| {
        let rest = page.split(start).nth(1).expect("a link");
        format!("{start}{}", rest.split('"').next().expect("its end"))
            .replace("&#38;", "&")
            .replace("&amp;", "&")
    };
    let search = format!(
        "/console/purchases?q={}",
        url::form_urlencoded::byte_serialize(HOSTILE.as_bytes()).collect::<String>()
    );
    let pages = [
        "/console".to_owned(),
        "/console/checkouts".to_owned(),
        "/console/accuracy".to_owned(),
        link(&list, "/console/purchase?"),
        link(&refusals, "/console/refusal?"),
        search,
    ];
    let mut texts = vec![list, refusals];
    for path in pages {
        texts.push(world.page(&path, &ana).await);
    }
    let shown = texts.iter().filter(|text| text.contains("&#60;script&#62;")).count();
    assert!(shown >= 5, "the hostile text is shown as text on {shown} pages");
    for text in texts {
        for part in ["<script", "<img", "onerror=alert(2)>", "javascript:", "style="] {
            assert!(!text.contains(part), "{part} in {text}");
        }
    }
}

#[tokio::test]
async fn every_answer_has_the_strict_headers() {
    let world = World::new(&[]).await;
    let ana = world.cookie_of("ana", Role::Admin).await;
    let paths = [
        "/console",
        "/console/login",
        "/console/nothing",
        "/console/purchase",
        "/console/purchases?at=x",
        "/console/console.css",
    ];
    for path in paths {
        let answer = world.look(path, &ana).await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none';") && policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe") && !policy.contains("script-src"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        let cached = if path.ends_with(".css") { "no-cache" } else { "no-store" };
        assert_eq!(answer.header("cache-control"), cached, "{path}");
    }
    assert_eq!(world.look("/console/nothing", &ana).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        world.look("/console/purchase?site=demo&id=none", &ana).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        world.look("/console/purchases?at=x", &ana).await.status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn a_list_is_read_page_by_page_and_every_purchase_is_on_one() {
    let world = World::new(&[]).await;
    let ana = world.cookie_of("ana", Role::Viewer).await;
    for number in 0..120 {
        world
            .post(envelope(&format!("r{number}"), &format!("id-{number}"), "10.00"))
            .await;
    }
    let mut path = "/console/purchases".to_owned();
    let mut seen = Vec::new();
    for expected in [50, 50, 20] {
        let page = world.page(&path, &ana).await;
        let ids: Vec<String> = page
            .split("<th scope=\"row\" role=\"rowheader\"")
            .skip(1)
            .filter_map(|row| Some(row.split("</a>").next()?.rsplit('>').next()?.to_owned()))
            .collect();
        assert_eq!(ids.len(), expected);
        seen.extend(ids);
        if let Some(next) = page.split("rel=\"next\" href=\"").nth(1) {
            path = next.split('"').next().expect("an address").replace("&#38;", "&");
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 120);
}

#[tokio::test]
async fn a_search_narrows() {
    let world = World::new(&[]).await;
    let ana = world.cookie_of("ana", Role::Viewer).await;
    world.post(envelope("a1", "10%_1", "10.00")).await;
    world.post(envelope("a2", "10xx1", "10.00")).await;
    world.post(order("a3", "30001", Some("pending"))).await;
    let warned = json!({ "purchase_id": "40001", "total_quantity": 1, "total_price": "1", "purchase_date": "no date",
        "product_basket_item": [{ "name": "Kettle", "product_id": "p", "quantity": 1, "price": "1", "unit_price": "1", "url": "https://a.b/c" }] });
    world.post(call("a4", warned)).await;
    let cases = [
        ("q=10%25_1", vec!["10%_1"]),
        ("q=kETTLE", vec!["40001"]),
        ("state=pending", vec!["30001"]),
        ("source=markup", vec!["10%_1", "10xx1"]),
        ("site=other", vec![]),
        ("site=demo&source=call", vec!["30001", "40001"]),
        ("from=2001-01-01&to=2001-12-31", vec![]),
        ("q=%27%20OR%201=1--", vec![]),
    ];
    for (query, expected) in cases {
        let page = world.page(&format!("/console/purchases?{query}"), &ana).await;
        for id in ["10%_1", "10xx1", "30001", "40001"] {
            assert_eq!(
                page.contains(&format!(">{id}</a>")),
                expected.contains(&id),
                "{query}: {id}"
            );
        }
    }
}

#[tokio::test]
async fn a_history_tells_every_step_and_what_to_do() {
    let world = World::new(&[]).await;
    let ana = world.cookie_of("ana", Role::Viewer).await;
    world.post(order("a1", "10023", Some("pending"))).await;
    world.post(order("a2", "10023", Some("completed"))).await;
    let page = world.page("/console/purchase?site=demo&id=10023", &ana).await;
    // The tests' envelopes come at the second attempt.
    let told = [
        "Captured",
        "Kept in the browser",
        "Sent",
        "at attempt 2",
        "one attempt before it failed",
        "Received",
        "one further delivery",
        "Checked",
        "Stored",
        "pending",
        "completed",
        "What to do:",
    ];
    for text in told {
        assert!(page.contains(text), "{text}: {page}");
    }
    let order = [
        "Captured<",
        "Kept in the browser<",
        "Sent<",
        "Received<",
        "Checked<",
        "Stored<",
    ];
    let places: Vec<_> = order.iter().map(|text| page.find(text)).collect();
    assert!(places.is_sorted() && places[0].is_some(), "{places:?}");
}

#[tokio::test]
async fn refusals_are_grouped_and_can_be_judged_again() {
    let world = World::new(&[]).await;
    let ana = world.cookie_of("ana", Role::Admin).await;
    for (record, id, price) in [
        ("a1", "1", "1,234"),
        ("a2", "2", "2,345"),
        ("a3", "2", "2,345"),
        ("a4", "3", "free"),
    ] {
        world.post(envelope(record, id, price)).await;
    }
    let page = world.page("/console/refused", &ana).await;
    assert!(page.contains(r#"<span class="figure">3</span> refused:"#), "{page}");
    assert!(
        page.contains("with a comma that can be read in two ways") && page.contains("<code>1,234</code>"),
        "{page}"
    );
    assert!(page.contains(r#"<span class="figure">1</span> refused:"#), "{page}");
    let href = page
        .split("/console/refusal?")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a link");
    let digest = href.split("digest=").nth(1).expect("a digest").to_owned();
    let shown = world
        .page(&format!("/console/refusal?site=demo&digest={digest}"), &ana)
        .await;
    assert!(shown.contains("failed") && shown.contains("Judge again"), "{shown}");
    let answer = world
        .send(form("/console/refusal", &ana, &[("site", "demo"), ("digest", &digest)]))
        .await;
    assert!(answer.header("location").ends_with("&done=still-refused"), "{answer:?}");
    let shown = world.page(answer.header("location"), &ana).await;
    assert!(shown.contains("still refused"), "{shown}");
}

#[tokio::test]
async fn a_test_purchase_is_shown_and_never_counts() {
    let world = World::new(&["--site", "demo=https://shop.example"]).await;
    let ana = world.cookie_of("ana", Role::Admin).await;
    let answer = world
        .send(form("/console/test-purchase", &ana, &[("site", "demo")]))
        .await;
    let page = world.page(answer.header("location"), &ana).await;
    assert!(
        page.contains("The test purchase was made") && page.contains("counts nowhere"),
        "{page}"
    );
    assert!(!world.page("/console/purchases", &ana).await.contains("test-"));
    assert!(world.page("/console/purchases?tests=1", &ana).await.contains(">test-"));
    assert!(
        world
            .page("/console", &ana)
            .await
            .contains(r#"<span class="figure">0</span> <span>purchases"#)
    );
    assert!(
        world
            .page("/console/accuracy", &ana)
            .await
            .contains("No purchase has arrived yet")
    );
    // Who reads by token is not told of it either.
    let listed = world.read("/v1/purchases").await;
    assert_eq!(listed["purchases"].as_array().map(Vec::len), Some(0), "{listed}");
}

#[tokio::test]
async fn pages_speak_the_readers_language_and_keep_their_choice() {
    let world = World::new(&[]).await;
    let spanish = world
        .send(get("/console/login", &[("accept-language", "es-MX,en;q=0.5")]))
        .await;
    let text = String::from_utf8(spanish.body).expect("text");
    assert!(
        text.contains("<html lang=\"es\">") && text.contains("Iniciar sesión"),
        "{text}"
    );
    let fields = [("language", "es"), ("zone", "America/Bogota"), ("to", "//evil.example")];
    let answer = world.send(form("/console/preferences", "", &fields)).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/console")
    );
    let cookies: Vec<_> = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|value| value.to_str().unwrap_or_default())
        .collect();
    assert!(
        cookies
            .iter()
            .any(|cookie| cookie.starts_with("purchase_console_language=es;")),
        "{cookies:?}"
    );
    assert!(
        cookies
            .iter()
            .any(|cookie| cookie.starts_with("purchase_console_zone=America%2FBogota;")),
        "{cookies:?}"
    );
    let cookie = "purchase_console_language=es; purchase_console_zone=America%2FBogota";
    let chosen = world
        .send(get("/console/login", &[("accept-language", "en"), ("cookie", cookie)]))
        .await;
    let text = String::from_utf8(chosen.body).expect("text");
    assert!(
        text.contains("Iniciar sesión") && text.contains("value=\"America/Bogota\""),
        "{text}"
    );
}
