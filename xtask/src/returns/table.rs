//! The rows of the late returns as a document.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use anyhow::Result;
use serde::Deserialize;

use crate::played::{distinct, today};

/// What the browser tests report of one scenario in one engine, for one way in which the shop helps.
#[derive(Deserialize)]
pub struct Row {
    scenario: String,
    story: String,
    options: String,
    variant: String,
    engine: String,
    browser: String,
    shoppers: usize,
    expected: String,
    outcomes: BTreeMap<String, usize>,
    due: usize,
    once: usize,
    missing: usize,
    doubled: usize,
    unpaid: usize,
    errors: Vec<String>,
}

impl Row {
    /// Whether anything is not as it should be.
    pub fn is_bad(&self) -> bool {
        let is_right = self.as_expected() == self.shoppers && self.missing + self.doubled + self.unpaid == 0;
        !is_right || !self.errors.is_empty()
    }

    /// For a sentence.
    pub fn name(&self) -> String {
        format!("{} {} in {}", self.scenario, self.variant, self.engine)
    }

    fn as_expected(&self) -> usize {
        self.outcomes.get(&self.expected).copied().unwrap_or_default()
    }
}

const INTRODUCTION: &str = "\
# Late returns from the gateway

Real browsers, the real tag, shop, gateway and collector. In each scenario every shopper, in a shop of their own that they have never
seen, puts something into the cart, goes to the gateway from the checkout page, and does what the scenario says. The collector's rows
are the only judge, and they are looked at when every browser is closed. Two days pass by the pages' clock.

The shop helps in one of three ways: it has an order-status URL that the tag may ask, it does not help at all, or its server posts its
orders to the collector itself.

Each cell: the state of the shopper's **orders** at the collector, and whether they count as placed, which is what makes a purchase
(\"none\": nothing was registered); then the last reported state of the **checkout**, and whether an order closed it; then how many
shoppers came to exactly that, in the order ENGINES.

";

const CLOSING: &str = "
A dash: nothing to play, or the engine's automated browser keeps no profile on disk. Firefox keeps no page in its back/forward cache
that was left by a posted form, with or without the tag: in `back` it loads the checkout page anew; in `back-call` every engine
restores it.

";

/// The whole document; its lines are in the order of the rows.
pub fn document(rows: &[Row], command: &str, time: Duration) -> Result<String> {
    let engines = distinct(rows, |row| &row.engine);
    let variants = distinct(rows, |row| &row.variant);
    let mut text = INTRODUCTION.replace("ENGINES", &engines.join(" / "));
    let browsers: Vec<_> = engines
        .iter()
        .filter_map(|engine| rows.iter().find(|row| row.engine == *engine))
        .map(|row| row.browser.as_str())
        .collect();
    let shoppers = rows.iter().map(|row| row.shoppers).max().unwrap_or_default();
    writeln!(
        text,
        "{} on {}; shoppers per cell and engine: {shoppers}; {} minutes with two browsers at a time:\n\n```sh\n{command}\n```\n",
        browsers.join(", "),
        today()?,
        time.as_secs().div_ceil(60)
    )?;
    writeln!(text, "| scenario | the shopper | {} |", variants.join(" | "))?;
    writeln!(text, "|---|---|{}", "---|".repeat(variants.len()))?;
    for scenario in distinct(rows, |row| &row.scenario) {
        let of_it: Vec<_> = rows.iter().filter(|row| row.scenario == scenario).collect();
        let (story, options) = of_it.first().map_or(("", ""), |row| (&row.story, &row.options));
        write!(text, "| {scenario} | {story} (`{options}`) |")?;
        for variant in &variants {
            let of_both: Vec<_> = of_it.iter().filter(|row| row.variant == *variant).collect();
            let in_engine = |engine| of_both.iter().find(|row| row.engine == engine);
            let counts: Vec<_> = engines
                .iter()
                .map(|engine| in_engine(engine.as_str()).map_or("–".to_owned(), |row| row.as_expected().to_string()))
                .collect();
            match of_both.first() {
                None => write!(text, " – |")?,
                Some(row) => write!(text, " {}: **{}** |", row.expected, counts.join(" / "))?,
            }
        }
        writeln!(text)?;
    }
    text += CLOSING;
    sums(&mut text, rows, &engines)?;
    for row in rows.iter().filter(|row| row.is_bad()) {
        writeln!(text, "\n{}:\n", row.name())?;
        let others = row.outcomes.iter().filter(|(outcome, _)| **outcome != row.expected);
        for (outcome, count) in others {
            writeln!(text, "- {count} × {outcome}")?;
        }
        for error in &row.errors {
            writeln!(text, "- {}", error.lines().next().unwrap_or_default())?;
        }
    }
    Ok(text)
}

/// One line per engine over all rows.
fn sums(text: &mut String, rows: &[Row], engines: &[String]) -> Result<()> {
    for engine in engines {
        let of_it = || rows.iter().filter(|row| row.engine == *engine);
        let sum = |count: fn(&Row) -> usize| of_it().map(count).sum::<usize>();
        writeln!(
            text,
            "- {engine}: {} shoppers in {} cells; of {} purchases that page, order-status URL or server confirmed {} are registered \
             once, {} missing, {} doubled; {} registered that the shop calls unpaid",
            sum(|row| row.shoppers),
            of_it().count(),
            sum(|row| row.due),
            sum(|row| row.once),
            sum(|row| row.missing),
            sum(|row| row.doubled),
            sum(|row| row.unpaid),
        )?;
    }
    Ok(())
}
