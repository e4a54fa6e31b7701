//! The project's commands, called as `cargo xtask <command>`: one file per command.

mod browser;
mod build;
mod contracts;
mod demo;
mod deny;
mod e2e;
mod faults;
mod gtm;
mod machine;
mod mutants;
mod npm;
mod packages;
mod played;
mod postgres;
mod process;
mod recipe;
mod returns;
mod simulate;
mod size;
mod stamp;
mod test;
mod tidy;
mod toolchain;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{CommandFactory, Parser, Subcommand};

use crate::workspace::Workspace;

/// The purchase tag's commands. Each does all of its own set-up; nothing is rebuilt that has not changed.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything and serve the demo shop, its payment gateway and the collector until Ctrl-C
    Demo(demo::Options),
    /// Run everything that must pass: format, lints, docs, builds, sizes, unit tests, browser tests
    Test(test::Options),
    /// Play every fault between a shop's page and the collector in every browser; write the table into docs/faults.md
    Faults(faults::Options),
    /// Play every way to come back late from a gateway, in every browser; write the table into docs/returns.md
    Returns(returns::Options),
    /// Live many shoppers' worlds with the production core, under every fault; print a summary
    Simulate(simulate::Options),
    /// Put each deliberate fault of tests/mutations.toml into the core; fail if the simulation does not notice one
    Mutants,
    /// Build the tag's files into the folder that `wasm-pack.toml` names
    Build,
    /// Build the npm package and its tarball, and print where the tarball is
    Pack,
    /// Print the raw, gzip and brotli bytes of the tag's files and what takes them; fail above the budgets of `wasm-pack.toml`
    Size(size::Options),
    /// Check what no compiler checks: doc sentences, white space, machine paths, versions, `unwrap`
    Tidy,
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Option<Command>) -> Result<ExitCode> {
    let Some(command) = command else {
        Arguments::command().print_help()?;
        return Ok(ExitCode::SUCCESS);
    };
    let workspace = Workspace::find()?;
    match command {
        Command::Demo(options) => demo::run(&workspace, &options)?,
        Command::Test(options) => return Ok(test::run(&workspace, &options)),
        Command::Faults(options) => faults::run(&workspace, &options)?,
        Command::Returns(options) => returns::run(&workspace, &options)?,
        Command::Simulate(options) => simulate::run(&workspace, &options)?,
        Command::Mutants => mutants::run(&workspace)?,
        Command::Build => build::run(&workspace)?.print(&workspace),
        Command::Pack => build::package(&workspace)?.print(&workspace),
        Command::Size(options) => size::run(&workspace, &options)?,
        Command::Tidy => tidy::run(&workspace)?,
    }
    Ok(ExitCode::SUCCESS)
}
