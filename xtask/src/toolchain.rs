//! A compiler that can build for WebAssembly: the installed one, with rustup's help, or else from Debian's packages.

mod debian;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::machine::Machine;
use crate::process::{self, find, may_install, step};
use crate::workspace::{Workspace, cargo};

/// How to call Cargo for the WebAssembly target.
pub struct Toolchain {
    /// The compiler's own folder.
    pub sysroot: PathBuf,
    /// The triple that it builds for.
    pub target: String,
    /// Set only where the toolchain is not the one that runs this program.
    own: bool,
}

impl Toolchain {
    /// Finds or installs a compiler for `target`.
    pub fn ensure(workspace: &Workspace, target: &str) -> Result<Self> {
        let found = |sysroot, own| Self {
            sysroot,
            target: target.to_owned(),
            own,
        };
        let sysroot = sysroot()?;
        if knows(&sysroot, target) {
            return Ok(found(sysroot, false));
        }
        let kept = workspace.scratch("toolchain");
        if knows(&kept, target) {
            return Ok(found(kept, true));
        }
        let refusal = match add_by_rustup(target) {
            Ok(()) if knows(&sysroot, target) => return Ok(found(sysroot, false)),
            Ok(()) => "rustup added it to another toolchain than the one in use".to_owned(),
            Err(error) => format!("{error:#}"),
        };
        if !may_install() {
            bail!(
                "the compiler cannot build for {target} ({}): run `rustup target add {target}`, or repeat this command \
                 as root on Debian, which has packages for it",
                refusal.lines().next().unwrap_or_default()
            );
        }
        let machine = Machine::new(workspace, Path::new(debian::SYSROOT));
        debian::assemble(&kept, target, &machine)?;
        // Cargo does not see that the library is another one than before.
        debian::remove(&workspace.target.join(target))?;
        if !knows(&kept, target) {
            bail!("Debian's packages gave no library for {target}: run `rustup target add {target}`");
        }
        Ok(found(kept, true))
    }

    /// `cargo <subcommand> --target <the triple>`.
    pub fn cargo(&self, subcommand: &str) -> Command {
        let mut command = if self.own {
            let bin = self.sysroot.join("bin");
            // Cargo would look for Clippy in the cargo home first, and find rustup's.
            let program = if subcommand == "clippy" {
                "cargo-clippy"
            } else {
                "cargo"
            };
            let mut command = Command::new(bin.join(program));
            command
                .env("CARGO", bin.join("cargo"))
                .env("RUSTC", bin.join("rustc"))
                .env_remove("RUSTUP_TOOLCHAIN");
            // The compiler takes the folder of its own library for its own; Debian's would be found first.
            command.env("LD_LIBRARY_PATH", self.sysroot.join("lib"));
            command
        } else {
            cargo()
        };
        command.args([subcommand, "--target", &self.target]);
        command
    }
}

/// The variable that hands rustc's flags to Cargo, with `flags` added to those that the user gave.
pub fn rustflags(flags: impl IntoIterator<Item = OsString>) -> (&'static str, OsString) {
    const SEPARATOR: &str = "\u{1f}";
    let given = std::env::var("CARGO_ENCODED_RUSTFLAGS").ok();
    let plain = || {
        std::env::var("RUSTFLAGS")
            .ok()
            .map(|flags| flags.split_whitespace().collect::<Vec<_>>().join(SEPARATOR))
    };
    let mut all = OsString::from(given.or_else(plain).unwrap_or_default());
    for flag in flags {
        if !all.is_empty() {
            all.push(SEPARATOR);
        }
        all.push(flag);
    }
    ("CARGO_ENCODED_RUSTFLAGS", all)
}

/// Adds a component such as `clippy` to the toolchain if it has not got it.
pub fn ensure_component(component: &str, program: &str) -> Result<()> {
    if find(program).is_some()
        && process::output(cargo().args([program.trim_start_matches("cargo-"), "--version"])).is_ok()
    {
        return Ok(());
    }
    let Some(rustup) = find("rustup") else {
        bail!("`{program}` is missing: install Rust's component {component}");
    };
    step(&format!("Adding {component} with rustup"), || {
        process::output(Command::new(rustup).args(["component", "add", component])).map(drop)
    })
}

fn sysroot() -> Result<PathBuf> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    Ok(process::output(Command::new(rustc).args(["--print", "sysroot"]))?
        .trim_end()
        .into())
}

/// Whether the standard library for `target` is in a compiler's folder.
fn knows(sysroot: &Path, target: &str) -> bool {
    let library = sysroot.join("lib/rustlib").join(target).join("lib");
    let Ok(files) = std::fs::read_dir(library) else {
        return false;
    };
    files
        .flatten()
        .any(|file| file.file_name().to_string_lossy().starts_with("libstd-"))
}

fn add_by_rustup(target: &str) -> Result<()> {
    let Some(rustup) = find("rustup") else {
        bail!("rustup is missing")
    };
    step(&format!("Adding the target {target} with rustup"), || {
        process::output(Command::new(rustup).args(["target", "add", target])).map(drop)
    })
}
