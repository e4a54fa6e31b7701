//! localStorage: one key per record, so that tabs never overwrite each other's work.

use purchase_core::{
    outbox::{AGE_MS_MAX, Record, Timestamp},
    wire::{is_record_id, record_from_text, record_to_text},
};
use web_sys::Storage;

use crate::page;

/// Most confirmations that are remembered.
const CONFIRMED_MAX: usize = 100;

/// How long a confirmation is remembered, in milliseconds: 30 days, as long as a record can wait.
const CONFIRMED_MS_MAX: u64 = AGE_MS_MAX;

/// The site's part of this origin's localStorage. Every call copes with storage that is full, denied or gone.
pub struct SiteStorage {
    prefix: String,
}

impl SiteStorage {
    /// The part that belongs to `site`.
    pub fn new(site: &str) -> SiteStorage {
        SiteStorage {
            prefix: format!("purchase-tag:{site}:"),
        }
    }

    /// Every record of a format we know. Others are left alone: they may be a newer release's.
    pub fn records(&self) -> Vec<Record> {
        let Some(storage) = storage() else { return Vec::new() };
        let keys = keys(&storage);
        keys.iter()
            .filter_map(|key| self.record(self.record_id(key)?))
            .collect()
    }

    /// One record.
    pub fn record(&self, id: &str) -> Option<Record> {
        record_from_text(id, &storage()?.get_item(&self.record_key(id)).ok()??)
    }

    /// The id in a record's key; none for any other key.
    pub fn record_id<'k>(&self, key: &'k str) -> Option<&'k str> {
        key.strip_prefix(&self.prefix)?
            .strip_prefix("r:")
            .filter(|id| is_record_id(id))
    }

    /// Writes a record down. False if that is not possible.
    pub fn save(&self, record: &Record) -> bool {
        self.set(&self.record_key(&record.id), &record_to_text(record))
    }

    /// Removes a record. Twice is harmless.
    pub fn erase(&self, id: &str) {
        if let Some(storage) = storage() {
            let _ = storage.remove_item(&self.record_key(id));
        }
    }

    /// Every open checkout and departure, by its key's last part; in which format is for the core to see.
    pub fn checkouts(&self) -> Vec<(String, String)> {
        let Some(storage) = storage() else { return Vec::new() };
        let keys = keys(&storage);
        keys.iter()
            .filter_map(|key| Some((self.checkout_id(key)?.to_owned(), storage.get_item(key).ok()??)))
            .collect()
    }

    /// The id in an open checkout's key; none for any other key.
    pub fn checkout_id<'k>(&self, key: &'k str) -> Option<&'k str> {
        key.strip_prefix(&self.prefix)?
            .strip_prefix("o:")
            .filter(|id| is_record_id(id))
    }

    /// Writes an open checkout down, if that is possible.
    pub fn save_checkout(&self, id: &str, text: &str) {
        self.set(&self.checkout_key(id), text);
    }

    /// Removes an open checkout. Twice is harmless.
    pub fn erase_checkout(&self, id: &str) {
        if let Some(storage) = storage() {
            let _ = storage.remove_item(&self.checkout_key(id));
        }
    }

    /// What this tab left for the gateway last; it can come back from nothing else. Known also after the tab was on other sites.
    pub fn left(&self) -> Option<String> {
        session()?.get_item(&self.left_key()).ok()?
    }

    /// Notes what this tab left for the gateway.
    pub fn note_left(&self, id: &str) {
        if let Some(session) = session() {
            let _ = session.set_item(&self.left_key(), id);
        }
    }

    /// Notes that the collector has this record, so that the page that states it again sends nothing.
    pub fn confirm(&self, id: &str, now: Timestamp) {
        self.set(&self.confirmed_key(id), &now.0.to_string());
    }

    /// Whether the collector confirmed this record to this browser not long ago.
    pub fn is_confirmed(&self, id: &str, now: Timestamp) -> bool {
        let at = || storage()?.get_item(&self.confirmed_key(id)).ok()??.parse().ok();
        at().is_some_and(|at| now.since(Timestamp(at)) < CONFIRMED_MS_MAX)
    }

    /// Removes confirmations that are too old, and the oldest ones if there are too many.
    pub fn prune_confirmed(&self, now: Timestamp) {
        let Some(storage) = storage() else { return };
        let prefix = self.confirmed_key("");
        let stamp = |key: &str| {
            storage
                .get_item(key)
                .ok()
                .flatten()
                .and_then(|text| text.parse().ok())
                .unwrap_or(0)
        };
        let keys = keys(&storage).into_iter().filter(|key| key.starts_with(&prefix));
        let mut found: Vec<(u64, String)> = keys.map(|key| (stamp(&key), key)).collect();
        // One at a time: there is rarely more than one too many, and a sort weighs 4 KB.
        while let Some((index, (at, key))) = found.iter().enumerate().min_by_key(|(_, (at, _))| *at) {
            if found.len() <= CONFIRMED_MAX && now.since(Timestamp(*at)) < CONFIRMED_MS_MAX {
                return;
            }
            let _ = storage.remove_item(key);
            found.swap_remove(index);
        }
    }

    /// The shared stamp.
    pub fn not_before(&self) -> Option<Timestamp> {
        storage()?
            .get_item(&self.not_before_key())
            .ok()??
            .parse()
            .ok()
            .map(Timestamp)
    }

    /// Writes the shared stamp down; without storage it holds for this page only.
    pub fn save_not_before(&self, at: Timestamp) {
        self.set(&self.not_before_key(), &at.0.to_string());
    }

    fn set(&self, key: &str, value: &str) -> bool {
        storage().is_some_and(|storage| storage.set_item(key, value).is_ok())
    }

    fn record_key(&self, id: &str) -> String {
        format!("{}r:{id}", self.prefix)
    }

    fn confirmed_key(&self, id: &str) -> String {
        format!("{}c:{id}", self.prefix)
    }

    fn checkout_key(&self, id: &str) -> String {
        format!("{}o:{id}", self.prefix)
    }

    fn left_key(&self) -> String {
        format!("{}left", self.prefix)
    }

    fn not_before_key(&self) -> String {
        format!("{}not-before", self.prefix)
    }
}

fn keys(storage: &Storage) -> Vec<String> {
    let length = storage.length().unwrap_or(0);
    (0..length)
        .filter_map(|index| storage.key(index).ok().flatten())
        .collect()
}

/// Reading the property itself throws where storage is denied.
fn storage() -> Option<Storage> {
    page::window()?.local_storage().ok().flatten()
}

/// Storage of this tab alone.
fn session() -> Option<Storage> {
    page::window()?.session_storage().ok().flatten()
}
