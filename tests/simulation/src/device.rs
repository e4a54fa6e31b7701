//! A device's two stores: localStorage, which a kill robs of its last seconds, and IndexedDB, which is late but durable.

use std::collections::{BTreeMap, VecDeque};

/// Whether a store does its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Works,
    /// What is there can be read and removed, nothing can be written.
    Full,
    /// Every access fails; what is there stays there.
    Denied,
}

/// localStorage. Every tab sees a write at once; the disk sees it some seconds later.
pub struct LocalStorage {
    pub mode: Mode,
    visible: BTreeMap<String, String>,
    durable: BTreeMap<String, String>,
    /// In order: when it is on disk, key, value (none: removed).
    pending: VecDeque<(u64, String, Option<String>)>,
}

impl LocalStorage {
    pub fn new() -> LocalStorage {
        LocalStorage {
            mode: Mode::Works,
            visible: BTreeMap::new(),
            durable: BTreeMap::new(),
            pending: VecDeque::new(),
        }
    }

    /// What a page reads.
    pub fn get(&self, key: &str) -> Option<&str> {
        (self.mode != Mode::Denied).then(|| self.peek(key))?
    }

    /// What is really there, also while access is denied.
    pub fn peek(&self, key: &str) -> Option<&str> {
        self.visible.get(key).map(String::as_str)
    }

    /// The part after `prefix` of every key that begins with it, as a page reads it.
    pub fn keys(&self, prefix: &str) -> Vec<String> {
        if self.mode == Mode::Denied {
            return Vec::new();
        }
        let keys = self.visible.keys();
        keys.filter_map(|key| key.strip_prefix(prefix).map(str::to_owned))
            .collect()
    }

    /// False if the store refuses.
    pub fn set(&mut self, durable_at: u64, key: String, value: String) -> bool {
        if self.mode != Mode::Works {
            return false;
        }
        self.pending.push_back((durable_at, key.clone(), Some(value.clone())));
        self.visible.insert(key, value);
        true
    }

    /// Whether there was something to remove.
    pub fn remove(&mut self, durable_at: u64, key: &str) -> bool {
        if self.mode == Mode::Denied || self.visible.remove(key).is_none() {
            return false;
        }
        self.pending.push_back((durable_at, key.to_owned(), None));
        true
    }

    /// Puts a value on the disk itself, as no page would.
    pub fn rot(&mut self, key: String, value: String) {
        self.pending.retain(|(_, pending, _)| *pending != key);
        self.durable.insert(key.clone(), value.clone());
        self.visible.insert(key, value);
    }

    /// The browser's processes die at `now`: only what is on disk is left.
    pub fn kill(&mut self, now: u64) {
        for (durable_at, key, value) in std::mem::take(&mut self.pending) {
            // In order: what is behind an unwritten change is unwritten, too.
            if durable_at > now {
                break;
            }
            match value {
                Some(value) => self.durable.insert(key, value),
                None => self.durable.remove(&key),
            };
        }
        self.visible = self.durable.clone();
    }
}

/// IndexedDB, as `www/shared/records.js` uses it. When an operation commits is the world's business.
pub struct IndexedDb {
    pub mode: Mode,
    records: BTreeMap<String, Kept>,
}

struct Kept {
    text: String,
    claimed_until: u64,
}

/// What a claim answers for one record: 0 if it is the caller's now.
pub struct Claimed {
    pub id: String,
    pub text: String,
    pub claimed_until: u64,
}

impl IndexedDb {
    pub fn new() -> IndexedDb {
        IndexedDb {
            mode: Mode::Works,
            records: BTreeMap::new(),
        }
    }

    pub fn put(&mut self, id: &str, text: String) -> bool {
        if self.mode != Mode::Works {
            return false;
        }
        let claimed_until = self.records.get(id).map_or(0, |kept| kept.claimed_until);
        self.records.insert(id.to_owned(), Kept { text, claimed_until });
        true
    }

    pub fn remove(&mut self, id: &str) {
        if self.mode != Mode::Denied {
            self.records.remove(id);
        }
    }

    pub fn claim(&mut self, now: u64, until: u64) -> Vec<Claimed> {
        if self.mode == Mode::Denied {
            return Vec::new();
        }
        // A full store cannot write the claim down; the records are still there to be read.
        let may_write = self.mode == Mode::Works;
        let claim = |(id, kept): (&String, &mut Kept)| {
            let is_free = kept.claimed_until <= now;
            if is_free && may_write {
                kept.claimed_until = until;
            }
            Claimed {
                id: id.clone(),
                text: kept.text.clone(),
                claimed_until: if is_free { 0 } else { kept.claimed_until },
            }
        };
        self.records.iter_mut().map(claim).collect()
    }

    /// What is really there, also while access is denied.
    pub fn peek(&self, id: &str) -> Option<&str> {
        self.records.get(id).map(|kept| kept.text.as_str())
    }

    /// Puts a value in as no page would.
    pub fn rot(&mut self, id: String, text: String) {
        let claimed_until = 0;
        self.records.insert(id, Kept { text, claimed_until });
    }
}
