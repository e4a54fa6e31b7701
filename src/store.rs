//! The crash-safe store: IndexedDB behind a small JavaScript object (`www/shared/records.js`), because the bindings for
//! IndexedDB itself would weigh more than the rest of the tag's storage.

use js_sys::{Array, Promise, Reflect};
use purchase_core::{
    outbox::{CLAIM_MS, Record, Timestamp},
    wire::{is_record_id, record_from_text},
};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// See `RecordStore` in the type declarations.
    #[wasm_bindgen(typescript_type = "RecordStore")]
    pub type RecordStore;

    #[wasm_bindgen(method, catch)]
    fn put(this: &RecordStore, id: &str, text: &str) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn remove(this: &RecordStore, id: &str) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn claim(this: &RecordStore, now: f64, until: f64) -> Result<Promise, JsValue>;
}

/// Something of the store and who claims it.
pub struct Claimed {
    /// Its key.
    pub id: String,
    /// What it is.
    pub stored: Stored,
    /// Until when another tab claims it; none if this page does now.
    pub until: Option<Timestamp>,
}

/// What lies in the store. Other formats are left alone: they may be a newer release's.
pub enum Stored {
    /// A record of the outbox.
    Record(Record),
    /// An open checkout, or a departure that no module was there to take.
    Checkout(String),
}

/// The store, if there is one. Every call copes with a store that is denied, full or broken.
pub struct CrashSafe(Option<RecordStore>);

impl CrashSafe {
    /// Takes the constructor's argument: anything that is no object counts as none.
    pub fn new(store: JsValue) -> CrashSafe {
        CrashSafe(store.is_object().then(|| store.unchecked_into()))
    }

    /// Begins to write a record down; the answer tells whether it is committed.
    pub fn put(&self, id: &str, text: &str) -> impl Future<Output = bool> + use<> {
        let begun = self.0.as_ref().and_then(|store| store.put(id, text).ok());
        async move {
            match begun {
                Some(promise) => JsFuture::from(promise).await.is_ok_and(|value| value.is_truthy()),
                None => false,
            }
        }
    }

    /// Begins to remove a record. Twice is harmless.
    pub fn remove(&self, id: &str) {
        if let Some(promise) = self.0.as_ref().and_then(|store| store.remove(id).ok()) {
            // A store that rejects against its word must not become an unhandled rejection of the page's.
            wasm_bindgen_futures::spawn_local(async move {
                let _ = JsFuture::from(promise).await;
            });
        }
    }

    /// Claims everything that nobody else claims, and returns all there is; empty without a store.
    pub fn claim(&self, now: Timestamp) -> impl Future<Output = Vec<Claimed>> + use<> {
        let until = now.plus(CLAIM_MS);
        let begun = self
            .0
            .as_ref()
            .and_then(|store| store.claim(now.0 as f64, until.0 as f64).ok());
        async move {
            let Some(promise) = begun else { return Vec::new() };
            let found = JsFuture::from(promise)
                .await
                .ok()
                .and_then(|list| list.dyn_into::<Array>().ok());
            found
                .map(|list| list.iter().filter_map(|row| read(&row)).collect())
                .unwrap_or_default()
        }
    }
}

fn read(row: &JsValue) -> Option<Claimed> {
    let text = |key: &str| Reflect::get(row, &key.into()).ok()?.as_string();
    let id = text("id").filter(|id| is_record_id(id))?;
    let text = text("text")?;
    let stored = match record_from_text(&id, &text) {
        Some(record) => Stored::Record(record),
        None => Stored::Checkout(text),
    };
    let until = Reflect::get(row, &"claimed_until".into())
        .ok()?
        .as_f64()
        .filter(|until| *until > 0.0);
    Some(Claimed {
        id,
        stored,
        until: until.map(|until| Timestamp(until as u64)),
    })
}
