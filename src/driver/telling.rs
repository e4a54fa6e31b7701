//! What the page and its developer hear of the records: verdicts, events and the snapshot.

use purchase_core::{
    Severity,
    outbox::{Event, RecordView},
    wire::{Envelope, Outcome, ReceiptView},
};
use serde::Serialize;
use wasm_bindgen::JsValue;

use super::Driver;
use crate::{events, page, verdicts::PageVerdict};

impl Driver {
    /// Whether this page's purchase was judged already.
    pub fn has_verdict(&self, id: &str) -> bool {
        self.verdicts.borrow().iter().any(|verdict| verdict.id == id)
    }

    /// Keeps a verdict for the snapshot and for later events.
    pub fn remember(&self, verdict: PageVerdict) {
        self.verdicts.borrow_mut().push(verdict);
    }

    /// See [`PurchaseTag::snapshot`](crate::PurchaseTag::snapshot).
    pub fn snapshot(&self) -> JsValue {
        let snapshot = self.outbox.borrow().snapshot();
        events::to_js(&SnapshotView {
            version: env!("CARGO_PKG_VERSION"),
            site: self.options.borrow().site.clone(),
            not_before: snapshot.not_before.0,
            records: snapshot.records.iter().map(record_view).collect(),
            purchases: self.verdicts.borrow().clone(),
        })
    }

    /// What the collector says of a purchase of this page, or of one that an earlier page left.
    pub(super) fn note_receipt(&self, id: &str, receipt: Option<ReceiptView>) {
        if let Some(receipt) = receipt.filter(|receipt| receipt.id == id) {
            self.note_outcome(id, receipt.outcome, receipt.purchase_id);
        }
    }

    /// Remembers a record that reports an open checkout, also one that an earlier page left.
    pub(super) fn hush(&self, id: &str, body: &str) {
        if Envelope::read(body).is_ok_and(|envelope| envelope.checkout.is_some()) && !self.is_quiet(id) {
            self.quiet.borrow_mut().push(id.to_owned());
        }
    }

    fn is_quiet(&self, id: &str) -> bool {
        self.quiet.borrow().iter().any(|quiet| quiet == id)
    }

    pub(super) fn note_outcome(&self, id: &str, outcome: Outcome, purchase_id: Option<String>) {
        if self.is_quiet(id) {
            return;
        }
        let mut verdicts = self.verdicts.borrow_mut();
        match verdicts.iter_mut().find(|verdict| verdict.id == id) {
            Some(verdict) => {
                verdict.outcome = outcome.name();
                verdict.purchase_id = purchase_id.or(verdict.purchase_id.take());
            }
            None => {
                let (id, outcome) = (id.to_owned(), outcome.name());
                verdicts.push(PageVerdict {
                    id,
                    outcome,
                    purchase_id,
                    problems: Vec::new(),
                });
            }
        }
    }

    pub(super) fn report(&self, id: &str, event: &Event) {
        if self.is_quiet(id) {
            if matches!(event, Event::Registered) {
                self.storage.confirm(id, page::now());
            }
            return;
        }
        let verdict = self.verdicts.borrow().iter().find(|verdict| verdict.id == id).cloned();
        // Not by the outcome, which is the collector's by now: it may refuse what only had warnings here, such as a wrong signature.
        let refused_here = verdict.as_ref().is_some_and(|verdict| {
            let mut problems = verdict.problems.iter();
            problems.any(|problem| problem.severity == Severity::Error)
        });
        let verdict = verdict.unwrap_or(PageVerdict {
            id: id.to_owned(),
            outcome: "captured",
            purchase_id: None,
            problems: Vec::new(),
        });
        match event {
            Event::Registered => {
                self.storage.confirm(id, page::now());
                events::dispatch("registered", &verdict);
            }
            // The page's own judgement told it already.
            Event::Refused if refused_here => {}
            Event::Refused => events::dispatch("refused", &verdict),
            Event::Retrying { at, attempts, .. } => {
                events::dispatch(
                    "retrying",
                    &Retrying {
                        id,
                        attempts: *attempts,
                        next_at: at.0,
                    },
                );
            }
            Event::Expired => events::dispatch("expired", &verdict),
            Event::NotStored | Event::Full | Event::TooLarge => {
                let reason = match event {
                    Event::Full => "full",
                    Event::TooLarge => "too-large",
                    _ => "not-stored",
                };
                events::dispatch("failed", &Failed { id, reason });
            }
        }
    }
}

#[derive(Serialize)]
struct SnapshotView {
    version: &'static str,
    site: String,
    not_before: u64,
    records: Vec<RecordJs>,
    purchases: Vec<PageVerdict>,
}

#[derive(Serialize)]
struct RecordJs {
    id: String,
    captured_at: u64,
    attempts: u32,
    next_at: u64,
    bytes: usize,
    state: &'static str,
}

#[derive(Serialize)]
struct Retrying<'a> {
    id: &'a str,
    attempts: u32,
    next_at: u64,
}

#[derive(Serialize)]
struct Failed<'a> {
    id: &'a str,
    reason: &'static str,
}

fn record_view(record: &RecordView) -> RecordJs {
    let RecordView {
        id,
        captured_at,
        attempts,
        next_at,
        bytes,
        state,
    } = record;
    RecordJs {
        id: id.clone(),
        captured_at: captured_at.0,
        attempts: *attempts,
        next_at: next_at.0,
        bytes: *bytes,
        state: state.name(),
    }
}
