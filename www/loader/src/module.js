/** Fetches the WebAssembly module, without which captures are kept but neither judged nor sent. */
import { handOver } from './capture.js';
import { guard, say } from './natives.js';
import { base, options } from './options.js';

/** What waits for the module. @type {((tag: Tag | undefined) => void)[] | undefined} */
let waiting = [];

/** @type {Tag | undefined} */
let tag;

/** Starts the fetch and returns; on every page view, because records of earlier ones may wait in storage. */
export function startModule() {
  load()
    .then((module) => {
      const { data_layer, ...configuration } = options;
      // In one turn: the module takes up older records in the next, and what is handed over here knows more than they do.
      tag = new module.PurchaseTag(configuration);
      handOver(tag);
    })
    .catch((error) => say('warn', 'the module did not start, captures wait for the next page.', error))
    .then(release);
}

/**
 * Runs `work` with the module as soon as it is there, or with nothing once it cannot come.
 * @param {(tag: Tag | undefined) => void} work
 */
export function withModule(work) {
  if (waiting) waiting[waiting.length] = work;
  else work(tag);
}

/** @returns {Promise<TagModule>} */
async function load() {
  const module = await import(base + MODULE_JS);
  await module.default({ module_or_path: base + MODULE_WASM });
  return module;
}

function release() {
  const queue = waiting || [];
  waiting = undefined;
  for (let i = 0; i < queue.length; i++) guard(queue[i])(tag);
}
