//! Every request for Klaviyo keeps the contract: always by a schema of our own, and where Klaviyo's OpenAPI documents are at hand
//! also by a mock server that an independent tool (Prism) makes of them.

use purchase_collector::passing::{Event, Plan, Request};
use purchase_core::order::State;
use serde_json::{Value, json};

use crate::{
    klaviyo::{Contract, violations},
    orders::{CAPTURED_AT, destination, documented, order, vectors},
};

/// The requests for every purchase of the conformance vectors, placed and canceled, and what each was made of.
fn all_requests() -> Vec<(String, Request)> {
    let destination = destination("klaviyo", "currency = \"EUR\"");
    let mut all = vec![];
    for (title, mut purchase) in vectors().into_iter().chain([("documented".to_owned(), documented())]) {
        purchase["email"] = json!("ann@shop.example");
        purchase.as_object_mut().expect("an object").remove("email_sha256");
        let order = order(&purchase, State::Completed);
        for event in [Event::Placed, Event::Canceled] {
            match destination.plan(&order, event, CAPTURED_AT) {
                Plan::Send { requests, .. } => all.extend(requests.into_iter().map(|request| (title.clone(), request))),
                Plan::NotSent(advice) => panic!("{title}: {advice:?}"),
            }
        }
    }
    all
}

#[test]
fn every_request_is_valid_by_our_schema() {
    for (title, request) in all_requests() {
        let body: Value = serde_json::from_str(request.body.as_deref().unwrap_or_default()).expect("it is JSON");
        assert_eq!(violations(&body), Vec::<String>::new(), "{title}: {body}");
    }
}

#[test]
fn the_schema_refuses_what_klaviyo_refuses() {
    let request = &all_requests().pop().expect("a request").1;
    let good: Value = serde_json::from_str(request.body.as_deref().unwrap_or_default()).expect("it is JSON");
    assert_eq!(violations(&good), Vec::<String>::new());
    for (pointer, wrong) in [
        ("/data/type", json!("events")),
        ("/data/attributes/value", json!("180.75")),
        ("/data/attributes/time", json!("2025-11-21T22:00:00")),
        ("/data/attributes/unique_id", json!(7)),
        ("/data/attributes/value_currency", json!("€")),
        ("/data/attributes/metric/data/attributes/name", json!("placed order")),
        ("/data/attributes/profile/data/attributes", json!({})),
        ("/data/attributes/properties/Items", json!({})),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).expect(pointer) = wrong;
        assert!(!violations(&bad).is_empty(), "{pointer}");
    }
}

#[tokio::test]
async fn every_request_is_valid_by_klaviyos_own_document() {
    let Some(contract) = Contract::start().await else {
        return;
    };
    // A validator that lets everything pass would show nothing.
    let (_, good) = all_requests().pop().expect("a request");
    for (wrong, status) in [
        (good.body.clone().map(|body| body.replace("\"event\"", "\"evnt\"")), 422),
        (
            good.body
                .clone()
                .map(|body| body.replace("\"value\":", "\"value\":\"x\",\"was\":")),
            422,
        ),
        (Some("{}".to_owned()), 422),
    ] {
        let mut bad = good.clone();
        bad.body = wrong;
        assert_eq!(contract.status(&bad).await, status, "{:?}", bad.body);
    }
    for missing in ["authorization", "revision"] {
        let mut bad = good.clone();
        bad.headers.retain(|(name, _)| *name != missing);
        assert!(contract.status(&bad).await >= 400, "{missing}");
    }
    for (title, request) in all_requests() {
        assert_eq!(contract.status(&request).await, 202, "{title}: {:?}", request.body);
    }
}
