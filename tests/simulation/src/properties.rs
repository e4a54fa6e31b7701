//! What must hold at every step of every outbox, each as a function of its own.

mod delivery;
mod safety;
mod timing;

use purchase_core::outbox::{Effect, RecordState, RecordView, Snapshot};

pub use self::timing::retry_delays;
use crate::witness::Step;

/// What was seen instead, if the property does not hold.
type Holds = Result<(), String>;

/// A property's name, and the property.
type Property = (&'static str, fn(&Step) -> Holds);

/// All of them.
pub const OF_EACH_STEP: &[Property] = &[
    ("nothing is sent unsaved", safety::nothing_is_sent_unsaved),
    (
        "nothing is erased without a verdict",
        safety::nothing_is_erased_without_a_verdict,
    ),
    ("nothing vanishes", safety::nothing_vanishes),
    ("no record is held twice", safety::no_record_is_held_twice),
    ("what is not taken is reported", safety::what_is_not_taken_is_reported),
    ("a failing storage is reported", safety::a_failing_storage_is_reported),
    (
        "what is finished stays finished",
        safety::what_is_finished_stays_finished,
    ),
    (
        "what was captured is what is sent",
        delivery::what_was_captured_is_what_is_sent,
    ),
    ("limits are kept", delivery::limits_are_kept),
    ("beacons stay within the quota", delivery::beacons_stay_within_the_quota),
    (
        "what waits leaves with the page",
        delivery::what_waits_leaves_with_the_page,
    ),
    (
        "room is used, the oldest first",
        delivery::room_is_used_the_oldest_first,
    ),
    (
        "a claim is respected and expires",
        delivery::a_claim_is_respected_and_expires,
    ),
    ("Retry-After is obeyed", timing::retry_after_is_obeyed),
    ("Retry-After is written down", timing::retry_after_is_written_down),
    ("the backoff has its bounds", timing::the_backoff_has_its_bounds),
    ("the first attempt is immediate", timing::the_first_attempt_is_immediate),
    ("a new chance comes soon", timing::a_new_chance_comes_soon),
    ("a hanging request is given up", timing::a_hanging_request_is_given_up),
    ("a late failure changes nothing", timing::a_late_failure_changes_nothing),
    ("nothing stalls", timing::nothing_stalls),
    ("nobody wakes all the time", timing::nobody_wakes_all_the_time),
];

fn view<'s>(snapshot: &'s Snapshot, id: &str) -> Option<&'s RecordView> {
    snapshot.records.iter().find(|view| view.id == id)
}

fn is_in_flight(view: &RecordView) -> bool {
    view.state == RecordState::InFlight
}

fn in_flight(snapshot: &Snapshot) -> usize {
    snapshot.records.iter().filter(|view| is_in_flight(view)).count()
}

/// The sends of a step, as (id, whether by fetch, attempt, body).
fn sends<'s>(step: &'s Step) -> impl Iterator<Item = (&'s str, bool, u32, &'s str)> {
    step.effects.iter().filter_map(|effect| match effect {
        Effect::Send {
            id,
            lane,
            attempt,
            body,
        } => {
            let by_fetch = *lane != purchase_core::outbox::Lane::Beacon;
            Some((id.as_str(), by_fetch, *attempt, body.as_str()))
        }
        _ => None,
    })
}

fn is(holds: bool, otherwise: impl FnOnce() -> String) -> Holds {
    if holds { Ok(()) } else { Err(otherwise()) }
}
