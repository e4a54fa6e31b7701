/** Fetches the WebAssembly module, which judges and delivers; without it the loader delivers by itself. */
import { handOver } from './capture.js';
import { deliver, pause } from './deliver.js';
import { attempt, guard, later, listen, say } from './natives.js';
import { base, options } from './options.js';
import { store } from './stores.js';

/** Milliseconds after which a module that still does not come counts as missing, until it comes. */
const PATIENCE_MS = 10_000;

/** Most times it is asked for on one page view. */
const TRIES_MAX = 4;

/** What waits for the module. @type {((tag: Tag | undefined) => void)[] | undefined} */
let waiting = [];

/** @type {Tag | undefined} */
let tag;
let tries = 0;
let isLoading = false;

/**
 * Starts the fetch and returns; on every page view, because records of earlier ones may wait in storage. Called again it tries
 * again, unless the module is there or on its way.
 */
export function startModule() {
  if (tag || isLoading || tries === TRIES_MAX) return;
  isLoading = true;
  later(goWithout, PATIENCE_MS);
  // Browsers remember that a module failed: another address is another module.
  load(tries++ ? '?' + tries : '')
    .then(start)
    .catch((error) => {
      say('warn', 'the module did not start, the loader delivers by itself.', error);
      goWithout();
    })
    .then(() => {
      isLoading = false;
    });
}

/**
 * Runs `work` with the module as soon as it is there, or with nothing once it does not come.
 * @param {(tag: Tag | undefined) => void} work
 */
export function withModule(work) {
  if (waiting) waiting[waiting.length] = work;
  else work(tag);
}

/**
 * @param {string} mark
 * @returns {Promise<TagModule>}
 */
async function load(mark) {
  // Both at once, not one after the other.
  const binary = request(base + MODULE_WASM + mark);
  binary.catch(() => {});
  await pageStart();
  const module = await import(base + MODULE_JS + mark);
  await module.default({ module_or_path: binary });
  return module;
}

/** Waits until the page's own start is over: its deferred scripts and its `DOMContentLoaded` listeners come before the module. */
function pageStart() {
  return /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      if (document.readyState === 'complete' || attempt(() => performance.timing.domContentLoadedEventEnd, 0)) return resolve();
      listen(document, 'DOMContentLoaded', () => later(resolve, 0));
      // Where `performance` is not to be trusted.
      listen(window, 'load', () => resolve());
    })
  );
}

/** @param {string} url */
async function request(url) {
  return fetch(url);
}

/** @param {TagModule} module */
async function start(module) {
  await pause();
  const { data_layer, ...configuration } = options;
  // In one turn: the module takes up older records in the next, and what is handed over here knows more than they do.
  tag = new module.PurchaseTag(configuration, store);
  handOver(tag);
  release();
}

function goWithout() {
  if (tag) return;
  guard(() => void deliver())();
  release();
}

function release() {
  const queue = waiting || [];
  waiting = undefined;
  for (let i = 0; i < queue.length; i++) guard(queue[i])(tag);
}
