//! The page's clock, chance, address, timer and life cycle. Nothing else in the tag reads them.

use std::{cell::Cell, rc::Rc};

use purchase_core::outbox::{Input, Timestamp};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Event, EventTarget, PageTransitionEvent, StorageEvent, VisibilityState, Window};

/// Longest delay a browser's timer takes, in milliseconds.
const TIMER_MS_MAX: u64 = i32::MAX as u64;

/// The window; none in a worker.
pub fn window() -> Option<Window> {
    web_sys::window()
}

/// The device's clock.
pub fn now() -> Timestamp {
    Timestamp(js_sys::Date::now().max(0.0) as u64)
}

/// A seed that differs from page to page.
pub fn seed() -> u64 {
    (js_sys::Math::random() * (1_u64 << 53) as f64) as u64
}

/// The page's address without query and fragment: they carry tokens and client secrets.
pub fn address() -> Option<String> {
    let location = window()?.location();
    Some(location.origin().ok()? + &location.pathname().ok()?)
}

/// The query of the page's address. What a gateway adds to it may be secret: it is looked at and never kept.
pub fn query() -> String {
    window()
        .and_then(|window| window.location().search().ok())
        .unwrap_or_default()
}

/// The address of the page that led here, as far as the browser tells it; it is looked at and never kept.
pub fn referrer() -> String {
    window()
        .and_then(|window| window.document())
        .map(|document| document.referrer())
        .unwrap_or_default()
}

/// Runs `then` once the page is parsed; at once if it is.
pub fn when_parsed(then: impl Fn() + 'static) {
    match window().and_then(|window| window.document()) {
        Some(document) if document.ready_state() == "loading" => on(&document, "DOMContentLoaded", move |_| then()),
        _ => then(),
    }
}

/// Tells `tell` what happens to the page, `erased` which key another tab removed from localStorage, `restored` that it came back from the
/// back/forward cache, for as long as it lives. No `unload` listener: it would cost the page its place in
/// the back/forward cache.
pub fn listen(tell: Rc<dyn Fn(Input)>, erased: Rc<dyn Fn(&str)>, restored: Rc<dyn Fn()>) {
    let Some(window) = window() else { return };
    if let Some(document) = window.document() {
        let page = document.clone();
        let tell = tell.clone();
        on(&document, "visibilitychange", move |_| {
            tell(if page.visibility_state() == VisibilityState::Hidden {
                Input::PageHiding
            } else {
                Input::PageShown
            });
        });
    }
    let hiding = tell.clone();
    // Some browsers skip visibilitychange when they navigate; saying it twice is harmless.
    on(&window, "pagehide", move |_| hiding(Input::PageHiding));
    let shown = tell.clone();
    on(&window, "pageshow", move |event| {
        if event
            .dyn_ref::<PageTransitionEvent>()
            .is_some_and(PageTransitionEvent::persisted)
        {
            shown(Input::PageShown);
            restored();
        }
    });
    on(&window, "online", move |_| tell(Input::Online));
    on(&window, "storage", move |event| {
        if let Some(event) = event.dyn_ref::<StorageEvent>()
            && event.new_value().is_none()
            && let Some(key) = event.key()
        {
            erased(&key);
        }
    });
}

fn on(target: &EventTarget, name: &str, listener: impl FnMut(Event) + 'static) {
    let listener = Closure::<dyn FnMut(Event)>::new(listener);
    if target
        .add_event_listener_with_callback(name, listener.as_ref().unchecked_ref())
        .is_ok()
    {
        // It lives as long as the page.
        listener.forget();
    }
}

/// One timer that can be set again.
pub struct Timer {
    callback: Closure<dyn FnMut()>,
    handle: Cell<Option<i32>>,
}

impl Timer {
    /// A timer that is not running.
    pub fn new(callback: impl FnMut() + 'static) -> Timer {
        Timer {
            callback: Closure::new(callback),
            handle: Cell::new(None),
        }
    }

    /// Runs the callback once at `at`, or as soon as the browser lets it; replaces an earlier setting.
    pub fn set(&self, now: Timestamp, at: Option<Timestamp>) {
        let Some(window) = window() else { return };
        if let Some(handle) = self.handle.take() {
            window.clear_timeout_with_handle(handle);
        }
        if let Some(at) = at {
            let delay = at.since(now).min(TIMER_MS_MAX) as i32;
            let callback = self.callback.as_ref().unchecked_ref();
            self.handle.set(
                window
                    .set_timeout_with_callback_and_timeout_and_arguments_0(callback, delay)
                    .ok(),
            );
        }
    }
}
