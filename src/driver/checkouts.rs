//! Drives the open checkouts: the numbered steps are those of `purchase_core::checkout::Checkouts`.

use purchase_core::{
    Severity,
    checkout::{
        Arrival, Basis, CheckoutEffect, CheckoutInput, Leaving, OpenCheckout, PageKind, Reached, Reply,
        STATUS_ANSWER_MS_MAX, Seen,
    },
    outbox::Timestamp,
    source::SourceKind,
    wire::{new_envelope, with_entry},
};

use super::{Driver, with};
use crate::{
    events, network,
    page::{self, Timer},
    store::{Claimed, Stored},
    verdicts,
};

/// How long after the page was parsed the shopper counts as arrived, in milliseconds: longer than the loader waits for a block of
/// the page to be complete, so that a purchase that the page states is known by then.
const SETTLED_MS: u64 = 150;

impl Driver {
    /// The shopper leaves for the gateway; the loader wrote `text` down under `id` a moment ago. Twice is harmless.
    pub fn leave(&self, id: &str, text: &str) {
        let Some((left_at, leaving)) = Leaving::from_text(text) else {
            return;
        };
        let opened = self.desk(left_at, CheckoutInput::Opened(leaving));
        if self.storage.left().as_deref() == Some(id)
            && let Some(opened) = opened.first()
        {
            self.storage.note_left(opened);
        }
        self.storage.erase_checkout(id);
        self.crash_safe.remove(id);
    }

    /// A purchase that this page states, or that the order-status URL confirmed.
    pub(super) fn seen(&self, seen: Seen) {
        self.states_purchase.set(true);
        self.desk(page::now(), CheckoutInput::PurchaseSeen(seen));
    }

    /// Takes up what earlier pages left open, then the shopper is there.
    pub(super) fn restore_checkouts(&self, claimed: Vec<Claimed>) {
        let mut kept: Vec<OpenCheckout> = Vec::new();
        let claimed = claimed.into_iter().filter_map(|claimed| match claimed.stored {
            Stored::Record(_) => None,
            Stored::Checkout(text) => Some((claimed.id, text)),
        });
        // Departures first, because they are told with their own time, which is in the past.
        for (id, text) in claimed.chain(self.storage.checkouts()) {
            match OpenCheckout::from_text(&id, &text) {
                Some(checkout) => kept.push(checkout),
                None => self.leave(&id, &text),
            }
        }
        for checkout in kept {
            self.desk(page::now(), CheckoutInput::Restored(checkout));
        }
        let me = self.me.clone();
        let arrival = Timer::new(move || with(&me, |driver| driver.arrive(Reached::Load)));
        if self.arrival.set(arrival).is_ok() {
            let me = self.me.clone();
            page::when_parsed(move || {
                with(&me, |driver| {
                    if let Some(arrival) = driver.arrival.get() {
                        arrival.set(page::now(), Some(page::now().plus(SETTLED_MS)));
                    }
                });
            });
        }
    }

    /// The shopper came to this page, or came back to it.
    pub(super) fn arrive(&self, reached: Reached) {
        let page = match (self.states_purchase.get(), self.options.borrow().is_checkout) {
            (true, _) => PageKind::Confirmation,
            (false, true) => PageKind::Checkout,
            (false, false) => PageKind::Other,
        };
        let arrival = Arrival {
            page,
            reached,
            query: page::query(),
            referrer: page::referrer(),
            mine: self.storage.left().into_iter().collect(),
        };
        self.desk(page::now(), CheckoutInput::Arrived(arrival));
    }

    /// Answers with the ids of what was written down.
    pub(super) fn desk(&self, now: Timestamp, input: CheckoutInput) -> Vec<String> {
        let mut saved = Vec::new();
        if self.forgotten.get() {
            return saved;
        }
        // 1. Say what happened.
        self.desk.borrow_mut().handle(now, input);
        // 2. Carry out what is to be done, unless one of the page's listeners withdraws consent meanwhile.
        while !self.forgotten.get() {
            let effect = self.desk.borrow_mut().poll_effect();
            match effect {
                Some(CheckoutEffect::Save { id, text }) => {
                    self.storage.save_checkout(&id, &text);
                    // Where neither store takes it, it lives as long as this page.
                    drop(self.crash_safe.put(&id, &text));
                    saved.push(id);
                }
                Some(CheckoutEffect::Erase { id }) => {
                    self.storage.erase_checkout(&id);
                    self.crash_safe.remove(&id);
                }
                Some(CheckoutEffect::Ask {
                    id,
                    cart_id,
                    purchase_id,
                }) => self.ask(id, cart_id, purchase_id),
                Some(CheckoutEffect::Report { data }) => {
                    let (id, envelope) = self.envelope(SourceKind::Checkout, &data);
                    self.enqueue(id, page::now().0, envelope, None);
                }
                Some(CheckoutEffect::Register { data, gateway }) => {
                    let (_, envelope) = self.envelope(SourceKind::Call, &data);
                    let envelope = with_entry(&envelope, "basis", Basis::Status.name());
                    self.take(envelope, gateway.as_deref(), None);
                }
                None => break,
            }
        }
        // 3. Wake up in time.
        if let Some(timer) = self.desk_timer.get() {
            timer.set(page::now(), self.desk.borrow().poll_wake());
        }
        saved
    }

    /// An envelope of this page and moment: its id and its text.
    pub fn envelope(&self, source: SourceKind, data: &str) -> (String, String) {
        let options = self.options.borrow();
        let address = page::address();
        new_envelope(
            source,
            &options.site,
            page::now().0,
            address.as_deref(),
            &options.config_json(),
            data,
        )
    }

    fn ask(&self, id: String, cart_id: Option<String>, purchase_id: Option<String>) {
        let Some(url) = self.options.borrow().order_status_url.clone() else {
            return;
        };
        let ids = [("cart_id", cart_id), ("purchase_id", purchase_id)];
        let url = network::with_parameters(&url, ids.into_iter().filter_map(|(name, id)| Some((name, id?))));
        let me = self.me.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let answered = network::ask(&url, STATUS_ANSWER_MS_MAX).await;
            with(&me, |driver| {
                let reply = answered.map_or_else(Reply::none, |(status, retry_after_ms, body)| {
                    let config = driver.options.borrow().config.clone();
                    verdicts::with_rules(&config, page::address().as_deref(), |rules| {
                        Reply::from_response(status, retry_after_ms, &body, rules)
                    })
                });
                for problem in reply.problems.iter().filter(|it| it.severity > Severity::Normalised) {
                    events::console_warn(&format!(
                        "purchase-tag: order-status URL: {}: {}",
                        problem.path,
                        problem.message.text()
                    ));
                }
                driver.desk(page::now(), CheckoutInput::Answered { id, reply });
            });
        });
    }
}
