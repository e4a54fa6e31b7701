/** The module as two files beside the loader, each of which must be what this loader was built with. */
import { attempt, later, listen } from './natives.js';
import { base, nonce } from './options.js';

/**
 * Fetches and starts it.
 * @param {string} mark what is added to its addresses, so that browsers forget a failure
 * @returns {Promise<TagModule>}
 */
export async function fetchModule(mark) {
  // Both at once, not one after the other.
  const binary = request(base + MODULE_WASM + mark, MODULE_WASM_DIGEST);
  binary.catch(() => {});
  const glue = base + MODULE_JS + mark;
  const started = pageStart();
  await check(glue, started);
  await started;
  const module = await import(glue);
  await module.default({ module_or_path: binary });
  return module;
}

/** Resolves when the page's own start is over: its deferred scripts and its `DOMContentLoaded` listeners come before the module. */
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

/**
 * Resolves if the glue is what this loader was built with. `import()` takes no digest, but it takes the copy that an element has put
 * into the document's list of modules, and an element takes one.
 * @param {string} url
 * @param {Promise<void>} started what the page runs before
 */
async function check(url, started) {
  const link = document.createElement('link');
  // WebKit, whose vendor the HTML standard fixes, does not look at a preload's digest. A script element needs a policy of its own
  // where the page demands trusted types, so it is not for all.
  const preloads = attempt(() => !/^Apple/.test(navigator.vendor) && link.relList.supports('modulepreload'), false);
  const element = preloads ? link : document.createElement('script');
  if (!preloads) await started;
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
