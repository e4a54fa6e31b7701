//! The dependencies against `deny.toml`, by cargo-deny. It is not installed here: that takes minutes.

use std::process::Stdio;

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
    process::run(cargo().args(["deny", "check", "licenses", "bans", "sources"]))?;
    let mut fetch = cargo();
    let fetch = fetch.args(["deny", "fetch", "db"]).stderr(Stdio::null());
    if !fetch.status()?.success() {
        println!("Advisories are not checked: their database (RustSec) cannot be reached from here.");
        return Ok(());
    }
    process::run(cargo().args(["deny", "check", "advisories"]))
}
