//! The conformance vectors as WebAssembly in a browser, and over HTTP against the collector.

use axum::Router;
use purchase_collector::html;
use purchase_core::markup::{Child, Node};
use serde_json::{Value, json};
use tower_http::services::ServeDir;

use crate::{
    browser::{Browser, Engine},
    collector::Collector,
    process::setting,
    vectors::{Case, assert_none, differences, load},
};

/// In the page: the loader's own code reads the case's HTML, the core as WebAssembly judges it.
const JUDGE: &str = "
    (async () => {
      const vectors = await import('/vectors/vectors.js');
      await vectors.default();
      const { tree } = await import('/loader/tree.js');
      const { fromPage } = await import('/loader/contact.js');
      const { options } = await import('/loader/options.js');
      const judge = ({ input, config }) => {
        if (input.json !== undefined) return vectors.judge_json(input.json, JSON.stringify(config));
        document.body.innerHTML = input.html;
        options.contact = config.contact;
        const email = fromPage();
        const client = email ? [['cn_client_info', ['primary_key', email]]] : [];
        const found = [...document.querySelectorAll('.cn_purchase')].filter((e) => e.classList.contains('cn_purchase'));
        return found.flatMap((element) => {
          const page = ['body', ...client, JSON.parse(tree(element))];
          return vectors.judge_markup(JSON.stringify(page), JSON.stringify(config));
        });
      };
      return arguments[0].map((one) => { try { return judge(one) } catch (error) { return [{ outcome: String(error) }] } });
    })().then(done, (error) => done(String(error)));";

/// What the cases with `verified` are signed with; `tests/vectors/README.md` names it.
const SECRET: &str = "0123456789abcdef";

#[tokio::test(flavor = "multi_thread")]
async fn the_vectors_hold_as_webassembly_in_a_browser() {
    let page = "<!doctype html><meta charset=utf-8><title>vectors</title><body>";
    let files = Router::new()
        .route(
            "/",
            axum::routing::get(move || async move { axum::response::Html(page) }),
        )
        .nest_service("/vectors", ServeDir::new(setting("PURCHASE_VECTORS_WEB")))
        .nest_service(
            "/loader",
            ServeDir::new(concat!(env!("CARGO_MANIFEST_DIR"), "/www/loader/src")),
        );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("the listener's address");
    tokio::spawn(async move { axum::serve(listener, files).await });

    let browser = Browser::start(Engine::Chromium).await;
    browser.open(&format!("http://{address}/")).await;
    let cases: Vec<Case> = load().into_iter().filter(is_markup_or_payload).collect();
    let inputs: Vec<Value> = cases
        .iter()
        .map(|case| json!({ "input": case.input, "config": case.config }))
        .collect();
    let results = browser
        .run_async(
            &JUDGE
                .replace("arguments[0]", "inputs")
                .replacen("(async", "const inputs = arguments[0]; (async", 1),
            vec![Value::Array(inputs)],
        )
        .await;
    let results = results
        .as_array()
        .unwrap_or_else(|| panic!("the page says: {results}"))
        .clone();
    assert_eq!(results.len(), cases.len());
    let found = cases.iter().zip(&results).map(|(case, results)| {
        (
            case.title.clone(),
            differences(case, results.as_array().map(Vec::as_slice).unwrap_or_default()),
        )
    });
    assert_none(found.collect(), cases.len());
    browser.close().await;
}

/// What stands in script elements is found by the collector's page reader and by the loader's own parts; it has tests there.
fn is_markup_or_payload(case: &Case) -> bool {
    let is_markup = |result: &Value| result["source"] == "markup";
    case.input.get("json").is_some() || case.expect.iter().all(is_markup)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_vectors_hold_over_http() {
    // An envelope holds one purchase, so cases with none or several have no place here.
    let cases = load()
        .into_iter()
        .filter(|case| case.expect.len() == 1 && is_markup_or_payload(case));
    let cases: Vec<(String, Case)> = (0..).map(|index| format!("case-{index}")).zip(cases).collect();
    let signing = cases
        .iter()
        .filter(|(_, case)| case.expect[0].get("verified").is_some());
    let secrets = signing.map(|(site, _)| format!("{site}={SECRET}"));
    let mut collector = Collector::new(None).with_secrets(secrets.collect());
    collector.start().await;
    let client = crate::process::client();
    let mut found = Vec::new();
    for (site, case) in cases {
        let post = client
            .post(format!("{}/v1/purchases", collector.url()))
            .body(envelope(&site, &case));
        let answer = post.send().await.expect("the collector answers");
        let status = answer.status().as_u16();
        let receipt: Value = answer.json().await.expect("a receipt");
        let row = match receipt["purchase_id"].as_str() {
            Some(_) => collector.read(&format!("/v1/purchases?site={site}")).await["purchases"][0].clone(),
            None => Value::Null,
        };
        let outcome = receipt["outcome"].clone();
        let expected_status = if outcome == "accepted" { 201 } else { 422 };
        let source = case.expect[0]["source"].clone();
        let result = json!({
            "source": source, "outcome": outcome, "purchase": row["purchase"], "problems": receipt["problems"],
            "state": row["state"], "placed": row["placed"], "verified": row["verified"], "signed": case.expect[0]["signed"],
        });
        let mut differing = differences(&case, &[result]);
        if status != expected_status {
            differing.push(format!("status {status} with {outcome}"));
        }
        found.push((case.title, differing));
    }
    let count = found.len();
    assert_none(found, count);
    collector.kill().await;
}

fn envelope(site: &str, case: &Case) -> String {
    let (source, data) = match case.input["json"].as_str() {
        Some(text) => ("json", json!(text)),
        None => {
            let (blocks, _) = html::parse(case.input["html"].as_str().expect("a case's input")).blocks();
            ("markup", tree(&blocks))
        }
    };
    let config = json!({
        "decimal": case.config["decimal"], "time_zone": case.config["time_zone"],
        "currency": case.config["currency"], "contact": case.config["contact"],
        "platform": case.config["platform"], "order_statuses": case.config["order_statuses"],
    });
    let page = &case.config["page_url"];
    json!({ "v": 1, "site": site, "id": "a1", "source": source, "captured_at": 1, "page": page, "config": config, "data": data })
        .to_string()
}

fn tree(node: &Node) -> Value {
    let children = node.children.iter().map(|child| match child {
        Child::Text(text) => json!(text),
        Child::Element(node) => tree(node),
    });
    Value::Array([json!(node.class)].into_iter().chain(children).collect())
}
