//! The whole table, played by `cargo xtask faults`, which says in the environment what to play and where to report.

use std::sync::Arc;

use super::{
    row::Row,
    scenario::{ALL, Scenario},
};
use crate::{
    browser::Engine,
    table::{Report, chosen, count},
};

/// Plays what is chosen, the engines side by side.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes an hour; cargo xtask faults runs it"]
async fn full() {
    let purchases = count();
    let scenarios = chosen("SCENARIOS", ALL, |scenario| scenario.name);
    let engines = chosen("ENGINES", &Engine::ALL, |engine| engine.name());
    let report = Arc::new(Report::new(scenarios.len() * engines.len()));
    let mut players = Vec::new();
    for engine in engines {
        let (scenarios, report) = (scenarios.clone(), Arc::clone(&report));
        players.push(tokio::spawn(async move {
            for scenario in scenarios {
                let row = Row::of(scenario, *engine, purchases, |done| tell(scenario, *engine, done)).await;
                add(&report, scenario, *engine, row);
            }
        }));
    }
    for player in players {
        player.await.expect("every row is written, whatever came of it");
    }
}

fn tell(scenario: &Scenario, engine: Engine, done: usize) {
    /// A line for so many purchases, so that a long row is seen to go on.
    const EVERY: usize = 10;
    if done.is_multiple_of(EVERY) {
        println!("        {} in {}: {done} purchases", scenario.name, engine.title());
    }
}

fn add(report: &Report<Row>, scenario: &Scenario, engine: Engine, row: Option<Row>) {
    let Some(row) = row else {
        let why = scenario.needs.sentence();
        return report.leave_out(&format!(
            "{} is not to be had in {}: {why}",
            scenario.name,
            engine.title()
        ));
    };
    let line = ALL.iter().position(|it| it.name == scenario.name);
    let column = Engine::ALL.iter().position(|it| *it == engine);
    report.add(
        line.unwrap_or_default() * Engine::ALL.len() + column.unwrap_or_default(),
        row,
    );
}
