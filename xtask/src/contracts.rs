//! What the contract tests need: Prism, which makes a mock server of a platform's OpenAPI document.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::npm;
use crate::workspace::Workspace;

/// The folder of the platforms' documents, if it is not beside the project. The documents are the platforms' own and are not kept
/// in the project.
const FOLDER: &str = "PURCHASE_CONTRACTS";

/// Tells the tests of the collector where Prism is, if there are documents to test against. Without them they test against our own
/// schemas only.
pub fn prepare(workspace: &Workspace, tests: &mut Command) -> Result<()> {
    let beside = workspace.root.join("../shared/contracts");
    let folder = env::var_os(FOLDER).map_or(beside, PathBuf::from);
    if folder.is_dir() {
        let source = workspace.root.join("collector/tests/passing/npm");
        tests.env(
            "PURCHASE_PRISM",
            npm::install(workspace, &source, "contracts", "Prism")?,
        );
    }
    Ok(())
}
