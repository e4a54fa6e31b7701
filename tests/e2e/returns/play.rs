//! Scenarios one after the other in one browser, and what came of them.

use std::time::{Duration, Instant};

use super::{
    fate::Fate,
    row::{Outcome, Row},
    scenario::{Scenario, Variant},
    shop::Shop,
    stage::Stage,
};
use crate::{
    browser::{Browser, Engine},
    process::within,
    table::failure,
};

/// How long what is expected may take after the visit.
const SETTLES: Duration = Duration::from_secs(10);

/// How long the last page is given to end what it does, if that was all.
const CALM: Duration = Duration::from_secs(3);

/// One shopper's visit.
struct Visit {
    scenario: &'static Scenario,
    shop: Shop,
    error: Option<String>,
    seconds: f64,
}

/// Plays scenarios that the engine can play, each for so many shoppers. What came of them is looked at
/// in the end, when every page is gone that might have said more.
pub async fn all(scenarios: &[&'static Scenario], engine: Engine, variant: Variant, shoppers: usize) -> Vec<Row> {
    let mut stage = Stage::set(engine, variant, scenarios, shoppers).await;
    let browser = stage.browser.version();
    let mut visits = Vec::new();
    for scenario in scenarios {
        for index in 1..=shoppers {
            visits.push(visit(&mut stage, scenario, index).await);
        }
    }
    let collector = stage.end().await;
    let refusals = collector.refusals().await;
    let mut rows = Vec::new();
    for scenario in scenarios {
        let Some(expected) = scenario.expected(variant) else {
            continue;
        };
        let mut row = Row::new(scenario, engine, variant, &browser, expected);
        for visit in visits.iter().filter(|visit| visit.scenario.name == scenario.name) {
            let fate = Fate::of(&collector, &visit.shop).await;
            let mut unpaid = 0;
            for number in &fate.placed {
                unpaid += usize::from(!visit.shop.is_paid(number).await);
            }
            let refusal = refusals
                .iter()
                .find(|refusal| refusal["site"] == visit.shop.site.as_str());
            row.add(Outcome {
                fate,
                unpaid,
                error: visit
                    .error
                    .clone()
                    .or(refusal.map(|refusal| format!("{}: {}", visit.shop.site, refusal["problems"]))),
                seconds: visit.seconds,
            });
        }
        rows.push(row);
    }
    rows
}

async fn visit(stage: &mut Stage, scenario: &'static Scenario, index: usize) -> Visit {
    let shop = Shop::open(stage, scenario, index).await;
    let started = Instant::now();
    stage.proxy.set_prelude("");
    let whole = async {
        (scenario.play)(stage, &shop).await;
        if let Some(expected) = scenario.expected(stage.variant) {
            within(SETTLES, || async {
                Fate::of(&stage.collector, &shop).await.is(expected)
            })
            .await;
        }
        stage.browser.outbox_is_empty(CALM).await;
        Browser::assert_no_exception(&stage.browser.events().await);
        stage.browser.visit(&shop.gateway("/health")).await;
    };
    let error = failure(whole)
        .await
        .map(|sentence| format!("{}: {sentence}", shop.site));
    if error.is_some() {
        // Whatever state it is in.
        stage.browser.kill_and_restart().await;
    }
    Visit {
        scenario,
        shop,
        error,
        seconds: started.elapsed().as_secs_f64(),
    }
}
