//! The conformance vectors' core as WebAssembly: judges what a page hands over, as `purchase-collector check` does.

use purchase_core::{
    FixedZone, Judgement, Purchase, Rules, Zone, json,
    markup::{self, Node},
    source::{RawPurchase, SourceKind, purchases_from_text},
    wire::PageConfig,
};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

#[path = "../../src/zone.rs"]
mod zone;

#[derive(Serialize)]
struct Verdict {
    source: &'static str,
    outcome: &'static str,
    purchase: Option<Purchase>,
    state: Option<&'static str>,
    placed: Option<bool>,
    problems: Vec<purchase_core::Problem>,
    signed: Option<String>,
}

/// The results for a page given as an element tree (JSON text), with a configuration (JSON text).
#[wasm_bindgen]
pub fn judge_markup(tree: &str, config: &str) -> Result<JsValue, JsError> {
    let tree = Node::from_value(&json::read(tree)?).ok_or_else(|| JsError::new("no element tree"))?;
    let found = markup::purchases(&tree)
        .into_iter()
        .map(|raw| (SourceKind::Markup, raw));
    judge(found.collect(), config)
}

/// The results for a JSON payload's text.
#[wasm_bindgen]
pub fn judge_json(text: &str, config: &str) -> Result<JsValue, JsError> {
    if !text.trim_start().starts_with(['{', '[']) {
        return judge(Vec::new(), config);
    }
    match purchases_from_text(text) {
        Ok(found) => judge(found, config),
        Err(problem) => {
            let verdict = Verdict {
                source: "json",
                outcome: "refused",
                purchase: None,
                state: None,
                placed: None,
                problems: vec![problem],
                signed: None,
            };
            Ok([verdict].serialize(&Serializer::json_compatible())?)
        }
    }
}

fn judge(found: Vec<(SourceKind, RawPurchase)>, config: &str) -> Result<JsValue, JsError> {
    let config = json::read(config)?;
    let page_url = config.get("page_url").and_then(json::Value::text);
    let page = PageConfig::from_value(&config);
    let PageConfig {
        decimal,
        ref time_zone,
        currency,
        contact,
        ..
    } = page;
    let name = time_zone.as_deref();
    let fixed = name.and_then(FixedZone::from_name);
    let named = name.map(zone::IntlZone);
    let zone = fixed
        .as_ref()
        .map(|zone| zone as &dyn Zone)
        .or(named.as_ref().map(|zone| zone as &dyn Zone));
    let rules = Rules {
        decimal,
        zone,
        currency,
        contact,
        page_url,
        statuses: page.statuses(),
    };
    let verdicts: Vec<Verdict> = found
        .iter()
        .map(|(source, raw)| {
            let Judgement { purchase, problems } = Purchase::parse(raw, &rules);
            let outcome = if purchase.is_some() { "accepted" } else { "refused" };
            let standing = purchase.as_ref().map(|purchase| purchase.standing);
            Verdict {
                source: source.name(),
                outcome,
                state: standing.map(|standing| standing.state.name()),
                placed: standing.map(|standing| standing.placed),
                purchase,
                problems,
                signed: raw.signed().and_then(|signed| signed.text),
            }
        })
        .collect();
    Ok(verdicts.serialize(&Serializer::json_compatible())?)
}
