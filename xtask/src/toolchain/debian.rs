//! A toolchain for WebAssembly from Debian's packages, for machines where rustup cannot fetch the target.
//!
//! Debian packages the compiler that its browsers are built with, and the source of the standard library. The library is built
//! once from that source, and compiler, host library and the new library are put together in one folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::machine::Machine;
use crate::process::{self, install, step};

use super::rustflags;

/// The folder of Debian's compiler.
pub const SYSROOT: &str = "/usr";
const PACKAGES: [&str; 5] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy", "lld-22"];
const PROGRAMS: [&str; 5] = ["rustc", "rustdoc", "cargo", "cargo-clippy", "clippy-driver"];

/// The library is built as a dependency of this empty crate.
const SEED: &str = r#"[package]
name = "seed"
version = "0.0.0"
edition = "2021"

[lib]
path = "seed.rs"

[profile.release]
opt-level = "s"
codegen-units = 1
panic = "abort"

[workspace]
"#;

/// Makes the toolchain in `folder`. Needs root. The paths of `machine` are kept out of the library.
pub fn assemble(folder: &Path, target: &str, machine: &Machine) -> Result<()> {
    install(&PACKAGES)?;
    let (seed, unfinished) = (folder.with_extension("seed"), folder.with_extension("new"));
    remove(&seed)?;
    remove(&unfinished)?;
    let built = step(
        "Building the standard library for WebAssembly (about a minute, once)",
        || build_std(&seed, target, machine),
    )?;

    put_together(&unfinished, &built.join("deps"), target)?;
    remove(folder)?;
    fs::rename(&unfinished, folder).context("the finished toolchain cannot be moved to its place")?;
    remove(&seed)
}

/// Lays out compiler, host library and the new library as a compiler expects them in its folder.
fn put_together(folder: &Path, built: &Path, target: &str) -> Result<()> {
    let host = host()?;
    let rustlib = folder.join("lib/rustlib");
    let (bin, library) = (folder.join("bin"), rustlib.join(target).join("lib"));
    let tools = rustlib.join(&host).join("bin");
    for new in [&bin, &library, &tools] {
        process::folder(new)?;
    }
    // Copies, not links: the compiler finds its folder from where its own file is.
    for program in PROGRAMS {
        copy(&Path::new("/usr/bin").join(program), &bin)?;
    }
    copy(&find_driver()?, &folder.join("lib"))?;
    link(
        &Path::new("/usr/lib/rustlib").join(&host).join("lib"),
        &rustlib.join(&host).join("lib"),
    )?;
    link(Path::new("/usr/bin/lld-22"), &tools.join("rust-lld"))?;
    for entry in fs::read_dir(built)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if (name.ends_with(".rlib") || name.ends_with(".rmeta")) && !name.starts_with("libseed") {
            copy(&path, &library)?;
        }
    }
    Ok(())
}

/// Builds the library and returns the folder of the results.
fn build_std(seed: &Path, target: &str, machine: &Machine) -> Result<PathBuf> {
    process::folder(seed)?;
    process::write(&seed.join("Cargo.toml"), SEED.as_bytes())?;
    process::write(&seed.join("seed.rs"), b"#![no_std]\n")?;
    let mut cargo = Command::new("/usr/bin/cargo");
    // Building the library is a feature that only its own developers may use, or whoever says so here.
    cargo.env("RUSTC_BOOTSTRAP", "1").env("RUSTC", "/usr/bin/rustc");
    cargo
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("CARGO")
        .current_dir(seed);
    let flags = std::iter::once("-Cembed-bitcode=yes".into()).chain(machine.remap_flags());
    let (variable, flags) = rustflags(flags);
    cargo.env(variable, flags);
    cargo.args([
        "build",
        "--release",
        "--target",
        target,
        "-Zbuild-std=std,panic_abort,test,proc_macro",
    ]);
    process::output(cargo.arg("--target-dir").arg(seed.join("target")))?;
    Ok(seed.join("target").join(target).join("release"))
}

fn host() -> Result<String> {
    let answer = process::output(Command::new("/usr/bin/rustc").arg("-vV"))?;
    let host = answer.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("`rustc -vV` names no host")?.to_owned())
}

/// The compiler's library: the one file `/usr/lib/<architecture>/librustc_driver-….so`.
fn find_driver() -> Result<PathBuf> {
    for entry in fs::read_dir("/usr/lib")?.flatten() {
        let Ok(files) = fs::read_dir(entry.path()) else {
            continue;
        };
        let mut drivers = files.flatten().map(|file| file.path()).filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("librustc_driver-") && name.ends_with(".so")
        });
        if let Some(driver) = drivers.next() {
            return Ok(driver);
        }
    }
    anyhow::bail!("Debian's rustc-web has no librustc_driver")
}

fn copy(file: &Path, folder: &Path) -> Result<()> {
    let name = file.file_name().unwrap_or_default();
    fs::copy(file, folder.join(name)).with_context(|| format!("{} cannot be copied", file.display()))?;
    Ok(())
}

/// Removes a folder if it is there.
pub fn remove(folder: &Path) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    fs::remove_dir_all(folder).with_context(|| format!("{} cannot be removed", folder.display()))
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> Result<()> {
    std::os::unix::fs::symlink(from, to).with_context(|| format!("{} cannot be linked", to.display()))
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> Result<()> {
    anyhow::bail!("Debian's packages need Debian")
}
