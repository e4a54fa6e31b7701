//! `cargo xtask returns`: late returns from gateways in real browsers, and the table of what came of them.

mod table;

use std::time::Instant;

use anyhow::{Result, bail};

use crate::browser::Engine;
use crate::played::Table;
use crate::workspace::Workspace;

/// What to play.
#[derive(clap::Args)]
pub struct Options {
    /// Shoppers per scenario, way in which the shop helps, and engine
    #[arg(long, value_name = "COUNT", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    shoppers: u32,
    /// Play in this engine only; may be given several times
    #[arg(long, value_name = "ENGINE")]
    engine: Vec<Engine>,
    /// Play only scenarios whose name begins so, such as `voucher` or `two-`; may be given several times
    #[arg(long, value_name = "NAME")]
    scenario: Vec<String>,
}

/// Plays; fails if anything came of a visit but what was to come.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let returns = Table {
        name: "returns",
        test: "returns::matrix::full",
        document: "docs/returns.md",
        counted: "shoppers",
        count: options.shoppers,
        engines: &options.engine,
        scenarios: &options.scenario,
    };
    let start = Instant::now();
    let rows: Vec<table::Row> = returns.play(workspace)?;
    returns.publish(workspace, &table::document(&rows, &returns.command(), start.elapsed())?)?;
    let bad: Vec<_> = rows.iter().filter(|row| row.is_bad()).map(table::Row::name).collect();
    if !bad.is_empty() {
        bail!("not as expected: {}", bad.join(", "));
    }
    Ok(())
}
