//! Small worlds, all of them: one or two records and every sequence of what can happen, up to a depth.
//!
//! The generator is that of <https://matklad.github.io/2021/11/07/generate-all-the-things.html>.

use std::thread;

use purchase_core::{
    outbox::*,
    wire::{Outcome, ReceiptView, answer, record_from_text, record_to_text},
};

use crate::{
    Broken,
    collector::receipt,
    shrink::{effect_words, input_words},
    witness::{Truth, Witness},
};

/// Records and depth of the worlds that are enumerated.
const SIZES: [(usize, u32); 2] = [(1, 5), (2, 4)];

const START: u64 = 1_763_726_400_000;

/// How much was tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Enumerated {
    /// Worlds.
    pub worlds: u64,
    /// Calls of `Outbox::handle`.
    pub steps: u64,
}

/// Lives every small world.
///
/// # Errors
/// The story of the first one in which a property does not hold.
pub fn every_small_world() -> Result<Enumerated, Vec<String>> {
    let results = thread::scope(|scope| {
        let threads = SIZES.map(|(records, depth)| scope.spawn(move || every_world_of(records, depth)));
        threads.map(|thread| thread.join().unwrap_or_else(|_| Err(vec!["The core panics.".into()])))
    });
    let mut sum = Enumerated::default();
    for enumerated in results {
        let Enumerated { worlds, steps } = enumerated?;
        sum.worlds += worlds;
        sum.steps += steps;
    }
    Ok(sum)
}

fn every_world_of(records: usize, depth: u32) -> Result<Enumerated, Vec<String>> {
    let mut enumerated = Enumerated::default();
    let mut choices = Choices::default();
    while choices.has_more() {
        let mut world = SmallWorld::new(records);
        let result = world.live(&mut choices, depth);
        enumerated.worlds += 1;
        enumerated.steps += world.steps;
        if let Err(broken) = result {
            let mut world = SmallWorld::new(records);
            world.story = Some(Vec::new());
            choices.again();
            // The same choices, told aloud.
            let _ = world.live(&mut choices, depth);
            let mut story = world.story.unwrap_or_default();
            story.push(format!("Broken: {}: {}", broken.property, broken.detail));
            return Err(story);
        }
    }
    Ok(enumerated)
}

/// Every sequence of choices, one after the other: the last one that can be raised is raised, those behind it begin anew.
#[derive(Default)]
struct Choices {
    has_begun: bool,
    /// Each choice and its bound.
    made: Vec<(u32, u32)>,
    at: usize,
}

impl Choices {
    fn has_more(&mut self) -> bool {
        self.at = 0;
        if !std::mem::replace(&mut self.has_begun, true) {
            return true;
        }
        while let Some((choice, bound)) = self.made.pop() {
            if choice + 1 < bound {
                self.made.push((choice + 1, bound));
                return true;
            }
        }
        false
    }

    fn again(&mut self) {
        self.at = 0;
    }

    fn below(&mut self, bound: u32) -> u32 {
        if self.at == self.made.len() {
            self.made.push((0, bound));
        }
        self.at += 1;
        self.made[self.at - 1].0
    }
}

/// Everything that can happen at one step; most of it to one record.
#[derive(Clone, Copy, Debug)]
enum Turn {
    Wakes,
    Confirms,
    Refuses,
    AsksToWait,
    HasNoReceipt,
    ForbidsIt,
    ShowsAnothersReceipt,
    IsUnreachable,
    StorageFails,
    IsErasedElsewhere,
    Hides,
    Shows,
    IsKilled,
    IsKilledBeforeEffect,
    ClockFallsBack,
}

const TURNS: [Turn; 15] = [
    Turn::Wakes,
    Turn::Confirms,
    Turn::Refuses,
    Turn::AsksToWait,
    Turn::HasNoReceipt,
    Turn::ForbidsIt,
    Turn::ShowsAnothersReceipt,
    Turn::IsUnreachable,
    Turn::StorageFails,
    Turn::IsErasedElsewhere,
    Turn::Hides,
    Turn::Shows,
    Turn::IsKilled,
    Turn::IsKilledBeforeEffect,
    Turn::ClockFallsBack,
];

/// One tab after the other, one store that keeps what it took, and a collector of which the story decides what it answers.
struct SmallWorld {
    now: u64,
    /// Never falls back.
    elapsed: u64,
    outbox: Outbox,
    witness: Witness,
    records: Vec<Record>,
    /// By record: its text.
    stored: Vec<Option<String>>,
    not_before: Option<Timestamp>,
    /// The next effect is not carried out: the browser dies before it.
    dies_soon: bool,
    judged: Judged,
    steps: u64,
    story: Option<Vec<String>>,
}

/// What the collector did with each record.
#[derive(Default)]
struct Judged {
    stored: Vec<String>,
    refused: Vec<String>,
}

impl Truth for Judged {
    fn is_stored(&self, id: &str) -> bool {
        self.stored.iter().any(|stored| stored == id)
    }

    fn is_refused(&self, id: &str) -> bool {
        self.refused.iter().any(|refused| refused == id)
    }

    fn is_captured(&self, id: &str, body: &str) -> bool {
        body == body_of(id)
    }

    fn sends(&self, _id: &str) -> Option<u32> {
        None
    }
}

fn body_of(id: &str) -> String {
    format!("{{\"id\":\"{id}\"}}")
}

impl SmallWorld {
    fn new(records: usize) -> SmallWorld {
        let record = |index: usize| Record {
            id: ["a", "b"][index].into(),
            attempts: 0,
            next_at: Timestamp(0),
            captured_at: Timestamp(START),
            body: body_of(["a", "b"][index]),
        };
        SmallWorld {
            now: START,
            elapsed: 0,
            outbox: Outbox::new(1),
            witness: Witness::new(),
            records: (0..records).map(record).collect(),
            stored: vec![None; records],
            not_before: None,
            dies_soon: false,
            judged: Judged::default(),
            steps: 0,
            story: None,
        }
    }

    fn live(&mut self, choices: &mut Choices, depth: u32) -> Result<(), Broken> {
        for record in self.records.clone() {
            self.tell(Input::Enqueue(record))?;
        }
        for _ in 0..depth {
            let turn = TURNS[choices.below(TURNS.len() as u32) as usize];
            let which = choices.below(self.records.len() as u32) as usize;
            self.turn(turn, which)?;
        }
        self.end()
    }

    fn turn(&mut self, turn: Turn, which: usize) -> Result<(), Broken> {
        self.say(|| format!("{turn:?}, record {which}"));
        let id = self.records[which].id.clone();
        let receipt_of = |outcome, id: &str| receipt(id, outcome);
        match turn {
            Turn::Wakes => {
                let wake = self.outbox.poll_wake().map_or(self.now, |at| at.0);
                self.pass(wake.saturating_sub(self.now));
                self.tell(Input::Wake)
            }
            Turn::Confirms => self.judge(&id, Outcome::Accepted),
            Turn::Refuses => self.judge(&id, Outcome::Refused),
            Turn::AsksToWait => self.answer(&id, 503, Some(60_000), ""),
            Turn::HasNoReceipt => self.answer(&id, 200, None, "<html>"),
            Turn::ForbidsIt => self.answer(&id, 422, None, "{\"error\":\"no\"}"),
            Turn::ShowsAnothersReceipt => self.answer(&id, 201, None, &receipt_of(Outcome::Accepted, "c")),
            Turn::IsUnreachable => self.tell(Input::Unreachable { id }),
            Turn::StorageFails => self.tell(Input::StorageFailed { id }),
            // Another tab erases only what is judged.
            Turn::IsErasedElsewhere => {
                self.note(&id, Outcome::Accepted);
                self.stored[which] = None;
                self.tell(Input::ErasedElsewhere { id })
            }
            Turn::Hides => self.tell(Input::PageHiding),
            Turn::Shows => self.tell(Input::PageShown),
            Turn::IsKilled => self.restart(),
            Turn::IsKilledBeforeEffect => {
                self.dies_soon = true;
                Ok(())
            }
            Turn::ClockFallsBack => {
                self.now -= 400 * 24 * 3_600_000;
                Ok(())
            }
        }
    }

    fn judge(&mut self, id: &str, outcome: Outcome) -> Result<(), Broken> {
        let outcome = self.note(id, outcome);
        let status = if outcome == Outcome::Refused { 422 } else { 201 };
        self.answer(id, status, None, &receipt(id, outcome))
    }

    /// A collector never changes its mind.
    fn note(&mut self, id: &str, outcome: Outcome) -> Outcome {
        if self.judged.is_refused(id) || (outcome == Outcome::Refused && !self.judged.is_stored(id)) {
            self.judged.refused.push(id.to_owned());
            return Outcome::Refused;
        }
        self.judged.stored.push(id.to_owned());
        Outcome::Accepted
    }

    fn answer(&mut self, id: &str, status: u16, retry_after_ms: Option<u64>, body: &str) -> Result<(), Broken> {
        let receipt = ReceiptView::read(body);
        let answer = answer(id, status, retry_after_ms, receipt.as_ref());
        self.tell(Input::Answered {
            id: id.to_owned(),
            answer,
        })
    }

    fn tell(&mut self, input: Input) -> Result<(), Broken> {
        self.steps += 1;
        self.say(|| format!("    <- {}", input_words(&input)));
        let now = Timestamp(self.now);
        let effects = self
            .witness
            .tell(&mut self.outbox, now, self.elapsed, &input, &self.judged)?;
        for effect in effects {
            if std::mem::take(&mut self.dies_soon) {
                return self.restart();
            }
            self.say(|| format!("    -> {}", effect_words(&effect)));
            let place = |id: &str| self.records.iter().position(|record| record.id == *id);
            match effect {
                Effect::Save(record) => {
                    if let Some(place) = place(&record.id) {
                        self.stored[place] = Some(record_to_text(&record));
                    }
                }
                Effect::SaveNotBefore(at) => self.not_before = Some(at),
                Effect::Erase { id } => {
                    if let Some(place) = place(&id) {
                        self.stored[place] = None;
                    }
                }
                Effect::Send { .. } | Effect::Report { .. } => {}
            }
        }
        Ok(())
    }

    /// The browser dies and another page opens, a second later.
    fn restart(&mut self) -> Result<(), Broken> {
        self.say(|| "    killed, another page opens".into());
        self.pass(1_000);
        self.outbox = Outbox::new(2);
        self.witness = Witness::new();
        if let Some(at) = self.not_before {
            self.tell(Input::RestoredNotBefore(at))?;
        }
        for index in 0..self.records.len() {
            let text = self.stored[index].clone().unwrap_or_default();
            if let Some(record) = record_from_text(&self.records[index].id, &text) {
                self.tell(Input::Restored(record))?;
            }
        }
        Ok(())
    }

    /// From here on every request is answered. Whatever storage still holds, and was not judged before, arrives in a few visits
    /// that are shorter than the longest `Retry-After`.
    fn end(&mut self) -> Result<(), Broken> {
        self.dies_soon = false;
        for _ in 0..3 {
            self.pass(RETRY_AFTER_MS_MAX);
            self.restart()?;
            for _ in 0..8 {
                for view in self.witness.last.records.clone() {
                    if view.state == RecordState::InFlight {
                        self.judge(&view.id, Outcome::Accepted)?;
                    }
                }
                let wake = self.outbox.poll_wake().map_or(0, |at| at.0.saturating_sub(self.now));
                if wake == 0 || wake > BACKOFF_MS_MAX {
                    break;
                }
                self.pass(wake);
                self.tell(Input::Wake)?;
            }
        }
        let left = self.stored.iter().flatten().count();
        match left {
            0 => Ok(()),
            left => Err(Broken {
                property: "every captured purchase has arrived",
                detail: format!("{left} records are still in storage"),
            }),
        }
    }

    fn pass(&mut self, ms: u64) {
        self.now += ms;
        self.elapsed += ms;
    }

    fn say(&mut self, sentence: impl FnOnce() -> String) {
        if let Some(story) = &mut self.story {
            story.push(sentence());
        }
    }
}
