/** The package's main entry: the WebAssembly module is a file beside this one, which bundlers find by this very expression. */
import { start } from './door.js';

export { checkout, config, consent, flush, purchase, snapshot, version } from './commands.js';

/** @param {InitOptions} options */
export function init(options) {
  return start(options, () => new URL('./purchase-tag.wasm', import.meta.url));
}
