//! The build recipe `wasm-pack.toml`: what is built, how, under which names and within which sizes.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::workspace::Workspace;

/// The whole recipe. A key that is not named here is refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    pub module: Module,
    pub loader: Loader,
    pub npm: Npm,
    pub vectors: Vectors,
    pub artefacts: Artefacts,
    pub target: Targets,
    pub budget: Budgets,
}

/// How the WebAssembly module is built.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Module {
    pub package: String,
    /// A target triple of rustc.
    pub target: String,
    /// A profile of Cargo.
    pub profile: String,
    /// Flags of rustc, beside those that keep this machine's paths out.
    pub rustflags: Vec<String>,
    pub bindings: Bindings,
    /// The flags of wasm-opt.
    pub wasm_opt: Vec<String>,
}

/// The kinds of wasm-bindgen output that the loader can start.
#[derive(Deserialize, Clone, Copy, PartialEq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum Bindings {
    Web,
}

/// How esbuild bundles the loader.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Loader {
    /// The file that imports the others, relative to the workspace.
    pub entry: PathBuf,
    /// esbuild's `--format`.
    pub format: String,
    /// esbuild's `--target`, for the loader and the glue alike.
    pub engines: String,
}

/// The npm package.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Npm {
    /// The folder with its sources, relative to the workspace.
    pub source: PathBuf,
    /// esbuild's `--target` for what is not the loader's.
    pub engines: String,
    /// The module's name in it.
    pub module: String,
    /// A folder inside the target folder.
    pub folder: PathBuf,
}

/// The conformance vectors as a module for browser tests.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vectors {
    /// An example of the module's package.
    pub example: String,
    /// A folder inside the target folder.
    pub folder: PathBuf,
}

/// The finished files; `{hash}` in a name is replaced.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Artefacts {
    pub folder: PathBuf,
    pub loader: String,
    /// The loader once more, under a name of its content.
    pub pinned: String,
    pub glue: String,
    pub module: String,
    pub types: String,
}

/// What the finished files should weigh one day, in bytes of brotli.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Targets {
    pub loader: usize,
    /// Loader, glue and module together.
    pub sum: usize,
    pub stub: usize,
}

/// The most that the finished files may weigh.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budgets {
    pub loader: Budget,
    pub glue: Budget,
    pub module: Budget,
    pub sum: Budget,
    /// The script that shops paste inline.
    pub stub: Budget,
}

/// In bytes.
#[derive(Deserialize, Clone, Copy)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    pub raw: usize,
    pub brotli: usize,
}

impl Recipe {
    /// The recipe's file, relative to the workspace.
    pub const FILE: &str = "wasm-pack.toml";

    /// Reads the workspace's recipe.
    pub fn read(workspace: &Workspace) -> Result<Self> {
        let text = std::fs::read_to_string(workspace.root.join(Self::FILE));
        let text = text.with_context(|| format!("{} cannot be read", Self::FILE))?;
        Self::parse(&text).with_context(|| format!("{} is not a recipe", Self::FILE))
    }

    fn parse(text: &str) -> Result<Self> {
        Ok(toml::from_str(text)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECIPE: &str = include_str!("../../wasm-pack.toml");

    #[test]
    fn the_workspace_recipe_is_understood() {
        let recipe = Recipe::parse(RECIPE).unwrap();
        assert_eq!(recipe.module.bindings, Bindings::Web);
        assert!(recipe.artefacts.module.contains("{hash}"));
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let text = RECIPE.replace("[module]", "[module]\nwasm-optt = []");
        let message = format!("{:#}", Recipe::parse(&text).err().unwrap());
        assert!(message.contains("unknown field `wasm-optt`"), "{message}");
    }

    #[test]
    fn a_missing_key_is_refused_by_name() {
        let text = RECIPE.replace("[budget.sum]", "[budget.total]");
        assert!(Recipe::parse(&text).is_err());
    }
}
