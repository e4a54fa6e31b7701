/** Fetches the WebAssembly module, which judges and delivers; without it the loader delivers by itself. */
import { handOver } from './capture.js';
import { deliver, pause } from './deliver.js';
import { attempt, guard, later, say } from './natives.js';
import { base, nonce, options } from './options.js';
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
  const binary = request(base + MODULE_WASM + mark, MODULE_WASM_DIGEST);
  binary.catch(() => {});
  const glue = base + MODULE_JS + mark;
  await check(glue);
  const module = await import(glue);
  await module.default({ module_or_path: binary });
  return module;
}

/**
 * Resolves if the glue is what this loader was built with. `import()` takes no digest, but it takes the copy that an element has put
 * into the document's list of modules, and an element takes one.
 * @param {string} url
 */
function check(url) {
  const link = document.createElement('link');
  // WebKit, whose vendor the HTML standard fixes, does not look at a preload's digest. A script element needs a policy of its own
  // where the page demands trusted types, so it is not for all.
  const preloads = attempt(() => !/^Apple/.test(navigator.vendor) && link.relList.supports('modulepreload'), false);
  const element = preloads ? link : document.createElement('script');
  return new Promise((resolve, reject) => {
    element.integrity = MODULE_JS_DIGEST;
    element.crossOrigin = 'anonymous';
    element.nonce = nonce;
    element.onload = resolve;
    element.onerror = () => reject(missing(url));
    if (preloads) {
      link.rel = 'modulepreload';
      link.href = url;
    } else {
      const script = /** @type {HTMLScriptElement} */ (element);
      script.type = 'module';
      script.src = trusted(url);
    }
    document.head.appendChild(element);
  });
}

/** @type {any} */
let policy;

/**
 * An address as a script element takes it. Throws where the page's list of policies has not this one.
 * @param {string} url
 * @returns {string}
 */
function trusted(url) {
  const { trustedTypes } = /** @type {any} */ (window);
  if (!trustedTypes) return url;
  policy = policy || trustedTypes.createPolicy('purchase-tag', { createScriptURL: (/** @type {string} */ own) => own });
  return policy.createScriptURL(url);
}

/**
 * @param {string} url
 * @param {string} integrity
 */
async function request(url, integrity) {
  try {
    return await fetch(url, { integrity });
  } catch {
    throw missing(url);
  }
}

/**
 * Browsers do not tell one from the other.
 * @param {string} url
 */
function missing(url) {
  return Error(url + ' did not come, or is not the file that this loader was built with');
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
