//! `cargo xtask size`: what the tag's files weigh, whether that is within the budgets, and what takes the bytes.

mod bars;
mod loader;
mod module;
mod parts;
mod picture;
mod speed;
mod stub;
mod weight;

use anyhow::{Result, bail};

use self::{
    parts::{Part, areas},
    weight::Weight,
};
use crate::build;
use crate::process;
use crate::recipe::Recipe;
use crate::workspace::Workspace;

/// Where the treemap is written, relative to the workspace.
const PICTURE: &str = "docs/size.svg";

/// What `cargo xtask size` can be asked for.
#[derive(clap::Args, Default)]
pub struct Options {
    /// Write the treemap into docs/size.svg
    #[arg(long)]
    write: bool,
    /// Measure instead how long a page is held up until a capture is durable, over so many page loads in Chromium
    #[arg(long, value_name = "LOADS", num_args = 0..=1, default_missing_value = "40", value_parser = clap::value_parser!(u32).range(2..))]
    speed: Option<u32>,
}

/// Builds the files, prints the table and the picture, and fails above a budget.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    if let Some(loads) = options.speed {
        return speed::measure(workspace, loads);
    }
    let artefacts = build::run(workspace)?;
    let Recipe { budget, target, .. } = Recipe::read(workspace)?;
    let read = |path: &std::path::Path| process::read(path);
    let (loader, glue, module) = (
        read(&artefacts.loader)?,
        read(&artefacts.glue)?,
        read(&artefacts.module)?,
    );
    let snippet = std::fs::read_to_string(workspace.root.join(stub::FILE))?;

    let (of_loader, of_glue, of_module) = (Weight::of(&loader)?, Weight::of(&glue)?, Weight::of(&module)?);
    let rows = [
        ("loader", of_loader, budget.loader, Some(target.loader)),
        ("glue", of_glue, budget.glue, None),
        ("module", of_module, budget.module, None),
        ("sum", of_loader + of_glue + of_module, budget.sum, Some(target.sum)),
        (
            "stub",
            Weight::of(stub::script(&snippet)?.as_bytes())?,
            budget.stub,
            Some(target.stub),
        ),
    ];
    println!(
        "{:<8}{:>10}{:>10}{:>10}{:>14}{:>15}{:>15}",
        "bytes", "raw", "gzip", "brotli", "raw budget", "brotli budget", "brotli target"
    );
    for (name, Weight { raw, gzip, brotli }, budget, target) in &rows {
        let target = target.map_or_else(String::new, |bytes| bytes.to_string());
        println!(
            "{name:<8}{raw:>10}{gzip:>10}{brotli:>10}{:>14}{:>15}{target:>15}",
            budget.raw, budget.brotli
        );
    }

    let package = build::package(workspace)?;
    println!("\nnpm package");
    for entry in package.entries() {
        let Weight { raw, gzip, brotli } = Weight::of(&read(&entry)?)?;
        let name = entry.file_name().unwrap_or_default().to_string_lossy();
        println!("{name:<10}{raw:>8}{gzip:>10}{brotli:>10}");
    }

    let anatomy = build::anatomy(workspace)?;
    let mut parts = module::parts(&process::read(&anatomy.named_module)?, &module)?;
    parts.extend(loader::parts(&std::fs::read_to_string(&anatomy.loader)?)?);
    parts.push(Part {
        area: "glue (generated)".to_owned(),
        name: "wasm-bindgen's script".to_owned(),
        bytes: glue.len(),
    });
    let areas = areas(&parts);
    println!(
        "\nraw bytes by crate or kind, with its modules or files\n{}",
        bars::draw(&areas)
    );
    if options.write {
        let caption = "What a shop page loads, in raw bytes: the larger the rectangle, the more it weighs. Packed, code shrinks to two fifths.";
        process::write(&workspace.root.join(PICTURE), picture::draw(&areas, caption).as_bytes())?;
        println!("{PICTURE} is written");
    }

    let over: Vec<String> = rows
        .iter()
        .flat_map(|(name, weight, budget, _)| weight.excess(name, *budget))
        .collect();
    if !over.is_empty() {
        bail!(
            "{}: make it smaller, or raise the budget in {} and say why",
            over.join("; "),
            Recipe::FILE
        );
    }
    Ok(())
}
