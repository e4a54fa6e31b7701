//! The whole console in Spanish, with every problem and every advice there is: no English but what other machines answered.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use purchase_collector::{passing::Advice, problem, store::console::Role};
use purchase_core::purchase::said;
use serde_json::{Value, json};

use super::super::signatures::signature;
use super::{
    destinations::{finished, passing, take},
    reader::form,
};
use crate::world::{self, World, call, envelope, report};

const ENGLISH: &str = include_str!("../../../src/console/languages/en.ftl");
const SPANISH: &str = include_str!("../../../src/console/languages/es.ftl");

/// What a platform answered.
const ANSWER: &str = "the article is unknown to this shop";

/// Shorter parts of a text may stand in another language by chance.
const PART_CHARS_MIN: usize = 12;

/// Most pages that are looked at; there are fewer.
const PAGES_MAX: usize = 400;

/// Outcomes that an address may report.
const NOTICES: [&str; 5] = ["test-made", "judged-again", "still-refused", "queued", "nothing-queued"];

/// An accepted purchase of one complete line, but for what these fields say; those of `item` are the line's.
fn accepted(fields: &Value, item: &Value) -> Value {
    let mut line = json!({ "product_id": "p", "name": "Cafetera", "quantity": 1, "price": "1", "unit_price": "1", "url": "https://a.example/p" });
    let mut purchase = json!({ "purchase_id": "n", "total_quantity": 1, "total_price": "1" });
    for (whole, changes) in [(&mut line, item), (&mut purchase, fields)] {
        for (key, value) in changes.as_object().into_iter().flatten() {
            whole[key] = value.clone();
        }
    }
    if purchase.get("product_basket_item").is_none() {
        purchase["product_basket_item"] = json!([line]);
    }
    purchase
}

/// Payloads that have every problem there is: source, `config`, `data`.
fn payloads() -> Vec<(&'static str, Value, Value)> {
    let long = "x".repeat(20_000);
    let lines = |count: usize| Value::from(vec![json!({}); count]);
    let of_purchase = [
        json!({ "total_quantity": null }),
        json!({ "total_quantity": "" }),
        json!({ "purchaseId": "other" }),
        json!({ "colour": "red" }),
        json!({ "purchase_id": "undefined" }),
        json!({ "purchase_id": "0" }),
        json!({ "cart_id": "a\nb" }),
        json!({ "cart_id": "0", "source_type": "nobody knows" }),
        json!({ "purchase_id": long }),
        json!({ "total_price": [] }),
        json!({ "total_price": "1,50" }),
        json!({ "total_price": "1.234" }),
        json!({ "total_price": "free" }),
        json!({ "total_price": "-1" }),
        json!({ "total_price": "1234567890123456" }),
        json!({ "total_price": "12345678901234567" }),
        json!({ "total_price": "10 USD" }),
        json!({ "total_quantity": "three" }),
        json!({ "total_quantity": "1.5" }),
        json!({ "total_quantity": "3 €" }),
        json!({ "total_quantity": "9999999999999999" }),
        json!({ "currency": "euros" }),
        json!({ "currency": "USD" }),
        json!({ "purchase_date": "tomorrow" }),
        json!({ "purchase_date": "2023-02-30" }),
        json!({ "purchase_date": "2025-01-16 14:32:10" }),
        json!({ "order_status": "weird" }),
        json!({ "email": "nobody" }),
        json!({ "product_basket_item": [] }),
        json!({ "product_basket_item": ["a kettle"] }),
        json!({ "product_basket_item": lines(300) }),
        json!({ "product_basket_item": lines(10_001) }),
    ];
    let of_line = [
        json!({ "name": long, "category": ["null", {}], "rating_value": 7 }),
        json!({ "url": "/p" }),
        json!({ "url": "ftp://a.example/p" }),
    ];
    let entry = |id: &str, items: Value| json!({ "event": "purchase", "ecommerce": { "transaction_id": id, "value": 1, "items": items } });
    let config = json!({ "currency": "EUR", "contact": "email" });
    let none = json!({});
    let mut all: Vec<_> = of_purchase
        .iter()
        .map(|fields| ("call", config.clone(), accepted(fields, &none)))
        .chain(
            of_line
                .iter()
                .map(|item| ("call", config.clone(), accepted(&none, item))),
        )
        .collect();
    all.extend([
        (
            "data-layer",
            none.clone(),
            entry("g1", json!([{ "item_id": "p", "price": 1 }])),
        ),
        (
            "data-layer",
            none.clone(),
            entry("g2", json!([{ "item_id": "p", "quantity": 1 }])),
        ),
        ("data-layer", none.clone(), entry("g3", json!([]))),
        ("json", none.clone(), json!("{ purchase_id: 1 }")),
        ("json", none.clone(), json!("[]")),
        (
            "json",
            none,
            json!(json!([accepted(&json!({}), &json!({})), accepted(&json!({}), &json!({}))]).to_string()),
        ),
        (
            "call",
            json!({ "time_zone": "Nowhere" }),
            accepted(&json!({}), &json!({})),
        ),
    ]);
    all
}

/// A collector to which everything happened that the console has words for.
async fn everything() -> World {
    let mut world = passing().await;
    let sites = [
        "--site",
        "demo=https://shop.example",
        "--site",
        "signed=https://shop.example",
    ];
    let required = [
        "--server-secret",
        "signed=a-secret-of-the-tests",
        "--require-signature",
        "signed",
    ];
    let options = world::serve_options(&[&sites[..], &required].concat());
    world.router = world::router(&world.store, &options);
    for advice in Advice::all() {
        world
            .post(envelope(&format!("a{}", advice as usize), advice.code(), "10.00"))
            .await;
    }
    loop {
        let claimed = take(&world.store, "books").await;
        if claimed.is_empty() {
            break;
        }
        for claimed in claimed {
            let advice = Advice::from_code(&claimed.key.purchase_id).expect("purchases are named after advice");
            let mut finished = finished(claimed, false);
            finished.text = ANSWER.to_owned();
            finished.advice = Some(advice.code());
            assert!(world.store.finish(finished).await.expect("kept"));
        }
    }
    for (number, (source, config, mut data)) in payloads().into_iter().enumerate() {
        if data["purchase_id"] == "n" {
            data["purchase_id"] = json!(format!("n{number}"));
        }
        let message = json!({
            "v": 1, "site": "demo", "id": format!("b{number}"), "source": source, "captured_at": 1_763_765_393_000_u64,
            "config": config, "data": data,
        });
        let answer = world.post(message.to_string()).await;
        assert!(
            matches!(answer.status.as_u16(), 200 | 201 | 422),
            "{message}: {answer:?}"
        );
    }
    let right = signature("a-secret-of-the-tests", "n", "1.234", "");
    for (number, fields) in [
        json!({}),
        json!({ "signature": "5f" }),
        json!({ "total_price": "1.234", "signature": right }),
    ]
    .iter()
    .enumerate()
    {
        let message = call(&format!("d{number}"), accepted(fields, &json!({})));
        let signed = "\"config\":{\"decimal\":\"comma\"},\"site\":\"signed\"";
        let message = message.replace("\"site\":\"demo\"", signed);
        let answer = world.post(message).await;
        assert_eq!(answer.status.as_u16(), 422, "{answer:?}");
    }
    world
        .post(call(
            "c1",
            accepted(&json!({ "purchase_id": "no-contact" }), &json!({})),
        ))
        .await;
    world.post(report("c2", &json!({ "gateway": "redsys" }))).await;
    world
}

/// The parts of each text between its values.
fn parts(texts: &str) -> BTreeMap<String, Vec<String>> {
    let mut parts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut last = String::new();
    for line in texts.lines().filter(|line| !line.starts_with('#')) {
        let text = match line.split_once(" = ") {
            Some((key, text)) if !line.starts_with(' ') => {
                last = key.to_owned();
                text
            }
            _ => line.split_once("] ").map_or("", |(_, text)| text),
        };
        let between = text.split('}').filter_map(|part| part.split('{').next());
        let long = between
            .map(str::trim)
            .filter(|part| part.chars().count() >= PART_CHARS_MIN && part.contains(' '));
        parts.entry(last.clone()).or_default().extend(long.map(str::to_owned));
    }
    parts
}

/// The page without elements that start like this.
fn without(page: &str, start: &str, end: &str) -> String {
    let mut pieces = page.split(start);
    let mut rest = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        rest += piece.split_once(end).map_or("", |(_, after)| after);
    }
    rest
}

fn unescaped(page: &str) -> String {
    let pairs = [
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#38;", "&"),
    ];
    pairs
        .iter()
        .fold(page.to_owned(), |page, (escaped, plain)| page.replace(escaped, plain))
}

/// Every page that links lead to, by its address.
async fn walk(world: &World, cookie: &str) -> BTreeMap<String, String> {
    let mut waiting: VecDeque<String> = [
        "/console",
        "/console/nothing-here",
        "/console/purchases?tests=1",
        "/console/login",
    ]
    .map(str::to_owned)
    .into();
    waiting.extend(NOTICES.map(|notice| format!("/console?done={notice}")));
    let mut pages = BTreeMap::new();
    while let Some(path) = waiting.pop_front() {
        if pages.contains_key(&path) {
            continue;
        }
        assert!(pages.len() < PAGES_MAX, "there is no end of pages: {path}");
        let answer = world.look(&path, cookie).await;
        if answer.status.is_redirection() {
            waiting.push_back(answer.header("location").to_owned());
            continue;
        }
        let page = String::from_utf8(answer.body).expect("a page is text");
        let links = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        waiting.extend(
            links.map(unescaped).filter(|link| {
                link.starts_with("/console") && ![".css", ".svg"].iter().any(|name| link.contains(name))
            }),
        );
        pages.insert(path, page);
    }
    pages
}

#[tokio::test]
async fn a_spanish_reader_meets_no_english_but_what_other_machines_answered() {
    let world = everything().await;
    let ana = world.cookie_of("ana", Role::Admin).await + "; purchase_console_language=es";
    let made = world
        .send(form("/console/test-purchase", &ana, &[("site", "demo")]))
        .await;
    assert!(made.header("location").ends_with("done=test-made"), "{made:?}");
    let pages = walk(&world, &ana).await;

    let spanish = parts(SPANISH);
    let told: BTreeSet<&String> = spanish.values().flatten().collect();
    let english = parts(ENGLISH);
    let english: Vec<_> = english.values().flatten().filter(|part| !told.contains(part)).collect();
    assert!(english.len() > 200, "the catalogue was read");
    let mut shown = String::new();
    let mut answers = 0;
    for (path, page) in &pages {
        assert!(page.contains("<html lang=\"es\">"), "{path}: {page}");
        let own = without(page, "<q class=\"words\" lang=\"\" translate=\"no\">", "</q>");
        answers += page.matches("<q class=\"words\"").count();
        assert!(!own.contains(ANSWER), "{path}: another machine's words are not marked");
        let own = without(&own, "<pre", "</pre>").replace("<html lang=\"es\">", "");
        // A language's own name is in that language.
        let own = without(&own, "<option value=\"en\" lang=\"en\"", "</option>");
        let own = without(&own, "<option value=\"es\" lang=\"es\"", "</option>");
        assert!(!own.contains(" lang="), "{path}: {own}");
        let own = unescaped(&own);
        let found: Vec<_> = english.iter().filter(|part| own.contains(part.as_str())).collect();
        assert!(found.is_empty(), "{path}: {found:?}");
        shown += &own;
    }
    assert!(answers > Advice::all().count(), "{answers}");

    // All of it was met: nothing is in the catalogue that these pages could not show.
    let problems = said::ALL.iter().chain(problem::SAID);
    let problems = problems.map(|(code, _)| format!("problem-{code}"));
    let advice = Advice::all().map(|advice| format!("pass-advice-{}", advice.code()));
    let keys = problems.chain(advice);
    let missing: Vec<_> = keys
        .filter(|key| {
            !spanish
                .get(key)
                .is_some_and(|parts| parts.iter().any(|part| shown.contains(part.as_str())))
        })
        .collect();
    assert_eq!(missing, Vec::<String>::new(), "never shown, on {} pages", pages.len());
}
