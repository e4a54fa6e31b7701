//! What is sent, how much of it at once, and in which order.

use purchase_core::outbox::*;

use super::{Holds, in_flight, is, is_in_flight, sends, view};
use crate::witness::Step;

/// The captured bytes, unchanged, and attempts counted one by one over all visits.
pub fn what_was_captured_is_what_is_sent(step: &Step) -> Holds {
    for (index, (id, _, attempt, body)) in sends(step).enumerate() {
        is(step.truth.is_captured(id, body), || {
            format!("{id} is sent with other bytes than captured")
        })?;
        let earlier = sends(step).take(index).filter(|(other, ..)| *other == id).count() as u32;
        let before = match (step.known.get(id).filter(|known| known.is_here), step.input) {
            (Some(known), _) => known.attempts,
            (None, Input::Enqueue(record) | Input::Restored(record) | Input::RestoredClaimed { record, .. }) => {
                record.attempts
            }
            (None, _) => return Err(format!("{id} is sent and nobody told of it")),
        };
        let expected = before.saturating_add(earlier).saturating_add(1);
        is(attempt == expected, || {
            format!("{id} is sent as attempt {attempt} instead of {expected}")
        })?;
        let most = step.truth.sends(id).map(|sends| sends + earlier + 1);
        is(most.is_none_or(|most| attempt <= most), || {
            format!("{id} is sent as attempt {attempt}, all pages together sent it {most:?} times")
        })?;
    }
    Ok(())
}

/// Of records, requests under way, and bodies that outlive their page.
pub fn limits_are_kept(step: &Step) -> Holds {
    let count = step.after.records.len();
    is(count <= RECORDS_MAX, || format!("{count} records"))?;
    let requests = in_flight(step.after);
    is(requests <= IN_FLIGHT_MAX, || format!("{requests} requests under way"))?;
    for record in &step.after.records {
        is(record.bytes <= RECORD_BYTES_MAX, || {
            format!("a record of {} bytes", record.bytes)
        })?;
    }
    for effect in step.effects {
        if let Effect::Send {
            lane: Lane::Fetch { keepalive },
            body,
            ..
        } = effect
        {
            is(*keepalive == (body.len() <= KEEPALIVE_FETCH_BYTES_MAX), || {
                format!("keepalive is {keepalive} for {} bytes", body.len())
            })?;
        }
    }
    Ok(())
}

/// In bytes per departure, and in time per record.
pub fn beacons_stay_within_the_quota(step: &Step) -> Holds {
    let beacons: Vec<_> = sends(step).filter(|(_, by_fetch, ..)| !by_fetch).collect();
    is(beacons.is_empty() || *step.input == Input::PageHiding, || {
        "a beacon without a departure".into()
    })?;
    let bytes: usize = beacons.iter().map(|(.., body)| body.len()).sum();
    is(
        beacons.is_empty() || bytes + survivors_bytes(step) <= KEEPALIVE_BYTES_MAX,
        || format!("{bytes} bytes in beacons at once"),
    )?;
    for (id, ..) in beacons {
        let since = step
            .known
            .get(id)
            .and_then(|known| known.beaconed_at)
            .map(|at| step.now.since(at));
        is(since.is_none_or(|ms| ms >= BEACON_INTERVAL_MS), || {
            format!("{id} left by beacon {since:?} ms ago already")
        })?;
        is(view(step.before, id).is_some_and(|was| !survives_the_page(was)), || {
            format!("{id} is in flight and needs no beacon")
        })?;
    }
    Ok(())
}

/// Whether it is under way with `keepalive`.
fn survives_the_page(was: &RecordView) -> bool {
    is_in_flight(was) && was.bytes <= KEEPALIVE_FETCH_BYTES_MAX
}

/// What of the browser's quota is used when the page is left.
fn survivors_bytes(step: &Step) -> usize {
    let survivors = step.before.records.iter().filter(|was| survives_the_page(was));
    survivors.map(|was| was.bytes).sum()
}

/// Whatever waits when the page is hidden leaves by beacon if it fits, and stays in the outbox.
pub fn what_waits_leaves_with_the_page(step: &Step) -> Holds {
    if *step.input != Input::PageHiding || step.now < step.asked_until {
        return Ok(());
    }
    let mut bytes_left = KEEPALIVE_BYTES_MAX - survivors_bytes(step);
    for was in step.before.records.iter().filter(|was| !survives_the_page(was)) {
        let beaconed_at = step.known.get(&was.id).and_then(|known| known.beaconed_at);
        let is_recent = beaconed_at.is_some_and(|at| step.now.since(at) < BEACON_INTERVAL_MS);
        let is_claimed = claimed_until(step, &was.id) > step.now;
        if is_claimed || is_recent || was.bytes > bytes_left {
            continue;
        }
        bytes_left -= was.bytes;
        let left = sends(step).any(|(id, by_fetch, ..)| id == was.id && !by_fetch);
        is(left, || {
            format!("{} waits, fits, and does not leave with the page", was.id)
        })?;
    }
    Ok(())
}

/// A record that is due waits only for one of few places, and for nobody who became due after it: no poisonous record holds
/// another up beyond its own backoff.
pub fn room_is_used_the_oldest_first(step: &Step) -> Holds {
    if step.now < step.after.not_before {
        return Ok(());
    }
    let due = |view: &&RecordView| !is_in_flight(view) && view.next_at <= step.now;
    let Some(waiting) = step.after.records.iter().filter(due).min_by_key(|view| view.next_at) else {
        return Ok(());
    };
    is(in_flight(step.after) == IN_FLIGHT_MAX, || {
        format!("{} is due, there is room, and it waits", waiting.id)
    })?;
    for (id, by_fetch, ..) in sends(step).filter(|(_, by_fetch, ..)| *by_fetch) {
        let overtakes = by_fetch && view(step.after, id).is_some_and(|sent| sent.next_at > waiting.next_at);
        is(!overtakes, || format!("{id} overtakes {}", waiting.id))?;
    }
    Ok(())
}

/// Another tab's record is left to it, for the time of a claim and no longer.
pub fn a_claim_is_respected_and_expires(step: &Step) -> Holds {
    if let Input::RestoredClaimed { record, until } = step.input
        && view(step.before, &record.id).is_none()
        && let Some(taken) = view(step.after, &record.id)
    {
        let expires = (*until).min(step.now.plus(CLAIM_MS));
        let waits = taken.next_at == expires;
        is(waits || is_in_flight(taken), || {
            format!(
                "{} waits until {:?}, its claim until {expires:?}",
                taken.id, taken.next_at
            )
        })?;
        is(!is_in_flight(taken) || expires <= step.now, || {
            format!("{} is sent although another tab claims it", taken.id)
        })?;
    }
    for (id, ..) in sends(step) {
        is(claimed_until(step, id) <= step.now, || {
            format!("{id} is sent although another tab claims it")
        })?;
    }
    Ok(())
}

/// Until when another tab claims a record; the beginning of time if none does.
pub fn claimed_until(step: &Step, id: &str) -> Timestamp {
    step.known
        .get(id)
        .and_then(|known| known.claimed_until)
        .unwrap_or_default()
}
