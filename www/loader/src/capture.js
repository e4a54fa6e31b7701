/** Writing captures down, durably and in the same turn, and handing them to the module once it is there. */
import { fromPage } from './contact.js';
import { envelope, recordId } from './envelope.js';
import { apply, attempt, emit, guard, now, say } from './natives.js';
import { options } from './options.js';

// The property read itself throws where the page may not store (a sandboxed frame, blocked cookies).
const store = attempt(() => localStorage, undefined);
const { getItem, setItem, removeItem } = attempt(() => Storage.prototype, /** @type {any} */ ({}));

/** Captures of this page view by id. @type {Record<string, Capture>} */
const captures = Object.create(null);

/** Those the module does not have yet, in the order of the page. @type {Capture[]} */
let waiting = [];

/** @type {Tag | undefined} */
let tag;
let busy = false;

/**
 * Captures one purchase. The same data again is the same capture.
 * @param {Source} source
 * @param {string} data JSON text
 * @param {string} [email] from the data itself, if it may leave the page only as a hash
 * @returns {Capture}
 */
export function capture(source, data, email) {
  const id = recordId(source, data);
  let record = captures[id];
  if (!record) {
    const time = now();
    const contact = email || attempt(fromPage, '');
    const mayStore = options.contact === 'email';
    const text = envelope(id, source, data, mayStore ? contact : '', time);
    record = { id, text, email: mayStore ? '' : contact, claims: 0, written: false };
    captures[id] = record;
    waiting[waiting.length] = record;
    const stored = attempt(() => save(record, time), false);
    if (!stored) say('warn', 'storage refused, the purchase is kept in memory only.');
    emit('captured', { id, source, stored });
    handOver();
  }
  record.claims++;
  return record;
}

/**
 * Takes a capture back that a newer one of the same element replaces, unless the module has it already.
 * @param {Capture} record
 */
export function withdraw(record) {
  if (--record.claims || !record.text) return;
  delete captures[record.id];
  const kept = [];
  for (let i = 0; i < waiting.length; i++) if (waiting[i] !== record) kept[kept.length] = waiting[i];
  waiting = kept;
  if (record.written) attempt(() => apply(removeItem, store, [keyOf(record)]), 0);
}

/**
 * The module is there: hands over what waits, and from now on every capture at once.
 * @param {Tag} [started]
 */
export function handOver(started) {
  tag = started || tag;
  // A listener of the module's events may capture while a capture is being handed over: that one waits its turn.
  if (!tag || busy) return;
  busy = true;
  const { adopt } = tag;
  for (let i = 0; i < waiting.length; i++) {
    const { text, email } = waiting[i];
    // The module has it; an empty text marks that, and frees the memory.
    waiting[i].text = waiting[i].email = '';
    guard(() => apply(adopt, tag, [text, email || undefined]))();
  }
  waiting = [];
  busy = false;
}

/**
 * @param {Capture} record
 * @param {number} time
 * @returns {boolean} whether storage holds it now
 */
function save(record, time) {
  // An earlier record of the same purchase has its delivery history: it stays.
  if (apply(getItem, store, [keyOf(record)]) === null) {
    apply(setItem, store, [keyOf(record), `1 0 0 ${time} ${record.text}`]);
    record.written = true;
  }
  return true;
}

/** @param {Capture} record */
function keyOf(record) {
  return `purchase-tag:${options.site}:r:${record.id}`;
}
