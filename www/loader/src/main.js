/** The loader, whichever door it comes through: write down every purchase on the page, then start the module that judges and sends them. */
import { earlyFromQueue, install, isInstalled } from './api.js';
import { pageGone, watchDeparture } from './checkout.js';
import { watchConsent } from './consent.js';
import { readDataLayer } from './datalayer.js';
import { disarm } from './deferred.js';
import { makeDue, sendBeacons } from './deliver.js';
import { settlePending, watchMarkup } from './markup.js';
import { startModule, useModule } from './module.js';
import { guard, listen, say } from './natives.js';
import { options } from './options.js';

/**
 * Starts the tag on this page, unless another copy runs it for the same site.
 * @param {() => void} readOptions reads the door's own options
 * @param {(mark: string) => Promise<TagModule>} loadModule starts the module; asked again with another `mark` if it failed
 */
export function start(readOptions, loadModule) {
  readOptions();
  earlyFromQueue();
  if (isInstalled()) return say('warn', 'loaded twice for this site, the second copy does nothing.');
  if (!options.site) return say('error', 'the site must be 1 to 64 of A-Z a-z 0-9 . _ -, nothing is captured.');
  useModule(loadModule);
  guard(watchConsent)();
  // Each step by itself: what breaks one source must not silence the others.
  guard(install)();
  guard(watchMarkup)();
  guard(readDataLayer)();
  guard(watchDeparture)();
  listen(document, 'purchase-tag:registered', done);
  listen(document, 'purchase-tag:refused', done);
  listen(document, 'purchase-tag:expired', done);
  // Both, because browsers differ in which of them is the last one a page gets to see.
  listen(document, 'visibilitychange', () => (document.visibilityState === 'hidden' ? leave(false) : renew()));
  listen(window, 'pagehide', () => leave(true));
  listen(window, 'pageshow', (event) => event.persisted && renew());
  listen(window, 'online', renew);
}

/** @param {CustomEvent} event */
function done({ detail }) {
  disarm(detail.id);
}

/** @param {boolean} gone */
function leave(gone) {
  guard(readDataLayer)();
  guard(settlePending)(true, gone);
  guard(pageGone)(gone);
  sendBeacons(gone);
}

/** A new chance for what did not work. */
function renew() {
  startModule();
  makeDue();
}
