//! The two ways out of a page: fetch, whose answer is readable, and the beacon, which answers nothing.

use gloo_net::http::{Method, RequestBuilder, Response};
use js_sys::{Object, Promise, Reflect};
use purchase_core::{
    outbox::{ANSWER_MS_MAX, Answer, Timestamp},
    wire::{ReceiptView, answer},
};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Request, RequestCredentials, RequestInit};

use crate::page;

/// Longest answer that is read, in bytes; a receipt is far smaller.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;

#[wasm_bindgen]
extern "C" {
    // gloo-net's own `send` has no way to survive a page that replaced `fetch` by a function that throws, or whose promise
    // rejects with something that is no Error: it would panic. So the call itself is ours, requests and responses gloo-net's.
    #[wasm_bindgen(catch, js_name = "fetch")]
    fn page_fetch(request: &Request) -> Result<JsValue, JsValue>;
}

/// Posts an envelope and waits for the answer. None if nothing readable came back.
pub async fn post(url: &str, id: &str, body: &str, keepalive: bool) -> Option<(Answer, Option<ReceiptView>)> {
    let (status, retry_after_ms, text) = exchange(request(url, body, keepalive)?).await?;
    let receipt = text.and_then(|text| ReceiptView::read(&text));
    Some((answer(id, status, retry_after_ms, receipt.as_ref()), receipt))
}

/// Asks an address of the shop for JSON, with the page's cookies if it is the page's own origin; waits `limit_ms` milliseconds at most. Answers
/// status, `Retry-After` in milliseconds and body; none if nothing readable came back.
pub async fn ask(url: &str, limit_ms: u64) -> Option<(u16, Option<u64>, String)> {
    let request = RequestBuilder::new(url)
        .credentials(RequestCredentials::SameOrigin)
        .header("accept", "application/json")
        .build()
        .ok()?;
    let init = RequestInit::new();
    if let Some(signal) = abort_after(limit_ms) {
        Reflect::set(&init, &"signal".into(), &signal).ok()?;
    }
    let request = Request::new_with_request_and_init(&request.into(), &init).ok()?;
    let (status, retry_after_ms, body) = exchange(request).await?;
    Some((status, retry_after_ms, body?))
}

/// An address with parameters added to those it has.
pub fn with_parameters(url: &str, parameters: impl Iterator<Item = (&'static str, String)>) -> String {
    let (path, fragment) = url.split_once('#').unwrap_or((url, ""));
    let mut out = path.to_owned();
    for (name, value) in parameters {
        out.push(if out.contains('?') { '&' } else { '?' });
        out.push_str(name);
        out.push('=');
        out.push_str(&String::from(js_sys::encode_uri_component(&value)));
    }
    if fragment.is_empty() { out } else { out + "#" + fragment }
}

/// Status, `Retry-After` in milliseconds, and the body if it could be read.
async fn exchange(request: Request) -> Option<(u16, Option<u64>, Option<String>)> {
    let promise = Promise::resolve(&page_fetch(&request).ok()?);
    let response = JsFuture::from(promise)
        .await
        .ok()?
        .dyn_into::<web_sys::Response>()
        .ok()?;
    let response = Response::from(response);
    let retry_after_ms = response
        .headers()
        .get("retry-after")
        .and_then(|text| retry_after_ms(&text, page::now()));
    let text = response.text().await.ok().filter(|text| text.len() <= ANSWER_BYTES_MAX);
    Some((response.status(), retry_after_ms, text))
}

/// A simple request: a text body and no header of our own, so no preflight; no cookies, so any origin may be allowed.
fn request(url: &str, body: &str, keepalive: bool) -> Option<Request> {
    let request = RequestBuilder::new(url)
        .method(Method::POST)
        .credentials(RequestCredentials::Omit)
        .body(body)
        .ok()?;
    let init = RequestInit::new();
    Reflect::set(&init, &"keepalive".into(), &keepalive.into()).ok()?;
    if let Some(signal) = abort_after(ANSWER_MS_MAX) {
        Reflect::set(&init, &"signal".into(), &signal).ok()?;
    }
    Request::new_with_request_and_init(&request.into(), &init).ok()
}

/// A signal that aborts a request which the outbox has given up, so that a hanging collector does not occupy the page's
/// keepalive quota and connections. None in engines without `AbortSignal.timeout`.
fn abort_after(ms: u64) -> Option<JsValue> {
    let class = Reflect::get(&js_sys::global(), &"AbortSignal".into()).ok()?;
    let timeout = Reflect::get(&class, &"timeout".into())
        .ok()?
        .dyn_into::<js_sys::Function>()
        .ok()?;
    timeout.call1(&class, &(ms as f64).into()).ok()
}

/// Hands an envelope to the browser. Whether it arrives is not known, whatever this answers.
pub fn beacon(url: &str, body: &str) {
    let Some(window) = page::window() else { return };
    let navigator: Object = window.navigator().into();
    // Called through the object: an old engine or a page may have removed it.
    let send = Reflect::get(&navigator, &"sendBeacon".into())
        .ok()
        .and_then(|send| send.dyn_into::<js_sys::Function>().ok());
    if let Some(send) = send {
        let _ = send.call2(&navigator, &url.into(), &body.into());
    }
}

/// `Retry-After`: seconds, or an HTTP date (RFC 9110, section 10.2.3).
fn retry_after_ms(text: &str, now: Timestamp) -> Option<u64> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return seconds.checked_mul(1_000);
    }
    let at = js_sys::Date::parse(text);
    (at > 0.0).then(|| Timestamp(at as u64).since(now))
}
