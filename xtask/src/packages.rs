//! The npm package in the projects of `tests/packages`: installed from its tarball, built, looked at by publint and
//! are-the-types-wrong, and opened in a browser.

mod project;
mod snippets;

use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::browser::Engine;
use crate::build::{self, Package};
use crate::workspace::Workspace;
use crate::{e2e, process};
use project::Project;

/// The folder with the projects, relative to the workspace.
const PROJECTS: &str = "tests/packages";
/// The one that holds the tools that look at the package itself.
const LINT: &str = "lint";
/// What the tests are called.
pub const TESTS: &str = "packages::";

/// Builds the package and everything that uses it, then buys once in each shop.
pub fn run(workspace: &Workspace) -> Result<()> {
    let package = build::package(workspace)?;
    let source = workspace.root.join(PROJECTS);
    snippets::check(&workspace.root.join("www/npm/README.md"), &source)?;
    let built = workspace.scratch("packages");
    for name in names(&source)? {
        let project = Project::new(workspace, &source, &built, &name);
        project.install(&package)?;
        project.build(&package)?;
        if name == LINT {
            lint(&project, &package)?;
        }
    }
    let mut tests = e2e::command(workspace, &[Engine::Chromium])?;
    process::run(tests.env("PURCHASE_PACKAGES", &built).arg(TESTS))
}

/// The projects' folders, sorted.
fn names(source: &Path) -> Result<Vec<String>> {
    let entries = std::fs::read_dir(source).with_context(|| format!("{} cannot be read", source.display()))?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.path().join("package.json").is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    ensure!(names.iter().any(|name| name == LINT), "{PROJECTS} lacks {LINT}");
    Ok(names)
}

/// What package managers and editors make of the tarball. It is ESM only, so `require()` and the oldest resolution are none of its
/// promises (profile `esm-only`), and the path of the module's file has no types.
fn lint(project: &Project, package: &Package) -> Result<()> {
    let publint = project.tool("publint/src/cli.js");
    process::output(project.command(publint).arg(&package.tarball).arg("--strict"))?;
    let attw = project.tool("@arethetypeswrong/cli/dist/index.js");
    process::output(project.command(attw).arg(&package.tarball).args([
        "--profile",
        "esm-only",
        "--exclude-entrypoints",
        "wasm",
        "package.json",
    ]))
    .map(drop)
}
