//! Finds the purchases of a text, whatever kind of text it is.

use purchase_core::{
    Kind, Problem, Said, Severity, markup,
    source::{Field, RawPurchase, SourceKind, purchases_from_text},
    wire::Envelope,
};

use crate::{html, script};

/// A purchase as found, or why the place it should be in cannot be read.
/// Said on the command line only, as the next.
const TOO_MANY_ELEMENTS: Said =
    Said::new("The page has more than {limit} elements in its tags; the others were not read.");

const NO_FIELD: Said = Said::new("The element holds no field of a purchase; write at least \"purchase_id\".");

type Found = (SourceKind, Result<RawPurchase, Problem>);

/// Marks a JSON script element that is meant for the tag.
const SCRIPT_ATTRIBUTE: &str = "data-purchase-tag";

/// Every purchase in a JSON payload, an envelope or an HTML page.
pub fn purchases(text: &str) -> Vec<Found> {
    if !text.trim_start().starts_with(['{', '[']) {
        return page(text);
    }
    if let Ok(envelope) = Envelope::read(text) {
        return each(envelope.source, envelope.purchases);
    }
    match purchases_from_text(text) {
        Ok(found) => found.into_iter().map(|(source, raw)| (source, Ok(raw))).collect(),
        // A page may begin with a stray brace of its template.
        Err(problem) => match page(text) {
            found if found.is_empty() => vec![(SourceKind::Json, Err(problem))],
            found => found,
        },
    }
}

fn each(source: SourceKind, purchases: Result<Vec<RawPurchase>, Problem>) -> Vec<Found> {
    match purchases {
        Ok(purchases) => purchases.into_iter().map(|raw| (source, Ok(raw))).collect(),
        Err(problem) => vec![(source, Err(problem))],
    }
}

fn page(text: &str) -> Vec<Found> {
    let tree = html::parse(text);
    let (blocks, cut) = tree.blocks();
    let mut found: Vec<Found> = markup::purchases(&blocks)
        .into_iter()
        .map(|raw| (SourceKind::Markup, Ok(raw)))
        .collect();
    if cut {
        for raw in found.iter_mut().filter_map(|(_, raw)| raw.as_mut().ok()) {
            raw.notes.push(Problem::new(
                "",
                Kind::TooMany,
                Severity::Error,
                "",
                TOO_MANY_ELEMENTS.with(&markup::NODES_MAX.to_string()),
            ));
        }
    }
    let scripts: Vec<html::Id> = tree.nodes().filter(|id| tree.name(*id) == Some("script")).collect();
    let contact = markup::contact(&blocks);
    let tree = &tree;
    let of_kind = |kind| {
        scripts
            .iter()
            .copied()
            .filter(move |id| script_kind(tree.attribute(*id, "type")) == kind)
    };
    for id in of_kind(ScriptKind::Json) {
        let class = tree.attribute(id, "class").unwrap_or_default();
        let meant = tree.attribute(id, SCRIPT_ATTRIBUTE).is_some()
            || class
                .split_ascii_whitespace()
                .any(|token| token == markup::PURCHASE_CLASS);
        found.extend(json_element(&tree.text_content(id), meant));
    }
    for id in of_kind(ScriptKind::Code) {
        let calls = script::purchases(&tree.text_content(id));
        found.extend(calls.into_iter().map(|(source, raw)| (source, Ok(raw))));
    }
    for raw in found.iter_mut().filter_map(|(_, raw)| raw.as_mut().ok()) {
        raw.contact = raw.contact.take().or_else(|| contact.clone());
    }
    found
}

fn json_element(text: &str, meant: bool) -> Vec<Found> {
    match purchases_from_text(text) {
        Ok(found) if found.is_empty() && meant => {
            let problem = Problem::new("", Kind::Missing, Severity::Error, "", NO_FIELD.plain());
            vec![(SourceKind::Json, Err(problem))]
        }
        Ok(found) => found
            .into_iter()
            .filter(|(_, raw)| meant || has_id(raw))
            .map(|(source, raw)| (source, Ok(raw)))
            .collect(),
        Err(problem) if meant => vec![(SourceKind::Json, Err(problem))],
        Err(_) => Vec::new(),
    }
}

/// Other JSON elements of a shop have totals as well: a cart, an estimate. Only a purchase has its id.
fn has_id(raw: &RawPurchase) -> bool {
    raw.fields.iter().any(|(field, _)| *field == Field::PurchaseId)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ScriptKind {
    Json,
    Code,
    Other,
}

fn script_kind(kind: Option<&str>) -> ScriptKind {
    let kind = kind.unwrap_or_default().trim().to_ascii_lowercase();
    match kind.split(';').next().unwrap_or_default().trim_end() {
        "application/json" => ScriptKind::Json,
        "" | "module" | "text/javascript" | "application/javascript" | "application/ecmascript" | "text/ecmascript" => {
            ScriptKind::Code
        }
        _ => ScriptKind::Other,
    }
}
