//! The conformance vectors, natively: through `purchase-collector check`'s own code.

#[path = "support/vectors.rs"]
mod vectors;

use purchase_collector::{check, zone::SiteZone};
use purchase_core::{
    ContactMode, Currency, DecimalMark, Rules, Zone,
    order::{Platform, StatusRules},
};
use serde_json::Value;
use vectors::{Case, assert_none, differences, load};

#[test]
fn every_case_gives_what_the_documents_say() {
    let cases = load();
    let found = cases
        .iter()
        .map(|case| (case.title.clone(), differences(case, &results(case))));
    assert_none(found.collect(), cases.len());
}

fn results(case: &Case) -> Vec<Value> {
    let text = |key: &str| case.config[key].as_str();
    let zone = text("time_zone").map(|name| SiteZone::from_name(name).expect("a case's time zone is known"));
    let rules = Rules {
        decimal: text("decimal").and_then(DecimalMark::from_name),
        zone: zone.as_ref().map(|zone| zone as &dyn Zone),
        currency: text("currency").and_then(Currency::from_code),
        contact: text("contact").and_then(ContactMode::from_name).unwrap_or_default(),
        page_url: text("page_url"),
        statuses: StatusRules {
            platform: text("platform").and_then(Platform::from_name),
            custom: text("order_statuses"),
        },
    };
    let input = case.input["html"]
        .as_str()
        .or(case.input["json"].as_str())
        .expect("a case's input");
    let report = serde_json::to_value(check::check(input, &rules)).expect("a report is JSON");
    report["results"].as_array().cloned().unwrap_or_default()
}
