/** The records and stamps of this site in the browser's two stores; which key holds what is in ARCHITECTURE.md. */
import { eraseRecords, recordStore } from '../../shared/records.js';
import { apply, attempt, keys, now } from './natives.js';
import { options } from './options.js';

/** How long a confirmation is remembered, and an unconfirmed record kept, in milliseconds: 30 days. */
export const AGE_MS_MAX = 30 * 24 * 60 * 60 * 1000;

const RECORD = /^1 (\d+) \d+ (\d+) (\{[^]*)$/;

// The property read itself throws where the page may not store (a sandboxed frame, blocked cookies).
const local = attempt(() => localStorage, undefined);
const { getItem, setItem, removeItem } = attempt(() => Storage.prototype, /** @type {any} */ ({}));

/** The part in IndexedDB; there as soon as there is consent. @type {import('../../shared/records.js').RecordStore} */
export let store;

/** An erasure under way. @type {Promise<void> | undefined} */
let erasing;

/** To be called once the site is known and consent is there, before anything is captured. Again after `eraseSite`. */
export function useStore() {
  store = recordStore(site(), erasing ? undefined : window.purchaseTag?.db, erasing);
}

/** Erases everything of this site in every store of this page; what is written to `store` later is not kept. */
export function eraseSite() {
  const start = prefix();
  const storages = [local, attempt(() => sessionStorage, undefined)];
  for (let i = 0; i < storages.length; i++) {
    const names = attempt(() => keys(/** @type {Storage} */ (storages[i])), []);
    for (let j = 0; j < names.length; j++) {
      if (names[j].slice(0, start.length) === start) attempt(() => apply(removeItem, storages[i], [names[j]]), 0);
    }
  }
  attempt(() => store.close(), 0);
  erasing = eraseRecords(site());
}

/**
 * Whether a key of localStorage, as an event tells it, is this site's value of this name.
 * @param {string | null} key
 * @param {string} name
 */
export function isMark(key, name) {
  return key === prefix() + name;
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
  return { id, text, email: '', claims: 0, kept: false, written: false, capturedAt, attempts, nextAt: 0, tries: 0, busy: false, beaconedAt: 0 };
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

function site() {
  return /** @type {string} */ (options.site);
}

function prefix() {
  return `purchase-tag:${options.site}:`;
}
