//! The open checkouts of a browser, as one tab sees them: decides what is kept, asked, reported and registered.
//!
//! A state machine without clock, storage or network of its own (sans-I/O), driven as the [outbox](crate::outbox) is:
//!
//! 1. Something happened: call [`Checkouts::handle`] with the time and the [`CheckoutInput`].
//! 2. Drain [`Checkouts::poll_effect`], carrying out each [`CheckoutEffect`] in order.
//! 3. Ask [`Checkouts::poll_wake`] and call `handle` with [`CheckoutInput::Wake`] at that time at the latest. Waking too early, too late
//!    or twice is harmless.
//!
//! At the start of a page view first tell what storage holds and what purchases the page states, then that the shopper
//! [arrived](CheckoutInput::Arrived); what comes later is taken in all the same.
//!
//! # What it promises
//!
//! - [`CheckoutEffect::Register`] comes only for an order-status answer that carries the purchase.
//! - [`CheckoutEffect::Save`] comes before what it allows: an ask that is not counted could be repeated for ever.
//! - The number of checkouts, of asks and of effects is bounded. No input, clock step or order of inputs makes it panic.

mod entry;
mod messages;

use alloc::{
    collections::VecDeque,
    string::{String, ToString},
    vec::Vec,
};

use self::entry::Entry;
pub use self::messages::{Arrival, CheckoutEffect, CheckoutInput, Settings};
use super::{
    Basis, Decision, Hint, Leaving, OpenCheckout, PageKind, Reached, Reply, Seen, Situation, StatusAnswer,
    answer::without_email, came_from, decide::decide, hint, limits::*, open::usable_id, report,
};
use crate::{
    json::{self, Value},
    order::State,
    outbox::Timestamp,
};

/// See the [module's documentation](CheckoutInput).
#[derive(Clone, Debug)]
pub struct Checkouts {
    settings: Settings,
    entries: Vec<Entry>,
    visit: Option<Visit>,
    seen: Vec<Seen>,
    effects: VecDeque<CheckoutEffect>,
}

#[derive(Clone, Debug)]
struct Visit {
    page: PageKind,
    reached: Reached,
    hint: Option<Hint>,
    gateway: Option<String>,
    mine: Vec<String>,
}

impl Checkouts {
    /// None yet.
    pub fn new(settings: Settings) -> Checkouts {
        Checkouts {
            settings,
            entries: Vec::new(),
            visit: None,
            seen: Vec::new(),
            effects: VecDeque::new(),
        }
    }

    /// Takes in what happened at `now`. Unknown ids are ignored: another tab may have been faster.
    pub fn handle(&mut self, now: Timestamp, input: CheckoutInput) {
        self.pull_back(now);
        match input {
            CheckoutInput::Restored(checkout) => self.restore(now, checkout),
            CheckoutInput::Opened(leaving) => self.open(now, leaving),
            CheckoutInput::Arrived(arrival) => self.arrive(arrival),
            CheckoutInput::PurchaseSeen(seen) => self.see(seen),
            CheckoutInput::Answered { id, reply } => self.take_answer(now, &id, reply),
            CheckoutInput::ErasedElsewhere { id } => self.entries.retain(|entry| entry.checkout.id != id),
            CheckoutInput::Wake => {}
        }
        self.give_up_hanging(now);
        self.make_room();
        self.settle(now);
    }

    /// The next thing to do, in order; none when there is nothing left.
    pub fn poll_effect(&mut self) -> Option<CheckoutEffect> {
        self.effects.pop_front()
    }

    /// When to call [`Checkouts::handle`] with [`CheckoutInput::Wake`] at the latest; none if only other inputs can change anything.
    pub fn poll_wake(&self) -> Option<Timestamp> {
        self.entries.iter().filter_map(|entry| entry.wake_at).min()
    }

    /// What is open, oldest first, without touching it.
    pub fn open_checkouts(&self) -> impl Iterator<Item = &OpenCheckout> {
        self.entries.iter().map(|entry| &entry.checkout)
    }

    fn restore(&mut self, now: Timestamp, mut checkout: OpenCheckout) {
        // Left in the future: the clock was set back since. Written down anew it ages again.
        let is_moved = checkout.pull_back(now);
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.checkout.id == checkout.id) {
            return entry.checkout.merge(checkout);
        }
        if is_moved {
            save(&mut self.effects, &checkout);
        }
        let mut entry = Entry::new(checkout, self.unasked());
        self.look_back(&mut entry);
        self.entries.push(entry);
    }

    /// A page may state its purchase before what it came of is found in storage.
    fn look_back(&mut self, entry: &mut Entry) {
        let news = self.seen.iter().filter(|seen| entry.sees(seen)).count();
        if news > 0 {
            save(&mut self.effects, &entry.checkout);
        }
    }

    fn open(&mut self, now: Timestamp, leaving: Leaving) {
        let contents = contents(&leaving.contents);
        let cart_id = leaving.cart_id.as_deref().and_then(usable_id);
        let purchase_id = leaving.purchase_id.as_deref().and_then(usable_id);
        if cart_id.is_none() && purchase_id.is_none() && contents.is_none() {
            return;
        }
        let stated = contents.as_deref().unwrap_or_default();
        let id = OpenCheckout::id_of(cart_id.as_deref(), purchase_id.as_deref(), stated);
        let known = self.entries.iter().position(|entry| entry.checkout.id == id);
        // What is found in both stores is one departure.
        let is_known = known.is_some_and(|index| self.entries[index].checkout.left_at == now);
        let mut is_told = is_known;
        let mut entry = match known {
            Some(index) => Entry::new(self.entries.remove(index).checkout, self.unasked()),
            None => {
                let checkout = OpenCheckout {
                    id,
                    cart_id,
                    purchase_id: None,
                    gateway: None,
                    state: State::Created,
                    basis: Basis::Left,
                    left_at: now,
                    asks: 0,
                    next_at: Timestamp(0),
                    registered: false,
                };
                Entry::new(checkout, self.unasked())
            }
        };
        // Another try may be another order: the collector must know it to close the checkout by.
        if purchase_id.is_some() && entry.checkout.purchase_id != purchase_id {
            entry.checkout.purchase_id = purchase_id;
            is_told = false;
        }
        // And by another gateway, or by one that is not known.
        if !is_known || (leaving.gateway.is_some() && entry.checkout.gateway.as_deref() != leaving.gateway) {
            entry.checkout.gateway = leaving.gateway.map(Into::into);
            is_told = false;
        }
        entry.leaving = true;
        let checkout = &mut entry.checkout;
        (checkout.left_at, checkout.asks, checkout.next_at) = (now, 0, Timestamp(0));
        save(&mut self.effects, checkout);
        if !is_told {
            // Whatever came of an earlier try, of this one only that is known.
            let left = OpenCheckout {
                state: State::Created,
                basis: Basis::Left,
                ..checkout.clone()
            };
            let data = report::write(&left, contents.as_deref());
            self.effects.push_back(CheckoutEffect::Report { data });
        }
        self.entries.push(entry);
    }

    fn arrive(&mut self, arrival: Arrival) {
        let found = hint(&arrival.query, &self.settings.own_returns);
        let gateway = came_from(&arrival.query, &arrival.referrer, &self.settings.own_returns);
        let mut mine = arrival.mine;
        mine.truncate(CHECKOUTS_MAX);
        self.visit = Some(Visit {
            page: arrival.page,
            reached: arrival.reached,
            hint: found.map(|found| found.hint),
            gateway: gateway.map(ToString::to_string),
            mine,
        });
        let answer = self.unasked();
        for mut entry in core::mem::take(&mut self.entries) {
            entry = Entry::new(entry.checkout, answer);
            self.look_back(&mut entry);
            self.entries.push(entry);
        }
    }

    fn see(&mut self, seen: Seen) {
        for entry in &mut self.entries {
            if entry.sees(&seen) {
                save(&mut self.effects, &entry.checkout);
            }
        }
        if self.seen.len() < SEEN_MAX && !self.seen.contains(&seen) {
            self.seen.push(seen);
        }
    }

    fn take_answer(&mut self, now: Timestamp, id: &str, reply: Reply) {
        let Some(entry) = self.entries.iter_mut().find(|entry| entry.checkout.id == id) else {
            return;
        };
        entry.asking_until = None;
        entry.answered_at = Some(now);
        if let Some(ms) = reply.retry_after_ms {
            let at = now.plus(ms.min(STATUS_RETRY_MS_MAX));
            entry.checkout.next_at = entry.checkout.next_at.max(at);
            save(&mut self.effects, &entry.checkout);
        }
        let answer = if reply.is_about(&entry.checkout) {
            reply.answer
        } else {
            StatusAnswer::NoAnswer
        };
        match answer {
            StatusAnswer::State { standing, has_purchase } => {
                // Without its text there is nothing to register.
                let has_purchase = has_purchase && reply.data.is_some();
                entry.answer = StatusAnswer::State { standing, has_purchase };
                entry.data = reply.data.filter(|_| has_purchase);
                entry.checkout.purchase_id = reply.purchase_id.or(entry.checkout.purchase_id.take());
            }
            answer => entry.answered_nothing(answer),
        }
    }

    fn give_up_hanging(&mut self, now: Timestamp) {
        for entry in &mut self.entries {
            if entry.asking_until.is_some_and(|until| until <= now) {
                entry.asking_until = None;
                entry.answered_at = Some(now);
                entry.answered_nothing(StatusAnswer::NoAnswer);
            }
        }
    }

    /// The oldest gives way, and the collector hears that nobody will tell more of it.
    fn make_room(&mut self) {
        while self.entries.len() > CHECKOUTS_MAX {
            let oldest = self
                .entries
                .iter()
                .enumerate()
                .min_by_key(|(_, entry)| entry.checkout.left_at);
            let Some((index, _)) = oldest else { return };
            self.expire(index);
        }
    }

    fn settle(&mut self, now: Timestamp) {
        let mut index = 0;
        while index < self.entries.len() {
            if self.settle_one(now, index) {
                index += 1;
            }
        }
    }

    /// Does what is decided about one until nothing is left to do; each round makes a report, a registration or an ask that is not
    /// made again. Answers whether it stays.
    fn settle_one(&mut self, now: Timestamp, index: usize) -> bool {
        let Some(visit) = &self.visit else { return true };
        loop {
            let entry = &mut self.entries[index];
            entry.wake_at = None;
            let mine = visit.mine.contains(&entry.checkout.id);
            // A restored page's address is that of an earlier return.
            if mine && visit.reached == Reached::Load && !entry.leaving && entry.checkout.gateway.is_none() {
                entry.checkout.gateway.clone_from(&visit.gateway);
            }
            let decision = decide(&Situation {
                checkout: &entry.checkout,
                mine,
                leaving: entry.leaving,
                page: visit.page,
                reached: visit.reached,
                seen: &self.seen,
                hint: visit.hint,
                answer: entry.answer,
                asks_here: entry.asks_here,
                answered_at: entry.answered_at,
                asking_until: entry.asking_until,
                now,
            });
            match decision {
                Decision::Register { closes } => {
                    if let Some(data) = entry.data.clone() {
                        let gateway = entry.checkout.gateway.clone();
                        self.effects.push_back(CheckoutEffect::Register { data, gateway });
                    }
                    if closes {
                        self.forget(index);
                        return false;
                    }
                    entry.registered();
                    save(&mut self.effects, &entry.checkout);
                }
                Decision::Report(state, basis) => {
                    (entry.checkout.state, entry.checkout.basis) = (state, basis);
                    save(&mut self.effects, &entry.checkout);
                    let data = report::write(&entry.checkout, None);
                    self.effects.push_back(CheckoutEffect::Report { data });
                }
                Decision::Ask => {
                    entry.ask(now);
                    save(&mut self.effects, &entry.checkout);
                    self.effects.push_back(CheckoutEffect::Ask {
                        id: entry.checkout.id.clone(),
                        cart_id: entry.checkout.cart_id.clone(),
                        purchase_id: entry.checkout.purchase_id.clone(),
                    });
                }
                Decision::Wait(at) => {
                    entry.wake_at = Some(at);
                    return true;
                }
                Decision::Keep => return true,
                Decision::Close => {
                    self.forget(index);
                    return false;
                }
                Decision::Expire => {
                    self.expire(index);
                    return false;
                }
            }
        }
    }

    fn expire(&mut self, index: usize) {
        let checkout = &mut self.entries[index].checkout;
        if checkout.is_news(State::Unknown, Basis::Returned) {
            (checkout.state, checkout.basis) = (State::Unknown, Basis::Returned);
            let data = report::write(checkout, None);
            self.effects.push_back(CheckoutEffect::Report { data });
        }
        self.forget(index);
    }

    fn forget(&mut self, index: usize) {
        let id = self.entries.remove(index).checkout.id;
        self.effects.push_back(CheckoutEffect::Erase { id });
    }

    fn unasked(&self) -> StatusAnswer {
        if self.settings.status_url {
            StatusAnswer::NotAsked
        } else {
            StatusAnswer::NotConfigured
        }
    }

    /// After a clock step nothing may wait longer than it ever could.
    fn pull_back(&mut self, now: Timestamp) {
        for entry in &mut self.entries {
            entry.checkout.pull_back(now);
            entry.answered_at = entry.answered_at.map(|at| at.min(now));
            entry.asking_until = entry
                .asking_until
                .map(|until| until.min(now.plus(STATUS_ANSWER_MS_MAX)));
        }
    }
}

fn save(effects: &mut VecDeque<CheckoutEffect>, checkout: &OpenCheckout) {
    effects.push_back(CheckoutEffect::Save {
        id: checkout.id.clone(),
        text: checkout.to_text(),
    });
}

/// The contents as a report carries them: JSON, of a shape that can be contents, without the buyer's address.
fn contents(text: &str) -> Option<String> {
    let fitting = Some(text).filter(|text| text.len() <= CONTENTS_BYTES_MAX)?;
    let value = json::read(fitting).ok()?;
    matches!(value, Value::List(_) | Value::Map(_)).then(|| without_email(value))
}
