//! Running programs, and showing that something long runs.

use std::env;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use indicatif::ProgressBar;

/// Runs a program that speaks for itself, with this program's input and output.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|error| not_started(command, &error))?;
    if !status.success() {
        bail!("`{}` failed ({status})", show(command));
    }
    Ok(())
}

/// Runs a program and returns what it prints; its messages are shown only if it fails.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| not_started(command, &error))?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let messages = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` failed ({}):\n{printed}{messages}", show(command), output.status);
    }
    Ok(printed)
}

/// Shows `what` with a spinner (or, without a terminal, as a line) while `work` runs.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let spinner = ProgressBar::new_spinner().with_message(what.to_owned());
    if spinner.is_hidden() {
        eprintln!("{what}");
    }
    spinner.enable_steady_tick(Duration::from_millis(100));
    let result = work();
    spinner.finish_and_clear();
    result
}

/// Where `program` is among the folders of `PATH`.
pub fn find(program: &str) -> Option<PathBuf> {
    let name = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(&name))
        .find(|path| path.is_file())
}

/// Whether Debian's packages can be installed from here: `apt-get` is present and this user is root.
pub fn may_install() -> bool {
    #[cfg(unix)]
    let root = nix::unistd::geteuid().is_root();
    #[cfg(not(unix))]
    let root = false;
    root && find("apt-get").is_some()
}

/// Installs Debian packages, showing apt's messages only if that fails.
pub fn install(packages: &[&str]) -> Result<()> {
    step(
        &format!("Installing {} from Debian's packages", packages.join(", ")),
        || {
            let apt = || {
                let mut command = Command::new("apt-get");
                command.env("DEBIAN_FRONTEND", "noninteractive").arg("-qq");
                command
            };
            output(apt().arg("update"))?;
            output(
                apt()
                    .args(["install", "--yes", "--no-install-recommends"])
                    .args(packages),
            )
            .map(drop)
        },
    )
}

/// Reads a file, naming it when that fails.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}

/// Writes a file, naming it when that fails.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("{} cannot be written", path.display()))
}

/// Makes a folder and those above it.
pub fn folder(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path).with_context(|| format!("the folder {} cannot be made", path.display()))
}

fn not_started(command: &Command, error: &std::io::Error) -> anyhow::Error {
    let program = command.get_program().to_string_lossy();
    match error.kind() {
        ErrorKind::NotFound => anyhow!("`{program}` is missing: install it or put it on the PATH"),
        _ => anyhow!("`{program}` cannot be started: {error}"),
    }
}

/// The program and its first arguments.
fn show(command: &Command) -> String {
    const SHOWN_ARGUMENTS: usize = 6;
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args().take(SHOWN_ARGUMENTS));
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
