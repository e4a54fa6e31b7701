//! `cargo xtask mutants`: whether the simulation has teeth. Each deliberate fault of `tests/mutations.toml` is put into a copy
//! of the core, and the simulation must fail.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Deserialize;

use crate::process;
use crate::simulate::PACKAGE;
use crate::workspace::{Workspace, cargo};

const LIST: &str = "tests/mutations.toml";

/// The packages that are copied.
const FOLDERS: [&str; 2] = ["core", "tests/simulation"];

/// What each fault is looked for with: small worlds cost more than they find here, as the big ones have every fault, too.
const ARGUMENTS: [&str; 5] = ["--shoppers", "20000", "--seed", "1", "--no-small-worlds"];

/// Copies that are built at the same time; a compiler of one small package does not fill two processors.
const COPIES: usize = 2;

#[derive(Deserialize)]
struct List {
    mutation: Vec<Mutation>,
}

/// One deliberate fault.
#[derive(Deserialize)]
struct Mutation {
    name: String,
    file: String,
    find: String,
    replace: String,
    breaks: String,
}

/// What the simulation said to a fault.
enum Found {
    /// The property that does not hold.
    Caught(String),
    Survived,
    /// The fault could not be put in, or is no program.
    Unfit(anyhow::Error),
}

/// Tries every fault and prints a table; fails if one survives or no longer fits the core.
pub fn run(workspace: &Workspace) -> Result<()> {
    let text = fs::read_to_string(workspace.root.join(LIST)).with_context(|| format!("{LIST} cannot be read"))?;
    let list = toml::from_str::<List>(&text)
        .with_context(|| format!("{LIST} is not understood"))?
        .mutation;
    let bar = ProgressBar::new(list.len() as u64 + 1).with_style(style()?);
    bar.set_message("the core as it is");
    let copies = (0..COPIES)
        .map(|index| Copy::new(workspace, index))
        .collect::<Result<Vec<_>>>()?;
    // The first build of each copy; and without a fault the simulation must pass.
    let sound = thread::scope(|scope| {
        let runs: Vec<_> = copies.iter().map(|copy| scope.spawn(|| copy.simulate())).collect();
        runs.into_iter()
            .map(|run| run.join().unwrap_or_else(|_| Err(anyhow!("a thread failed"))))
            .collect::<Result<Vec<_>>>()
    })?;
    if let Some(property) = sound.into_iter().flatten().next() {
        bail!("the simulation fails without any fault: {property}");
    }
    bar.inc(1);
    let (next, results) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for copy in &copies {
            scope.spawn(|| {
                while let Some((index, mutation)) = take(&next, &list) {
                    bar.set_message(mutation.name.clone());
                    let found = copy.try_out(mutation);
                    bar.inc(1);
                    if let Ok(mut results) = results.lock() {
                        results.push((index, found));
                    }
                }
            });
        }
    });
    bar.finish_and_clear();
    let mut results = results.into_inner().unwrap_or_default();
    results.sort_by_key(|(index, _)| *index);
    judge(&list, &results)
}

fn take<'l>(next: &AtomicUsize, list: &'l [Mutation]) -> Option<(usize, &'l Mutation)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    Some((index, list.get(index)?))
}

fn judge(list: &[Mutation], results: &[(usize, Found)]) -> Result<()> {
    println!("{:<50}caught by", "fault in the core");
    let mut caught = 0;
    for (index, found) in results {
        let Mutation { name, breaks, .. } = &list[*index];
        match found {
            Found::Caught(property) => {
                caught += 1;
                println!("{name:<50}{property}");
            }
            Found::Survived => println!("{name:<50}SURVIVED: nobody sees that this happens: {breaks}"),
            Found::Unfit(error) => println!("{name:<50}UNFIT: {error:#}"),
        }
    }
    println!("{caught} of {} caught", list.len());
    if caught < list.len() {
        bail!("make the simulation see the faults that survive, and bring {LIST} up to the core");
    }
    Ok(())
}

/// A small workspace of its own with the core and the simulation.
struct Copy {
    original: PathBuf,
    root: PathBuf,
}

impl Copy {
    fn new(workspace: &Workspace, index: usize) -> Result<Self> {
        let root = workspace.target.join("mutants").join(index.to_string());
        for folder in FOLDERS {
            copy_folder(&workspace.root.join(folder), &root.join(folder))?;
        }
        process::write(&root.join("Cargo.toml"), manifest(&workspace.root)?.as_bytes())?;
        process::write(
            &root.join("Cargo.lock"),
            &process::read(&workspace.root.join("Cargo.lock"))?,
        )?;
        Ok(Self {
            original: workspace.root.clone(),
            root,
        })
    }

    fn try_out(&self, mutation: &Mutation) -> Found {
        let outcome = self.put_in(mutation).and_then(|()| self.simulate());
        let restored = process::read(&self.original.join(&mutation.file))
            .and_then(|text| process::write(&self.root.join(&mutation.file), &text));
        match restored.and(outcome) {
            Ok(Some(property)) => Found::Caught(property),
            Ok(None) => Found::Survived,
            Err(error) => Found::Unfit(error),
        }
    }

    fn put_in(&self, mutation: &Mutation) -> Result<()> {
        let path = self.root.join(&mutation.file);
        let text = String::from_utf8(process::read(&path)?).context("the core is text")?;
        match text.matches(&mutation.find).count() {
            1 => process::write(&path, text.replace(&mutation.find, &mutation.replace).as_bytes()),
            count => bail!("its text occurs {count} times in {}", mutation.file),
        }
    }

    /// Builds and runs the simulation: the property that does not hold, if there is one.
    fn simulate(&self) -> Result<Option<String>> {
        let manifest = self.root.join("Cargo.toml");
        let mut build = cargo();
        build
            .args(["build", "--quiet", "--package", PACKAGE, "--manifest-path"])
            .arg(manifest);
        build
            .env("CARGO_TARGET_DIR", self.root.join("target"))
            .env("RUSTFLAGS", "--cap-lints=allow");
        process::output(&mut build).context("it is no program")?;
        let program = self.root.join("target/debug").join(PACKAGE);
        let output = Command::new(program).args(ARGUMENTS).stderr(Stdio::null()).output()?;
        if output.status.success() {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let broken = text.lines().find_map(|line| line.strip_prefix("BROKEN: "));
        let property = broken.and_then(|line| line.split(':').next());
        property
            .map(|property| Some(property.to_owned()))
            .context("the simulation failed without a word")
    }
}

/// The workspace's own manifest without its package, and with the two packages as members.
fn manifest(root: &Path) -> Result<String> {
    let text = String::from_utf8(process::read(&root.join("Cargo.toml"))?)?;
    let mut manifest = text.parse::<toml::Table>().context("Cargo.toml is not understood")?;
    let workspace = manifest
        .get_mut("workspace")
        .and_then(toml::Value::as_table_mut)
        .context("Cargo.toml has no workspace")?;
    workspace.insert("members".into(), FOLDERS.map(str::to_owned).to_vec().into());
    let workspace = toml::Value::Table(std::mem::take(workspace));
    // Little optimisation: the building takes longer than the running.
    let profile = toml::toml! {
        dev = { opt-level = 1, debug = false, incremental = true }
    };
    let kept = toml::Table::from_iter([
        ("workspace".to_owned(), workspace),
        ("profile".to_owned(), profile.into()),
    ]);
    toml::to_string(&kept).context("the manifest cannot be written")
}

/// Only files that changed are written, so that Cargo rebuilds no more than it must; what is gone goes from the copy, too.
fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    process::folder(to)?;
    for entry in fs::read_dir(to).with_context(|| format!("{} cannot be read", to.display()))? {
        let entry = entry.with_context(|| format!("{} cannot be read", to.display()))?;
        let (path, is_gone) = (entry.path(), !from.join(entry.file_name()).exists());
        let removed = match path.is_dir() {
            _ if !is_gone => Ok(()),
            true => fs::remove_dir_all(&path),
            false => fs::remove_file(&path),
        };
        removed.with_context(|| format!("{} cannot be removed", path.display()))?;
    }
    for entry in fs::read_dir(from).with_context(|| format!("{} cannot be read", from.display()))? {
        let (path, to) = (
            entry.as_ref().map(fs::DirEntry::path),
            entry.as_ref().map(|entry| to.join(entry.file_name())),
        );
        let (Ok(path), Ok(to)) = (path, to) else { continue };
        if path.is_dir() {
            copy_folder(&path, &to)?;
        } else {
            let bytes = process::read(&path)?;
            if fs::read(&to).ok().as_ref() != Some(&bytes) {
                process::write(&to, &bytes)?;
            }
        }
    }
    Ok(())
}

fn style() -> Result<ProgressStyle> {
    ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}").context("the progress bar's template")
}
