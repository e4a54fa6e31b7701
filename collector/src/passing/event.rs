//! What is passed on of a purchase.

use purchase_core::order::{Course, State};

/// Something that became of a purchase and that a destination may want to know. Each is passed on once per purchase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// It counts as a purchase now, by the rule of the shop's platform.
    Placed,
    /// A purchase that counted already is completed now.
    Completed,
    /// A purchase that counted is canceled.
    Canceled,
}

impl Event {
    const ALL: [Event; 3] = [Event::Placed, Event::Completed, Event::Canceled];

    /// The name used in the database, in webhooks and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Event::Placed => "placed",
            Event::Completed => "completed",
            Event::Canceled => "canceled",
        }
    }

    /// The inverse of [`Event::name`].
    pub fn from_name(name: &str) -> Option<Event> {
        Event::ALL.into_iter().find(|event| event.name() == name)
    }

    /// What a message made of the order; `before` is none for the first message. What never counted as a purchase is
    /// nobody's business.
    pub fn between(before: Option<Course>, after: Course) -> impl Iterator<Item = Event> {
        let was_placed = before.is_some_and(|before| before.placed);
        let entered = move |state: State| after.state == state && before.is_none_or(|before| before.state != state);
        let happened = move |event: &Event| match event {
            Event::Placed => after.placed && !was_placed,
            Event::Completed => was_placed && entered(State::Completed),
            // An order may count only after it was canceled: two messages may overtake each other.
            Event::Canceled => {
                after.placed && after.state == State::Canceled && (entered(State::Canceled) || !was_placed)
            }
        };
        Event::ALL.into_iter().filter(happened)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use purchase_core::order::Standing;

    /// The events of each message in turn.
    fn events(messages: &[(State, bool)]) -> Vec<Vec<&'static str>> {
        let mut course = None;
        let mut all = vec![];
        for (state, placed) in messages {
            let said = Standing {
                state: *state,
                placed: *placed,
            };
            let after = course.map_or_else(|| Course::begin(said), |course: Course| course.after(said));
            all.push(Event::between(course, after).map(Event::name).collect());
            course = Some(after);
        }
        all
    }

    #[test]
    fn each_change_is_told_once() {
        use State::{Canceled, Completed, Created, Pending};
        let none: Vec<&str> = vec![];
        assert_eq!(
            events(&[(Completed, true), (Completed, true)]),
            [vec!["placed"], none.clone()]
        );
        assert_eq!(
            events(&[
                (Pending, true),
                (Completed, false),
                (Canceled, false),
                (Canceled, false)
            ]),
            [vec!["placed"], vec!["completed"], vec!["canceled"], none.clone()]
        );
        assert_eq!(
            events(&[(Created, false), (Canceled, false)]),
            [none.clone(), none.clone()]
        );
        // BigCommerce counts canceled orders.
        assert_eq!(events(&[(Canceled, true)]), [vec!["placed", "canceled"]]);
        assert_eq!(
            events(&[(Canceled, false), (Pending, true)]),
            [none, vec!["placed", "canceled"]]
        );
    }
}
