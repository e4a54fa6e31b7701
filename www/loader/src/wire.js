/** Requests to the collector and what they answer, as ARCHITECTURE.md lays them down. */
import { attempt, guard, now } from './natives.js';
import { options } from './options.js';

/**
 * Most bytes of requests that may outlive the page: browsers allow 64 KiB for all scripts of a page together.
 */
export const KEEPALIVE_BYTES_MAX = 60_000;

/** Largest body fetched with `keepalive`, in bytes: a collector that hangs must leave the page's other scripts their share. */
export const KEEPALIVE_FETCH_BYTES_MAX = 8192;

/** Longest wait for an answer, in milliseconds. */
const ANSWER_MS_MAX = 30_000;

/** @typedef {{ id: string, outcome: string, purchase_id?: string, problems?: object[] }} Receipt */
/** @typedef {{ receipt?: Receipt, retryAfter?: string | null }} Answer without a receipt, nobody knows whether it arrived */

// As it was when the page began.
const send = attempt(() => fetch, /** @type {any} */ (undefined));

/**
 * The address that an envelope is posted to.
 * @param {number} attempt 1 for the first one
 */
export function address(attempt) {
  return `${options.collector}/v1/purchases?sent_at=${now()}&attempt=${attempt}`;
}

/**
 * Posts an envelope: a simple request without cookies.
 * @param {Capture} record
 * @returns {Promise<Answer>} never rejects
 */
export function post({ id, text, attempts }) {
  return new Promise((resolve) => {
    const abort = attempt(() => new AbortController(), /** @type {any} */ ({}));
    const giveUp = () => {
      resolve({});
      abort.abort();
    };
    // So that a collector that hangs occupies neither a connection nor the page's quota.
    attempt(() => setTimeout(guard(giveUp), ANSWER_MS_MAX), 0);
    const exchange = async () => {
      const response = await send(address(attempts), {
        method: 'POST',
        body: text,
        credentials: 'omit',
        keepalive: bytes(text) <= KEEPALIVE_FETCH_BYTES_MAX,
        signal: abort.signal,
      });
      const retryAfter = response.headers.get('retry-after');
      return { retryAfter, receipt: receiptOf(await response.text(), id) };
    };
    exchange().then(resolve, () => resolve({}));
  });
}

/**
 * Hands an envelope to the browser. Whether it arrives is not known.
 * @param {Capture} record
 * @returns {boolean} whether the browser took it
 */
export function beacon({ text, attempts }) {
  return attempt(() => navigator.sendBeacon(address(attempts + 1), text), false);
}

/** Size on the wire. @param {string} text */
export function bytes(text) {
  return attempt(() => new Blob([text]).size, Infinity);
}

/**
 * The collector's own receipt for this record; anything else (a proxy's page, a portal's, half a text) is none.
 * @param {string} body
 * @param {string} id
 * @returns {Receipt | undefined}
 */
function receiptOf(body, id) {
  const found = Object(attempt(() => JSON.parse(body), 0));
  if (found.receipt === 1 && found.id === id && /^(accepted|duplicate|refused)$/.test(found.outcome)) return found;
}
