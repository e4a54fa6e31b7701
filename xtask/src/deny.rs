//! The dependencies against `deny.toml`, by cargo-deny. It is not installed here: that takes minutes.

use std::process::{Command, Stdio};

use anyhow::Result;

use crate::process::{self, find};
use crate::workspace::cargo;

const PROGRAM: &str = "cargo-deny";

/// Checks what can be checked on this machine, and says what cannot.
pub fn run() -> Result<()> {
    if find(PROGRAM).is_none() {
        println!("Not checked: {PROGRAM} is not installed (cargo install --locked {PROGRAM}).");
        return Ok(());
    }
    process::run(deny().args(["check", "licenses", "bans", "sources"]))?;
    let mut fetch = deny();
    let fetch = fetch.args(["fetch", "db"]).stderr(Stdio::null());
    if !fetch.status()?.success() {
        println!("Not checked: advisories, because their database cannot be fetched (github.com/RustSec/advisory-db).");
        return Ok(());
    }
    process::run(deny().args(["check", "advisories"]))
}

fn deny() -> Command {
    let mut command = cargo();
    // The root is a package, too: without this its dependencies alone would be looked at.
    command.args(["deny", "--workspace"]);
    command
}
