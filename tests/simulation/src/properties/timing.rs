//! When things happen: the collector's wishes, the backoff, and that nothing waits for ever.

use purchase_core::outbox::*;

use super::{Holds, delivery::claimed_until, in_flight, is, is_in_flight, sends, view};
use crate::witness::Step;

/// Most wake-ups of a page in an hour, for each of its records and for the page itself: the backoff starts anew with every new
/// chance, and a hanging request costs one wake-up more than an answered one.
const WAKES_PER_HOUR_MAX: u64 = 240;

/// Neither fetch nor beacon leaves before the time that the collector asked for.
pub fn retry_after_is_obeyed(step: &Step) -> Holds {
    let asked_until = match step.input {
        Input::RestoredNotBefore(at) => (*at).min(step.now.plus(RETRY_AFTER_MS_MAX)),
        Input::Answered { id, answer } => asked(step, id, answer).unwrap_or(step.asked_until),
        _ => step.asked_until,
    };
    match sends(step).next().filter(|_| step.now < asked_until) {
        Some((id, ..)) => Err(format!(
            "{id} leaves at {:?}, the collector asked to wait until {asked_until:?}",
            step.now
        )),
        None => Ok(()),
    }
}

/// So that other pages obey it, too; and nothing else is, such as what an answer asked for days ago.
pub fn retry_after_is_written_down(step: &Step) -> Holds {
    let Input::Answered { id, answer } = step.input else {
        return Ok(());
    };
    let stamp = step.effects.iter().find_map(|effect| match effect {
        Effect::SaveNotBefore(at) => Some(*at),
        _ => None,
    });
    let asked = asked(step, id, answer);
    is(stamp == asked, || {
        format!("the answer asks to wait until {asked:?}, and {stamp:?} is written down")
    })
}

/// Until when an answer asks to wait, if the outbox still waits for it: what a page reads days later, because it was frozen, is over.
fn asked(step: &Step, id: &str, answer: &Answer) -> Option<Timestamp> {
    let is_busy = answer.receipt.is_none() && matches!(answer.status, 429 | 503);
    view(step.before, id).filter(|view| is_in_flight(view))?;
    let given_up_at = step.known.get(id)?.in_flight_until?;
    let after = answer.retry_after_ms.filter(|_| is_busy && step.now <= given_up_at)?;
    Some(step.now.plus(after.min(RETRY_AFTER_MS_MAX)))
}

/// The delay after the n-th attempt of a visit is at least 1 ms, at most the bound that doubles with n, and never above
/// [`BACKOFF_MS_MAX`]; nothing is planned further away than its limit allows.
pub fn the_backoff_has_its_bounds(step: &Step) -> Holds {
    for (id, delay, bound) in planned(step) {
        is((1..=bound).contains(&delay), || {
            format!("{id} is retried after {delay} ms, the bound is {bound} ms")
        })?;
    }
    for view in &step.after.records {
        is(view.next_at <= step.now.plus(BACKOFF_MS_MAX), || {
            format!("{} waits {} ms", view.id, view.next_at.since(step.now))
        })?;
    }
    let not_before = step.after.not_before.since(step.now);
    is(not_before <= RETRY_AFTER_MS_MAX, || {
        format!("all requests wait {not_before} ms")
    })
}

/// The retries that a step planned: id, delay, and the bound it should be drawn from, in milliseconds.
fn planned<'s>(step: &'s Step) -> impl Iterator<Item = (&'s str, u64, u64)> {
    // A new chance brings the next attempt forward again.
    let is_new_chance = matches!(step.input, Input::PageShown | Input::Online | Input::Flush);
    step.effects
        .iter()
        .filter(move |_| !is_new_chance)
        .filter_map(|effect| {
            let Effect::Report {
                id,
                event: Event::Retrying { verdict, .. },
            } = effect
            else {
                return None;
            };
            let sends = step.known.get(id).map_or(0, |known| known.sends);
            let base = match verdict {
                Verdict::WrongConfiguration => RETRY_CONFIGURATION_MS,
                _ => BACKOFF_BASE_MS,
            };
            let bound = (base << sends.saturating_sub(1).min(20)).min(BACKOFF_MS_MAX);
            Some((id.as_str(), view(step.after, id)?.next_at.since(step.now), bound))
        })
}

/// Their delays in thousandths of the bound.
pub fn retry_delays(step: &Step) -> Vec<u64> {
    planned(step).map(|(_, delay, bound)| delay * 1_000 / bound).collect()
}

/// A capture, or what an earlier page left, is due at once.
pub fn the_first_attempt_is_immediate(step: &Step) -> Holds {
    let (Input::Enqueue(record) | Input::Restored(record)) = step.input else {
        return Ok(());
    };
    if view(step.before, &record.id).is_some() {
        return Ok(());
    }
    match view(step.after, &record.id) {
        Some(taken) => is(is_in_flight(taken) || taken.next_at <= step.now, || {
            format!("{} waits for {} ms", taken.id, taken.next_at.since(step.now))
        }),
        None => Ok(()),
    }
}

/// When the page is shown, the network is back, or the shop asks.
pub fn a_new_chance_comes_soon(step: &Step) -> Holds {
    let most = match step.input {
        Input::PageShown | Input::Online => NEW_CHANCE_MS,
        Input::Flush => 0,
        _ => return Ok(()),
    };
    for view in step.after.records.iter().filter(|view| !is_in_flight(view)) {
        let soon = step.now.plus(most).max(claimed_until(step, &view.id));
        is(view.next_at <= soon, || {
            format!(
                "{} waits {} ms after a new chance",
                view.id,
                view.next_at.since(step.now)
            )
        })?;
    }
    Ok(())
}

/// After [`ANSWER_MS_MAX`] the place is free for others.
pub fn a_hanging_request_is_given_up(step: &Step) -> Holds {
    for view in step.after.records.iter().filter(|view| is_in_flight(view)) {
        let is_new = sends(step).any(|(id, by_fetch, ..)| id == view.id && by_fetch);
        let until = step.known.get(&view.id).and_then(|known| known.in_flight_until);
        is(is_new || until.is_some_and(|until| until > step.now), || {
            format!("{} has been in flight for too long", view.id)
        })?;
    }
    Ok(())
}

/// The failure of a request that was given up long ago, or that an earlier holder of the record sent, neither moves nor ends a
/// record that waits.
pub fn a_late_failure_changes_nothing(step: &Step) -> Holds {
    let id = match step.input {
        Input::Unreachable { id } => id,
        Input::Answered { id, answer } if answer.receipt.is_none() => id,
        _ => return Ok(()),
    };
    let Some(was) = view(step.before, id).filter(|was| !is_in_flight(was)) else {
        return Ok(());
    };
    // A step of the clock may have pulled it nearer.
    let expected = was.next_at.min(step.now.plus(BACKOFF_MS_MAX));
    is(
        view(step.after, id).is_some_and(|view| view.next_at == expected),
        || format!("a late failure moves or ends {id}"),
    )
}

/// While something waits there is a time to wake up: in the future, and no further away than the longest limit.
pub fn nothing_stalls(step: &Step) -> Holds {
    if step.after.records.is_empty() {
        return is(step.wake.is_none(), || "an empty outbox wants to be woken".into());
    }
    let Some(wake) = step.wake else {
        return Err(format!("{} records, and no time to wake up", step.after.records.len()));
    };
    let farthest = match in_flight(step.after) {
        0 => RETRY_AFTER_MS_MAX.max(BACKOFF_MS_MAX),
        _ => ANSWER_MS_MAX,
    };
    is(wake > step.now, || {
        format!("it wants to be woken {} ms ago", step.now.since(wake))
    })?;
    is(wake <= step.now.plus(farthest), || {
        format!("it sleeps for {} ms", wake.since(step.now))
    })
}

/// A bounded number of wake-ups in an hour of the world.
pub fn nobody_wakes_all_the_time(step: &Step) -> Holds {
    let most = WAKES_PER_HOUR_MAX * (1 + step.known.len() as u64);
    is(step.wakes <= most, || {
        format!(
            "{} wake-ups in hour {} of the world",
            step.wakes,
            step.elapsed / 3_600_000
        )
    })
}
