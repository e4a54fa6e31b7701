//! `cargo xtask test`: everything that must pass, in sections; all sections run, so that one run names every failure.

mod sections;

use std::process::ExitCode;
use std::time::Instant;

use clap::ValueEnum;

use crate::browser::Engine;
use crate::workspace::Workspace;
use sections::Section;

/// What to run.
#[derive(clap::Args)]
pub struct Options {
    /// Run this section only; may be given several times
    #[arg(long, value_name = "SECTION")]
    only: Vec<Section>,
    /// Leave this browser engine out of the browser tests; may be given several times
    #[arg(long, value_name = "ENGINE")]
    without: Vec<Engine>,
}

/// Runs the sections and prints a summary, which the count of sections ends; fails if one failed.
pub fn run(workspace: &Workspace, options: &Options) -> ExitCode {
    let chosen = |section: &Section| options.only.is_empty() || options.only.contains(section);
    let mut results = Vec::new();
    for section in Section::value_variants().iter().copied().filter(chosen) {
        println!("\n── {}", section.name());
        let start = Instant::now();
        let result = section.run(workspace, &options.without);
        let seconds = start.elapsed().as_secs_f32();
        match &result {
            Ok(()) => println!("── {} passed in {seconds:.1} s", section.name()),
            Err(error) => println!("── {} FAILED in {seconds:.1} s: {error:#}", section.name()),
        }
        results.push((section, seconds, result));
    }

    println!("\nSummary");
    for (section, seconds, result) in &results {
        let outcome = if result.is_ok() { "passed" } else { "FAILED" };
        let without: Vec<_> = options.without.iter().map(|engine| engine.name()).collect();
        let note = match section {
            Section::E2e if !without.is_empty() => format!(", without {}", without.join(" and ")),
            _ => String::new(),
        };
        println!("  {outcome}  {seconds:>6.1} s  {}{note}", section.name());
    }
    let failed: Vec<_> = results
        .iter()
        .filter(|(.., result)| result.is_err())
        .map(|(section, ..)| section.name())
        .collect();
    if !failed.is_empty() {
        println!(
            "\nTo repeat what failed: cargo xtask test --only {}",
            failed.join(" --only ")
        );
    }
    println!("{} passed, {} failed", results.len() - failed.len(), failed.len());
    if failed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
