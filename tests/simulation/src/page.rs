//! A page: what the loader and the driver do, on the models of the browser. The numbered steps are those of
//! `purchase_core::outbox`.

use std::collections::BTreeSet;

use purchase_core::{
    outbox::{CLAIM_MS, Effect, Event, Input, Outbox, Record, Timestamp},
    wire::{record_from_text, record_to_text},
};

use crate::{
    Broken,
    agenda::Opening,
    chance::Chance,
    faults::Fault,
    witness::Witness,
    world::{Facts, Happening, World},
};

/// Most confirmed ids that are remembered, and how old one may be, in milliseconds.
const CONFIRMED_MAX: usize = 100;
const CONFIRMED_AGE_MS_MAX: u64 = 30 * 24 * 3_600_000;

pub struct Page {
    pub is_alive: bool,
    pub is_hidden: bool,
    pub is_frozen: bool,
    /// What happens to a frozen page happens when it is thawed.
    deferred: Vec<Happening>,
    pub outbox: Option<Outbox>,
    pub witness: Witness,
    /// Captured by the loader, not yet handed to the module.
    pub captures: Vec<Record>,
    /// Counts the timer's settings: an older one does not fire.
    setting: u64,
    /// Bytes of its keepalive requests under way.
    pub keepalive_bytes: usize,
}

impl World<'_> {
    /// The loader: capture in both stores, then fetch the module.
    pub fn open(&mut self, opening: Opening) {
        let page = self.pages.len();
        self.totals.pages += 1;
        self.pages.push(Page {
            is_alive: true,
            is_hidden: false,
            is_frozen: false,
            deferred: Vec::new(),
            outbox: None,
            witness: Witness::new(),
            captures: Vec::new(),
            setting: 0,
            keepalive_bytes: 0,
        });
        let states = opening.states.clone();
        self.say(|| match states.as_slice() {
            [] => format!("page {page} opens"),
            [one] => format!("page {page} opens and states purchase {one}"),
            many => format!("page {page} opens and states {} purchases", many.len()),
        });
        for index in &opening.states {
            self.capture(page, *index);
        }
        if !self.strikes(Fault::ModuleMissing, opening.module_is_missing) {
            self.after(opening.module_ms, Happening::ModuleStarts(page));
        }
        for (at, what) in opening.then {
            self.after(at, what.on(page));
        }
    }

    fn capture(&mut self, page: usize, index: usize) {
        let clock = self.clock();
        let id = self.bought[index].id.clone();
        if self.is_confirmed(&id) {
            return self.say(|| format!("purchase {index} was confirmed on this device: nothing is captured"));
        }
        let body = self.bought[index].capture(clock.0);
        let record = Record {
            id: id.clone(),
            attempts: 0,
            next_at: Timestamp(0),
            captured_at: clock,
            body,
        };
        if self.bought[index].captured_at.is_none() {
            self.bought[index].captured_at = Some(self.now);
            self.totals.captured += 1;
        }
        self.pages[page].captures.push(record.clone());
        let key = format!("r:{id}");
        let text = record_to_text(&record);
        // An earlier record of the same purchase has its delivery history: it stays.
        let is_safe = self.local.get(&key).is_some() || self.write(key, text.clone());
        self.say(|| {
            format!(
                "captures {id}, localStorage {}",
                if is_safe { "has it" } else { "refuses" }
            )
        });
        self.put(page, id, text, true);
    }

    /// The driver's beginning: the shared stamp, this page's captures, then what both stores hold.
    pub fn start_module(&mut self, page: usize) -> Result<(), Broken> {
        if !self.pages[page].is_alive {
            return Ok(());
        }
        self.say(|| format!("page {page}: the module starts"));
        self.pages[page].outbox = Some(Outbox::new(self.chance.any()));
        self.prune_confirmed();
        if let Some(at) = self.local.get("not-before").and_then(|text| text.parse().ok()) {
            self.tell(page, Input::RestoredNotBefore(Timestamp(at)))?;
        }
        for mut record in self.pages[page].captures.clone() {
            if self.is_confirmed(&record.id) {
                continue;
            }
            record.attempts = self.stored(&record.id).map_or(0, |stored| stored.attempts);
            self.tell(page, Input::Enqueue(record))?;
        }
        // From here on the outbox has them, or was told and reported why not.
        self.pages[page].captures.clear();
        let slow = self.chance.one_in(20);
        let delay = self.chance.magnitude(1, if slow { 2_000 } else { 40 });
        self.after(delay, Happening::Claims(page));
        Ok(())
    }

    /// The union of both stores, by id.
    pub fn restore(&mut self, page: usize) -> Result<(), Broken> {
        if !self.pages[page].is_alive {
            return Ok(());
        }
        let now = self.clock().0;
        let claimed = self.indexed.claim(now, now + CLAIM_MS);
        let in_indexed: BTreeSet<&String> = claimed.iter().map(|claimed| &claimed.id).collect();
        let only_local = self.local.keys("r:").into_iter().filter(|id| !in_indexed.contains(id));
        let mut inputs: Vec<Input> = only_local
            .filter_map(|id| self.stored(&id).map(Input::Restored))
            .collect();
        for claimed in &claimed {
            let from_indexed = || record_from_text(&claimed.id, &claimed.text);
            let Some(record) = self.stored(&claimed.id).or_else(from_indexed) else {
                continue;
            };
            inputs.push(match claimed.claimed_until {
                0 => Input::Restored(record),
                until => Input::RestoredClaimed {
                    record,
                    until: Timestamp(until),
                },
            });
        }
        for input in inputs {
            self.tell(page, input)?;
        }
        Ok(())
    }

    /// Steps 1 to 3 of the outbox's contract; nothing if the page or its module is gone.
    pub fn tell(&mut self, page: usize, input: Input) -> Result<(), Broken> {
        let (now, elapsed) = (self.clock(), self.now);
        let Page {
            is_alive: true,
            outbox: Some(outbox),
            witness,
            ..
        } = &mut self.pages[page]
        else {
            return Ok(());
        };
        let truth = Facts {
            bought: &self.bought,
            collector: &self.collector,
        };
        if let Some(story) = &mut self.story {
            story.push(format!("    page {page} <- {}", crate::shrink::input_words(&input)));
        }
        let effects = witness.tell(outbox, now, elapsed, &input, &truth)?;
        self.totals.steps += 1;
        self.totals.retries += witness.delays.len() as u64;
        self.totals.delay_thousandths += witness.delays.iter().sum::<u64>();
        for effect in effects {
            let hits = self.chance.one_in(400);
            if self.strikes(Fault::KillAtEffect, hits) {
                self.kill_browser("the browser is killed between two effects");
                return Ok(());
            }
            if let Effect::Save(Record { id, .. }) | Effect::Send { id, .. } = &effect
                && self.is_confirmed(id)
            {
                let id = id.clone();
                self.erase(page, id.clone());
                self.tell(page, Input::ErasedElsewhere { id })?;
            } else {
                self.carry_out(page, effect);
            }
        }
        let wake = self.pages[page].outbox.as_ref().and_then(Outbox::poll_wake);
        self.set_timer(page, wake);
        Ok(())
    }

    fn carry_out(&mut self, page: usize, effect: Effect) {
        self.say(|| format!("    page {page} -> {}", crate::shrink::effect_words(&effect)));
        match effect {
            Effect::Save(record) => {
                let text = record_to_text(&record);
                let is_safe = self.write(format!("r:{}", record.id), text.clone());
                self.put(page, record.id, text, is_safe);
            }
            Effect::SaveNotBefore(at) => {
                self.write("not-before".into(), at.0.to_string());
            }
            Effect::Erase { id } => self.erase(page, id),
            Effect::Send {
                id,
                lane,
                attempt: _,
                body,
            } => self.send(page, id, lane, body),
            Effect::Report { id, event } => self.reported(id, &event),
        }
    }

    fn erase(&mut self, page: usize, id: String) {
        let durable_at = self.durable_at();
        if self.local.remove(durable_at, &format!("r:{id}")) {
            let others = (0..self.pages.len()).filter(|other| *other != page && self.pages[*other].is_alive);
            for other in others.collect::<Vec<_>>() {
                let input = Input::ErasedElsewhere { id: id.clone() };
                let delay = self.chance.between(1, 20);
                self.after(delay, Happening::Told { page: other, input });
            }
        }
        let (delay, boot) = (self.commit_delay(), self.boot);
        self.after(delay, Happening::RemoveCommits { id, boot });
    }

    fn reported(&mut self, id: String, event: &Event) {
        let now = self.clock().0;
        if *event == Event::Registered {
            self.write(format!("c:{id}"), now.to_string());
        }
        if let Some(bought) = self.of_id(&id) {
            bought.expired |= *event == Event::Expired;
            bought.too_large |= *event == Event::TooLarge;
        }
    }

    fn set_timer(&mut self, page: usize, wake: Option<Timestamp>) {
        let now = self.clock();
        let state = &mut self.pages[page];
        state.setting += 1;
        let (setting, is_hidden) = (state.setting, state.is_hidden);
        if let Some(at) = wake {
            // Browsers run the timers of a hidden page late.
            let late = if is_hidden {
                self.chance.magnitude(1, 60_000)
            } else {
                self.chance.below(5)
            };
            self.after(at.since(now) + late, Happening::Wakes { page, setting });
        }
    }

    pub fn wake(&mut self, page: usize, setting: u64) -> Result<(), Broken> {
        match self.pages[page].setting == setting {
            true => self.tell(page, Input::Wake),
            false => Ok(()),
        }
    }

    /// A frozen page runs nothing; what concerns it waits.
    pub fn deferred_if_frozen(&mut self, what: Happening) -> Option<Happening> {
        let page = match &what {
            Happening::ModuleStarts(page)
            | Happening::Claims(page)
            | Happening::Wakes { page, .. }
            | Happening::Told { page, .. }
            | Happening::Answered { page, .. } => *page,
            _ => return Some(what),
        };
        let state = &mut self.pages[page];
        if state.is_alive && state.is_frozen {
            state.deferred.push(what);
            return None;
        }
        Some(what)
    }

    pub fn freeze(&mut self, page: usize) -> Result<(), Broken> {
        if !self.strikes(Fault::Freeze, self.pages[page].is_alive) {
            return Ok(());
        }
        self.pages[page].is_hidden = true;
        self.tell(page, Input::PageHiding)?;
        self.pages[page].is_frozen = true;
        self.say(|| format!("page {page} is frozen"));
        Ok(())
    }

    pub fn thaw(&mut self, page: usize) -> Result<(), Broken> {
        let state = &mut self.pages[page];
        if !state.is_alive || !state.is_frozen {
            return Ok(());
        }
        (state.is_frozen, state.is_hidden) = (false, false);
        for what in std::mem::take(&mut state.deferred) {
            self.after(0, what);
        }
        self.say(|| format!("page {page} is thawed"));
        self.tell(page, Input::PageShown)
    }

    /// A transaction of IndexedDB; the first of a browser's life waits for the database to open.
    fn put(&mut self, page: usize, id: String, text: String, is_safe: bool) {
        if let Some(bought) = self.of_id(&id) {
            bought.puts_pending += 1;
        }
        let (delay, boot) = (self.commit_delay(), self.boot);
        self.after(
            delay,
            Happening::PutCommits {
                page,
                id,
                text,
                boot,
                is_safe,
            },
        );
    }

    pub fn commit_put(&mut self, page: usize, id: &str, text: String, is_safe: bool) -> Result<(), Broken> {
        if let Some(bought) = self.of_id(id) {
            bought.puts_pending -= 1;
        }
        if !self.indexed.put(id, text) {
            self.notice_losses("IndexedDB refuses");
            if !is_safe {
                return self.tell(page, Input::StorageFailed { id: id.to_owned() });
            }
        }
        Ok(())
    }

    fn commit_delay(&mut self) -> u64 {
        let is_cold = self.last_commit == 0;
        let delay = if is_cold {
            self.chance.between(50, 200)
        } else {
            self.chance.magnitude(1, 8)
        };
        self.last_commit = self.last_commit.max(self.now + delay);
        self.last_commit - self.now
    }

    /// Into localStorage. The disk sees it at once, or seconds later, or in a busy shop after a minute.
    fn write(&mut self, key: String, value: String) -> bool {
        let durable_at = self.durable_at();
        self.local.set(durable_at, key, value)
    }

    fn durable_at(&mut self) -> u64 {
        self.now + self.chance.magnitude(500, 60_000)
    }

    fn stored(&self, id: &str) -> Option<Record> {
        record_from_text(id, self.local.get(&format!("r:{id}"))?)
    }

    fn is_confirmed(&self, id: &str) -> bool {
        let at = self
            .local
            .get(&format!("c:{id}"))
            .and_then(|text| text.parse::<u64>().ok());
        at.is_some_and(|at| self.clock().0.abs_diff(at) <= CONFIRMED_AGE_MS_MAX)
    }

    fn prune_confirmed(&mut self) {
        let ids = self.local.keys("c:");
        let excess = ids.len().saturating_sub(CONFIRMED_MAX);
        let old: Vec<String> = ids
            .iter()
            .filter(|id| !self.is_confirmed(id))
            .chain(ids.iter().take(excess))
            .cloned()
            .collect();
        for id in old {
            let durable_at = self.durable_at();
            self.local.remove(durable_at, &format!("c:{id}"));
        }
    }
}

/// What a page does later, before it is known which page it is.
#[derive(Clone, Debug)]
pub enum Later {
    Told(Input),
    Freezes,
    Thaws,
    Crashes,
    Leaves,
}

impl Later {
    fn on(self, page: usize) -> Happening {
        match self {
            Later::Told(input) => Happening::Told { page, input },
            Later::Freezes => Happening::Freezes(page),
            Later::Thaws => Happening::Thaws(page),
            Later::Crashes => Happening::Crashes(page),
            Later::Leaves => Happening::Leaves(page),
        }
    }

    /// Somewhere in a page's stay.
    pub fn at(self, chance: &mut Chance, stay_ms: u64) -> (u64, Later) {
        (chance.below(stay_ms.max(1)), self)
    }
}
