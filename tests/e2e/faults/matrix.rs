//! The whole table, played by `cargo xtask faults`, which says in the environment what to play and where to report.

use std::{
    env, fs,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::{
    row::Row,
    scenario::{ALL, Scenario},
};
use crate::{browser::Engine, process::setting};

/// The rows, as one JSON list, are written to the file `PURCHASE_FAULTS_REPORT` after every row.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes an hour; cargo xtask faults runs it"]
async fn full() {
    let purchases = setting("PURCHASE_FAULTS_PURCHASES")
        .parse()
        .expect("a number of purchases");
    let scenarios = chosen("PURCHASE_FAULTS_SCENARIOS", ALL, |scenario| scenario.name);
    let engines = chosen("PURCHASE_FAULTS_ENGINES", &Engine::ALL, |engine| engine.name());
    let report = Arc::new(Report {
        file: setting("PURCHASE_FAULTS_REPORT"),
        rows: Mutex::default(),
        ended: AtomicUsize::new(0),
        total: scenarios.len() * engines.len(),
    });
    let mut players = Vec::new();
    for engine in engines {
        let (scenarios, report) = (scenarios.clone(), Arc::clone(&report));
        players.push(tokio::spawn(async move {
            for scenario in scenarios {
                let row = Row::of(scenario, *engine, purchases, |done| {
                    report.tell(scenario, *engine, done)
                })
                .await;
                report.add(scenario, *engine, row);
            }
        }));
    }
    for player in players {
        player.await.expect("every row is written, whatever came of it");
    }
}

/// Those that the variable names, separated by commas; a name chooses all that begin with it. All without the variable.
fn chosen<T>(variable: &str, all: &'static [T], name: impl Fn(&T) -> &'static str) -> Vec<&'static T> {
    let wanted = env::var(variable).unwrap_or_default();
    let wanted: Vec<&str> = wanted.split(',').filter(|it| !it.is_empty()).collect();
    let is_wanted = |it: &&T| wanted.is_empty() || wanted.iter().any(|wanted| name(it).starts_with(wanted));
    let chosen: Vec<&T> = all.iter().filter(is_wanted).collect();
    assert!(!chosen.is_empty(), "{variable}: there is no {}", wanted.join(" or "));
    chosen
}

/// What is done so far.
struct Report {
    file: String,
    rows: Mutex<Vec<Row>>,
    ended: AtomicUsize,
    total: usize,
}

impl Report {
    fn tell(&self, scenario: &Scenario, engine: Engine, done: usize) {
        /// A line for so many purchases, so that a long row is seen to go on.
        const EVERY: usize = 10;
        if done.is_multiple_of(EVERY) {
            println!("        {} in {}: {done} purchases", scenario.name, engine.title());
        }
    }

    fn add(&self, scenario: &Scenario, engine: Engine, row: Option<Row>) {
        let ended = self.ended.fetch_add(1, Ordering::Relaxed) + 1;
        let Some(row) = row else {
            let why = scenario.needs.sentence();
            return println!(
                "[{ended}/{}] {} is not to be had in {}: {why}",
                self.total,
                scenario.name,
                engine.title()
            );
        };
        println!("[{ended}/{}] {row}", self.total);
        let mut rows = self.rows.lock().expect("nobody panics while holding it");
        rows.push(row);
        // As in the table, whatever was played at the same time.
        let place = |name: &str| ALL.iter().position(|scenario| scenario.name == name);
        rows.sort_by_key(|row| {
            (
                place(row.scenario),
                Engine::ALL.iter().position(|engine| engine.name() == row.engine),
            )
        });
        let text = serde_json::to_string(&*rows).expect("rows are plain data");
        fs::write(&self.file, text).expect("the report can be written");
    }
}
