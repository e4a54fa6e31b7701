//! A failure's minimal story: the same seed with as few faults, visits, purchases and tabs as still fail.

use purchase_core::outbox::{Effect, Event, Input, Lane};

use crate::{Fault, Plan, Totals, run::Failure, run::one};

/// Most sentences that are told; the end of a story matters most.
const SENTENCES_MAX: usize = 120;

/// The story of a failing shopper, in sentences. Empty if the failure is not one shopper's.
pub fn minimal_story(failure: &Failure, plan: Plan) -> Vec<String> {
    let Some(shopper) = failure.shopper else {
        return Vec::new();
    };
    let fails = |plan: Plan| one(failure.seed, shopper, plan, &mut Totals::default(), None).is_err();
    let plan = smallest(plan, fails);
    let mut story = Vec::new();
    let result = one(failure.seed, shopper, plan, &mut Totals::default(), Some(&mut story));
    let left_out = story.len().saturating_sub(SENTENCES_MAX);
    story.drain(..left_out);
    if left_out > 0 {
        story.insert(0, format!("({left_out} sentences left out)"));
    }
    let faults = Fault::ALL.iter().filter(|fault| plan.faults.has(**fault));
    let faults: Vec<_> = faults.map(|fault| fault.words()).collect();
    story.insert(0, format!("With these faults only: {}", faults.join(", ")));
    if let Err(Failure { broken, .. }) = result {
        story.push(format!("Broken: {}: {}", broken.property, broken.detail));
    }
    story
}

/// Takes away whatever can be taken away, until nothing can.
fn smallest(mut plan: Plan, fails: impl Fn(Plan) -> bool) -> Plan {
    loop {
        let fewer_faults = Fault::ALL
            .iter()
            .filter(|fault| plan.faults.has(**fault))
            .map(|fault| Plan {
                faults: plan.faults.without(*fault),
                ..plan
            });
        let smaller = [
            Plan {
                visits_max: plan.visits_max.saturating_sub(1).max(1),
                ..plan
            },
            Plan {
                purchases_max: (plan.purchases_max / 2).max(1),
                ..plan
            },
            Plan {
                tabs_max: plan.tabs_max.saturating_sub(1).max(1),
                ..plan
            },
        ];
        let mut candidates = fewer_faults.chain(smaller).filter(|candidate| *candidate != plan);
        match candidates.find(|candidate| fails(*candidate)) {
            Some(candidate) => plan = candidate,
            None => return plan,
        }
    }
}

/// What happened, without the envelope's text.
pub(crate) fn input_words(input: &Input) -> String {
    match input {
        Input::Restored(record) => format!("restored {}", record.id),
        Input::RestoredClaimed { record, until } => format!("restored {}, claimed until {}", record.id, until.0),
        Input::Enqueue(record) => format!("enqueue {}", record.id),
        other => format!("{other:?}"),
    }
}

/// What is to be done, without the envelope's text.
pub(crate) fn effect_words(effect: &Effect) -> String {
    match effect {
        Effect::Save(record) => format!("save {}", record.id),
        Effect::SaveNotBefore(at) => format!("save not-before {}", at.0),
        Effect::Erase { id } => format!("erase {id}"),
        Effect::Send { id, lane, attempt, .. } => match lane {
            Lane::Fetch { .. } => format!("fetch {id}, attempt {attempt}"),
            Lane::Beacon => format!("beacon {id}, attempt {attempt}"),
        },
        Effect::Report { id, event } => match event {
            Event::Retrying { at, verdict, .. } => format!("report {id}: {verdict:?}, again at {}", at.0),
            event => format!("report {id}: {event:?}"),
        },
    }
}
