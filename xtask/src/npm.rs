//! Packages from npm in the versions of a lock file: the JavaScript tools (wasm-opt, esbuild and tsc), and what tests need.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{self, find, step};
use crate::stamp::Stamp;
use crate::workspace::Workspace;

/// The oldest Node.js that the tools run on.
const OLDEST_NODE: u32 = 18;

/// The installed tools.
pub struct Tools {
    folder: PathBuf,
}

impl Tools {
    /// Installs the tools unless they are there in the versions of the lock file.
    pub fn ensure(workspace: &Workspace) -> Result<Self> {
        let source = workspace.root.join("xtask/npm");
        let folder = install(workspace, &source, "npm", "wasm-opt, esbuild and tsc")?;
        Ok(Self { folder })
    }

    /// A tool by its file inside `node_modules`, run by Node.js so that no executable bit or shell matters.
    pub fn command(&self, script: &str) -> Command {
        let mut command = Command::new("node");
        command.arg(self.folder.join("node_modules").join(script));
        command
    }
}

/// Installs the packages of the lock file in `source` unless they are there, into a scratch folder `name`; returns the folder that
/// holds their `node_modules`. Twice is harmless.
pub fn install(workspace: &Workspace, source: &Path, name: &str, what: &str) -> Result<PathBuf> {
    let folder = workspace.scratch(name);
    process::folder(&folder)?;
    let files = ["package.json", "package-lock.json", ".npmrc"];
    let mut stamp = Stamp::new(folder.join("stamp"));
    for file in files {
        stamp = stamp.file(&source.join(file))?;
    }
    // npm writes this file last, so it stands for a finished installation.
    let installed = folder.join("node_modules/.package-lock.json");
    stamp.unless_fresh(&[&installed], || {
        check_node()?;
        for file in files {
            process::write(&folder.join(file), &process::read(&source.join(file))?)?;
        }
        step(&format!("Installing {what} with npm"), || {
            process::output(npm()?.args(["ci", "--ignore-scripts"]).current_dir(&folder)).map(drop)
        })
    })?;
    Ok(folder)
}

/// npm itself.
pub fn npm() -> Result<Command> {
    let npm = find("npm").context("`npm` is missing: install npm, for example Debian's package npm")?;
    Ok(Command::new(npm))
}

fn check_node() -> Result<()> {
    let advice = format!("install Node.js {OLDEST_NODE} or later, with npm");
    let node = find("node").with_context(|| format!("`node` is missing: {advice}"))?;
    let version = process::output(Command::new(node).arg("--version"))?;
    let major = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST_NODE) {
        bail!("Node.js {} is too old: {advice}", version.trim());
    }
    Ok(())
}
