/** IAB Transparency and Consent Framework 2.3: the banner tells by `__tcfapi`, whose interface has version 2. */
import { attempt, guard } from '../natives.js';
import { options } from '../options.js';

/** The purposes that must all be consented to: store information on a device, and measure what a campaign brought. */
const PURPOSES = '1 7';

/** First wait for a banner that is not there yet, in milliseconds; each one is twice as long. */
const WAIT_MS = 100;

/**
 * @param {(grants: boolean) => void} decide
 * @param {number} [wait]
 */
export function watchTcf(decide, wait = WAIT_MS) {
  const api = /** @type {any} */ (window).__tcfapi;
  if (typeof api === 'function') api('addEventListener', 2, guard(hear));
  // Where the page has broken its timers, the banner must be there before the tag.
  else attempt(() => setTimeout(guard(() => watchTcf(decide, wait * 2)), wait), 0);

  /**
   * @param {any} data
   * @param {boolean} isValid
   */
  function hear(data, isValid) {
    if (!isValid) return;
    // Open, the banner changes nothing: what was chosen before stands until the shopper has done.
    if (data.gdprApplies === false) decide(true);
    else if (/^(tcloaded|useractioncomplete)$/.test(data.eventStatus)) decide(consents(data));
  }
}

/** @param {any} data */
function consents({ purpose, vendor }) {
  const purposes = (options.consent_for || PURPOSES).split(/[\s,]+/);
  let all = !options.consent_vendor || vendor.consents[options.consent_vendor] === true;
  for (let i = 0; i < purposes.length; i++) if (purpose.consents[purposes[i]] !== true) all = false;
  return all;
}
