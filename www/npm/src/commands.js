/** The page's global `purchaseTag` as functions: before the tag runs they queue, as the script tag's stub does. */

/** The release. */
export const version = VERSION;

/** Whether there is a page; nothing here looks for one at import. */
export function hasPage() {
  return typeof window === 'object' && typeof document === 'object';
}

/** @param {object} fields of one purchase, or a list of such */
export function purchase(fields) {
  call('purchase', fields);
}

/** @param {object} fields of the cart or the order */
export function checkout(fields) {
  call('checkout', fields);
}

export function flush() {
  call('flush');
}

/** @returns {Promise<object | null>} */
export function snapshot() {
  return new Promise((resolve) => (hasPage() ? call('snapshot', resolve) : resolve(null)));
}

/** @param {object} changes */
export function config(changes) {
  call('config', changes);
}

/** @param {string} decision */
export function consent(decision) {
  call('consent', decision);
}

/**
 * @param {string} command
 * @param {unknown} [argument]
 */
function call(command, argument) {
  if (!hasPage()) return;
  // Whichever copy of the tag runs the page is the one that takes the call.
  if (typeof window.purchaseTag !== 'function') window.purchaseTag = queue;
  window.purchaseTag(command, argument);
}

function queue() {
  const own = /** @type {PurchaseTagGlobal} */ (queue);
  (own.q ||= []).push(arguments);
}
