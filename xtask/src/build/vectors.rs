//! The conformance vectors as a WebAssembly module, for the browser tests.

use std::path::PathBuf;

use anyhow::Result;

use super::{Shop, compile, module};
use crate::process::{self, step};
use crate::workspace::Workspace;

/// Builds the recipe's example for the browser and returns its folder; `None` if the package has no such example.
///
/// The folder holds `<example>.js` and `<example>_bg.wasm` as wasm-bindgen writes them: the compiler's output for the shipped
/// profile, before wasm-opt.
pub fn vectors(workspace: &Workspace) -> Result<Option<PathBuf>> {
    let shop = Shop::open(workspace)?;
    let example = &shop.recipe.vectors.example;
    if !workspace
        .targets(&shop.recipe.module.package, "example")?
        .contains(&example.as_str())
    {
        return Ok(None);
    }
    let compiled = compile::example(&shop, example)?;
    let folder = workspace.target.join(&shop.recipe.vectors.folder);
    process::folder(&folder)?;
    let (glue, wasm) = (
        folder.join(format!("{example}.js")),
        folder.join(format!("{example}_bg.wasm")),
    );
    module::inputs(&shop, folder.join("stamp"))?
        .file(&compiled)?
        .unless_fresh(&[&glue, &wasm], || {
            step("Writing the bindings of the vectors", || {
                module::bind(&compiled, shop.recipe.module.bindings, &folder, example, false)
            })
        })?;
    Ok(Some(folder))
}
