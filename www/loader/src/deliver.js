/**
 * Delivery without the module, by the module's own rules in small: where WebAssembly is forbidden or its files do not come, the
 * purchase must not depend on them. Until that is known, and until the module has taken over, only beacons leave from here.
 */
import { isArmed } from './deferred.js';
import { attempt, cancel, emit, guard, keys, now, tell } from './natives.js';
import { AGE_MS_MAX, erase, fromText, isConfirmed, localRecords, read, store, textOf, write } from './stores.js';
import { KEEPALIVE_BYTES_MAX, KEEPALIVE_FETCH_BYTES_MAX, beacon, bytes, post } from './wire.js';

/** Most requests under way at once. */
const IN_FLIGHT_MAX = 4;

/** First step of the backoff and the longest one, in milliseconds. */
const BACKOFF_BASE_MS = 1000;
const BACKOFF_MS_MAX = 5 * 60 * 1000;

/** Longest `Retry-After` that is obeyed, in milliseconds. */
const RETRY_AFTER_MS_MAX = 60 * 60 * 1000;

/** Shortest time between two beacons of one record, in milliseconds. */
const BEACON_INTERVAL_MS = 30_000;

/** How long a claim holds, in milliseconds. */
const CLAIM_MS = 1500;

/** Over how long retries are spread when the page is shown again or the network is back, in milliseconds. */
const NEW_CHANCE_MS = 500;

/** What is not confirmed, by id; undefined = it has its answer, whatever a store says. @type {Record<string, Capture | undefined>} */
let held = Object.create(null);

/** Nothing before consent. @type {'beacons' | 'all' | 'nothing'} */
let sends = 'nothing';

/** No request leaves before this, in milliseconds since 1970; where localStorage is denied, it holds for this page. */
let notBefore = 0;

/** @type {number | void} */
let timer;

/** Requests without an answer yet. */
let underWay = 0;

/** Called when nothing is under way any more. */
let onQuiet = () => {};

/** There is consent. */
export function begin() {
  sends = 'beacons';
}

/**
 * Takes a record into its care; one that it has is left as it is.
 * @param {Capture} record
 */
export function hold(record) {
  if (sends === 'nothing' || record.id in held) return;
  held[record.id] = record;
  pump();
}

/** @param {string} id */
export function letGo(id) {
  delete held[id];
}

/** Begins to deliver: this page's captures at once, then what earlier pages left. */
export async function deliver() {
  if (sends !== 'beacons') return;
  sends = 'all';
  pump();
  const time = now();
  const stored = await store.claim(time, time + CLAIM_MS);
  for (let i = 0; i < stored.length; i++) {
    const record = fromText(stored[i].id, stored[i].text);
    if (!record) continue;
    // Another tab is about to send it.
    record.nextAt = Math.min(stored[i].claimed_until, now() + CLAIM_MS);
    hold(record);
  }
  holdLocal();
}

/** Stops, because the module is there; resolves once nothing is under way, so that nothing is sent by both. */
export function pause() {
  if (sends === 'all') sends = 'beacons';
  return /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      onQuiet = resolve;
      if (!underWay) resolve();
    })
  );
}

/** The module has taken over for good, or consent was withdrawn. */
export function retire() {
  sends = 'nothing';
  held = {};
  notBefore = 0;
}

/**
 * The page may go away: what is unconfirmed leaves as a beacon, and stays.
 * @param {boolean} gone the page does go away, which lets the browser send what `fetchLater` holds
 */
export function sendBeacons(gone) {
  const time = now();
  if (sends === 'nothing' || waitsUntil(time) > time) return;
  holdLocal();
  let left = KEEPALIVE_BYTES_MAX;
  each((record) => {
    if (Math.abs(time - record.beaconedAt) < BEACON_INTERVAL_MS) return;
    if (!(gone && isArmed(record.id))) {
      const size = bytes(record.text);
      if (size > left || !beacon(record)) return;
      left -= size;
    }
    record.beaconedAt = time;
    count(record);
    backOff(record, time);
  }, true);
}

/** A new chance: what waits becomes due. */
export function makeDue() {
  each((record) => {
    record.nextAt = Math.min(record.nextAt, now() + jitter(NEW_CHANCE_MS));
  });
  pump();
}

/** Sends what is due, and comes back in time for the rest. */
function pump() {
  if (sends !== 'all') return;
  const time = now();
  const earliest = waitsUntil(time);
  let room = IN_FLIGHT_MAX - underWay;
  let wake = Infinity;
  each((record) => {
    // After a clock step nothing may wait longer than it ever could.
    record.nextAt = Math.min(record.nextAt, time + BACKOFF_MS_MAX);
    const at = Math.max(earliest, record.nextAt);
    if (at > time) wake = Math.min(wake, at);
    else if (room-- > 0) void send(record);
  });
  cancel(timer);
  // Not at once where the page has broken its timers: it would never end.
  if (wake < Infinity) timer = attempt(() => setTimeout(guard(pump), wake - time), 0);
}

/** @param {Capture} record */
async function send(record) {
  underWay++;
  record.busy = true;
  count(record);
  // Where another tab got the receipt, there is nothing to send.
  /** @type {import('./wire.js').Answer | false} */
  const elsewhere = isConfirmed(record.id) && { receipt: { id: record.id, outcome: 'duplicate' } };
  const { receipt, retryAfter } = await (elsewhere || post(record));
  record.busy = false;
  // Unless consent was withdrawn meanwhile.
  if (held[record.id] === record) guard(() => (receipt ? conclude(record, receipt) : keep(record, retryAfter)))();
  if (!--underWay) onQuiet();
  pump();
}

/** @param {Capture} record */
function count(record) {
  record.attempts++;
  record.tries++;
}

/**
 * Full jitter: somewhere between now and a bound that doubles.
 * @param {Capture} record
 * @param {number} time
 */
function backOff(record, time) {
  const bound = Math.min(BACKOFF_MS_MAX, BACKOFF_BASE_MS * 2 ** (record.tries - 1));
  record.nextAt = time + jitter(bound);
}

/** @param {number} bound in milliseconds; also the answer where the page has broken chance */
function jitter(bound) {
  return Math.floor(Math.random() * bound) || bound;
}

/**
 * The collector has it, or will never take it.
 * @param {Capture} record
 * @param {import('./wire.js').Receipt} receipt
 */
function conclude(record, { id, outcome, purchase_id, problems }) {
  if (outcome !== 'refused') write('c:' + id, now());
  settle(record);
  tell(outcome === 'refused' ? outcome : 'registered', id, outcome, purchase_id, problems);
}

/** @param {Capture} record */
function settle(record) {
  held[record.id] = undefined;
  // Nobody is to send it any more.
  record.text = '';
  erase(record.id);
}

/**
 * @param {Capture} record
 * @param {string | null} [retryAfter] seconds or a date
 */
function keep(record, retryAfter) {
  const { id } = record;
  const time = now();
  if (retryAfter) {
    const wait = /^\s*\d+\s*$/.test(retryAfter) ? +retryAfter * 1000 : Date.parse(retryAfter) - time;
    if (wait > 0) write('not-before', (notBefore = time + Math.min(wait, RETRY_AFTER_MS_MAX)));
  }
  if (time - record.capturedAt > AGE_MS_MAX) {
    settle(record);
    return tell('expired', id, 'expired');
  }
  backOff(record, time);
  write('r:' + id, textOf(record));
  void store.put(id, textOf(record));
  emit('retrying', { id, attempts: record.attempts, next_at: Math.max(record.nextAt, waitsUntil(time)) });
}

/**
 * When requests may leave again; in the past if they may now.
 * @param {number} time
 */
function waitsUntil(time) {
  const at = Number(read('not-before')) || notBefore;
  // Further away than any can be set: it is from before the clock was set back.
  return at > time + RETRY_AFTER_MS_MAX ? 0 : at;
}

function holdLocal() {
  const found = localRecords();
  for (let i = 0; i < found.length; i++) hold(found[i]);
}

/**
 * @param {(record: Capture) => void} work with each record that waits
 * @param {boolean} [leaving] also with those in flight that die with the page, because they are too large for `keepalive`
 */
function each(work, leaving) {
  const ids = keys(held);
  for (let i = 0; i < ids.length; i++) {
    const record = held[ids[i]];
    if (record && (!record.busy || (leaving && bytes(record.text) > KEEPALIVE_FETCH_BYTES_MAX))) work(record);
  }
}
