//! Drives the outbox: the numbered steps are those of `purchase_core::outbox`.

mod checkouts;
mod telling;

use std::{
    cell::{Cell, OnceCell, RefCell},
    rc::{Rc, Weak},
};

use purchase_core::{
    checkout::{CheckoutInput, Checkouts, Reached, came_from},
    outbox::{Effect, Event, Input, Lane, Outbox, Record, Timestamp},
    wire::{Envelope, Outcome, record_to_text, with_entry},
};

use crate::{
    events, network,
    options::Options,
    page::{self, Timer},
    storage::SiteStorage,
    store::{Claimed, CrashSafe, Stored},
    verdicts::{self, PageVerdict},
};

/// The tag at work. No borrow of its state is held while an effect is carried out: a page's listener may call the tag again.
pub struct Driver {
    /// What the tag was set up with.
    pub options: RefCell<Options>,
    storage: SiteStorage,
    crash_safe: CrashSafe,
    outbox: RefCell<Outbox>,
    verdicts: RefCell<Vec<PageVerdict>>,
    /// Ids of records that this page has erased: a store that is read slowly may still show them.
    erased: RefCell<Vec<String>>,
    /// Ids of records that report an open checkout: the page hears nothing of them, because they are no purchases.
    quiet: RefCell<Vec<String>>,
    timer: OnceCell<Timer>,
    desk: RefCell<Checkouts>,
    desk_timer: OnceCell<Timer>,
    arrival: OnceCell<Timer>,
    /// Whether this page states a purchase.
    states_purchase: Cell<bool>,
    /// Whether consent was withdrawn: nothing leaves the core any more.
    forgotten: Cell<bool>,
    me: Weak<Driver>,
}

impl Driver {
    /// Starts with what earlier pages left in storage.
    pub fn start(options: Options, crash_safe: CrashSafe) -> Rc<Driver> {
        let driver = Rc::new_cyclic(|me: &Weak<Driver>| Driver {
            storage: SiteStorage::new(&options.site),
            desk: RefCell::new(Checkouts::new(options.checkout_settings())),
            options: RefCell::new(options),
            crash_safe,
            outbox: RefCell::new(Outbox::new(page::seed())),
            verdicts: RefCell::default(),
            erased: RefCell::default(),
            quiet: RefCell::default(),
            timer: OnceCell::new(),
            desk_timer: OnceCell::new(),
            arrival: OnceCell::new(),
            states_purchase: Cell::new(false),
            forgotten: Cell::new(false),
            me: me.clone(),
        });
        let waking = driver.me.clone();
        let timer = Timer::new(move || with(&waking, |driver| driver.handle(Input::Wake)));
        // It was empty a moment ago.
        let _ = driver.timer.set(timer);
        let waking = driver.me.clone();
        let timer = Timer::new(move || with(&waking, |driver| drop(driver.desk(page::now(), CheckoutInput::Wake))));
        let _ = driver.desk_timer.set(timer);
        let (telling, erasing, returning) = (driver.me.clone(), driver.me.clone(), driver.me.clone());
        page::listen(
            Rc::new(move |input| with(&telling, |driver| driver.handle(input))),
            Rc::new(move |key| with(&erasing, |driver| driver.erased_elsewhere(key))),
            Rc::new(move || with(&returning, |driver| driver.arrive(Reached::BackForward))),
        );
        if let Some(at) = driver.storage.not_before() {
            driver.handle(Input::RestoredNotBefore(at));
        }
        driver.storage.prune_confirmed(page::now());
        let claiming = driver.crash_safe.claim(page::now());
        let restoring = driver.me.clone();
        // Later than this turn, so that what the loader hands over in it comes first: it may know the buyer, storage does not.
        wasm_bindgen_futures::spawn_local(async move {
            let claimed = claiming.await;
            with(&restoring, |driver| driver.restore(claimed));
        });
        driver
    }

    /// See [`PurchaseTag::adopt`](crate::PurchaseTag::adopt).
    pub fn adopt(&self, envelope: String, contact: Option<String>) {
        let options = self.options.borrow().checkout_settings();
        let gateway = came_from(&page::query(), &page::referrer(), &options.own_returns).map(ToOwned::to_owned);
        self.take(envelope, gateway.as_deref(), contact);
    }

    fn take(&self, envelope: String, gateway: Option<&str>, contact: Option<String>) {
        let envelope = match gateway {
            Some(gateway) => with_entry(&envelope, "gateway", gateway),
            None => envelope,
        };
        match Envelope::read(&envelope) {
            Ok(read) => {
                let seen = verdicts::judge(self, &read);
                self.enqueue(read.id, read.captured_at, envelope, contact);
                if let Some(seen) = seen {
                    self.seen(seen);
                }
            }
            Err(error) => events::console_error(&format!("purchase-tag: not an envelope: {error}")),
        }
    }

    /// Takes a new envelope; harmless if it is known. One that the collector confirmed to this browser is not sent again.
    fn enqueue(&self, id: String, captured_at: u64, envelope: String, contact: Option<String>) {
        let body = match contact {
            Some(contact) => with_entry(&envelope, "contact", &contact),
            None => envelope,
        };
        if self.forgotten.get() {
            return;
        }
        self.hush(&id, &body);
        if self.storage.is_confirmed(&id, page::now()) {
            self.erase(&id);
            self.note_outcome(&id, Outcome::Duplicate, None);
            return self.report(&id, &Event::Registered);
        }
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

    /// Takes up the union of both stores.
    fn restore(&self, claimed: Vec<Claimed>) {
        if self.forgotten.get() {
            return;
        }
        let now = page::now();
        let settled = |id: &str| self.storage.is_confirmed(id, now) || self.erased.borrow().iter().any(|it| it == id);
        let in_crash_safe: Vec<String> = claimed.iter().map(|claimed| claimed.id.clone()).collect();
        for claimed in &claimed {
            let Stored::Record(record) = &claimed.stored else {
                continue;
            };
            if settled(&record.id) {
                // The browser was killed between the confirmation and the end of the removal, or the answer came while the
                // store was being read.
                self.erase(&record.id);
                continue;
            }
            let record = record.clone();
            self.handle(match claimed.until {
                Some(until) => Input::RestoredClaimed { record, until },
                None => Input::Restored(record),
            });
        }
        for record in self
            .storage
            .records()
            .into_iter()
            .filter(|record| !in_crash_safe.contains(&record.id))
        {
            self.handle(Input::Restored(record));
        }
        self.restore_checkouts(claimed);
    }

    /// Sends what waits.
    pub fn flush(&self) {
        self.handle(Input::Flush);
    }

    /// See [`PurchaseTag::forget`](crate::PurchaseTag::forget).
    pub fn forget(&self) {
        self.forgotten.set(true);
        *self.outbox.borrow_mut() = Outbox::new(page::seed());
        self.verdicts.borrow_mut().clear();
        for timer in [&self.timer, &self.desk_timer, &self.arrival] {
            if let Some(timer) = timer.get() {
                timer.set(page::now(), None);
            }
        }
    }

    fn erased_elsewhere(&self, key: &str) {
        if let Some(id) = self.storage.record_id(key) {
            self.handle(Input::ErasedElsewhere { id: id.to_owned() });
        } else if let Some(id) = self.storage.checkout_id(key) {
            self.desk(page::now(), CheckoutInput::ErasedElsewhere { id: id.to_owned() });
        }
    }

    fn handle(&self, input: Input) {
        if self.forgotten.get() {
            return;
        }
        // 1. Say what happened.
        self.outbox.borrow_mut().handle(page::now(), input);
        // 2. Carry out what is to be done. Where a listener of the page's events withdraws consent, the outbox is another, empty one.
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
        // A page that was frozen heard nothing of what other tabs did.
        if let Effect::Save(Record { id, .. }) | Effect::Send { id, .. } = &effect
            && self.storage.is_confirmed(id, page::now())
        {
            self.erase(id);
            return self.handle(Input::ErasedElsewhere { id: id.clone() });
        }
        match effect {
            Effect::Save(record) => self.save(record),
            Effect::SaveNotBefore(at) => self.storage.save_not_before(at),
            Effect::Erase { id } => self.erase(&id),
            Effect::Send {
                id,
                lane,
                attempt,
                body,
            } => self.send(id, lane, attempt, body),
            Effect::Report { id, event } => self.report(&id, &event),
        }
    }

    fn save(&self, record: Record) {
        let in_local_storage = self.storage.save(&record);
        let committing = self.crash_safe.put(&record.id, &record_to_text(&record));
        let me = self.me.clone();
        wasm_bindgen_futures::spawn_local(async move {
            if !committing.await && !in_local_storage {
                with(&me, |driver| driver.handle(Input::StorageFailed { id: record.id }));
            }
        });
    }

    fn erase(&self, id: &str) {
        self.erased.borrow_mut().push(id.to_owned());
        self.storage.erase(id);
        self.crash_safe.remove(id);
    }

    fn send(&self, id: String, lane: Lane, attempt: u32, body: String) {
        let url = format!(
            "{}?sent_at={}&attempt={attempt}",
            self.options.borrow().endpoint,
            page::now().0
        );
        self.hush(&id, &body);
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
}

/// What a callback of the page may do once the tag is gone: nothing.
fn with(driver: &Weak<Driver>, then: impl FnOnce(&Driver)) {
    if let Some(driver) = driver.upgrade() {
        then(&driver);
    }
}
