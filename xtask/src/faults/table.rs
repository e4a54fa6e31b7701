//! The rows of the fault matrix as a document.

use std::fmt::Write;
use std::time::Duration;

use anyhow::Result;
use serde::Deserialize;

use crate::played::{distinct, today};

/// What the browser tests report of one scenario in one engine.
#[derive(Deserialize)]
pub struct Row {
    scenario: String,
    story: String,
    forbidden: bool,
    race: bool,
    engine: String,
    browser: String,
    purchases: usize,
    once: usize,
    lost: usize,
    doubled: usize,
    extra: usize,
    at_once: usize,
    later_ms: Option<u64>,
    retry_ms: Vec<u64>,
    preflights: usize,
    restored: usize,
    restores: bool,
    errors: Vec<String>,
}

impl Row {
    /// Whether something went wrong that need not.
    pub fn is_bad(&self) -> bool {
        let lost = self.lost > 0 && !self.forbidden;
        let restored = self.restores && self.restored < self.purchases;
        lost || restored || self.doubled + self.preflights > 0 || !self.errors.is_empty()
    }

    /// For a sentence.
    pub fn name(&self) -> String {
        format!("{} in {}", self.scenario, self.engine)
    }
}

const INTRODUCTION: &str = "\
# Faults between the shop's page and the collector

Real browsers, the real tag, shop and collector, and a proxy between them that does what networks do. In each scenario
every shopper, on an origin of their own, opens a confirmation page while the fault is in force; then everything is
healthy and the shopper opens the shop's first page (the *later visit*, 20 s at most).

Each cell: **delivered once / lost / doubled**, then what the collector got more than once (*extra*; it knows them by
`(site, purchase_id)`, so they do no harm), how many arrived before the later visit (*at once*), the median time from the
start of the later visit to the arrival of the others, and the part of it from the loader's arrival to its first request
(*retry*, median and longest).

";

const FORBIDDEN: &str = "\
\\* Nothing can be done about a loss here: no place to keep the purchase and nobody to send it to.

† A race with IndexedDB's first commit, the only thing that survives: measured, not promised. Losses here are in the sums. The later
visit is 5 s at most.

";

/// The whole document; its lines and columns are in the order of the rows.
pub fn document(rows: &[Row], command: &str, time: Duration) -> Result<String> {
    let scenarios = distinct(rows, |row| &row.scenario);
    let engines = distinct(rows, |row| &row.engine);
    let mut text = INTRODUCTION.to_owned();
    let browsers: Vec<_> = engines
        .iter()
        .filter_map(|engine| rows.iter().find(|row| row.engine == *engine))
        .map(|row| row.browser.as_str())
        .collect();
    let purchases = rows.first().map_or(0, |row| row.purchases);
    writeln!(
        text,
        "{} on {}, {purchases} purchases per cell, {} minutes with two browsers at a time:\n\n```sh\n{command}\n```\n",
        browsers.join(", "),
        today()?,
        time.as_secs().div_ceil(60)
    )?;
    writeln!(text, "| scenario | what happens | {} |", engines.join(" | "))?;
    writeln!(text, "|---|---|{}", "---|".repeat(engines.len()))?;
    for scenario in &scenarios {
        let of_it: Vec<_> = rows.iter().filter(|row| row.scenario == *scenario).collect();
        let (story, mark) = of_it.first().map_or(("", ""), |row| {
            let mark = match (row.forbidden, row.race) {
                (true, _) => " \\*",
                (false, true) => " †",
                (false, false) => "",
            };
            (row.story.as_str(), mark)
        });
        write!(text, "| {scenario}{mark} | {story} |")?;
        for engine in &engines {
            let row = of_it.iter().find(|row| row.engine == *engine);
            write!(text, " {} |", row.map_or_else(|| "–".to_owned(), |row| cell(row)))?;
        }
        writeln!(text)?;
    }
    text +=
        "\nA dash: the engine's automated browser has no setting that denies storage, or keeps no profile on disk.\n\n";
    if rows.iter().any(|row| row.forbidden || row.race) {
        text += FORBIDDEN;
    }
    sums(&mut text, rows, &engines)?;
    for row in rows.iter().filter(|row| !row.errors.is_empty()) {
        writeln!(text, "\n{}:\n", row.name())?;
        for error in &row.errors {
            writeln!(text, "- {}", error.lines().next().unwrap_or_default())?;
        }
    }
    Ok(text)
}

fn cell(row: &Row) -> String {
    let mut cell = format!("**{} / {} / {}**", row.once, row.lost, row.doubled);
    if row.extra > 0 {
        cell += &format!(", {} extra", row.extra);
    }
    if row.at_once > 0 {
        cell += &format!(", {} at once", row.at_once);
    }
    if let Some(ms) = row.later_ms {
        cell += &format!(", {ms} ms");
    }
    if let Some(longest) = row.retry_ms.last() {
        cell += &format!(" (retry {}, {longest})", row.retry_ms[row.retry_ms.len() / 2]);
    }
    if row.restores {
        cell += &format!(", {} from the cache", row.restored);
    }
    cell
}

/// One line per engine over all rows where a loss can be avoided.
fn sums(text: &mut String, rows: &[Row], engines: &[String]) -> Result<()> {
    for engine in engines {
        let of_it = || rows.iter().filter(|row| row.engine == *engine && !row.forbidden);
        let sum = |count: fn(&Row) -> usize| of_it().map(count).sum::<usize>();
        writeln!(
            text,
            "- {engine}: {} purchases in {} scenarios (those with \\* left out): {} delivered once, {} lost, {} doubled, {} \
             extra deliveries, {} preflights",
            sum(|row| row.purchases),
            of_it().count(),
            sum(|row| row.once),
            sum(|row| row.lost),
            sum(|row| row.doubled),
            sum(|row| row.extra),
            sum(|row| row.preflights),
        )?;
    }
    Ok(())
}
