//! One shopper's world: the queue of what happens, the device, its pages, the collector, and the truth.

use std::{cmp::Ordering, collections::BinaryHeap};

use purchase_core::outbox::{Input, Timestamp};

use crate::{
    Broken, agenda,
    chance::Chance,
    collector::Collector,
    device::{IndexedDb, LocalStorage, Mode},
    ending,
    faults::Fault,
    network::{Reply, Request, Weather},
    page::Page,
    plan::Plan,
    purchases::Bought,
    totals::Totals,
    witness::Truth,
};

/// The device's clock when the world begins, in milliseconds since 1970, before it is set wrong.
const BEGINNING: u64 = 1_763_726_400_000;

/// Most happenings of one world; more would be a loop, not a story.
const HAPPENINGS_MAX: u64 = 3_000_000;

pub struct World<'w> {
    pub plan: Plan,
    pub chance: Chance,
    /// Milliseconds since the world began.
    pub now: u64,
    /// What the device's clock is wrong by, in milliseconds.
    pub skew: i64,
    pub local: LocalStorage,
    pub indexed: IndexedDb,
    /// Counts the browser's starts: what an earlier one had not committed never is.
    pub boot: u32,
    /// IndexedDB commits in order.
    pub last_commit: u64,
    pub pages: Vec<Page>,
    pub bought: Vec<Bought>,
    pub collector: Collector,
    pub collector_down_until: u64,
    pub weather: Weather,
    /// The faulty time is over.
    pub is_calm: bool,
    /// Values in storage that are no records of ours: key in localStorage, value.
    pub foreign: Vec<(String, String)>,
    pub totals: &'w mut Totals,
    /// Sentences, if somebody wants to read them.
    pub story: Option<&'w mut Vec<String>>,
    queue: BinaryHeap<Entry>,
    happenings: u64,
}

/// Something that happens at a time.
pub enum Happening {
    Opens(agenda::Opening),
    ModuleStarts(usize),
    Claims(usize),
    PutCommits {
        page: usize,
        id: String,
        text: String,
        boot: u32,
        /// Whether localStorage has it.
        is_safe: bool,
    },
    RemoveCommits {
        id: String,
        boot: u32,
    },
    Wakes {
        page: usize,
        setting: u64,
    },
    Told {
        page: usize,
        input: Input,
    },
    Answered {
        page: usize,
        id: String,
        reply: Reply,
        /// What it used of the page's keepalive quota, in bytes.
        quota: usize,
    },
    Arrives(Request),
    Leaves(usize),
    Freezes(usize),
    Thaws(usize),
    Crashes(usize),
    BrowserDies,
    StorageTurns {
        local: Option<Mode>,
        indexed: Option<Mode>,
    },
    StorageRots(Fault),
    ClockJumps(i64),
    CollectorStops {
        until: u64,
    },
    Calm,
    /// The last visit is over. Tabs may still be open.
    Ends,
}

impl World<'_> {
    /// Lives one shopper's world to its end.
    pub fn live(seed: u64, plan: Plan, totals: &mut Totals, story: Option<&mut Vec<String>>) -> Result<(), Broken> {
        let mut world = World {
            plan,
            chance: Chance::new(seed),
            now: 0,
            skew: 0,
            local: LocalStorage::new(),
            indexed: IndexedDb::new(),
            boot: 0,
            last_commit: 0,
            pages: Vec::new(),
            bought: Vec::new(),
            collector: Collector::default(),
            collector_down_until: 0,
            weather: Weather::default(),
            is_calm: false,
            foreign: Vec::new(),
            totals,
            story,
            queue: BinaryHeap::new(),
            happenings: 0,
        };
        agenda::write(&mut world);
        while let Some(Entry { at, what, .. }) = world.queue.pop() {
            world.now = at;
            if matches!(what, Happening::Ends) {
                world.close_silent_pages();
                break;
            }
            world.happens(what)?;
        }
        ending::judge(&mut world)
    }

    /// The device's clock.
    pub fn clock(&self) -> Timestamp {
        Timestamp((BEGINNING + self.now).saturating_add_signed(self.skew))
    }

    pub fn after(&mut self, delay_ms: u64, what: Happening) {
        self.happenings += 1;
        let (at, order) = (self.now + delay_ms, self.happenings);
        self.queue.push(Entry { at, order, what });
    }

    /// Whether a fault that may strike now does: it is in the plan, the time is faulty, and `hits` by chance.
    pub fn strikes(&mut self, fault: Fault, hits: bool) -> bool {
        let strikes = hits && !self.is_calm && self.plan.faults.has(fault);
        self.totals.faults[fault as usize] += u64::from(strikes);
        strikes
    }

    /// Writes a sentence of the story, if somebody wants to read it.
    pub fn say(&mut self, sentence: impl FnOnce() -> String) {
        if let Some(story) = &mut self.story {
            let (s, ms) = (self.now / 1_000, self.now % 1_000);
            let (days, h, min, s) = (s / 86_400, s / 3_600 % 24, s / 60 % 60, s % 60);
            story.push(format!("day {days} {h:02}:{min:02}:{s:02}.{ms:03}  {}", sentence()));
        }
    }

    fn happens(&mut self, what: Happening) -> Result<(), Broken> {
        if self.happenings > HAPPENINGS_MAX {
            return Err(Broken {
                property: "the world comes to an end",
                detail: format!("{HAPPENINGS_MAX} happenings were not enough"),
            });
        }
        let Some(what) = self.deferred_if_frozen(what) else {
            return Ok(());
        };
        match what {
            Happening::Opens(opening) => self.open(opening),
            Happening::ModuleStarts(page) => self.start_module(page)?,
            Happening::Claims(page) => self.restore(page)?,
            Happening::PutCommits {
                page,
                id,
                text,
                boot,
                is_safe,
            } if boot == self.boot => self.commit_put(page, &id, text, is_safe)?,
            Happening::RemoveCommits { id, boot } if boot == self.boot => self.indexed.remove(&id),
            Happening::PutCommits { .. } | Happening::RemoveCommits { .. } | Happening::Ends => {}
            Happening::Wakes { page, setting } => self.wake(page, setting)?,
            Happening::Told { page, input } => self.tell(page, input)?,
            Happening::Answered { page, id, reply, quota } => self.answered(page, id, reply, quota)?,
            Happening::Arrives(request) => self.arrives(request),
            Happening::Leaves(page) => self.leave(page)?,
            Happening::Freezes(page) => self.freeze(page)?,
            Happening::Thaws(page) => self.thaw(page)?,
            Happening::Crashes(page) => self.crash(page),
            Happening::BrowserDies => self.kill_browser("the browser is killed"),
            Happening::StorageTurns { local, indexed } => self.turn_storage(local, indexed),
            Happening::StorageRots(fault) => self.rot_storage(fault),
            Happening::ClockJumps(ms) => {
                self.skew += ms;
                self.say(|| format!("the clock jumps by {ms} ms"));
            }
            Happening::CollectorStops { until } => {
                self.collector_down_until = until;
                self.say(|| "the collector stops".into());
            }
            Happening::Calm => {
                self.is_calm = true;
                self.turn_storage(Some(Mode::Works), Some(Mode::Works));
                self.say(|| "from here on network and storage work".into());
            }
        }
        Ok(())
    }

    pub fn of_id(&mut self, id: &str) -> Option<&mut Bought> {
        self.bought.iter_mut().find(|bought| bought.id == id)
    }
}

/// What the properties may know of a world.
pub struct Facts<'f> {
    pub bought: &'f [Bought],
    pub collector: &'f Collector,
}

impl Truth for Facts<'_> {
    fn is_stored(&self, id: &str) -> bool {
        let bought = self.bought.iter().find(|bought| bought.id == id);
        bought.is_some_and(|bought| self.collector.has(bought))
    }

    fn is_refused(&self, id: &str) -> bool {
        self.collector.refused.contains(id)
    }

    fn is_captured(&self, id: &str, body: &str) -> bool {
        let bought = self.bought.iter().find(|bought| bought.id == id);
        // Rotten records are nobody's capture; their bytes are arbitrary.
        bought.is_none_or(|bought| bought.captures.iter().any(|text| text == body))
    }

    fn sends(&self, id: &str) -> Option<u32> {
        let bought = self.bought.iter().find(|bought| bought.id == id);
        bought.map(|bought| bought.sends)
    }
}

/// Ordered by time, then by when it was planned.
struct Entry {
    at: u64,
    order: u64,
    what: Happening,
}

impl Ord for Entry {
    fn cmp(&self, other: &Entry) -> Ordering {
        (other.at, other.order).cmp(&(self.at, self.order))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Entry) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Entry) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}
