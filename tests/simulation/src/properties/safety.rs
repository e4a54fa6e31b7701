//! Nothing is lost, nothing is sent that is not written down, what is over is over.

use purchase_core::outbox::*;

use super::{Holds, is, view};
use crate::witness::Step;

/// A record's `Save` comes before its first `Send`, unless storage had it already.
pub fn nothing_is_sent_unsaved(step: &Step) -> Holds {
    let restored = match step.input {
        Input::Restored(record) | Input::RestoredClaimed { record, .. } => Some(&record.id),
        _ => None,
    };
    let mut saved: Vec<&str> = Vec::new();
    for effect in step.effects {
        match effect {
            Effect::Save(record) => saved.push(&record.id),
            Effect::Send { id, .. } => {
                let was_saved = step
                    .known
                    .get(id)
                    .is_some_and(|known| known.is_saved || known.is_memory_only);
                is(
                    was_saved || restored == Some(id) || saved.contains(&id.as_str()),
                    || format!("{id} is sent and was never saved"),
                )?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// `Erase` comes together with a report, and what the report says is true.
pub fn nothing_is_erased_without_a_verdict(step: &Step) -> Holds {
    for (index, effect) in step.effects.iter().enumerate() {
        match effect {
            Effect::Erase { id } => {
                let Some(Effect::Report { id: reported, event }) = step.effects.get(index + 1) else {
                    return Err(format!("{id} is erased without a report"));
                };
                is(reported == id, || format!("{id} is erased, {reported} is reported"))?;
                is_true(step, id, event)?;
            }
            Effect::Report {
                id,
                event: Event::Registered | Event::Refused | Event::Expired,
            } => {
                let before = index.checked_sub(1).and_then(|index| step.effects.get(index));
                is(before == Some(&Effect::Erase { id: id.clone() }), || {
                    format!("{id} is reported as finished and not erased")
                })?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn is_true(step: &Step, id: &str, event: &Event) -> Holds {
    match event {
        Event::Registered => is(step.truth.is_stored(id), || {
            format!("{id} is erased as registered, the collector does not have it")
        }),
        Event::Refused => is(step.truth.is_refused(id), || {
            format!("{id} is erased as refused, the collector did not refuse it")
        }),
        Event::Expired => {
            let known = step.known.get(id).cloned().unwrap_or_default();
            let age = step.now.since(known.captured_at);
            is(age > AGE_MS_MAX && known.sends > 0, || {
                format!(
                    "{id} is given up at an age of {age} ms after {} attempts of this visit",
                    known.sends
                )
            })
        }
        other => Err(format!("{id} is erased with the report {other:?}")),
    }
}

/// A record leaves the outbox only by `Erase`, or because another tab erased it.
pub fn nothing_vanishes(step: &Step) -> Holds {
    for gone in step
        .before
        .records
        .iter()
        .filter(|was| view(step.after, &was.id).is_none())
    {
        let id = &gone.id;
        let is_erased = step.effects.contains(&Effect::Erase { id: id.clone() });
        let elsewhere = *step.input == Input::ErasedElsewhere { id: id.clone() };
        is(is_erased || elsewhere, || {
            format!("{id} is gone from the outbox without a trace")
        })?;
    }
    Ok(())
}

/// However often it is captured or restored.
pub fn no_record_is_held_twice(step: &Step) -> Holds {
    let mut ids: Vec<&str> = step.after.records.iter().map(|view| view.id.as_str()).collect();
    ids.sort_unstable();
    match ids.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(format!("{} is held twice", pair[0])),
        None => Ok(()),
    }
}

/// A record is taken (and saved, if it is new), or refused loudly and rightly.
pub fn what_is_not_taken_is_reported(step: &Step) -> Holds {
    let (Input::Enqueue(record) | Input::Restored(record) | Input::RestoredClaimed { record, .. }) = step.input else {
        return Ok(());
    };
    let id = &record.id;
    if view(step.before, id).is_some() {
        return Ok(());
    }
    let reported = |event: Event| step.effects.contains(&Effect::Report { id: id.clone(), event });
    if view(step.after, id).is_none() {
        let is_large = record.body.len() > RECORD_BYTES_MAX;
        let is_full = step.before.records.len() == RECORDS_MAX;
        return is(
            (is_large && reported(Event::TooLarge)) || (is_full && reported(Event::Full)),
            || format!("{id} was not taken and nobody was told"),
        );
    }
    let is_saved = matches!(step.effects.first(), Some(Effect::Save(saved)) if saved.id == *id);
    is(is_saved || !matches!(step.input, Input::Enqueue(_)), || {
        format!("the new {id} is not saved")
    })
}

/// Once per record.
pub fn a_failing_storage_is_reported(step: &Step) -> Holds {
    let reports = |id: &String| {
        let event = Event::NotStored;
        let report = Effect::Report { id: id.clone(), event };
        step.effects.iter().filter(|effect| **effect == report).count()
    };
    let Input::StorageFailed { id } = step.input else {
        return Ok(());
    };
    let Some(known) = step.known.get(id).filter(|known| known.is_here) else {
        return Ok(());
    };
    let expected = usize::from(!known.is_memory_only);
    is(reports(id) == expected, || {
        format!("storage failed for {id}: {} reports instead of {expected}", reports(id))
    })
}

/// No effect for a record that was never told, was erased, or was erased by another tab: a refused record never comes back.
pub fn what_is_finished_stays_finished(step: &Step) -> Holds {
    let mut erased: Vec<&String> = Vec::new();
    for effect in step.effects {
        let id = match effect {
            Effect::Erase { id } => {
                erased.push(id);
                continue;
            }
            Effect::Save(Record { id, .. }) | Effect::Send { id, .. } => id,
            Effect::Report {
                id,
                event: Event::Retrying { .. } | Event::NotStored,
            } => id,
            _ => continue,
        };
        let is_here = view(step.before, id).is_some() || view(step.after, id).is_some();
        is(is_here && !erased.contains(&id), || {
            format!("{id} comes back: {}", short(effect))
        })?;
    }
    match step.input {
        Input::ErasedElsewhere { id } => is(view(step.after, id).is_none(), || {
            format!("another tab erased {id}, and it is still here")
        }),
        _ => Ok(()),
    }
}

fn short(effect: &Effect) -> String {
    let text = format!("{effect:?}");
    text.chars().take(160).collect()
}
