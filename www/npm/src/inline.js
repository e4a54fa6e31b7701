/** The single-file build: the WebAssembly module's bytes are part of it, a third longer, and nothing else is fetched. */
import { start } from './door.js';
import bytes from 'purchase-tag.wasm';

export { checkout, config, consent, flush, purchase, snapshot, version } from './commands.js';

/** @param {InitOptions} options */
export function init(options) {
  return start(options, decode);
}

function decode() {
  const text = atob(bytes);
  const decoded = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) decoded[i] = text.charCodeAt(i);
  return decoded;
}
