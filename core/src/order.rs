//! What became of an order: E-goi's five states, their rank, and whether the order counts as placed.
//!
//! States: <https://helpdesk.e-goi.com/841030-Syncing-your-online-shop-orders-with-E-goi>.

mod platform;
mod rules;

pub use self::{
    platform::Platform,
    rules::{CUSTOM_MAX, STATUS_CHARS_MAX, StatusRules},
};

/// The state of an order, lowest rank first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It exists and waits; a checkout that was left for the gateway.
    Created,
    /// Nobody can tell; a checkout whose shopper came back without a word.
    Unknown,
    /// The payment is not confirmed yet.
    Pending,
    /// Canceled or failed.
    Canceled,
    /// Paid, shipped or similar.
    Completed,
}

impl State {
    /// The name used in payloads, reports and the data base.
    pub const fn name(self) -> &'static str {
        match self {
            State::Created => "created",
            State::Unknown => "unknown",
            State::Pending => "pending",
            State::Canceled => "canceled",
            State::Completed => "completed",
        }
    }

    /// The inverse of [`State::name`]; `cancelled` is understood too.
    pub fn from_name(name: &str) -> Option<State> {
        if name == "cancelled" {
            return Some(State::Canceled);
        }
        const ALL: [State; 5] = [
            State::Created,
            State::Unknown,
            State::Pending,
            State::Canceled,
            State::Completed,
        ];
        ALL.into_iter().find(|state| state.name() == name)
    }
}

/// What one message says of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its state.
    pub state: State,
    /// Whether it counts as a purchase by the rule of the shop's platform.
    pub placed: bool,
}

impl Standing {
    /// What a confirmation page says that names no status: it is there because the shop took the order.
    pub const CONFIRMED: Standing = Standing {
        state: State::Completed,
        placed: true,
    };

    /// What a status means on no platform in particular: one of the five states by name; of any other word nobody can tell.
    pub fn of_status(status: &str) -> Standing {
        let state = State::from_name(status).unwrap_or(State::Unknown);
        Standing {
            state,
            placed: state == State::Completed,
        }
    }
}

/// Where an order stands after all messages so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    /// Its state.
    pub state: State,
    /// Whether it ever counted as a purchase: what was placed stays placed.
    pub placed: bool,
    /// Whether it ever was [`State::Completed`].
    pub completed: bool,
}

impl Course {
    /// The first message.
    pub fn begin(first: Standing) -> Course {
        Course {
            state: first.state,
            placed: first.placed,
            completed: first.state == State::Completed,
        }
    }

    /// After one more message, in whatever order they arrive. A lower rank never undoes a higher one, except that the
    /// cancellation of a completed order is kept, also against a confirmation page that is opened again. Twice is harmless.
    #[must_use]
    pub fn after(self, next: Standing) -> Course {
        let canceled_for_good = self.completed && self.state == State::Canceled;
        let cancels = self.completed && next.state == State::Canceled;
        let rises = next.state > self.state && !canceled_for_good;
        Course {
            state: if rises || cancels { next.state } else { self.state },
            placed: self.placed || next.placed,
            completed: self.completed || next.state == State::Completed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course(states: &[State]) -> Course {
        let standing = |state: &State| Standing {
            state: *state,
            placed: *state == State::Completed,
        };
        let (first, rest) = states.split_first().expect("one at least");
        rest.iter().fold(Course::begin(standing(first)), |course, state| {
            course.after(standing(state))
        })
    }

    #[test]
    fn ranks_only_rise_but_a_cancellation_of_a_completed_order_stands() {
        use State::{Canceled, Completed, Created, Pending, Unknown};
        assert_eq!(course(&[Created, Unknown, Pending, Created]).state, Pending);
        assert_eq!(course(&[Canceled, Pending, Completed]).state, Completed);
        let refunded = course(&[Completed, Canceled, Completed, Pending]);
        assert_eq!(refunded.state, Canceled);
        assert!(refunded.placed);
    }

    #[test]
    fn what_was_placed_stays_placed() {
        let placed = Standing {
            state: State::Pending,
            placed: true,
        };
        let later = Standing {
            state: State::Completed,
            placed: false,
        };
        assert!(Course::begin(placed).after(later).placed);
        assert!(Course::begin(later).after(placed).placed);
    }

    #[test]
    fn names_are_read_back() {
        assert_eq!(State::from_name(State::Canceled.name()), Some(State::Canceled));
        assert_eq!(State::from_name("cancelled"), Some(State::Canceled));
        assert_eq!(State::from_name("paid"), None);
    }
}
