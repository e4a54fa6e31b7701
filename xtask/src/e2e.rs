//! The browser tests: what they need is built, and named in their environment.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::browser::Engine;
use crate::workspace::{Workspace, cargo};
use crate::{build, npm, packages, process, stamp};

/// The package that has them, their test target, and what they drive.
const PACKAGE: &str = "cn-purchase-tag";
pub const TARGET: &str = "e2e";
const COLLECTOR: &str = "purchase-collector";
const SHOP: &str = "demo-shop";

/// `cargo test` of the browser tests, ready to run in these engines; the tests' own arguments can be added.
pub fn command(workspace: &Workspace, engines: &[Engine]) -> Result<Command> {
    if !workspace.targets(PACKAGE, "test")?.contains(&TARGET) {
        bail!("the package {PACKAGE} has no test target `{TARGET}`");
    }
    let mut command = cargo();
    command.args(["test", "--workspace", "--test", TARGET, "--"]);
    for engine in engines {
        command.envs(engine.ensure(workspace)?);
    }
    let artefacts = build::run(workspace)?;
    let vectors = build::vectors(workspace)?;
    let [collector, shop] = build::binaries([COLLECTOR, SHOP], Some(TARGET))?;
    let kept = workspace.scratch("e2e");
    let folder = keep(&artefacts.folder, &kept.join("files"))?;
    let [collector, shop] = [collector, shop].map(|program| keep(&program, &kept));
    let (collector, shop) = (collector?, shop?);
    command
        .env("PURCHASE_DIST", folder)
        .env("PURCHASE_COLLECTOR_BIN", collector)
        .env("PURCHASE_SHOP_BIN", shop);
    let axe = npm::install(
        workspace,
        &workspace.root.join("tests/e2e/console/npm"),
        "axe",
        "axe-core",
    )?;
    command.env("PURCHASE_AXE", axe.join("node_modules/axe-core/axe.min.js"));
    if let Some(vectors) = vectors {
        command.env("PURCHASE_VECTORS_WEB", vectors);
    }
    Ok(command)
}

/// Copies a file into a folder, or the files of a folder in place of those that are there: a build in the middle of a long run
/// must not change what is tested. Answers with the copy's place.
fn keep(original: &Path, folder: &Path) -> Result<PathBuf> {
    if original.is_dir() {
        let _ = std::fs::remove_dir_all(folder);
        for file in stamp::files(original)? {
            let inside = file.parent().and_then(|parent| parent.strip_prefix(original).ok());
            keep(&file, &folder.join(inside.unwrap_or(Path::new(""))))?;
        }
        return Ok(folder.to_owned());
    }
    process::folder(folder)?;
    let copy = folder.join(original.file_name().unwrap_or_default());
    // Removed, not written into: it may be running.
    let _ = std::fs::remove_file(&copy);
    std::fs::copy(original, &copy).with_context(|| format!("{} cannot be copied", original.display()))?;
    Ok(copy)
}

/// Runs the tests and the short forms of the fault matrix in all engines but those `without`.
pub fn run(workspace: &Workspace, without: &[Engine]) -> Result<()> {
    if without.contains(&Engine::Chromium) {
        bail!("the tests that are not about faults run in Chromium: it cannot be left out");
    }
    let is_wanted = |engine: &Engine| !without.contains(engine);
    let engines: Vec<_> = Engine::value_variants().iter().copied().filter(is_wanted).collect();
    let mut tests = command(workspace, &engines)?;
    // A section of their own: they need what npm installs.
    tests.args(["--skip", packages::TESTS]);
    for engine in without {
        println!("Left out, as asked for: everything in {}", engine.name());
        // Not passed, but filtered out: so they count.
        tests.args(["--skip", &format!("::{}::", engine.name())]);
    }
    process::run(&mut tests)
}
