/** The records and stamps of this site in the browser's two stores; which key holds what is in ARCHITECTURE.md. */
import { openRecords, recordStore } from '../../shared/records.js';
import { apply, attempt, keys, now } from './natives.js';
import { options } from './options.js';

/** How long a confirmation is remembered, and an unconfirmed record kept, in milliseconds: 30 days. */
export const AGE_MS_MAX = 30 * 24 * 60 * 60 * 1000;

const RECORD = /^1 (\d+) \d+ (\d+) (\{[^]*)$/;

// The property read itself throws where the page may not store (a sandboxed frame, blocked cookies).
const local = attempt(() => localStorage, undefined);
const { getItem, setItem, removeItem } = attempt(() => Storage.prototype, /** @type {any} */ ({}));

/** The part in IndexedDB. @type {import('../../shared/records.js').RecordStore} */
export let store;

// The first thing that the loader does: on a shopper's first page nothing takes longer.
const opened = window.purchaseTag?.version ? undefined : openRecords(window.purchaseTag?.db);

/** To be called once the site is known. */
export function useStore() {
  store = recordStore(/** @type {string} */ (options.site), opened);
}

/**
 * A value in localStorage.
 * @param {string} name the key after the site's prefix
 * @returns {string | null}
 */
export function read(name) {
  return attempt(() => apply(getItem, local, [prefix() + name]), null);
}

/**
 * @param {string} name
 * @param {string | number} value
 * @returns {boolean} whether localStorage took it
 */
export function write(name, value) {
  return attempt(() => apply(setItem, local, [prefix() + name, '' + value]), 0) === undefined;
}

/** @param {Capture} record */
export function textOf({ text, attempts, nextAt, capturedAt }) {
  return `1 ${attempts} ${nextAt} ${capturedAt} ${text}`;
}

/**
 * @param {string} id
 * @param {string | null} stored
 * @returns {Capture | undefined} undefined for any other format
 */
export function fromText(id, stored) {
  const found = RECORD.exec(stored || '');
  if (found) return newRecord(id, found[3], +found[2], +found[1]);
}

/**
 * A record that is not sent yet.
 * @param {string} id
 * @param {string} text the envelope
 * @param {number} capturedAt
 * @param {number} attempts
 * @returns {Capture}
 */
export function newRecord(id, text, capturedAt, attempts) {
  return { id, text, email: '', claims: 0, written: false, capturedAt, attempts, nextAt: 0, tries: 0, busy: false, beaconedAt: 0 };
}

/** Every record in localStorage. */
export function localRecords() {
  /** @type {Capture[]} */
  const found = [];
  const start = prefix() + 'r:';
  const names = attempt(() => keys(/** @type {Storage} */ (local)), []);
  for (let i = 0; i < names.length; i++) {
    if (names[i].slice(0, start.length) !== start) continue;
    const id = names[i].slice(start.length);
    const record = fromText(id, read('r:' + id));
    if (record) found[found.length] = record;
  }
  return found;
}

/**
 * Notes in the tab's own storage what this tab left for the gateway.
 * @param {string} id
 */
export function noteLeft(id) {
  attempt(() => apply(setItem, sessionStorage, [prefix() + 'left', id]), 0);
}

/** @param {string} id */
export function erase(id) {
  attempt(() => apply(removeItem, local, [prefix() + 'r:' + id]), 0);
  attempt(() => store.remove(id), 0);
}

/**
 * Whether the collector confirmed this very record, to whichever page of this origin.
 * @param {string} id
 */
export function isConfirmed(id) {
  const at = Number(read('c:' + id));
  return at > 0 && now() - at < AGE_MS_MAX;
}

function prefix() {
  return `purchase-tag:${options.site}:`;
}
