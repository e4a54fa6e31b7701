/** What `init` does: options are given as arguments, and the loader is evaluated when it is called, not at import. */
import { evaluate } from 'purchase-tag-loader';
import { hasPage, snapshot } from './commands.js';

/** @type {Promise<boolean> | undefined} */
let started;
/** The options that stand, as a text. */
let first = '';

/**
 * Starts the tag on this page; again with the same options is harmless.
 * @param {InitOptions} options
 * @param {() => WasmSource} ownWasm the module that comes with the package
 */
export function start(options, ownWasm) {
  if (!hasPage()) return Promise.resolve(false);
  const { wasm, ...given } = Object(options);
  const text = JSON.stringify(Object.entries(given).sort());
  if (!started) {
    first = text;
    started = open(given, () => wasm ?? ownWasm());
  } else if (text !== first) {
    console.warn('purchase-tag: init was called again with other options, the first ones stand. Use config() to change how purchases are read.');
  }
  return started;
}

/**
 * @param {object} given
 * @param {() => WasmSource | Promise<WasmSource>} wasm
 */
async function open(given, wasm) {
  try {
    evaluate().open(given, wasm);
  } catch (error) {
    // On a page that spoilt what the tag cannot do without.
    console.error('purchase-tag: cannot run on this page.', error);
  }
  // Without a usable site nothing runs that could answer.
  return !!(window.purchaseTag?.version && (await snapshot()));
}
