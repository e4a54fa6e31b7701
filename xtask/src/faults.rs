//! `cargo xtask faults`: the fault matrix in real browsers, and the table of what came of it.

mod table;

use std::time::Instant;

use anyhow::{Result, bail};

use crate::browser::Engine;
use crate::played::Table;
use crate::workspace::Workspace;

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

/// Plays; fails if a purchase was lost that need not be, or doubled, or if a visit went wrong.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let faults = Table {
        name: "faults",
        test: "faults::matrix::full",
        document: "docs/faults.md",
        counted: "purchases",
        count: options.purchases,
        engines: &options.engine,
        scenarios: &options.scenario,
    };
    let start = Instant::now();
    let rows: Vec<table::Row> = faults.play(workspace)?;
    faults.publish(workspace, &table::document(&rows, &faults.command(), start.elapsed())?)?;
    let bad: Vec<_> = rows.iter().filter(|row| row.is_bad()).map(table::Row::name).collect();
    if !bad.is_empty() {
        bail!(
            "purchases were lost or doubled, or visits went wrong: {}",
            bad.join(", ")
        );
    }
    Ok(())
}
