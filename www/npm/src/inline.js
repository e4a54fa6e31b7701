/** The single-file build: the WebAssembly module's bytes are part of it, a third longer, and nothing else is fetched. */
import { door } from './door.js';
import bytes from 'purchase-tag.wasm';

export { checkout, config, consent, flush, purchase, snapshot, version } from './commands.js';

export const init = /* @__PURE__ */ door(decode);

function decode() {
  const text = atob(bytes);
  const decoded = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) decoded[i] = text.charCodeAt(i);
  return decoded;
}
