//! How long a page is held up until a capture is durable, measured in a real browser beside one bare `setItem` of the same text.

use anyhow::Result;

use crate::browser::Engine;
use crate::workspace::Workspace;
use crate::{e2e, process};

/// The browser test that measures; it prints its figures and judges none of them.
const TEST: &str = "speed::capture_compared_with_a_bare_write";

/// Measures over so many page loads.
pub fn measure(workspace: &Workspace, loads: u32) -> Result<()> {
    let mut test = e2e::command(workspace, &[Engine::Chromium])?;
    test.args(["--exact", TEST, "--ignored", "--nocapture"])
        .env("PURCHASE_SPEED_LOADS", loads.to_string());
    process::run(&mut test)
}
