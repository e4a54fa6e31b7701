//! `cargo xtask build`: the tag's files, by the recipe in `wasm-pack.toml`.

mod compile;
mod loader;
mod module;
mod names;
mod package;
mod vectors;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::machine::Machine;
use crate::npm::Tools;
use crate::process;
use crate::recipe::Recipe;
use crate::stamp::hex;
use crate::toolchain::Toolchain;
use crate::workspace::Workspace;

pub use compile::binaries;
pub use package::{Package, package};
pub use vectors::vectors;

/// The finished files.
pub struct Artefacts {
    pub folder: PathBuf,
    pub loader: PathBuf,
    pub pinned: PathBuf,
    pub glue: PathBuf,
    pub module: PathBuf,
}

impl Artefacts {
    /// Prints the files' names.
    pub fn print(&self, workspace: &Workspace) {
        for file in [&self.loader, &self.pinned, &self.glue, &self.module] {
            println!("{}", workspace.show(file));
        }
    }
}

/// Everything that the steps of a build share.
struct Shop<'a> {
    workspace: &'a Workspace,
    recipe: Recipe,
    toolchain: Toolchain,
    tools: Tools,
    machine: Machine,
}

impl<'a> Shop<'a> {
    fn open(workspace: &'a Workspace) -> Result<Self> {
        let recipe = Recipe::read(workspace)?;
        let toolchain = Toolchain::ensure(workspace, &recipe.module.target)?;
        let tools = Tools::ensure(workspace)?;
        let machine = Machine::new(workspace, &toolchain.sysroot);
        Ok(Self {
            workspace,
            recipe,
            toolchain,
            tools,
            machine,
        })
    }
}

/// Builds what has changed and names the results.
pub fn run(workspace: &Workspace) -> Result<Artefacts> {
    let shop = Shop::open(workspace)?;
    let names = &shop.recipe.artefacts;
    let compiled = compile::module(&shop)?;
    let made = module::make(&shop, &compiled)?;

    let folder = workspace.root.join(&names.folder);
    process::folder(&folder)?;
    let named = |name: &str| folder.join(name.replace(HASH, &made.hash));
    let mut artefacts = Artefacts {
        loader: named(&names.loader),
        pinned: PathBuf::new(),
        glue: named(&names.glue),
        module: named(&names.module),
        folder: folder.clone(),
    };
    for file in [&made.glue, &made.module] {
        shop.machine
            .check(&workspace.show(file).to_string(), &process::read(file)?)?;
    }
    put(&made.glue, &artefacts.glue)?;
    put(&made.module, &artefacts.module)?;
    put(&made.types, &named(&names.types))?;
    loader::make(&shop, &artefacts)?;
    // The loader holds the digests of the others: its name stands for all three.
    let hash = content_hash(&[&artefacts.loader])?;
    artefacts.pinned = folder.join(names.pinned.replace(HASH, &hash));
    put(&artefacts.loader, &artefacts.pinned)?;

    shop.machine.check(
        &workspace.show(&artefacts.loader).to_string(),
        &process::read(&artefacts.loader)?,
    )?;
    remove_stale(&artefacts, [&names.pinned, &names.glue, &names.module])?;
    Ok(artefacts)
}

/// What tells which part of the finished files comes from where.
pub struct Anatomy {
    /// The module as it is finished, but with the names of its functions.
    pub named_module: PathBuf,
    /// esbuild's metafile of the loader.
    pub loader: PathBuf,
}

/// Makes, beside the files that [`run`] has built, what tells where their parts come from.
pub fn anatomy(workspace: &Workspace) -> Result<Anatomy> {
    let shop = Shop::open(workspace)?;
    let compiled = compile::module(&shop)?;
    Ok(Anatomy {
        named_module: module::make_named(&shop, &compiled)?,
        loader: loader::metafile(workspace),
    })
}

/// What stands for the hash in the recipe's names.
const HASH: &str = "{hash}";
/// How many hexadecimal digits of the hash are in a name.
const HASH_DIGITS: usize = 8;

/// The first digits of the SHA-256 over files.
fn content_hash(files: &[&Path]) -> Result<String> {
    let mut hash = Sha256::new();
    for file in files {
        hash.update(process::read(file)?);
    }
    Ok(hex(&hash.finalize())[..HASH_DIGITS].to_owned())
}

/// Copies a file unless the same bytes are there.
fn put(from: &Path, to: &Path) -> Result<()> {
    let bytes = process::read(from)?;
    if std::fs::read(to).is_ok_and(|present| present == bytes) {
        return Ok(());
    }
    process::write(to, &bytes)
}

/// Removes the files of earlier builds, which nothing loads any more.
fn remove_stale(artefacts: &Artefacts, patterns: [&String; 3]) -> Result<()> {
    for entry in std::fs::read_dir(&artefacts.folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let ours = patterns.iter().any(|pattern| is_hashed(&name, pattern));
        let current = [&artefacts.pinned, &artefacts.glue, &artefacts.module];
        if ours && !current.contains(&&path) {
            std::fs::remove_file(&path).with_context(|| format!("{} cannot be removed", path.display()))?;
        }
    }
    Ok(())
}

/// Whether `name` is `pattern` with some hash.
fn is_hashed(name: &str, pattern: &str) -> bool {
    let Some((before, after)) = pattern.split_once(HASH) else {
        return false;
    };
    let hash = name.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    hash.is_some_and(|hash| hash.len() == HASH_DIGITS && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_are_stale() {
        let pattern = "purchase-tag-{hash}.wasm";
        assert!(is_hashed("purchase-tag-0a1b2c3d.wasm", pattern));
        for other in [
            "purchase-tag.wasm",
            "purchase-tag-0a1b2c3.wasm",
            "purchase-tag-0a1b2c3x.wasm",
            "purchase-tag-0a1b2c3d.mjs",
        ] {
            assert!(!is_hashed(other, pattern), "{other}");
        }
        assert!(!is_hashed("purchase-tag.js", "purchase-tag.js"));
    }
}
