/** Purchases in the data layer: entries that are there, and later ones by a `push` that always calls the page's own. */
import { captureValue } from './call.js';
import { apply, attempt, guard, has, isArray } from './natives.js';
import { options } from './options.js';

/** Purchases already captured: the whole list is read again before the page goes. @type {object[]} */
const seen = [];

let isRead = false;

/** Who reads a data layer, and the lists whose `push` is theirs already. @type {{ name: string, look: (entry: any) => void, wrapped: object[] }[]} */
const readers = [];

/** Reads the purchases, if the shop named its data layer; called again, what is new. */
export function readDataLayer() {
  if (options.data_layer && !isRead) {
    isRead = true;
    watchLayer(options.data_layer, look);
  } else {
    for (let i = 0; i < readers.length; i++) guard(readLayer)(readers[i]);
  }
}

/**
 * Looks at every entry of a data layer, there or to come; at some more than once.
 * @param {string} name of the variable
 * @param {(entry: any) => void} look
 */
export function watchLayer(name, look) {
  const reader = { name, look, wrapped: [] };
  readers[readers.length] = reader;
  readLayer(reader);
}

/**
 * Reads every entry, and wraps `push` if it is not. Called again it finds what a script pushed that kept
 * an older `push`, and a list that was put in the place of the first.
 * @param {typeof readers[0]} reader
 */
function readLayer({ name, look, wrapped }) {
  const page = /** @type {any} */ (window);
  const layer = (page[name] ||= []);
  if (!isArray(layer)) return;
  for (let i = 0; i < layer.length; i++) look(layer[i]);
  if (has(wrapped, layer)) return;
  wrapped[wrapped.length] = layer;
  const push = layer.push;
  layer.push = function () {
    guard(() => {
      for (let i = 0; i < arguments.length; i++) look(arguments[i]);
    })();
    return apply(push, this, arguments);
  };
}

/** @param {any} entry */
function look(entry) {
  const purchase = attempt(() => purchaseOf(entry), undefined);
  if (!purchase || has(seen, entry)) return;
  seen[seen.length] = entry;
  captureValue('data-layer', purchase);
}

/**
 * The part of an entry that is a purchase, if it is one; the rest (user data, callbacks, marks of tag managers) is
 * nobody's business here and would make every reload another record.
 * @param {any} entry
 * @returns {object | undefined}
 */
function purchaseOf(entry) {
  if (entry[0] === 'event' && entry[1] === 'purchase') {
    // gtag's arguments object, or the same as a list.
    return ['event', 'purchase', { ...entry[2], user_data: undefined }];
  }
  const { event, ecommerce } = entry;
  if (ecommerce && (event === 'purchase' || ecommerce.purchase)) return { event, ecommerce };
}
