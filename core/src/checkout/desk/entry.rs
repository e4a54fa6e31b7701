//! One open checkout and what this page view knows of it.

use alloc::string::String;

use crate::{
    checkout::{OpenCheckout, Seen, StatusAnswer, decide::is_final, limits::*, open::usable_id},
    order::State,
    outbox::Timestamp,
};

#[derive(Clone, Debug)]
pub struct Entry {
    pub checkout: OpenCheckout,
    pub leaving: bool,
    pub answer: StatusAnswer,
    /// The purchase of the answer.
    pub data: Option<String>,
    pub asks_here: u32,
    pub answered_at: Option<Timestamp>,
    pub asking_until: Option<Timestamp>,
    pub wake_at: Option<Timestamp>,
}

impl Entry {
    pub fn new(checkout: OpenCheckout, answer: StatusAnswer) -> Entry {
        Entry {
            checkout,
            leaving: false,
            answer,
            data: None,
            asks_here: 0,
            answered_at: None,
            asking_until: None,
            wake_at: None,
        }
    }

    pub fn ask(&mut self, now: Timestamp) {
        self.asks_here += 1;
        self.asking_until = Some(now.plus(STATUS_ANSWER_MS_MAX));
        let checkout = &mut self.checkout;
        checkout.asks = checkout.asks.saturating_add(1);
        if let Some(spread) = checkout.asks.checked_sub(ASKS_FREE) {
            let pause = ASK_PAUSE_MS << spread.min(20);
            checkout.next_at = now.plus(pause.min(ASK_PAUSE_MS_MAX));
        }
    }

    /// What was learnt earlier in this page view stands.
    pub fn answered_nothing(&mut self, answer: StatusAnswer) {
        if !matches!(self.answer, StatusAnswer::State { .. }) {
            self.answer = answer;
        }
    }

    pub fn registered(&mut self) {
        self.checkout.registered = true;
        if let StatusAnswer::State { standing, .. } = self.answer {
            self.checkout.state = self.checkout.state.max(standing.state.min(State::Canceled));
        }
    }

    /// Takes in a purchase that the page states; answers whether that is news. An order that came of the checkout and is not
    /// final is known from now on, though not as a placed one.
    pub fn sees(&mut self, seen: &Seen) -> bool {
        let checkout = &mut self.checkout;
        if is_final(seen.standing) || !checkout.became(seen) {
            return false;
        }
        let before = checkout.clone();
        checkout.registered = true;
        checkout.state = checkout.state.max(seen.standing.state.min(State::Canceled));
        checkout.purchase_id = usable_id(&seen.purchase_id).or(checkout.purchase_id.take());
        *checkout != before
    }
}
