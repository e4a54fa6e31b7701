//! The outbox: decides when a captured envelope is saved, sent, sent again and erased.
//!
//! It is a state machine without clock, storage, network or randomness of its own (sans-I/O).
//!
//! # Driving it
//!
//! 1. Something happened: call [`Outbox::handle`] with the time and the [`Input`].
//! 2. Drain [`Outbox::poll_effect`] until it answers none, carrying out each [`Effect`] in order. Results (an answer, a
//!    failing storage) are inputs of their own: go to 1 with them, at once or later.
//! 3. Ask [`Outbox::poll_wake`] and call `handle` with [`Input::Wake`] at that time at the latest. Waking too early, too late
//!    or twice is harmless.
//!
//! # What it promises
//!
//! - A record's [`Effect::Save`] comes before its first [`Effect::Send`].
//! - [`Effect::Erase`] comes only after the collector's own receipt, or after the age limit together with a report.
//! - A beacon is never a confirmation.
//! - No answer, clock step or order of inputs makes it lose a record, stall or panic.

mod backoff;
mod limits;
mod messages;
mod record;
mod snapshot;
mod verdict;

use alloc::{collections::VecDeque, string::String, vec::Vec};

use self::backoff::Jitter;
pub use self::{
    limits::*,
    messages::{Effect, Event, Input, Lane},
    record::{Record, Timestamp},
    snapshot::{RecordState, RecordView, Snapshot},
    verdict::{Answer, ReceiptVerdict, Verdict},
};

/// See the [module's documentation](self).
#[derive(Clone, Debug)]
pub struct Outbox {
    entries: Vec<Entry>,
    not_before: Timestamp,
    jitter: Jitter,
    effects: VecDeque<Effect>,
}

#[derive(Clone, Debug)]
struct Entry {
    record: Record,
    /// When the request in flight is given up; none while waiting.
    in_flight_until: Option<Timestamp>,
    /// Until when another tab is expected to send it; no new chance of this page comes before.
    claimed_until: Timestamp,
    /// Attempts since this outbox was made.
    attempts_here: u32,
    beaconed_at: Option<Timestamp>,
    in_memory_only: bool,
}

impl Outbox {
    /// An empty outbox. `seed` spreads the retries of different pages; equal seeds and inputs give equal effects.
    pub fn new(seed: u64) -> Outbox {
        Outbox {
            entries: Vec::new(),
            not_before: Timestamp(0),
            jitter: Jitter::new(seed),
            effects: VecDeque::new(),
        }
    }

    /// Takes in what happened at `now`. Unknown ids are ignored: another tab may have been faster.
    pub fn handle(&mut self, now: Timestamp, input: Input) {
        self.pull_back(now);
        match input {
            // The first attempt of a visit waits for nothing but a Retry-After: page loads are spread by nature.
            Input::Restored(record) => self.take(now, record, false),
            Input::RestoredClaimed { record, until } => {
                let known = self.entries.len();
                self.take(until.min(now.plus(CLAIM_MS)), record, false);
                for entry in &mut self.entries[known..] {
                    entry.claimed_until = entry.record.next_at;
                }
            }
            Input::Enqueue(record) => self.take(now, record, true),
            Input::RestoredNotBefore(at) => self.restore_not_before(now, at),
            Input::Answered { id, answer } => self.conclude(now, &id, answer.verdict()),
            Input::Unreachable { id } => self.conclude(now, &id, Verdict::Unreachable),
            Input::StorageFailed { id } => self.storage_failed(id),
            Input::ErasedElsewhere { id } => self.entries.retain(|entry| entry.record.id != id),
            Input::PageHiding => self.send_beacons(now),
            Input::PageShown | Input::Online | Input::Flush => self.make_due(now, &input),
            Input::Wake => {}
        }
        self.give_up_hanging(now);
        self.send_due(now);
    }

    /// The next thing to do, in order; none when there is nothing left.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// When to call [`Outbox::handle`] with [`Input::Wake`] at the latest; none if only other inputs can change anything.
    /// Any call of `handle` may change it.
    pub fn poll_wake(&self) -> Option<Timestamp> {
        let has_room = self.in_flight() < IN_FLIGHT_MAX;
        let times = self.entries.iter().filter_map(|entry| match entry.in_flight_until {
            Some(until) => Some(until),
            None => has_room.then_some(entry.record.next_at.max(self.not_before)),
        });
        times.min()
    }

    /// What is in the outbox, without touching it.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            not_before: self.not_before,
            records: self.entries.iter().map(Entry::view).collect(),
        }
    }

    fn take(&mut self, due: Timestamp, mut record: Record, is_new: bool) {
        if self.entries.iter().any(|entry| entry.record.id == record.id) {
            return;
        }
        if record.body.len() > RECORD_BYTES_MAX {
            return self.report(record.id, Event::TooLarge);
        }
        if self.entries.len() >= RECORDS_MAX {
            return self.report(record.id, Event::Full);
        }
        record.next_at = due;
        if is_new {
            self.effects.push_back(Effect::Save(record.clone()));
        }
        self.entries.push(Entry {
            record,
            in_flight_until: None,
            claimed_until: Timestamp(0),
            attempts_here: 0,
            beaconed_at: None,
            in_memory_only: false,
        });
    }

    fn restore_not_before(&mut self, now: Timestamp, at: Timestamp) {
        self.not_before = at.min(now.plus(RETRY_AFTER_MS_MAX));
        // Further away than any Retry-After: the clock stepped back since. Left in storage it would hold back every visit
        // that is shorter than the limit; written down anew it ends.
        if self.not_before < at {
            self.effects.push_back(Effect::SaveNotBefore(self.not_before));
        }
    }

    fn conclude(&mut self, now: Timestamp, id: &str, verdict: Verdict) {
        let Some(index) = self.entries.iter().position(|entry| entry.record.id == id) else {
            return;
        };
        match verdict {
            Verdict::Confirmed => self.finish(index, Event::Registered),
            Verdict::Refused => self.finish(index, Event::Refused),
            verdict => self.retry(now, index, verdict),
        }
    }

    fn finish(&mut self, index: usize, event: Event) {
        let id = self.entries.remove(index).record.id;
        self.effects.push_back(Effect::Erase { id: id.clone() });
        self.report(id, event);
    }

    fn retry(&mut self, now: Timestamp, index: usize, verdict: Verdict) {
        let entry = &mut self.entries[index];
        // The late failure of a request that was given up: its retry is planned already.
        let Some(until) = entry.in_flight_until.take() else {
            return;
        };
        // An answer that was read too late, because the page was frozen, may be days old: what it asks for is over.
        if let Verdict::RetryLater { after_ms: Some(after) } = verdict
            && now <= until
        {
            self.not_before = now.plus(after.min(RETRY_AFTER_MS_MAX));
            self.effects.push_back(Effect::SaveNotBefore(self.not_before));
        }
        // Only after an attempt of this visit failed: a clock that stepped forward must not cost a record its last chance.
        if now.since(entry.record.captured_at) > AGE_MS_MAX {
            return self.finish(index, Event::Expired);
        }
        let base = if verdict == Verdict::WrongConfiguration {
            RETRY_CONFIGURATION_MS
        } else {
            BACKOFF_BASE_MS
        };
        entry.record.next_at = now.plus(self.jitter.backoff(base, entry.attempts_here));
        let (id, at, attempts) = (
            entry.record.id.clone(),
            entry.record.next_at.max(self.not_before),
            entry.record.attempts,
        );
        if !entry.in_memory_only {
            self.effects.push_back(Effect::Save(entry.record.clone()));
        }
        self.report(id, Event::Retrying { at, attempts, verdict });
    }

    fn storage_failed(&mut self, id: String) {
        let Some(entry) = self.entries.iter_mut().find(|entry| entry.record.id == id) else {
            return;
        };
        if !entry.in_memory_only {
            entry.in_memory_only = true;
            self.report(id, Event::NotStored);
        }
    }

    /// What waits leaves as a beacon and stays: a beacon is never a confirmation. What is in flight with `keepalive` survives by
    /// itself.
    fn send_beacons(&mut self, now: Timestamp) {
        if now < self.not_before {
            return;
        }
        let survivors = self.entries.iter().filter(|entry| entry.survives_the_page());
        let bytes: usize = survivors.map(|entry| entry.record.body.len()).sum();
        let mut bytes_left = KEEPALIVE_BYTES_MAX - bytes;
        for entry in &mut self.entries {
            let is_recent = entry.beaconed_at.is_some_and(|at| now.since(at) < BEACON_INTERVAL_MS);
            let is_claimed = now < entry.claimed_until;
            if entry.survives_the_page() || is_claimed || is_recent || entry.record.body.len() > bytes_left {
                continue;
            }
            bytes_left -= entry.record.body.len();
            entry.beaconed_at = Some(now);
            entry.claimed_until = Timestamp(0);
            // Beside a fetch that dies with the page it is another copy of the same attempt.
            entry.attempts_here += u32::from(entry.in_flight_until.is_none());
            entry.record.attempts = entry.record.attempts.saturating_add(1);
            // Should the page stay after all, the beacon gets the time that an answer would have had.
            entry.record.next_at = now.plus(self.jitter.backoff(BACKOFF_BASE_MS, entry.attempts_here));
            self.effects.push_back(Effect::Send {
                id: entry.record.id.clone(),
                lane: Lane::Beacon,
                attempt: entry.record.attempts,
                body: entry.record.body.clone(),
            });
        }
    }

    /// A new chance: what waits becomes due, spread over a moment unless the shop asked for it.
    fn make_due(&mut self, now: Timestamp, input: &Input) {
        // What hung while the page was frozen has its new chance with the others.
        self.give_up_hanging(now);
        for entry in self.entries.iter_mut().filter(|entry| entry.in_flight_until.is_none()) {
            let delay = if *input == Input::Flush {
                0
            } else {
                self.jitter.below(NEW_CHANCE_MS)
            };
            entry.record.next_at = entry.record.next_at.min(now.plus(delay)).max(entry.claimed_until);
        }
    }

    fn give_up_hanging(&mut self, now: Timestamp) {
        while let Some(index) = self
            .entries
            .iter()
            .position(|entry| entry.in_flight_until.is_some_and(|until| until <= now))
        {
            self.retry(now, index, Verdict::Unreachable);
        }
    }

    fn send_due(&mut self, now: Timestamp) {
        if now < self.not_before {
            return;
        }
        let mut room = IN_FLIGHT_MAX.saturating_sub(self.in_flight());
        while room > 0 {
            let waiting = self
                .entries
                .iter_mut()
                .filter(|entry| entry.in_flight_until.is_none() && entry.record.next_at <= now);
            let Some(entry) = waiting.min_by_key(|entry| entry.record.next_at) else {
                return;
            };
            entry.attempts_here += 1;
            entry.record.attempts = entry.record.attempts.saturating_add(1);
            entry.in_flight_until = Some(now.plus(ANSWER_MS_MAX));
            entry.claimed_until = Timestamp(0);
            self.effects.push_back(Effect::Send {
                id: entry.record.id.clone(),
                lane: Lane::Fetch {
                    keepalive: entry.fits_keepalive(),
                },
                attempt: entry.record.attempts,
                body: entry.record.body.clone(),
            });
            room -= 1;
        }
    }

    /// After a clock step nothing may wait longer than it ever could.
    fn pull_back(&mut self, now: Timestamp) {
        self.not_before = self.not_before.min(now.plus(RETRY_AFTER_MS_MAX));
        for entry in &mut self.entries {
            entry.record.next_at = entry.record.next_at.min(now.plus(BACKOFF_MS_MAX));
            entry.claimed_until = entry.claimed_until.min(now.plus(CLAIM_MS));
            entry.in_flight_until = entry.in_flight_until.map(|until| until.min(now.plus(ANSWER_MS_MAX)));
            entry.beaconed_at = entry.beaconed_at.map(|at| at.min(now));
        }
    }

    fn in_flight(&self) -> usize {
        self.entries
            .iter()
            .filter(|entry| entry.in_flight_until.is_some())
            .count()
    }

    fn report(&mut self, id: String, event: Event) {
        self.effects.push_back(Effect::Report { id, event });
    }
}

impl Entry {
    fn fits_keepalive(&self) -> bool {
        self.record.body.len() <= KEEPALIVE_FETCH_BYTES_MAX
    }

    fn survives_the_page(&self) -> bool {
        self.in_flight_until.is_some() && self.fits_keepalive()
    }

    fn view(&self) -> RecordView {
        RecordView {
            id: self.record.id.clone(),
            captured_at: self.record.captured_at,
            attempts: self.record.attempts,
            next_at: self.record.next_at,
            bytes: self.record.body.len(),
            state: match (self.in_flight_until, self.in_memory_only) {
                (Some(_), _) => RecordState::InFlight,
                (None, true) => RecordState::WaitingInMemory,
                (None, false) => RecordState::Waiting,
            },
        }
    }
}
