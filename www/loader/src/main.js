/** The loader: write down every purchase on the page, then fetch the module that judges and sends them. */
import { install, isInstalled, siteFromQueue } from './api.js';
import { readDataLayer } from './datalayer.js';
import { settlePending, watchMarkup } from './markup.js';
import { startModule } from './module.js';
import { guard, listen, say } from './natives.js';
import { fromScript, options } from './options.js';

guard(start)();

function start() {
  if (isInstalled()) return say('warn', 'loaded twice, the second copy does nothing.');
  fromScript();
  siteFromQueue();
  if (!options.site) return say('error', 'data-site must be 1 to 64 of A-Z a-z 0-9 . _ -, nothing is captured.');
  // Each step by itself: what breaks one source must not silence the others.
  guard(install)();
  guard(watchMarkup)();
  guard(readDataLayer)();
  // Both, because browsers differ in which of them is the last one a page gets to see.
  listen(document, 'visibilitychange', () => document.visibilityState === 'hidden' && capturePending(false));
  listen(window, 'pagehide', () => capturePending(true));
  guard(startModule)();
}

/** @param {boolean} gone */
function capturePending(gone) {
  guard(readDataLayer)();
  settlePending(true, gone);
}
