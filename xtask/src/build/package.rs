//! `cargo xtask pack`: the npm package `www/npm`, as a folder and as the tarball that npm publishes.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::loader::define;
use super::module::{self, Made};
use super::{Shop, compile, put};
use crate::process::{self, step};
use crate::workspace::Workspace;
use crate::{npm, stamp};

/// The finished package.
pub struct Package {
    /// What it is called in `import`.
    pub name: String,
    /// What npm publishes.
    pub tarball: PathBuf,
    /// What is in it.
    pub folder: PathBuf,
}

/// Of its `package.json`.
#[derive(Deserialize)]
struct Manifest {
    name: String,
    version: String,
}

/// The entries: each becomes one file of the same name.
const ENTRIES: [&str; 3] = ["index.js", "inline.js", "server.js"];
/// What is taken from the source folder as it is, and from the workspace.
const COPIED: [&str; 4] = ["package.json", "README.md", "index.d.ts", "inline.d.ts"];
const LICENCES: [&str; 2] = ["LICENSE-MIT", "LICENSE-APACHE"];
/// The types that the tag itself states. Not wasm-bindgen's whole file: that asks for newer libraries than many shops compile with.
const TYPES: &str = "src/types.d.ts";

impl Package {
    /// The entries that pages load: in place of loader and glue, or of all three files.
    pub fn entries(&self) -> [PathBuf; 2] {
        [ENTRIES[0], ENTRIES[1]].map(|entry| self.folder.join(entry))
    }

    /// Prints where the tarball is.
    pub fn print(&self, workspace: &Workspace) {
        println!("{}", workspace.show(&self.tarball));
    }
}

/// Builds the package unless it is there.
pub fn package(workspace: &Workspace) -> Result<Package> {
    let shop = Shop::open(workspace)?;
    let made = module::make(&shop, &compile::module(&shop)?)?;
    let source = workspace.root.join(&shop.recipe.npm.source);
    let manifest: Manifest = serde_json::from_slice(&process::read(&source.join("package.json"))?)?;
    let version = workspace.version(&shop.recipe.module.package)?;
    ensure!(
        manifest.version == version,
        "www/npm/package.json says {}, the workspace {version}: write the same",
        manifest.version
    );

    let place = workspace.target.join(&shop.recipe.npm.folder);
    let folder = place.join("package");
    let tarball = place.join(format!("{}-{version}.tgz", manifest.name));
    let mut stamp = module::inputs(&shop, workspace.scratch("package.stamp"))?
        .file(&made.module)?
        .file(&made.glue)?
        .file(&workspace.root.join(TYPES))?
        .text(version)
        .tree(&source)?;
    for shared in ["www/loader/src", "www/shared"] {
        stamp = stamp.tree(&workspace.root.join(shared))?;
    }
    stamp.unless_fresh(&[&tarball, &folder.join(ENTRIES[0])], || {
        // Nothing of an earlier build may be packed.
        let _ = std::fs::remove_dir_all(&place);
        process::folder(&folder)?;
        step("Bundling the npm package with esbuild", || {
            bundle(&shop, &made, &source, &folder)
        })?;
        for file in COPIED {
            put(&source.join(file), &folder.join(file))?;
        }
        for file in LICENCES {
            put(&workspace.root.join(file), &folder.join(file))?;
        }
        put(&workspace.root.join(TYPES), &folder.join("types.d.ts"))?;
        put(&made.module, &folder.join(&shop.recipe.npm.module))?;
        for file in stamp::files(&folder)? {
            shop.machine
                .check(&workspace.show(&file).to_string(), &process::read(&file)?)?;
        }
        let mut pack = npm::npm()?;
        pack.args(["pack", "--ignore-scripts", "--pack-destination"])
            .arg(&place);
        process::output(pack.current_dir(&folder))?;
        process::read(&tarball)
            .map(drop)
            .context("npm packed under another name")
    })?;
    Ok(Package {
        name: manifest.name,
        tarball,
        folder,
    })
}

/// In two steps: the loader's modules look at the page as they are evaluated, so they become the body of a function, and importing
/// the package evaluates nothing of them.
fn bundle(shop: &Shop, made: &Made, source: &Path, folder: &Path) -> Result<()> {
    let version = define("VERSION", shop.workspace.version(&shop.recipe.module.package)?);
    let loader = shop.workspace.scratch("package-loader.mjs");
    let esbuild = || {
        let mut esbuild = shop.tools.command("esbuild/bin/esbuild");
        esbuild.args(["--bundle", "--minify", "--log-level=warning", &version]);
        esbuild
    };
    let alias = |name: &str, file: &Path| format!("--alias:{name}={}", file.display());

    let mut evaluated = esbuild();
    evaluated
        .arg(source.join("src/loader.js"))
        .args(["--format=iife", "--global-name=loader"])
        .args(["--banner:js=export function evaluate(){", "--footer:js=return loader}"])
        .arg(format!("--target={}", shop.recipe.loader.engines))
        .arg(alias("purchase-tag-glue", &made.glue))
        .arg(format!("--outfile={}", loader.display()));
    process::output(&mut evaluated)?;

    let mut entries = esbuild();
    entries
        .args(ENTRIES.map(|entry| source.join("src").join(entry)))
        .args(["--format=esm", "--loader:.wasm=base64"])
        .arg(format!("--target={}", shop.recipe.npm.engines))
        .arg(alias("purchase-tag-loader", &loader))
        .arg(alias("purchase-tag.wasm", &made.module))
        .arg(format!("--outdir={}", folder.display()));
    process::output(&mut entries).map(drop)
}
