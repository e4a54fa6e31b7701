//! `cargo xtask size`: what the tag's files weigh, and whether that is within the budgets.

use std::io::Write;

use anyhow::{Result, bail};
use flate2::{Compression, write::GzEncoder};

use crate::build;
use crate::process;
use crate::recipe::{Budget, Recipe};
use crate::workspace::Workspace;

/// The bytes of a file, as it is and packed as a server would.
#[derive(Clone, Copy, Default, Debug)]
struct Weight {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

/// Builds the files, prints the table, and fails above a budget.
pub fn run(workspace: &Workspace) -> Result<()> {
    let artefacts = build::run(workspace)?;
    let named = build::named_module(workspace)?;
    let budget = Recipe::read(workspace)?.budget;
    let files = [
        ("loader", &artefacts.loader, budget.loader),
        ("glue", &artefacts.glue, budget.glue),
        ("module", &artefacts.module, budget.module),
    ];
    let mut rows = Vec::new();
    let mut sum = Weight::default();
    for (name, path, budget) in files {
        let weight = Weight::of(&process::read(path)?)?;
        sum = Weight {
            raw: sum.raw + weight.raw,
            gzip: sum.gzip + weight.gzip,
            brotli: sum.brotli + weight.brotli,
        };
        rows.push((name, weight, budget));
    }
    rows.push(("sum", sum, budget.sum));

    println!(
        "{:<8}{:>10}{:>10}{:>10}{:>14}{:>14}",
        "bytes", "raw", "gzip", "brotli", "raw budget", "brotli budget"
    );
    for (name, Weight { raw, gzip, brotli }, budget) in &rows {
        println!(
            "{name:<8}{raw:>10}{gzip:>10}{brotli:>10}{:>14}{:>14}",
            budget.raw, budget.brotli
        );
    }
    let excesses: Vec<String> = rows
        .iter()
        .flat_map(|(name, weight, budget)| excess(name, *weight, *budget))
        .collect();
    if !excesses.is_empty() {
        bail!(
            "{}: make it smaller, or raise the budget in {} and say why",
            excesses.join("; "),
            Recipe::FILE
        );
    }
    Ok(())
}

fn excess(name: &str, weight: Weight, budget: Budget) -> Vec<String> {
    let measures = [
        ("raw", weight.raw, budget.raw),
        ("brotli", weight.brotli, budget.brotli),
    ];
    let over = measures.into_iter().filter(|(_, bytes, most)| bytes > most);
    over.map(|(kind, bytes, most)| format!("{name} is {} {kind} bytes above its budget of {most}", bytes - most))
        .collect()
}

impl Weight {
    fn of(bytes: &[u8]) -> Result<Self> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(bytes)?;
        // Quality 11 and a window of 2^22 bytes: the strongest that browsers accept.
        let parameters = brotli::enc::BrotliEncoderParams {
            quality: 11,
            lgwin: 22,
            ..Default::default()
        };
        let mut packed = Vec::new();
        brotli::BrotliCompress(&mut &*bytes, &mut packed, &parameters)?;
        Ok(Self {
            raw: bytes.len(),
            gzip: gzip.finish()?.len(),
            brotli: packed.len(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_makes_repetitive_bytes_smaller() {
        let weight = Weight::of(&b"purchase".repeat(100)).unwrap();
        assert_eq!(weight.raw, 800);
        assert!(weight.gzip < 60 && weight.brotli < 30, "{weight:?}");
    }

    #[test]
    fn each_measure_above_its_budget_is_named() {
        let weight = Weight {
            raw: 120,
            gzip: 60,
            brotli: 40,
        };
        assert!(excess("glue", weight, Budget { raw: 120, brotli: 40 }).is_empty());
        let excesses = excess("glue", weight, Budget { raw: 100, brotli: 30 });
        assert_eq!(
            excesses,
            [
                "glue is 20 raw bytes above its budget of 100",
                "glue is 10 brotli bytes above its budget of 30"
            ]
        );
    }
}
