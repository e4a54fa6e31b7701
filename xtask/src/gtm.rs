//! The tests of `www/gtm`: the Google Tag Manager template in its harness, and the snippets for other tag managers.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::workspace::Workspace;
use crate::{npm, process};

/// Runs the template's own scenarios, then every file `test/*.test.js` with Node.js' test runner.
pub fn run(workspace: &Workspace) -> Result<()> {
    let folder = workspace.root.join("www/gtm");
    let packages = npm::install(workspace, &folder, "gtm", "acorn, jsdom and yaml")?;
    let node = || {
        let mut node = Command::new("node");
        node.current_dir(&folder).env("PURCHASE_TAG_PACKAGES", &packages);
        node
    };
    process::run(node().args(["harness/run.js", "template.tpl"]))?;
    let tests = tests(&folder.join("test"))?;
    ensure!(!tests.is_empty(), "www/gtm/test holds no tests");
    // Silent about what passes.
    process::output(node().args(["--test", "--test-reporter=spec"]).args(tests)).map(drop)
}

/// The test files, sorted.
fn tests(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.js") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
