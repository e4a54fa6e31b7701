/**
 * Google Consent Mode v2, read where `gtag('consent', 'default' | 'update', {…})` leaves its commands: in the data layer. There is
 * no other way to read it: the browser has no interface for it outside of tag managers.
 */
import { watchLayer } from '../datalayer.js';
import { attempt, cancel, has, later } from '../natives.js';
import { options } from '../options.js';

/** The types that must all be granted: the purchase is kept on the device, and it goes to marketing and to statistics. */
const TYPES = 'ad_storage analytics_storage';

/**
 * How long a default of `denied` is the banner's starting position, in milliseconds; after that it is an answer given on an earlier
 * page. Far above what a banner takes to tell an earlier grant, because a refusal erases what is stored.
 */
const ANSWERED_MS = 10_000;

/** @type {Record<string, { grants: boolean, isUpdate: boolean } | undefined>} */
const known = Object.create(null);

/** @type {object[]} */
const seen = [];

/** @type {number | void} */
let timer;

/** @param {(grants: boolean) => void} decide */
export function watchGoogle(decide) {
  const types = (options.consent_for || TYPES).split(/[\s,]+/);
  // Milliseconds that the page asks to wait for an update of its defaults.
  let wait = 0;
  let isListening = false;

  watchLayer(options.data_layer || 'dataLayer', (entry) => {
    // gtag's arguments object, or the same as a list.
    const [command, kind, values] = attempt(() => [entry[0], entry[1], Object(entry[2])], []);
    const isUpdate = kind === 'update';
    if (command !== 'consent' || !(isUpdate || kind === 'default') || has(seen, entry)) return;
    seen[seen.length] = entry;
    wait = Math.max(wait, +values.wait_for_update || 0);
    for (let i = 0; i < types.length; i++) {
      const value = values[types[i]];
      const grants = value === 'granted';
      const before = Object(known[types[i]]);
      if (!grants && value !== 'denied') continue;
      // Which region the shopper is in is not known here: of several defaults the strictest counts, and a grant for a region none.
      if (!isUpdate && (before.isUpdate || before.grants === false || (grants && values.region))) continue;
      known[types[i]] = { grants, isUpdate };
    }
    if (isListening) settle();
  });
  // All that is there is heard before anything follows from it.
  settle();
  isListening = true;

  function settle() {
    let grants = true;
    let denies = false;
    let isUpdated = true;
    cancel(timer);
    for (let i = 0; i < types.length; i++) {
      const type = Object(known[types[i]]);
      if (type.grants === false) {
        if (type.isUpdate) return decide(false);
        denies = true;
      }
      if (!type.isUpdate) isUpdated = false;
      if (!type.grants) grants = false;
    }
    if (denies) timer = later(() => decide(false), Math.max(wait, ANSWERED_MS));
    else if (grants && !isListening && (isUpdated || !wait)) decide(true);
    // Later than this turn, in which the page may go on: a default for everybody, then a stricter one for a region.
    else if (grants) timer = later(() => decide(true), isUpdated ? 0 : wait);
  }
}
