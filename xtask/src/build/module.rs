//! From rustc's module to the finished pair: wasm-bindgen, wasm-opt, and esbuild for the glue.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use wasm_bindgen_cli_support::Bindgen;

use super::{Shop, content_hash, names::Names};
use crate::process::{self, step};
use crate::recipe::{Bindings, Recipe};
use crate::stamp::Stamp;

/// The finished module, its glue and their types, still under the names of this step.
pub struct Made {
    pub module: PathBuf,
    pub glue: PathBuf,
    pub types: PathBuf,
    /// The first digits of the SHA-256 over module and glue.
    pub hash: String,
}

/// The stem of wasm-bindgen's files.
const STEM: &str = "purchase_tag";

/// Makes the pair unless it is there.
pub fn make(shop: &Shop, compiled: &Path) -> Result<Made> {
    let folder = shop.workspace.scratch("module");
    process::folder(&folder)?;
    let (module, glue) = (folder.join("module.wasm"), folder.join("glue.mjs"));
    let types = folder.join(format!("{STEM}.d.ts"));

    inputs(shop, folder.join("stamp"))?
        .file(compiled)?
        .unless_fresh(&[&module, &glue, &types], || {
            step("Writing the bindings with wasm-bindgen", || {
                bind(compiled, shop.recipe.module.bindings, &folder, STEM, true)
            })?;
            step("Shrinking the module with wasm-opt", || {
                shrink(shop, &folder.join(format!("{STEM}_bg.wasm")), &module, &[])
            })?;
            // Bundled, because that also removes what the page never calls.
            let mut esbuild = shop.tools.command("esbuild/bin/esbuild");
            esbuild.arg(folder.join(format!("{STEM}.js"))).args([
                "--bundle",
                "--minify",
                "--format=esm",
                "--log-level=warning",
            ]);
            esbuild.arg(format!("--target={}", shop.recipe.loader.engines));
            esbuild.arg(format!("--outfile={}", glue.display()));
            process::output(&mut esbuild).map(drop)
        })?;

    let hash = content_hash(&[&module, &glue])?;
    Ok(Made {
        module,
        glue,
        types,
        hash,
    })
}

/// Makes the module once more with the names of its functions, which a page does not need: the code is the same. Answers with its file.
pub fn make_named(shop: &Shop, compiled: &Path) -> Result<PathBuf> {
    let folder = shop.workspace.scratch("module-named");
    process::folder(&folder)?;
    let module = folder.join("module.wasm");
    inputs(shop, folder.join("stamp"))?
        .file(compiled)?
        .unless_fresh(&[&module], || {
            step("Making the module with the names of its functions", || {
                bind(compiled, shop.recipe.module.bindings, &folder, STEM, false)?;
                shrink(shop, &folder.join(format!("{STEM}_bg.wasm")), &module, &["--debuginfo"])
            })
        })?;
    Ok(module)
}

fn shrink(shop: &Shop, from: &Path, to: &Path, flags: &[&str]) -> Result<()> {
    let mut wasm_opt = shop.tools.command("binaryen/bin/wasm-opt");
    wasm_opt.arg(from).args(&shop.recipe.module.wasm_opt).args(flags);
    process::output(wasm_opt.arg("-o").arg(to)).map(drop)
}

/// Runs wasm-bindgen; `bare` leaves out what a page does not need: names, and the module's default address in the glue.
pub fn bind(compiled: &Path, bindings: Bindings, folder: &Path, stem: &str, bare: bool) -> Result<()> {
    let mut bindgen = Bindgen::new();
    let kind = match bindings {
        Bindings::Web => bindgen.web(true),
    };
    let mut names = Names::default();
    let written = kind.and_then(|bindgen| {
        bindgen
            .input_path(compiled)
            .out_name(stem)
            .typescript(true)
            .omit_default_module_path(bare);
        let mut output = bindgen
            .remove_name_section(bare)
            .remove_producers_section(bare)
            .generate_output()?;
        for import in output.wasm_mut().imports.iter_mut() {
            import.name = names.shorten(&import.name);
        }
        for export in output.wasm_mut().exports.iter_mut() {
            export.name = names.shorten(&export.name);
        }
        output.emit(folder)
    });
    // The library's error prints its causes with `{:?}` only.
    written
        .map_err(|error| anyhow!("{error:#}"))
        .context("wasm-bindgen cannot write the bindings")?;
    let glue = folder.join(format!("{stem}.js"));
    let text = String::from_utf8(process::read(&glue)?).context("the bindings are no UTF-8")?;
    process::write(&glue, names.rename(&text).as_bytes())
}

/// What every step after the compiler depends on: the recipe, the versions of all tools and this program's source.
pub fn inputs(shop: &Shop, stamp: PathBuf) -> Result<Stamp> {
    let root = &shop.workspace.root;
    let mut stamp = Stamp::new(stamp);
    for file in [Recipe::FILE, "Cargo.lock", "xtask/npm/package-lock.json"] {
        stamp = stamp.file(&root.join(file))?;
    }
    stamp.tree(&root.join("xtask/src"))
}
