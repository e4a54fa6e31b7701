/** The module as two files beside the loader. */
import { base } from './options.js';

/**
 * Fetches and starts it.
 * @param {string} mark what is added to its addresses, so that browsers forget a failure
 * @returns {Promise<TagModule>}
 */
export async function fetchModule(mark) {
  // Both at once, not one after the other.
  const binary = request(base + MODULE_WASM + mark);
  binary.catch(() => {});
  const module = await import(base + MODULE_JS + mark);
  await module.default({ module_or_path: binary });
  return module;
}

/** @param {string} url */
async function request(url) {
  return fetch(url);
}
