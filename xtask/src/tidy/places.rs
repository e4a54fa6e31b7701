//! Addresses that are true on one machine only: home and working folders, package registries.

use std::env;

use super::{Finding, finding};
use crate::workspace::Workspace;

/// Folders that hold somebody's home, work or temporary files on most machines. Split, so that this file passes.
const FOLDERS: [&str; 6] = [
    concat!("/ho", "me/"),
    concat!("/ro", "ot/"),
    concat!("/Us", "ers/"),
    concat!("/tm", "p/"),
    concat!("/wo", "rk/"),
    concat!(r"C:\Us", r"ers\"),
];
/// What package managers write down about the registry that they were set up with.
const REGISTRIES: [&str; 5] = [
    concat!("registry.np", "mjs.org"),
    concat!("\"reso", "lved\":"),
    concat!("_auth", "Token"),
    concat!("index.cra", "tes.io"),
    concat!("static.cra", "tes.io"),
];
/// The one source that `Cargo.lock` may name: the public registry's fixed name, which Cargo writes whatever mirror is used.
const CRATES: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// The folders to look for.
pub(super) struct Places(Vec<String>);

impl Places {
    /// Adds this machine's own folders to the usual ones.
    pub(super) fn new(workspace: &Workspace) -> Self {
        let own = [
            Some(workspace.root.clone()),
            env::home_dir(),
            env::var_os("CARGO_HOME").map(Into::into),
        ];
        let own = own
            .into_iter()
            .flatten()
            .filter(|path| path.parent().is_some())
            .map(|path| format!("{}/", path.display()));
        Self(own.chain(FOLDERS.map(str::to_owned)).collect())
    }

    pub(super) fn check(&self, file: &str, text: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (index, line) in text.lines().enumerate() {
            if let Some(folder) = self.0.iter().find(|folder| begins_in(line, folder)) {
                let advice =
                    format!("`{folder}` is a folder of one machine: write a relative path, or ask the system for it");
                findings.push(finding(file, index + 1, advice));
            }
            let foreign = file == "Cargo.lock" && line.starts_with("source = ") && !line.contains(CRATES);
            if foreign || REGISTRIES.iter().any(|address| line.contains(address)) {
                let advice = "the address of a package registry: leave it to each machine's own settings";
                findings.push(finding(file, index + 1, advice));
            }
        }
        findings
    }
}

/// Whether `folder` occurs in `line` as the beginning of a path, not inside a longer one or an address.
fn begins_in(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|before| {
            !before.is_alphanumeric() && !matches!(before, '/' | '.' | '-' | '_' | '}' | '~' | '*')
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_one_machine_is_found() {
        let places = Places(FOLDERS.map(str::to_owned).to_vec());
        let home = FOLDERS[0];
        let count = |text: &str| places.check("a.md", text).len();
        assert_eq!(count(&format!("cd {home}ana/shop")), 1);
        assert_eq!(count(&format!("path = \"{home}ana\"\n{}", FOLDERS[3])), 2);
        assert_eq!(count(&format!("https://shop.example{home}garden")), 0);
    }

    #[test]
    fn a_registry_is_found() {
        let places = Places(Vec::new());
        assert_eq!(places.check("a.json", &format!("  {} \"x\"", REGISTRIES[1])).len(), 1);
        assert_eq!(places.check("Cargo.lock", &format!("source = \"{CRATES}\"")).len(), 0);
        assert_eq!(
            places
                .check("Cargo.lock", "source = \"registry+https://mirror.example/index\"")
                .len(),
            1
        );
    }
}
