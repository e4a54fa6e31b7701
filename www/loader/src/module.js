/** Starts the WebAssembly module, which judges and delivers; without it the loader delivers by itself. */
import { handOver } from './capture.js';
import { deliver, pause } from './deliver.js';
import { isOpen } from './gate.js';
import { guard, later, say } from './natives.js';
import { options } from './options.js';
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

/** @type {(mark: string) => Promise<TagModule>} */
let load;

/**
 * To be called before the first start.
 * @param {(mark: string) => Promise<TagModule>} loadModule how this door gets the module
 */
export function useModule(loadModule) {
  load = loadModule;
}

/** How often consent was withdrawn: a module that was asked for before that does not start. */
let era = 0;

/**
 * Starts the fetch and returns; on every page view, because records of earlier ones may wait in storage. Called again it tries
 * again, unless the module is there or on its way.
 */
export function startModule() {
  if (!isOpen || tag || isLoading || tries === TRIES_MAX) return;
  const mine = era;
  const goWithout = () => mine === era && deliverHere();
  isLoading = true;
  later(goWithout, PATIENCE_MS);
  // Browsers remember that a module failed: another address is another module.
  load(tries++ ? '?' + tries : '')
    .then((module) => start(module, mine))
    .catch((error) => {
      say('warn', 'the module did not start, the loader delivers by itself.', error);
      goWithout();
    })
    .then(() => {
      if (mine === era) isLoading = false;
    });
}

/** Consent was withdrawn: the module forgets what it has, and what waits for it is told that it does not come. */
export function dropModule() {
  era++;
  const dropped = tag;
  tag = undefined;
  isLoading = false;
  tries = 0;
  guard(() => dropped?.forget())();
  release();
  waiting = [];
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
 * @param {TagModule} module
 * @param {number} mine
 */
async function start(module, mine) {
  await pause();
  if (mine !== era) return;
  const { data_layer, ...configuration } = options;
  // In one turn: the module takes up older records in the next, and what is handed over here knows more than they do.
  tag = new module.PurchaseTag(configuration, store);
  handOver(tag);
  release();
}

function deliverHere() {
  if (tag) return;
  guard(() => void deliver())();
  release();
}

function release() {
  const queue = waiting || [];
  waiting = undefined;
  for (let i = 0; i < queue.length; i++) guard(queue[i])(tag);
}
