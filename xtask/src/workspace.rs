//! What Cargo knows about this workspace: its folders, packages and their targets.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::process;

/// The answer of `cargo metadata`, as far as it is used here.
#[derive(Deserialize)]
pub struct Workspace {
    #[serde(rename = "workspace_root")]
    pub root: PathBuf,
    #[serde(rename = "target_directory")]
    pub target: PathBuf,
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

impl Workspace {
    /// Asks Cargo; the current folder may be any folder of the workspace.
    pub fn find() -> Result<Self> {
        let answer = process::output(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
        serde_json::from_str(&answer).context("the answer of `cargo metadata` is not understood")
    }

    /// The version of `package`.
    pub fn version(&self, package: &str) -> Result<&str> {
        Ok(&self.package(package)?.version)
    }

    /// The names of the targets of a kind (`test`, `example`, `bin`) that `package` has.
    pub fn targets(&self, package: &str, kind: &str) -> Result<Vec<&str>> {
        let targets = self.package(package)?.targets.iter();
        Ok(targets
            .filter(|target| target.kind.iter().any(|k| k == kind))
            .map(|target| target.name.as_str())
            .collect())
    }

    /// A folder for this program's own intermediate files.
    pub fn scratch(&self, name: &str) -> PathBuf {
        self.target.join("xtask").join(name)
    }

    /// `path` as people write it: relative to the workspace where it is inside.
    pub fn show<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }

    fn package(&self, name: &str) -> Result<&Package> {
        let found = self.packages.iter().find(|package| package.name == name);
        found.with_context(|| format!("the workspace has no package `{name}`"))
    }
}

/// The Cargo that runs this program.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}
