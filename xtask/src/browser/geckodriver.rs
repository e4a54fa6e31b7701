//! Firefox's WebDriver server, which Debian has no package of: built once from crates.io.

use std::env;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::process::{self, find, step};
use crate::workspace::{Workspace, cargo};

/// Names it, for the tests and for whoever has it elsewhere.
pub const VARIABLE: &str = "GECKODRIVER";

/// The version that is built.
const VERSION: &str = "0.37.0";

/// Finds it, or builds it into the target folder.
pub fn ensure(workspace: &Workspace) -> Result<PathBuf> {
    let given = env::var_os(VARIABLE).map(PathBuf::from).filter(|path| path.is_file());
    let root = workspace.target.join("tools");
    let built = root.join("bin").join(format!("geckodriver{}", env::consts::EXE_SUFFIX));
    let known = || Some(built.clone()).filter(|path| path.is_file());
    if let Some(found) = given.or_else(|| find("geckodriver")).or_else(known) {
        return Ok(found);
    }
    let start = Instant::now();
    step("Building geckodriver, once; a few minutes", || {
        let mut install = cargo();
        install
            .args(["install", "geckodriver", "--version", VERSION, "--locked", "--root"])
            .arg(&root)
            // Cargo then builds in a temporary folder; the workspace's own would be locked against everything else meanwhile.
            .env_remove("CARGO_TARGET_DIR");
        process::output(&mut install).map(drop)
    })
    .context("Firefox's driver cannot be built: install geckodriver, or leave Firefox out with `--without firefox`")?;
    eprintln!("Built geckodriver in {} s", start.elapsed().as_secs());
    Ok(built)
}
