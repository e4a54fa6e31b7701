/** The envelope: the text that carries one capture, in the browser's storage and on the wire, byte for byte the same. */
import { attempt } from './natives.js';
import { options } from './options.js';
import { quote, write } from './write.js';

/**
 * @param {string} id
 * @param {Source} source
 * @param {string} data JSON text
 * @param {string} contact the buyer's e-mail if it may be stored, else empty
 * @param {number} capturedAt milliseconds since 1970
 */
export function envelope(id, source, data, contact, capturedAt) {
  const { site, decimal, time_zone, currency, contact: mode, platform, order_statuses } = options;
  const page = attempt(() => location.origin + location.pathname, '');
  return (
    `{"v":1,"site":"${site}","id":"${id}","source":"${source}","captured_at":${capturedAt},` +
    // A page without an origin of its own (a sandboxed frame, a file) has no address that means anything elsewhere.
    (/^http/.test(page) ? `"page":${quote(page)},` : '') +
    `"config":${write({ decimal, time_zone, currency, contact: mode, platform, order_statuses })},` +
    (contact && `"contact":${quote(contact)},`) +
    `"data":${data}}`
  );
}

/**
 * The record's id: 64 bits of hash in base 36, from what was captured and nothing else, so that a reload or a second tab
 * finds the same record. The mixing is cyrb53's (public domain, bryc).
 * @param {Source | 'checkout'} source
 * @param {string} data
 */
export function recordId(source, data) {
  const text = options.site + ' ' + source + ' ' + data;
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return base36(a) + base36(b);
}

/** @param {number} bits 32 of them; seven digits hold them */
function base36(bits) {
  return ('000000' + (bits >>> 0).toString(36)).slice(-7);
}
