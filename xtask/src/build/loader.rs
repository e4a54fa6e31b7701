//! The loader: one script from `www/loader`, with the names and digests of the module and its glue written into it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

use super::{Artefacts, Shop, module};
use crate::process;
use crate::workspace::Workspace;

/// Before anything else in the file. Engines that know it compile all functions while they parse, in a thread of their own; without it each is
/// compiled in the page's thread when it is called first (<https://developer.chrome.com/docs/web-platform/explicit-compile-hints>).
const COMPILE_HINT: &str = "//# allFunctionsCalledOnLoad";

/// Bundles the loader unless it is there.
pub fn make(shop: &Shop, artefacts: &Artefacts) -> Result<()> {
    let loader = &shop.recipe.loader;
    let entry = shop.workspace.root.join(&loader.entry);
    let sources = entry.parent().context("the loader's entry has no folder")?;
    let version = shop.workspace.version(&shop.recipe.module.package)?;
    let definitions = [
        define("MODULE_JS", &name(&artefacts.glue)),
        define("MODULE_WASM", &name(&artefacts.module)),
        define("MODULE_JS_DIGEST", &digest(&artefacts.glue)?),
        define("MODULE_WASM_DIGEST", &digest(&artefacts.module)?),
        define("VERSION", version),
    ];

    // What the loader shares with other doors lies beside it.
    let shared = shop.workspace.root.join("www/shared");
    let stamp = module::inputs(shop, shop.workspace.scratch("loader.stamp"))?;
    let mut stamp = stamp.tree(sources)?.tree(&shared)?;
    for definition in &definitions {
        stamp = stamp.text(definition);
    }
    let metafile = metafile(shop.workspace);
    stamp.unless_fresh(&[&artefacts.loader, &metafile], || {
        let mut esbuild = shop.tools.command("esbuild/bin/esbuild");
        esbuild.arg(&entry).args([
            "--bundle",
            "--minify",
            "--log-level=warning",
            "--supported:dynamic-import=true",
        ]);
        esbuild
            .arg(format!("--format={}", loader.format))
            .arg(format!("--target={}", loader.engines))
            .arg(format!("--banner:js={COMPILE_HINT}"))
            .args(&definitions);
        esbuild.arg(format!("--outfile={}", artefacts.loader.display()));
        esbuild.arg(format!("--metafile={}", metafile.display()));
        process::output(&mut esbuild).map(drop)
    })
}

/// Where esbuild tells which bytes of the loader come from which source file.
pub fn metafile(workspace: &Workspace) -> PathBuf {
    workspace.scratch("loader.json")
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A file's digest as browsers check it. SHA-256, because every byte of the longer ones is incompressible weight.
fn digest(path: &Path) -> Result<String> {
    let digest = Sha256::digest(process::read(path)?);
    Ok(format!("sha256-{}", BASE64_STANDARD.encode(digest)))
}

/// esbuild's flag that replaces the free name `name` by a string.
pub fn define(name: &str, value: &str) -> String {
    format!("--define:{name}={}", serde_json::Value::from(value))
}
