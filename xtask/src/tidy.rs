//! `cargo xtask tidy`: checks that no compiler makes. Each finding says where it is and what to write instead.

mod places;
mod texts;
mod versions;

use std::fmt;
use std::process::Command;

use anyhow::{Result, bail};

use crate::process;
use crate::workspace::Workspace;

/// One thing to put right.
#[derive(Debug)]
struct Finding {
    /// Relative to the workspace.
    file: String,
    /// From 1.
    line: usize,
    /// What is wrong, and what to write instead.
    advice: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.advice)
    }
}

/// Prints every finding; fails if there is one.
pub fn run(workspace: &Workspace) -> Result<()> {
    let mut findings = versions::check(workspace)?;
    let machine = places::Places::new(workspace);
    for file in files(workspace)? {
        // Files that are not text (pictures, packed data) have no lines to look at.
        let Ok(text) = std::fs::read_to_string(workspace.root.join(&file)) else {
            continue;
        };
        findings.extend(texts::check(&file, &text));
        findings.extend(machine.check(&file, &text));
    }
    for finding in &findings {
        eprintln!("{finding}");
    }
    match findings.len() {
        0 => Ok(()),
        count => bail!("tidy found {count} thing(s) to put right"),
    }
}

/// The files that are or will be committed, relative to the workspace.
fn files(workspace: &Workspace) -> Result<Vec<String>> {
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(&workspace.root);
    Ok(process::output(&mut git)?
        .split_terminator('\0')
        .map(str::to_owned)
        .collect())
}

fn finding(file: &str, line: usize, advice: impl Into<String>) -> Finding {
    Finding {
        file: file.to_owned(),
        line,
        advice: advice.into(),
    }
}
