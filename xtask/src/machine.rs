//! Paths of the building machine: kept out of the finished files, and looked for in them.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::workspace::Workspace;

/// The folders whose names would tell where a file was built.
pub struct Machine {
    /// From the widest to the narrowest, each with the text that stands for it in messages of the module.
    folders: Vec<(PathBuf, &'static str)>,
}

impl Machine {
    /// Collects the folders; `sysroot` is the compiler's.
    pub fn new(workspace: &Workspace, sysroot: &Path) -> Self {
        let home = env::home_dir();
        let in_home = |variable, folder: &str| {
            env::var_os(variable)
                .map(PathBuf::from)
                .or_else(|| home.as_ref().map(|home| home.join(folder)))
        };
        let cargo = in_home("CARGO_HOME", ".cargo");
        let folders = [
            (home.clone(), "home"),
            (in_home("RUSTUP_HOME", ".rustup"), "rustup"),
            (Some(sysroot.to_owned()), "sysroot"),
            (cargo.clone(), "cargo"),
            (Some(workspace.root.clone()), "purchase-tag"),
            (Some(workspace.target.clone()), "target"),
        ];
        // A registry's folder is named after its address, which may be a mirror that only this machine knows.
        let crates = cargo
            .into_iter()
            .flat_map(|cargo| registries(&cargo))
            .map(|path| (path, "crates"));
        // The root folder as a home (some containers) names no machine, and every path would match it.
        let named = folders
            .into_iter()
            .filter_map(|(path, name)| Some((path.filter(|p| p.parent().is_some())?, name)));
        Self {
            folders: named.chain(crates).collect(),
        }
    }

    /// rustc's flags that replace each folder by its name; rustc lets the last matching flag win.
    pub fn remap_flags(&self) -> impl Iterator<Item = OsString> {
        self.folders.iter().map(|(path, name)| {
            let mut flag = OsString::from("--remap-path-prefix=");
            flag.push(path);
            flag.push("=");
            flag.push(name);
            flag
        })
    }

    /// Refuses `bytes` that hold one of the folders; `file` names them in the error.
    pub fn check(&self, file: &str, bytes: &[u8]) -> Result<()> {
        for (path, _) in &self.folders {
            let needle = format!("{}{}", path.display(), std::path::MAIN_SEPARATOR);
            if let Some(offset) = position(bytes, needle.as_bytes()) {
                bail!(
                    "{file} holds the path `{needle}` of this machine at byte {offset}: find what prints it and remap it"
                );
            }
        }
        Ok(())
    }
}

/// The folders of unpacked crates, sorted; this program's own crates are in one of them.
fn registries(cargo_home: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(cargo_home.join("registry/src"))
        .into_iter()
        .flatten()
        .flatten();
    let mut folders: Vec<_> = entries.map(|entry| entry.path()).collect();
    folders.sort();
    folders
}

fn position(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0;
    while let Some(found) = bytes[from..].iter().position(|&byte| byte == first) {
        if bytes[from + found..].starts_with(needle) {
            return Some(from + found);
        }
        from += found + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_the_machine_is_found_and_named() {
        let machine = Machine {
            folders: vec![("/builder/home".into(), "home")],
        };
        machine
            .check("a.wasm", b"panicked at core/src/lib.rs /builder/homes/")
            .unwrap();
        let error = machine
            .check("a.wasm", b"\0\0//builder/home/src/lib.rs")
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("a.wasm holds the path `/builder/home/` of this machine at byte 3"),
            "{error}"
        );
    }
}
