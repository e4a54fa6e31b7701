//! `cargo xtask faults`: the fault matrix in real browsers, and the table of what came of it.

mod table;

use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::browser::Engine;
use crate::workspace::Workspace;
use crate::{e2e, process};

/// What to play.
#[derive(clap::Args)]
pub struct Options {
    /// Purchases per scenario and engine
    #[arg(long, value_name = "COUNT", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    purchases: u32,
    /// Play in this engine only; may be given several times
    #[arg(long, value_name = "ENGINE")]
    engine: Vec<Engine>,
    /// Play only scenarios whose name begins so, such as `c-` or `l-kill-0`; may be given several times
    #[arg(long, value_name = "NAME")]
    scenario: Vec<String>,
}

/// The one test that plays everything.
const TEST: &str = "faults::matrix::full";

/// Where the whole table is written; parts of it are only printed.
const DOCUMENT: &str = "docs/faults.md";

/// Plays; fails if a purchase was lost that need not be, or doubled, or if a visit went wrong.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let engines = match options.engine.as_slice() {
        [] => Engine::value_variants(),
        some => some,
    };
    let names: Vec<_> = engines.iter().map(|engine| engine.name()).collect();
    let report = workspace.scratch("faults.json");
    process::folder(&workspace.scratch(""))?;
    // A run that ends early must not be taken for the one before.
    let _ = std::fs::remove_file(&report);

    let mut tests = e2e::command(workspace, engines)?;
    tests
        .args(["--exact", TEST, "--ignored", "--nocapture"])
        .env("PURCHASE_FAULTS_PURCHASES", options.purchases.to_string())
        .env("PURCHASE_FAULTS_ENGINES", names.join(","))
        .env("PURCHASE_FAULTS_SCENARIOS", options.scenario.join(","))
        .env("PURCHASE_FAULTS_REPORT", &report);
    let start = Instant::now();
    process::run(&mut tests)?;
    let rows: Vec<table::Row> =
        serde_json::from_slice(&process::read(&report)?).context("the report of the fault matrix is not understood")?;

    let text = table::document(&rows, &command(options), start.elapsed())?;
    let is_whole = options.engine.is_empty() && options.scenario.is_empty();
    if is_whole {
        let path = workspace.root.join(DOCUMENT);
        process::folder(&workspace.root.join("docs"))?;
        process::write(&path, text.as_bytes())?;
        println!("\n{text}\nWritten to {DOCUMENT}");
    } else {
        println!("\n{text}\nNot written to {DOCUMENT}: that is for a run of all scenarios in all engines");
    }
    let bad: Vec<_> = rows.iter().filter(|row| row.is_bad()).map(table::Row::name).collect();
    if !bad.is_empty() {
        bail!(
            "purchases were lost or doubled, or visits went wrong: {}",
            bad.join(", ")
        );
    }
    Ok(())
}

/// The command as it would be typed.
fn command(options: &Options) -> String {
    let mut command = format!("cargo xtask faults --purchases {}", options.purchases);
    for engine in &options.engine {
        command += &format!(" --engine {}", engine.name());
    }
    for scenario in &options.scenario {
        command += &format!(" --scenario {scenario}");
    }
    command
}
