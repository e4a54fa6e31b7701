/** `init`: options given as arguments, the loader evaluated when it is called and not at import. */
import { evaluate } from 'purchase-tag-loader';
import { hasPage, snapshot } from './commands.js';

/**
 * @param {() => WasmSource} ownWasm the module that comes with the package
 * @returns {(options: InitOptions) => Promise<boolean>}
 */
export function door(ownWasm) {
  /** @type {Promise<boolean> | undefined} */
  let started;
  let first = '';
  return (options) => {
    if (!hasPage()) return Promise.resolve(false);
    const { wasm, ...given } = Object(options);
    const text = JSON.stringify(Object.entries(given).sort());
    if (!started) {
      first = text;
      evaluate().open(given, () => wasm ?? ownWasm());
      started = snapshot().then((held) => !!held);
    } else if (text !== first) {
      console.warn('purchase-tag: init was called again with other options, the first ones stand. Use config() to change how purchases are read.');
    }
    return started;
  };
}
