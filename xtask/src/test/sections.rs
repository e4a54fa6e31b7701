//! The sections of `cargo xtask test`.

use std::process::Command;

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::browser::Engine;
use crate::npm::Tools;
use crate::recipe::Recipe;
use crate::toolchain::{Toolchain, ensure_component};
use crate::workspace::{Workspace, cargo};
use crate::{build, contracts, deny, e2e, gtm, mutants, packages, postgres, process, size, tidy};

/// In the order in which they run: what fails fast goes first.
#[derive(ValueEnum, Clone, Copy, PartialEq, Debug)]
pub enum Section {
    /// The format of the Rust sources
    Fmt,
    /// What no compiler checks
    Tidy,
    /// Licences, sources and known faults of the dependencies, where cargo-deny is installed
    Deny,
    /// Lints of everything, natively
    Clippy,
    /// Lints of the tag and the core, as WebAssembly
    ClippyWasm,
    /// The documentation builds without warnings
    Docs,
    /// The tag builds and holds no path of this machine
    Build,
    /// The tag's files are within their budgets
    Size,
    /// The types of the JavaScript sources
    JsTypes,
    /// The tag manager templates and snippets
    Gtm,
    /// The npm package in small shops: bundlers, server rendering, and none
    Packages,
    /// Unit tests, conformance vectors, the collector's tests and those of these commands, natively
    Native,
    /// The simulation notices every deliberate fault in the core
    Mutants,
    /// The tag, the collector and the shop together in browsers
    E2e,
}

/// The package below the tag.
const CORE: &str = "purchase-core";

impl Section {
    /// As the command line writes it.
    pub fn name(self) -> String {
        self.to_possible_value()
            .map(|value| value.get_name().to_owned())
            .unwrap_or_default()
    }

    /// Runs the section; its programs write to this program's output. Browser tests leave out the engines `without`.
    pub fn run(self, workspace: &Workspace, without: &[Engine]) -> Result<()> {
        match self {
            Self::Fmt => fmt(),
            Self::Tidy => tidy::run(workspace),
            Self::Deny => deny::run(),
            Self::Clippy => clippy_native(),
            Self::ClippyWasm => clippy_wasm(workspace),
            Self::Docs => docs(),
            Self::Build => build::run(workspace).map(drop),
            Self::Size => size::run(workspace, &size::Options::default()),
            Self::JsTypes => js_types(workspace),
            Self::Gtm => gtm::run(workspace),
            Self::Packages => packages::run(workspace),
            Self::Native => native(workspace),
            Self::Mutants => mutants::run(workspace),
            Self::E2e => e2e::run(workspace, without),
        }
    }
}

fn fmt() -> Result<()> {
    ensure_component("rustfmt", "cargo-fmt")?;
    process::run(cargo().args(["fmt", "--all", "--check"])).context("run `cargo fmt --all`")
}

fn clippy(command: &mut Command) -> Result<()> {
    ensure_component("clippy", "cargo-clippy")?;
    process::run(command.args(["--", "--deny", "warnings"]))
}

/// Cargo counts a target that is no test by default among `--all-targets` only where it is named, and then it forgets the others.
fn clippy_native() -> Result<()> {
    clippy(cargo().args(["clippy", "--workspace", "--all-targets"]))?;
    clippy(cargo().args(["clippy", "--workspace", "--test", e2e::TARGET]))
}

fn clippy_wasm(workspace: &Workspace) -> Result<()> {
    let recipe = Recipe::read(workspace)?;
    let toolchain = Toolchain::ensure(workspace, &recipe.module.target)?;
    clippy(
        toolchain
            .cargo("clippy")
            .args(["--package", &recipe.module.package, "--package", CORE, "--lib"]),
    )
}

fn docs() -> Result<()> {
    process::run(
        cargo()
            .args(["doc", "--no-deps", "--workspace"])
            .env("RUSTDOCFLAGS", "--deny warnings"),
    )
}

fn js_types(workspace: &Workspace) -> Result<()> {
    let tools = Tools::ensure(workspace)?;
    process::run(
        tools
            .command("typescript/bin/tsc")
            .args(["--noEmit", "--project"])
            .arg(workspace.root.join("www/tsconfig.json")),
    )
}

fn native(workspace: &Workspace) -> Result<()> {
    postgres::ensure()?;
    let mut tests = cargo();
    tests.args(["test", "--quiet", "--workspace", "--no-fail-fast"]);
    contracts::prepare(workspace, &mut tests)?;
    process::run(&mut tests)
}
