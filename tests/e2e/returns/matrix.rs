//! The whole table, played by `cargo xtask returns`, which says in the environment what to play and where to report.

use std::sync::Arc;

use super::{
    play,
    scenario::{ALL, Variant},
};
use crate::{
    browser::Engine,
    table::{Report, chosen, count},
};

/// Plays what is chosen, the engines side by side.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes half an hour; cargo xtask returns runs it"]
async fn full() {
    let shoppers = count();
    let scenarios = chosen("SCENARIOS", ALL, |scenario| scenario.name);
    let engines = chosen("ENGINES", &Engine::ALL, |engine| engine.name());
    let report = Arc::new(Report::new(scenarios.len() * engines.len() * Variant::ALL.len()));
    let mut players = Vec::new();
    for engine in engines {
        let (scenarios, report) = (scenarios.clone(), Arc::clone(&report));
        players.push(tokio::spawn(async move {
            for variant in Variant::ALL {
                let (playable, others): (Vec<_>, Vec<_>) =
                    scenarios.iter().copied().partition(|it| it.is_for(*engine, variant));
                for it in others {
                    report.leave_out(&format!(
                        "{} {} is not to be had in {}",
                        it.name,
                        variant.name(),
                        engine.title()
                    ));
                }
                if playable.is_empty() {
                    continue;
                }
                for row in play::all(&playable, *engine, variant, shoppers).await {
                    report.add(place(row.scenario, *engine, variant), row);
                }
            }
        }));
    }
    for player in players {
        player.await.expect("every row is written, whatever came of it");
    }
}

/// The columns are the engines, each with the variants.
fn place(scenario: &str, engine: Engine, variant: Variant) -> usize {
    let line = ALL.iter().position(|it| it.name == scenario);
    let column = Engine::ALL.iter().position(|it| *it == engine);
    let engines = line.unwrap_or_default() * Engine::ALL.len() + column.unwrap_or_default();
    engines * Variant::ALL.len() + variant as usize
}
