/** What `init` does: options are given as arguments, and the loader is evaluated when it is called, not at import. */
import { evaluate } from 'purchase-tag-loader';
import { hasPage, snapshot } from './commands.js';

/** What was started, by site: the options that stand, as a text, and what `init` answered. @type {Map<string, { first: string, runs: Promise<boolean> }>} */
const started = new Map();

/**
 * Starts the tag on this page for a site; again with the same options is harmless.
 * @param {InitOptions} options
 * @param {() => WasmSource} ownWasm the module that comes with the package
 */
export function start(options, ownWasm) {
  if (!hasPage()) return Promise.resolve(false);
  const { wasm, ...given } = Object(options);
  const site = String(given.site);
  const text = JSON.stringify(Object.entries(given).sort());
  let known = started.get(site);
  if (!known) {
    known = { first: text, runs: open(given, () => wasm ?? ownWasm()) };
    started.set(site, known);
  } else if (text !== known.first) {
    console.warn('purchase-tag: init was called again with other options, the first ones stand. Use config() to change how purchases are read.');
  }
  return known.runs;
}

/**
 * @param {object} given
 * @param {() => WasmSource | Promise<WasmSource>} wasm
 */
async function open(given, wasm) {
  let site;
  try {
    // A copy of the loader for each site, with variables of its own.
    site = evaluate().open(given, wasm);
  } catch (error) {
    // On a page that spoilt what the tag cannot do without.
    console.error('purchase-tag: cannot run on this page.', error);
  }
  // Without a usable site nothing runs that could answer.
  return !!(site && window.purchaseTag?.version && (await snapshot({ site })));
}
