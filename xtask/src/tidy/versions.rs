//! Versions that must agree: the workspace's with the changelog, wasm-bindgen's with its own tool.

use anyhow::{Context, Result};
use serde::Deserialize;

use super::{Finding, finding};
use crate::workspace::Workspace;

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
}

pub(super) fn check(workspace: &Workspace) -> Result<Vec<Finding>> {
    let read = |file| std::fs::read_to_string(workspace.root.join(file));
    let mut findings = Vec::from_iter(changelog(
        &read("CHANGELOG.md").unwrap_or_default(),
        workspace.version("xtask")?,
    ));
    let lock = read("Cargo.lock").context("Cargo.lock cannot be read")?;
    findings.extend(bindgen(&lock)?);
    Ok(findings)
}

/// The changelog's sections are headings of the second level that hold the version.
fn changelog(text: &str, version: &str) -> Option<Finding> {
    let mut headings = text.lines().filter(|line| line.starts_with("## "));
    let mut words = headings.by_ref().flat_map(|heading| heading.split([' ', '[', ']']));
    let advice = format!("version {version} is not described: add `## {version}` with what is new for its users");
    (!words.any(|word| word == version)).then(|| finding("CHANGELOG.md", 1, advice))
}

fn bindgen(lock: &str) -> Result<Option<Finding>> {
    let packages = toml::from_str::<Lock>(lock)
        .context("Cargo.lock is not understood")?
        .package;
    let versions = |name| {
        packages
            .iter()
            .filter(move |package| package.name == name)
            .map(|package| package.version.as_str())
    };
    let tool = versions("wasm-bindgen-cli-support")
        .next()
        .context("Cargo.lock has no wasm-bindgen-cli-support")?;
    let other = versions("wasm-bindgen").find(|version| *version != tool);
    Ok(other.map(|other| {
        let line = lock
            .lines()
            .position(|line| line == "name = \"wasm-bindgen\"")
            .unwrap_or_default()
            + 1;
        let advice =
            format!("wasm-bindgen is {other}, its tool {tool}: run `cargo update --precise {tool} wasm-bindgen`");
        finding("Cargo.lock", line, advice)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_changelog_names_the_version() {
        assert!(changelog("# Changelog\n\n## [0.1.0] - 2025-11-21\n", "0.1.0").is_none());
        assert!(changelog("## 0.1.0\n", "0.1.0").is_none());
        assert!(changelog("## 0.1.01\n\nText about 0.1.0\n", "0.1.0").is_some());
    }

    #[test]
    fn the_tool_follows_the_crate() {
        let lock = |crate_version: &str| {
            let package = |name, version: &str| format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n");
            package("wasm-bindgen", crate_version) + &package("wasm-bindgen-cli-support", "0.2.130")
        };
        assert!(bindgen(&lock("0.2.130")).unwrap().is_none());
        assert_eq!(bindgen(&lock("0.2.99")).unwrap().unwrap().line, 2);
    }
}
