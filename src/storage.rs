//! localStorage: one key per record, so that tabs never overwrite each other's work.

use purchase_core::{
    outbox::{Record, Timestamp},
    wire::{is_record_id, record_from_text, record_to_text},
};
use web_sys::Storage;

use crate::page;

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
        let length = storage.length().unwrap_or(0);
        let keys: Vec<String> = (0..length)
            .filter_map(|index| storage.key(index).ok().flatten())
            .collect();
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

    fn not_before_key(&self) -> String {
        format!("{}not-before", self.prefix)
    }
}

/// Reading the property itself throws where storage is denied.
fn storage() -> Option<Storage> {
    page::window()?.local_storage().ok().flatten()
}
