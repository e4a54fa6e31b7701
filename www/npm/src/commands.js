/** The page's global `purchaseTag` as functions: before the tag runs they queue, as the script tag's stub does. */

/** Longest wait for the module, and for the consent that it waits for, in milliseconds. */
const PATIENCE_MS = 10_000;

/** The release. */
export const version = VERSION;

/** Whether there is a page; nothing here looks for one at import. */
export function hasPage() {
  return typeof window === 'object' && typeof document === 'object';
}

/**
 * @param {object} fields of one purchase, or a list of such
 * @param {Target} [target]
 */
export function purchase(fields, target) {
  call('purchase', fields, target);
}

/**
 * @param {object} fields of the cart or the order
 * @param {Target} [target]
 */
export function checkout(fields, target) {
  call('checkout', fields, target);
}

/** @param {Target} [target] */
export function flush(target) {
  call('flush', undefined, target);
}

/**
 * @param {Target} [target]
 * @returns {Promise<object | null>}
 */
export function snapshot(target) {
  if (!hasPage()) return Promise.resolve(null);
  return new Promise((resolve) => {
    // The call itself waits for as long as nobody tells the shopper's consent, which may be for ever.
    const timer = setTimeout(resolve, PATIENCE_MS, null);
    const answer = (/** @type {object | null} */ held) => {
      clearTimeout(timer);
      resolve(held);
    };
    call('snapshot', answer, target);
  });
}

/**
 * @param {object} changes
 * @param {Target} [target]
 */
export function config(changes, target) {
  call('config', changes, target);
}

/**
 * @param {string} decision
 * @param {Target} [target]
 */
export function consent(decision, target) {
  call('consent', decision, target);
}

/**
 * @param {string} command
 * @param {unknown} argument
 * @param {Target} [target]
 */
function call(command, argument, target) {
  if (!hasPage()) return;
  // Whichever copy of the tag runs the page is the one that takes the call.
  if (typeof window.purchaseTag !== 'function') window.purchaseTag = queue;
  window.purchaseTag(command, argument, target);
}

function queue() {
  const own = /** @type {PurchaseTagGlobal} */ (queue);
  (own.q ||= []).push(arguments);
}
