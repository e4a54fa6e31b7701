//! `cargo xtask simulate`: a long run of the simulation, optimised, with progress and a summary.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};

use crate::workspace::{Workspace, cargo};

/// The package that lives the worlds.
pub const PACKAGE: &str = "purchase-simulation";

/// How much to simulate.
#[derive(clap::Args)]
pub struct Options {
    /// How many shoppers' worlds to live
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    shoppers: u64,
    /// The seed of the run; the same seed gives the same worlds
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// The first shopper; with `--shoppers 1` a single world
    #[arg(long, value_name = "I", default_value_t = 0)]
    first: u64,
}

/// Builds the simulation and runs it; fails, with the seed and a minimal story, if a property does not hold.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut build = cargo();
    build.args(["build", "--quiet", "--release", "--package", PACKAGE]);
    crate::process::step("Building the simulation", || crate::process::run(&mut build))?;
    let mut simulation = Command::new(workspace.target.join("release").join(PACKAGE));
    for (name, number) in [
        ("--shoppers", options.shoppers),
        ("--seed", options.seed),
        ("--first", options.first),
    ] {
        simulation.args([name, &number.to_string()]);
    }
    println!("seed {}", options.seed);
    let bar = ProgressBar::new(options.shoppers).with_style(style()?);
    let succeeded = follow(&mut simulation, |line| match line.strip_prefix("progress ") {
        Some(done) => bar.set_position(done.parse().unwrap_or_default()),
        None => bar.suspend(|| println!("{line}")),
    })?;
    bar.finish_and_clear();
    if !succeeded {
        bail!("a property does not hold");
    }
    Ok(())
}

/// Runs a simulation and hands over each line it prints. False if it found a failure.
fn follow(simulation: &mut Command, mut each: impl FnMut(&str)) -> Result<bool> {
    let mut child = simulation
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("the simulation cannot be started")?;
    let lines = child.stdout.take().map(|stdout| BufReader::new(stdout).lines());
    for line in lines.into_iter().flatten() {
        each(&line.context("the simulation's output cannot be read")?);
    }
    Ok(child.wait()?.success())
}

fn style() -> Result<ProgressStyle> {
    let template = "{bar:40} {human_pos}/{human_len} shoppers, {per_sec}, {eta} left";
    ProgressStyle::with_template(template).context("the progress bar's template")
}
