/**
 * `fetchLater`, where the browser has it: the browser itself holds the request and sends it when the page is gone, even if its
 * process was killed. It tells no answer, so it is armed beside every other way and aborted once one of them has an answer.
 */
import { attempt, keys } from './natives.js';
import { address } from './wire.js';

// A stand-in that sends at once would double every purchase.
const native = attempt(() => /\[native code]/.test('' + fetchLater) && fetchLater, false);

/** By id. @type {Record<string, { abort: AbortController, result: { activated: boolean } }>} */
const armed = Object.create(null);

/** @param {Capture} record */
export function arm({ id, text, email, attempts }) {
  // With an address in memory the module sends more than this text, and the shorter one must not win the race.
  if (!native || email) return;
  attempt(() => {
    const abort = new AbortController();
    // Throws where the quota (64 KiB per collector) is used up.
    const result = native(address(attempts + 1), { method: 'POST', body: text, signal: abort.signal });
    armed[id] = { abort, result };
  }, 0);
}

/** @param {string} id */
export function disarm(id) {
  attempt(() => armed[id].abort.abort(), 0);
  delete armed[id];
}

/** Consent was withdrawn. */
export function disarmAll() {
  const ids = keys(armed);
  for (let i = 0; i < ids.length; i++) disarm(ids[i]);
}

/**
 * Whether the browser will send this record by itself.
 * @param {string} id
 */
export function isArmed(id) {
  return armed[id] && !armed[id].result.activated;
}
