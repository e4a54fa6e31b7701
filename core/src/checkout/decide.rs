//! What follows for one open checkout from everything that is known: which page the shopper came to and how, what came back with it, what
//! the order-status URL says.

use alloc::string::String;

use super::{
    Basis, Hint, OpenCheckout,
    limits::{ASK_DELAYS_MS, ASKS_MAX, ASKS_PER_VISIT_MAX, AWAY_MS},
};
use crate::{
    order::{Standing, State},
    outbox::Timestamp,
};

/// What kind of page the shopper came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageKind {
    /// One that states a purchase.
    Confirmation,
    /// The checkout again.
    Checkout,
    /// Any other.
    Other,
}

/// How the shopper came to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    /// It was loaded.
    Load,
    /// It was restored from the back/forward cache.
    BackForward,
}

/// A purchase that this page stated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The order.
    pub purchase_id: String,
    /// The cart it came of.
    pub cart_id: Option<String>,
    /// Where it stands.
    pub standing: Standing,
}

/// What the order-status URL said in this page view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusAnswer {
    /// The shop has no such URL.
    NotConfigured,
    /// Nothing yet.
    NotAsked,
    /// It was asked, and nothing usable came back.
    NoAnswer,
    /// It knows no such order (yet).
    NotFound,
    /// It knows the order.
    State {
        /// Where the order stands.
        standing: Standing,
        /// Whether the purchase itself is in the answer.
        has_purchase: bool,
    },
}

/// All that is known about one open checkout at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The checkout.
    pub checkout: &'a OpenCheckout,
    /// Whether this tab is the one that left for the gateway.
    pub mine: bool,
    /// Whether it was left from this very page, which was not come back to since.
    pub leaving: bool,
    /// Where the shopper is.
    pub page: PageKind,
    /// How the shopper got there.
    pub reached: Reached,
    /// The purchases that this page stated.
    pub seen: &'a [Seen],
    /// What the page's address suggests.
    pub hint: Option<Hint>,
    /// What the order-status URL says.
    pub answer: StatusAnswer,
    /// How often this page view asked it about this checkout.
    pub asks_here: u32,
    /// When it answered last in this page view.
    pub answered_at: Option<Timestamp>,
    /// Until when an answer is awaited; none if none is.
    pub asking_until: Option<Timestamp>,
    /// The time.
    pub now: Timestamp,
}

/// What to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Register the purchase in the order-status answer.
    Register {
        /// Whether that is the end of the checkout.
        closes: bool,
    },
    /// Tell the collector, and decide again.
    Report(State, Basis),
    /// Ask the order-status URL now.
    Ask,
    /// Decide again then, if nothing happens before.
    Wait(Timestamp),
    /// Nothing to do in this page view.
    Keep,
    /// It became a purchase or nothing: forget it.
    Close,
    /// It is too old to matter: forget it.
    Expire,
}

/// Decides about one open checkout, whatever others there are. Pure and total; once what it says was done, it says something else.
///
/// - A purchase is registered only if the order-status answer carries it. No hint and no state alone does that.
/// - What the answer says is told as it is, except that `completed` without a purchase is told as `pending`: only a purchase is completed.
/// - Without an answer a hint is told as `pending` or `canceled`, and coming back without one as `unknown`; only the tab that left
///   comes back, any other tab's shopper may still be paying for [`AWAY_MS`].
/// - A shopper who is back on the checkout page is still at it, whether the page was restored or loaded anew.
pub fn decide(situation: &Situation<'_>) -> Decision {
    let Situation { checkout, now, .. } = *situation;
    if let Some(decision) = by_answer(situation) {
        return decision;
    }
    let mut seen = situation.seen.iter().filter(|seen| checkout.became(seen));
    if seen.any(|seen| is_final(seen.standing)) {
        return Decision::Close;
    }
    if checkout.is_expired(now) {
        return Decision::Expire;
    }
    if situation.leaving {
        return Decision::Keep;
    }
    if let Some(until) = situation.asking_until {
        return Decision::Wait(until);
    }
    let ask_at = ask_at(situation);
    let learns_soon = situation.answer == StatusAnswer::NotAsked && ask_at.is_some_and(|at| at <= now);
    let answered = matches!(situation.answer, StatusAnswer::State { .. });
    let told = if learns_soon || answered {
        Told::Nothing
    } else {
        by_return(situation)
    };
    if let Told::Report(state, basis) = told
        && checkout.is_news(state, basis)
    {
        return Decision::Report(state, basis);
    }
    let wait_until = match told {
        Told::After(at) => Some(at),
        _ => None,
    };
    match ask_at {
        Some(at) if at <= now => Decision::Ask,
        Some(at) => Decision::Wait(wait_until.map_or(at, |until| until.min(at))),
        None => wait_until.map_or(Decision::Keep, Decision::Wait),
    }
}

/// Whether nothing more is to be learnt of an order that stands there.
pub(super) fn is_final(standing: Standing) -> bool {
    standing.placed || matches!(standing.state, State::Canceled | State::Completed)
}

fn by_answer(situation: &Situation<'_>) -> Option<Decision> {
    let StatusAnswer::State { standing, has_purchase } = situation.answer else {
        return None;
    };
    let checkout = situation.checkout;
    if has_purchase {
        let closes = is_final(standing);
        let is_news = closes || !checkout.registered || standing.state > checkout.state;
        return is_news.then_some(Decision::Register { closes });
    }
    let state = match standing.state {
        State::Completed => State::Pending,
        state => state,
    };
    if checkout.is_news(state, Basis::Status) {
        return Some(Decision::Report(state, Basis::Status));
    }
    (state == State::Canceled).then_some(Decision::Close)
}

/// What follows from where the shopper is.
enum Told {
    Nothing,
    Report(State, Basis),
    /// Nothing before then.
    After(Timestamp),
}

fn by_return(situation: &Situation<'_>) -> Told {
    let Situation { checkout, now, .. } = *situation;
    let unknown = Told::Report(State::Unknown, Basis::Returned);
    // A confirmation of something else, or of this without a common id: nothing is known.
    if situation.page == PageKind::Confirmation || !situation.seen.is_empty() {
        return Told::Nothing;
    }
    if !situation.mine {
        let until = checkout.left_at.plus(AWAY_MS);
        return if now < until { Told::After(until) } else { unknown };
    }
    // A restored page's address is that of an earlier return.
    let hint = situation.hint.filter(|_| situation.reached == Reached::Load);
    match hint {
        Some(Hint::Succeeded | Hint::Pending) => Told::Report(State::Pending, Basis::Returned),
        Some(Hint::Canceled | Hint::Failed) => Told::Report(State::Canceled, Basis::Returned),
        Some(Hint::Returned) => unknown,
        None if situation.page == PageKind::Checkout => Told::Nothing,
        None => unknown,
    }
}

/// When the order-status URL may be asked; none if not any more in this page view, or never.
fn ask_at(situation: &Situation<'_>) -> Option<Timestamp> {
    let checkout = situation.checkout;
    let has_id = checkout.cart_id.is_some() || checkout.purchase_id.is_some();
    let may_ask = has_id
        && situation.answer != StatusAnswer::NotConfigured
        && situation.asks_here < ASKS_PER_VISIT_MAX
        && checkout.asks < ASKS_MAX;
    let delay = ASK_DELAYS_MS.get(situation.asks_here as usize).filter(|_| may_ask)?;
    let spaced = situation.answered_at.map_or(Timestamp(0), |at| at.plus(*delay));
    Some(spaced.max(checkout.next_at))
}
