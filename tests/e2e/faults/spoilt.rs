//! What other scripts of a shop do to the page that the tag has to live on.

/// Each runs before the loader.
const SCRIPTS: &[&str] = &[
    // A wrapper with a bug in it.
    "window.fetch = () => { throw 'no error' }",
    // Wrappers that lose the answer, in all the ways there are.
    "window.fetch = () => Promise.reject()",
    "window.fetch = () => undefined",
    "window.fetch = () => Promise.resolve({ ok: true, status: 200 })",
    "window.fetch = () => new Promise(() => {})",
    // An old library's JSON.
    "JSON.parse = JSON.stringify = () => { throw null }",
    "Array.prototype.toJSON = function () { return 'list' }; Object.prototype.toJSON = function () { return 'object' }",
    // Polyfills that are wrong, or only for their own use.
    "for (const name of ['map', 'filter', 'forEach', 'find', 'some', 'every', 'reduce', 'push', 'slice', 'join', 'indexOf'])
       Array.prototype[name] = () => { throw undefined }",
    "Array.prototype[Symbol.iterator] = () => { throw 'no iteration' }",
    // Listeners that throw what is no error, and stop everybody else's.
    "for (const name of ['captured', 'registered', 'retrying'])
       document.addEventListener('purchase-tag:' + name, (event) => { event.stopImmediatePropagation(); throw null }, true)",
    // Enumerable members on everything.
    "Object.prototype.extra = function () { throw 1 }; Array.prototype.extra = 'extra'",
];

/// The one for shopper number `index`.
pub fn script(index: usize) -> &'static str {
    SCRIPTS[index % SCRIPTS.len()]
}
