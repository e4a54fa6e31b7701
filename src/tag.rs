//! The public class.

use std::rc::Rc;

use purchase_core::source::SourceKind;
use wasm_bindgen::prelude::*;

use crate::{driver::Driver, options::Options, store::CrashSafe, verdicts};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

/// Delivers purchases to a collector, over pages, tabs and visits.
///
/// ```js
/// import init, { PurchaseTag } from "./purchase-tag.mjs";
/// await init();
/// const tag = new PurchaseTag({ site: "demo", collector: "https://collector.example" });
/// tag.purchase({ purchase_id: "10023", total_quantity: 3, total_price: "180.75" });
/// ```
#[wasm_bindgen]
pub struct PurchaseTag {
    driver: Rc<Driver>,
}

#[wasm_bindgen]
impl PurchaseTag {
    /// Starts the tag: takes up what earlier pages left unconfirmed and sends it.
    ///
    /// `store` makes it crash-safe and keeps two tabs from sending the same record twice; without it localStorage is all
    /// there is.
    ///
    /// @throws if `site` is missing or malformed, or `collector` is no http(s) address.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "TagOptions")] options: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "RecordStore")] store: JsValue,
    ) -> Result<PurchaseTag, JsError> {
        let driver = Driver::start(Options::read(options)?, CrashSafe::new(store));
        Ok(PurchaseTag { driver })
    }

    /// Changes reading rules for purchases that come later. `site` and `collector` cannot be changed.
    pub fn config(&self, #[wasm_bindgen(unchecked_param_type = "Partial<TagOptions>")] changes: &JsValue) {
        self.driver.options.borrow_mut().change(changes);
    }

    /// Captures one purchase, in the markup's or in camelCase names, and returns its record's id. The record is in
    /// localStorage when this returns. The same purchase given twice is one record.
    ///
    /// @throws if `fields` is no object.
    pub fn purchase(
        &self,
        #[wasm_bindgen(unchecked_param_type = "PurchaseFields")] fields: &JsValue,
    ) -> Result<String, JsError> {
        if !fields.is_object() || js_sys::Array::is_array(fields) {
            return Err(JsError::new("purchase() takes an object with the purchase's fields"));
        }
        let data = js_sys::JSON::stringify(fields)
            .map_err(|_| JsError::new("purchase() takes an object that JSON.stringify can write"))?;
        let (id, envelope) = self.driver.envelope(SourceKind::Call, &String::from(data));
        self.adopt(envelope, None);
        Ok(id)
    }

    /// Takes over an envelope that the loader captured. Twice is harmless. `email` is the buyer's address where the site
    /// asks for its hash: it is hashed before anything is stored.
    pub fn adopt(&self, envelope: String, email: Option<String>) {
        let email = email.and_then(|email| verdicts::hashed(&email));
        self.driver.adopt(envelope, email);
    }

    /// The shopper leaves for a payment gateway: keeps an open checkout until a purchase or nothing comes of it. `text` is what the
    /// loader stored under `id`, `l2 <milliseconds since 1970> <host> <the cart's markup tree or fields as JSON>`; anything else is ignored. Twice
    /// is harmless.
    pub fn leave(&self, id: &str, text: &str) {
        self.driver.leave(id, text);
    }

    /// Sends what waits now, unless the collector asked to wait.
    pub fn flush(&self) {
        self.driver.flush();
    }

    /// Consent was withdrawn: from now on nothing is stored and nothing is sent, what waits is dropped, and what is under way has no
    /// effect when it comes back. What is stored already is the caller's to erase. For good: a later consent takes a new object. Twice is
    /// harmless.
    pub fn forget(&self) {
        self.driver.forget();
    }

    /// What waits in the outbox, and how this page's purchases were judged.
    #[wasm_bindgen(unchecked_return_type = "TagSnapshot")]
    pub fn snapshot(&self) -> JsValue {
        self.driver.snapshot()
    }
}
