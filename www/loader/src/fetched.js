/** The module as two files beside the loader, each of which must be what this loader was built with. */
import { attempt } from './natives.js';
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
  await check(glue);
  const module = await import(glue);
  await module.default({ module_or_path: binary });
  return module;
}

/**
 * Resolves if the glue is what this loader was built with. `import()` takes no digest, but it takes the copy that a preload has
 * put into the document's list of modules, and a preload takes one.
 * @param {string} url
 */
function check(url) {
  const link = document.createElement('link');
  if (!attempt(() => link.relList.supports('modulepreload'), false)) return request(url, MODULE_JS_DIGEST);
  return new Promise((resolve, reject) => {
    link.rel = 'modulepreload';
    link.integrity = MODULE_JS_DIGEST;
    link.crossOrigin = 'anonymous';
    link.nonce = nonce;
    link.href = url;
    link.onload = resolve;
    // The event itself says nothing.
    link.onerror = () => reject(url);
    document.head.appendChild(link);
  });
}

/**
 * @param {string} url
 * @param {string} integrity
 */
async function request(url, integrity) {
  return fetch(url, { integrity });
}
