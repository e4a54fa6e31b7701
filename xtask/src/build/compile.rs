//! Cargo's part: WebAssembly modules and native programs.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::Shop;
use crate::toolchain::rustflags;
use crate::workspace::cargo;

/// One line of Cargo's machine-readable messages, as far as it is used here.
#[derive(Deserialize)]
struct Message {
    reason: String,
    target: Option<Target>,
    executable: Option<PathBuf>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// Compiles the recipe's package and returns the module.
pub fn module(shop: &Shop) -> Result<PathBuf> {
    wasm(shop, &["--lib"], |target| {
        target.kind.iter().any(|kind| kind == "cdylib")
    })
}

/// Compiles an example of the recipe's package and returns its module.
pub fn example(shop: &Shop, name: &str) -> Result<PathBuf> {
    wasm(shop, &["--example", name], |target| {
        target.name == name && target.kind.iter().any(|kind| kind == "example")
    })
}

/// Compiles native programs, each a package with a program of the same name, and returns where they are, in the same order.
/// With a test target of the workspace it is compiled, too, and all of it with the features that all tests share: what a program and
/// its tests have in common is compiled once.
pub fn binaries<const N: usize>(packages: [&str; N], test: Option<&str>) -> Result<[PathBuf; N]> {
    let mut command = cargo();
    command.arg("build");
    for package in packages {
        command.args(["--bin", package]);
        if test.is_none() {
            command.args(["--package", package]);
        }
    }
    if let Some(test) = test {
        command.args(["--workspace", "--test", test]);
    }
    let messages = messages(&mut command)?;
    let mut found = packages.map(|_| PathBuf::new());
    for (place, package) in found.iter_mut().zip(packages) {
        let built = messages.iter().find(|message| {
            message.target.as_ref().is_some_and(|target| target.name == package) && message.executable.is_some()
        });
        *place = built
            .and_then(|message| message.executable.clone())
            .with_context(|| format!("Cargo built no program `{package}`"))?;
    }
    Ok(found)
}

fn wasm(shop: &Shop, what: &[&str], wanted: impl Fn(&Target) -> bool) -> Result<PathBuf> {
    let module = &shop.recipe.module;
    let (variable, flags) = rustflags(
        module
            .rustflags
            .iter()
            .map(Into::into)
            .chain(shop.machine.remap_flags()),
    );
    let mut command = shop.toolchain.cargo("build");
    command
        .args(["--package", &module.package, "--profile", &module.profile])
        .args(what)
        .env(variable, flags);
    let messages = messages(&mut command)?;
    let ours = messages
        .into_iter()
        .filter(|message| message.target.as_ref().is_some_and(&wanted));
    let mut files = ours.flat_map(|message| message.filenames);
    let found = files.find(|file| file.extension().is_some_and(|extension| extension == "wasm"));
    found.with_context(|| {
        format!(
            "Cargo built no module of `{}` ({}): its crate-type must be cdylib",
            module.package,
            what.join(" ")
        )
    })
}

/// Runs `cargo build`; Cargo's own progress stays visible.
fn messages(command: &mut Command) -> Result<Vec<Message>> {
    command
        .arg("--message-format=json-render-diagnostics")
        .stdin(Stdio::null())
        .stderr(Stdio::inherit());
    let output = command.output().context("Cargo cannot be started")?;
    if !output.status.success() {
        bail!("`cargo build` failed: its messages are above");
    }
    let lines = output
        .stdout
        .split(|&byte| byte == b'\n')
        .filter(|line| !line.is_empty());
    let messages = lines
        .map(serde_json::from_slice::<Message>)
        .collect::<Result<Vec<_>, _>>();
    let mut messages = messages.context("Cargo's messages are not understood")?;
    messages.retain(|message| message.reason == "compiler-artifact");
    Ok(messages)
}
