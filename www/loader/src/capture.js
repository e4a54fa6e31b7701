/** Writing captures down, durably and in the same turn, and handing them to the module once it is there. */
import { fromPage } from './contact.js';
import { arm, disarm } from './deferred.js';
import { hold, letGo, retire } from './deliver.js';
import { envelope, recordId } from './envelope.js';
import { whenOpen } from './gate.js';
import { apply, attempt, emit, guard, keys, later, now, say, tell } from './natives.js';
import { options } from './options.js';
import { withoutSecrets } from './secrets.js';
import { erase, fromText, isConfirmed, newRecord, read, store, textOf, write } from './stores.js';

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
  data = withoutSecrets(data);
  const id = recordId(source, data);
  const known = captures[id];
  const record = known || (captures[id] = create(id, source, data, email));
  record.claims++;
  if (!known) whenOpen(() => keep(record, source));
  return record;
}

/**
 * Takes a capture back that a newer one of the same element replaces, unless it was given to somebody already.
 * @param {Capture} record
 */
export function withdraw(record) {
  if (--record.claims || !record.text || record.tries) return;
  const { id } = record;
  delete captures[id];
  // Handing over passes it by.
  record.text = '';
  letGo(id);
  disarm(id);
  if (record.written) erase(id);
}

/** Consent was withdrawn: what was kept is gone, and the same data would be a new capture. What still waits for consent goes on waiting. */
export function forgetCaptures() {
  tag = undefined;
  waiting = [];
  const ids = keys(captures);
  for (let i = 0; i < ids.length; i++) if (captures[ids[i]].kept) delete captures[ids[i]];
}

/**
 * The module is there: hands over what waits, and from now on every capture at once.
 * @param {Tag} [started]
 */
export function handOver(started) {
  if (started) retire();
  tag = started || tag;
  // A listener of the module's events may capture while a capture is being handed over: that one waits its turn.
  if (!tag || busy) return;
  busy = true;
  const { adopt } = tag;
  for (let i = 0; i < waiting.length; i++) {
    const { text, email } = waiting[i];
    // Confirmed without the module.
    if (!text) continue;
    // The module has it; an empty text marks that, and frees the memory.
    waiting[i].text = waiting[i].email = '';
    guard(() => apply(adopt, tag, [text, email || undefined]))();
  }
  waiting = [];
  busy = false;
}

/**
 * @param {string} id
 * @param {Source} source
 * @param {string} data
 * @param {string} [email]
 */
function create(id, source, data, email) {
  const time = now();
  const contact = email || attempt(fromPage, '');
  const mayStore = options.contact === 'email';
  const record = newRecord(id, envelope(id, source, data, mayStore ? contact : '', time), time, 0);
  if (!mayStore) record.email = contact;
  return record;
}

/**
 * Into both stores: localStorage is written in this turn, IndexedDB survives a killed browser.
 * @param {Capture} record
 * @param {Source} source
 */
function keep(record, source) {
  const { id } = record;
  // Replaced while it waited for consent.
  if (!record.text) return;
  record.kept = true;
  if (isConfirmed(id)) return tellConfirmed(record);
  waiting[waiting.length] = record;
  // An earlier record of the same purchase has its delivery history: it stays.
  const earlier = fromText(id, read('r:' + id));
  if (earlier) record.attempts = earlier.attempts;
  record.written = !earlier;
  const report = (/** @type {boolean} */ stored) => {
    if (!stored) say('warn', 'storage refused, the purchase is kept in memory only.');
    emit('captured', { id, source, stored });
  };
  if (earlier) {
    report(true);
  } else {
    const isLocal = write('r:' + id, textOf(record));
    const committed = store.put(id, textOf(record));
    if (isLocal) report(true);
    else void committed.then(guard(report));
  }
  // A listener may have withdrawn consent, or the capture.
  if (captures[id] !== record) return;
  arm(record);
  hold(record);
  handOver();
}

/**
 * A reload of a page whose purchase the collector has: nothing is sent, and the page still learns of it.
 * @param {Capture} record
 */
function tellConfirmed(record) {
  const { id } = record;
  record.text = record.email = '';
  // In a task of its own: the page's listeners come after its first captures.
  later(() => tell('registered', id, 'duplicate'), 0);
}
