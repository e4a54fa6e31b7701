//! The report in its two forms.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use purchase_core::Severity;

use super::{Report, Verdict};

/// Prints the report as one line of JSON.
///
/// # Errors
/// If standard output cannot be written.
pub fn print_json(report: &Report) -> io::Result<()> {
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, report)?;
    writeln!(out)
}

/// Prints the report for people; in colour only on a terminal.
///
/// # Errors
/// If standard output cannot be written.
pub fn print_for_people(report: &Report) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    if report.results.is_empty() {
        return writeln!(
            out,
            "No purchase found: no element with the class cn_purchase, no JSON payload, no data layer entry."
        );
    }
    for verdict in &report.results {
        print_verdict(&mut out, verdict)?;
    }
    let refused = report
        .results
        .iter()
        .filter(|verdict| verdict.purchase.is_none())
        .count();
    writeln!(out, "{} accepted, {refused} refused", report.results.len() - refused)
}

fn print_verdict(out: &mut impl Write, verdict: &Verdict) -> io::Result<()> {
    let colour = if verdict.purchase.is_some() {
        AnsiColor::Green
    } else {
        AnsiColor::Red
    };
    let style = Style::new().bold().fg_color(Some(colour.into()));
    write!(out, "{style}{}{style:#}  from {}", verdict.outcome, verdict.source)?;
    match &verdict.purchase {
        Some(purchase) => {
            let currency = purchase
                .currency
                .map(|currency| format!(" {}", currency.code()))
                .unwrap_or_default();
            let (id, total, items) = (
                printable(&purchase.purchase_id),
                &purchase.total_price,
                purchase.product_basket_item.len(),
            );
            writeln!(out, "  purchase_id {id}, total_price {total}{currency}, {items} items")?;
        }
        None => writeln!(out)?,
    }
    if let Some(text) = &verdict.signed {
        writeln!(out, "  signed     {}", text.escape_debug())?;
    }
    for problem in &verdict.problems {
        let (word, colour) = match problem.severity {
            Severity::Error => ("error", AnsiColor::Red),
            Severity::Warning => ("warning", AnsiColor::Yellow),
            Severity::Normalised => ("normalised", AnsiColor::Cyan),
        };
        let style = Style::new().fg_color(Some(colour.into()));
        let place = if problem.path.is_empty() {
            "the payload"
        } else {
            &problem.path
        };
        writeln!(out, "  {style}{word:10}{style:#} {}", printable(place))?;
        if !problem.text.is_empty() {
            writeln!(out, "             found: {}", printable(&problem.text))?;
        }
        writeln!(out, "             {}", printable(&problem.message.to_string()))?;
    }
    writeln!(out)
}

/// The text without control characters: a page must not steer the terminal.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
