/** The loader's own modules, started with options and a module given as values. It is evaluated when `init` is called. */
import startModule, { PurchaseTag } from 'purchase-tag-glue';
import { start } from '../../loader/src/main.js';
import { guard } from '../../loader/src/natives.js';
import { configure, options } from '../../loader/src/options.js';

/**
 * Starts the tag on this page, unless another copy runs it for the same site.
 * @param {object} given the options by their names in the `config` call
 * @param {() => WasmSource | Promise<WasmSource>} wasm
 * @returns {string | undefined} the site; undefined if none was given that can be one
 */
export function open(given, wasm) {
  guard(start)(
    () => {
      options.collector = location.origin;
      configure(given);
    },
    async (mark) => {
      await startModule({ module_or_path: answer(await wasm(), mark) });
      return { default: startModule, PurchaseTag };
    },
  );
  return options.site;
}

/**
 * @param {WasmSource} source
 * @param {string} mark empty the first time; later what a cache holds is not asked for again
 */
async function answer(source, mark) {
  const isAddress = typeof source === 'string' || source instanceof URL;
  return isAddress ? fetch(source, mark ? { cache: 'reload' } : {}) : source;
}
