//! The witness of one outbox: remembers what went in and out of it, so that the properties can judge each step.

use std::collections::BTreeMap;

use purchase_core::outbox::*;

use crate::{Broken, properties};

/// What is true in the world, whatever an outbox believes.
pub trait Truth {
    /// The collector has stored the record's purchase.
    fn is_stored(&self, id: &str) -> bool;
    /// The collector has refused the record.
    fn is_refused(&self, id: &str) -> bool;
    /// This is what was captured (or rotted in storage) under this id.
    fn is_captured(&self, id: &str, body: &str) -> bool;
    /// How often the record was sent before this step, by all pages; none if nobody counts.
    fn sends(&self, id: &str) -> Option<u32>;
}

/// One call of `Outbox::handle` with all its effects.
pub struct Step<'a> {
    pub now: Timestamp,
    /// Milliseconds of the world, which no clock jump touches.
    pub elapsed: u64,
    pub input: &'a Input,
    pub effects: &'a [Effect],
    pub before: &'a Snapshot,
    pub after: &'a Snapshot,
    pub wake: Option<Timestamp>,
    /// What was known before this step.
    pub known: &'a BTreeMap<String, Known>,
    /// The collector asked for no request before this.
    pub asked_until: Timestamp,
    /// `Wake` inputs of this hour of the world, this one included.
    pub wakes: u64,
    pub truth: &'a dyn Truth,
}

/// What the witness knows of one record.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The outbox was told of it and has not finished it.
    pub is_here: bool,
    /// It is or was in storage.
    pub is_saved: bool,
    pub is_memory_only: bool,
    pub sends: u32,
    pub attempts: u32,
    pub captured_at: Timestamp,
    pub claimed_until: Option<Timestamp>,
    pub in_flight_until: Option<Timestamp>,
    pub beaconed_at: Option<Timestamp>,
}

pub struct Witness {
    /// As the outbox stood after the last step.
    pub last: Snapshot,
    known: BTreeMap<String, Known>,
    asked_until: Timestamp,
    hour: u64,
    wakes: u64,
    /// Delays of the retries this step planned, in thousandths of the bound each was drawn from.
    pub delays: Vec<u64>,
}

impl Witness {
    pub fn new() -> Witness {
        Witness {
            last: Snapshot {
                not_before: Timestamp(0),
                records: Vec::new(),
            },
            known: BTreeMap::new(),
            asked_until: Timestamp(0),
            hour: 0,
            wakes: 0,
            delays: Vec::new(),
        }
    }

    /// Tells the outbox what happened, takes all effects and checks every property of the step.
    pub fn tell(
        &mut self,
        outbox: &mut Outbox,
        now: Timestamp,
        elapsed: u64,
        input: &Input,
        truth: &dyn Truth,
    ) -> Result<Vec<Effect>, Broken> {
        self.follow_clock(now);
        self.count_wakes(elapsed, input);
        outbox.handle(now, input.clone());
        let effects: Vec<Effect> = std::iter::from_fn(|| outbox.poll_effect()).collect();
        let after = outbox.snapshot();
        let step = Step {
            now,
            elapsed,
            input,
            effects: &effects,
            before: &self.last,
            after: &after,
            wake: outbox.poll_wake(),
            known: &self.known,
            asked_until: self.asked_until,
            wakes: self.wakes,
            truth,
        };
        for (name, holds) in properties::OF_EACH_STEP {
            holds(&step).map_err(|detail| Broken {
                property: name,
                detail: format!("{detail} (at {input:?})"),
            })?;
        }
        self.delays = properties::retry_delays(&step);
        self.note(now, input, &effects, &after);
        self.last = after;
        Ok(effects)
    }

    /// After a step of the clock nothing holds longer than it ever could.
    fn follow_clock(&mut self, now: Timestamp) {
        self.asked_until = self.asked_until.min(now.plus(RETRY_AFTER_MS_MAX));
        for known in self.known.values_mut() {
            let pull = |time: &mut Option<Timestamp>, most: u64| *time = time.map(|time| time.min(now.plus(most)));
            pull(&mut known.in_flight_until, ANSWER_MS_MAX);
            pull(&mut known.claimed_until, CLAIM_MS);
            pull(&mut known.beaconed_at, 0);
        }
    }

    fn count_wakes(&mut self, elapsed: u64, input: &Input) {
        if elapsed / 3_600_000 != self.hour {
            (self.hour, self.wakes) = (elapsed / 3_600_000, 0);
        }
        self.wakes += u64::from(*input == Input::Wake);
    }

    fn note(&mut self, now: Timestamp, input: &Input, effects: &[Effect], after: &Snapshot) {
        self.note_input(now, input, after);
        for effect in effects {
            match effect {
                Effect::Save(record) => self.of(&record.id).is_saved = true,
                Effect::SaveNotBefore(at) => self.asked_until = *at,
                Effect::Erase { id } => *self.of(id) = Known::default(),
                Effect::Send { id, lane, attempt, .. } => {
                    let known = self.of(id);
                    known.sends += 1;
                    known.attempts = *attempt;
                    known.claimed_until = None;
                    match lane {
                        Lane::Beacon => known.beaconed_at = Some(now),
                        Lane::Fetch { .. } => known.in_flight_until = Some(now.plus(ANSWER_MS_MAX)),
                    }
                }
                Effect::Report { id, event } => match event {
                    Event::NotStored => self.of(id).is_memory_only = true,
                    // The request counts as given up; a later send in the same step sets it again.
                    Event::Retrying { .. } => {
                        let known = self.of(id);
                        (known.in_flight_until, known.claimed_until) = (None, None);
                    }
                    _ => {}
                },
            }
        }
    }

    fn note_input(&mut self, now: Timestamp, input: &Input, after: &Snapshot) {
        match input {
            Input::Enqueue(record) | Input::Restored(record) | Input::RestoredClaimed { record, .. } => {
                let is_in = after.records.iter().any(|view| view.id == record.id);
                let known = self.of(&record.id);
                if known.is_here || !is_in {
                    return;
                }
                *known = Known {
                    is_here: true,
                    is_saved: !matches!(input, Input::Enqueue(_)),
                    attempts: record.attempts,
                    captured_at: record.captured_at,
                    ..Known::default()
                };
                if let Input::RestoredClaimed { until, .. } = input {
                    known.claimed_until = Some((*until).min(now.plus(CLAIM_MS)));
                }
            }
            Input::RestoredNotBefore(at) => self.asked_until = (*at).min(now.plus(RETRY_AFTER_MS_MAX)),
            Input::ErasedElsewhere { id } => *self.of(id) = Known::default(),
            _ => {}
        }
    }

    fn of(&mut self, id: &str) -> &mut Known {
        self.known.entry(id.to_owned()).or_default()
    }
}
