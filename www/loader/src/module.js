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
  load().then(
    (started) => {
      tag = started;
      handOver(tag);
      release();
    },
    (error) => {
      say('warn', 'the module did not start, captures wait for the next page.', error);
      release();
    },
  );
}

/**
 * Runs `work` with the module as soon as it is there, or with nothing once it cannot come.
 * @param {(tag: Tag | undefined) => void} work
 */
export function withModule(work) {
  if (waiting) waiting[waiting.length] = work;
  else work(tag);
}

async function load() {
  /** @type {TagModule} */
  const module = await import(base + MODULE_JS);
  await module.default({ module_or_path: base + MODULE_WASM });
  const { data_layer, ...configuration } = options;
  return new module.PurchaseTag(configuration);
}

function release() {
  const queue = waiting || [];
  waiting = undefined;
  for (let i = 0; i < queue.length; i++) guard(queue[i])(tag);
}
