/** The package's main entry: the WebAssembly module is a file beside this one, which bundlers find by this very expression. */
import { door } from './door.js';

export { checkout, config, consent, flush, purchase, snapshot, version } from './commands.js';

export const init = /* @__PURE__ */ door(() => new URL('./purchase-tag.wasm', import.meta.url));
