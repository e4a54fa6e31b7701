/**
 * The browser's functions as the loader uses them: none throws into the page, and those that a capture cannot do without
 * are taken once at the start, so that a page that replaces them later breaks nothing. Everywhere the loader keeps to
 * loops over indexes, because pages do replace the methods of `Array.prototype`.
 */

/**
 * @template T, F
 * @param {() => T} work
 * @param {F} fallback returned if `work` throws, whatever it throws
 * @returns {T | F}
 */
export function attempt(work, fallback) {
  try {
    return work();
  } catch {
    return fallback;
  }
}

// Nothing at the top level of a file may throw either: it would be the page's error. A page without these gets no tag.
const none = /** @type {any} */ ({});
export const { apply } = attempt(() => Reflect, none);
export const { keys } = Object;
export const { isArray } = Array;
const { replace } = String.prototype;
const clock = attempt(() => Date.now, none);

/**
 * The function that never throws: nothing that goes wrong in the tag may reach the page.
 * @template {unknown[]} A
 * @param {(...args: A) => void} work
 * @returns {(...args: A) => void}
 */
export function guard(work) {
  return function () {
    try {
      apply(work, undefined, arguments);
    } catch (error) {
      say('error', 'internal error, the page is not affected:', error);
    }
  };
}

/**
 * @param {string} text
 * @param {RegExp} pattern
 * @param {string | ((...found: string[]) => string)} by
 * @returns {string}
 */
export function substitute(text, pattern, by) {
  return apply(/** @type {Function} */ (replace), text, [pattern, by]);
}

/**
 * @param {ArrayLike<unknown>} list a short one
 * @param {unknown} item
 */
export function has(list, item) {
  for (let i = 0; i < list.length; i++) if (list[i] === item) return true;
  return false;
}

/** Milliseconds since 1970; 0 if the page's clock is broken. */
export function now() {
  return attempt(() => Math.floor(clock()), 0) || 0;
}

/**
 * Runs `work` after `delay` milliseconds; at once where the page has broken its timers.
 * @param {() => void} work
 * @param {number} delay
 * @returns {number | void}
 */
export function later(work, delay) {
  return attempt(() => setTimeout(guard(work), delay), 0) || guard(work)();
}

/** @param {number | void} timer */
export function cancel(timer) {
  attempt(() => clearTimeout(timer || 0), 0);
}

/**
 * Says something on the console, which a page may have broken too.
 * @param {'error' | 'warn'} level
 * @param {string} sentence
 * @param {unknown} [thing]
 */
export function say(level, sentence, thing = '') {
  attempt(() => console[level]('purchase-tag: ' + sentence, thing), 0);
}

/**
 * Listens before others do (capturing), so that what is captured at page hide is there when the module's listener sends.
 * @param {EventTarget} target
 * @param {string} type
 * @param {(event: any) => void} work
 */
export function listen(target, type, work) {
  attempt(() => target.addEventListener(type, guard(work), true), 0);
}

/**
 * Tells the page, as a DOM event on the document.
 * @param {string} name
 * @param {object} detail
 */
export function emit(name, detail) {
  attempt(() => document.dispatchEvent(new CustomEvent('purchase-tag:' + name, { detail })), 0);
}

/**
 * Tells the page what became of a purchase, in the shape of the module's own events.
 * @param {string} name
 * @param {string} id
 * @param {string} outcome
 * @param {string | null} [purchaseId]
 * @param {object[]} [problems]
 */
export function tell(name, id, outcome, purchaseId = null, problems = []) {
  emit(name, { id, outcome, purchase_id: purchaseId, problems });
}

/**
 * Refuses what cannot be captured at all: a refusal without an id.
 * @param {string} kind
 * @param {string} message
 */
export function refuse(kind, message) {
  say('warn', message);
  tell('refused', '', 'refused', null, [{ path: '', kind, severity: 'error', text: '', message }]);
}
