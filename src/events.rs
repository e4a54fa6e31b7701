//! What the shop's page and its developer are told.

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit};

use crate::page;

/// A plain JavaScript value.
pub fn to_js(value: &impl Serialize) -> JsValue {
    value.serialize(&Serializer::json_compatible()).unwrap_or(JsValue::NULL)
}

/// Dispatches `purchase-tag:<name>` on the document. A listener that throws harms nobody else.
pub fn dispatch(name: &str, detail: &impl Serialize) {
    let Some(document) = page::window().and_then(|window| window.document()) else {
        return;
    };
    let init = CustomEventInit::new();
    init.set_detail(&to_js(detail));
    if let Ok(event) = CustomEvent::new_with_event_init_dict(&format!("purchase-tag:{name}"), &init) {
        let _ = document.dispatch_event(&event);
    }
}

/// For what the developer must mend.
pub fn console_error(text: &str) {
    web_sys::console::error_1(&text.into());
}

/// For what the developer should know.
pub fn console_warn(text: &str) {
    web_sys::console::warn_1(&text.into());
}
