//! Drives the outbox: the numbered steps are those of `purchase_core::outbox`.

use std::{
    cell::{OnceCell, RefCell},
    rc::{Rc, Weak},
};

use purchase_core::{
    outbox::{Effect, Event, Input, Lane, Outbox, Record, RecordView, Timestamp},
    wire::{Outcome, ReceiptView, with_contact},
};
use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::{
    events, network,
    options::Options,
    page::{self, Timer},
    storage::SiteStorage,
    verdicts::PageVerdict,
};

/// The tag at work. No borrow of its state is held while an effect is carried out: a page's listener may call the tag again.
pub struct Driver {
    /// What the tag was set up with.
    pub options: RefCell<Options>,
    storage: SiteStorage,
    outbox: RefCell<Outbox>,
    verdicts: RefCell<Vec<PageVerdict>>,
    timer: OnceCell<Timer>,
    me: Weak<Driver>,
}

impl Driver {
    /// Starts with what earlier pages left in storage.
    pub fn start(options: Options) -> Rc<Driver> {
        let driver = Rc::new_cyclic(|me: &Weak<Driver>| Driver {
            storage: SiteStorage::new(&options.site),
            options: RefCell::new(options),
            outbox: RefCell::new(Outbox::new(page::seed())),
            verdicts: RefCell::default(),
            timer: OnceCell::new(),
            me: me.clone(),
        });
        let waking = driver.me.clone();
        let timer = Timer::new(move || with(&waking, |driver| driver.handle(Input::Wake)));
        // It was empty a moment ago.
        let _ = driver.timer.set(timer);
        let (telling, erasing) = (driver.me.clone(), driver.me.clone());
        page::listen(
            Rc::new(move |input| with(&telling, |driver| driver.handle(input))),
            Rc::new(move |key| with(&erasing, |driver| driver.erased_elsewhere(key))),
        );
        if let Some(at) = driver.storage.not_before() {
            driver.handle(Input::RestoredNotBefore(at));
        }
        // When this turn ends, so that what the loader hands over in it comes first: it may know the buyer, storage does not.
        let restoring = driver.me.clone();
        wasm_bindgen_futures::spawn_local(async move {
            with(&restoring, |driver| {
                for record in driver.storage.records() {
                    driver.handle(Input::Restored(record));
                }
            });
        });
        driver
    }

    /// Takes a new envelope; harmless if it is known.
    pub fn enqueue(&self, id: String, captured_at: u64, envelope: String, contact: Option<String>) {
        let body = match contact {
            Some(contact) => with_contact(&envelope, &contact),
            None => envelope,
        };
        let captured_at = Timestamp(captured_at);
        let attempts = self.storage.record(&id).map_or(0, |record| record.attempts);
        self.handle(Input::Enqueue(Record {
            id,
            attempts,
            next_at: captured_at,
            captured_at,
            body,
        }));
    }

    /// Sends what waits.
    pub fn flush(&self) {
        self.handle(Input::Flush);
    }

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

    fn erased_elsewhere(&self, key: &str) {
        if let Some(id) = self.storage.record_id(key) {
            self.handle(Input::ErasedElsewhere { id: id.to_owned() });
        }
    }

    fn handle(&self, input: Input) {
        // 1. Say what happened.
        self.outbox.borrow_mut().handle(page::now(), input);
        // 2. Carry out what is to be done.
        loop {
            let effect = self.outbox.borrow_mut().poll_effect();
            match effect {
                Some(effect) => self.carry_out(effect),
                None => break,
            }
        }
        // 3. Wake up in time.
        if let Some(timer) = self.timer.get() {
            timer.set(page::now(), self.outbox.borrow().poll_wake());
        }
    }

    fn carry_out(&self, effect: Effect) {
        match effect {
            Effect::Save(record) => {
                if !self.storage.save(&record) {
                    self.handle(Input::StorageFailed { id: record.id });
                }
            }
            Effect::SaveNotBefore(at) => self.storage.save_not_before(at),
            Effect::Erase { id } => self.storage.erase(&id),
            Effect::Send {
                id,
                lane,
                attempt,
                body,
            } => self.send(id, lane, attempt, body),
            Effect::Report { id, event } => self.report(&id, &event),
        }
    }

    fn send(&self, id: String, lane: Lane, attempt: u32, body: String) {
        let url = format!(
            "{}?sent_at={}&attempt={attempt}",
            self.options.borrow().endpoint,
            page::now().0
        );
        let keepalive = match lane {
            Lane::Beacon => return network::beacon(&url, &body),
            Lane::Fetch { keepalive } => keepalive,
        };
        let me = self.me.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let answered = network::post(&url, &id, &body, keepalive).await;
            with(&me, |driver| match answered {
                Some((answer, receipt)) => {
                    driver.note_receipt(&id, receipt);
                    driver.handle(Input::Answered { id, answer });
                }
                None => driver.handle(Input::Unreachable { id }),
            });
        });
    }

    /// What the collector says of a purchase of this page, or of one that an earlier page left.
    fn note_receipt(&self, id: &str, receipt: Option<ReceiptView>) {
        let Some(receipt) = receipt.filter(|receipt| receipt.id == id) else {
            return;
        };
        let mut verdicts = self.verdicts.borrow_mut();
        let outcome = receipt.outcome.name();
        match verdicts.iter_mut().find(|verdict| verdict.id == id) {
            Some(verdict) => {
                (verdict.outcome, verdict.purchase_id) = (outcome, receipt.purchase_id.or(verdict.purchase_id.take()))
            }
            None => {
                let ReceiptView { id, purchase_id, .. } = receipt;
                verdicts.push(PageVerdict {
                    id,
                    outcome,
                    purchase_id,
                    problems: Vec::new(),
                });
            }
        }
    }

    fn report(&self, id: &str, event: &Event) {
        let verdict = self.verdicts.borrow().iter().find(|verdict| verdict.id == id).cloned();
        let refused_here = verdict
            .as_ref()
            .is_some_and(|verdict| verdict.outcome == Outcome::Refused.name() && !verdict.problems.is_empty());
        let verdict = verdict.unwrap_or(PageVerdict {
            id: id.to_owned(),
            outcome: "captured",
            purchase_id: None,
            problems: Vec::new(),
        });
        match event {
            Event::Registered => events::dispatch("registered", &verdict),
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

/// What a callback of the page may do once the tag is gone: nothing.
fn with(driver: &Weak<Driver>, then: impl FnOnce(&Driver)) {
    if let Some(driver) = driver.upgrade() {
        then(&driver);
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
