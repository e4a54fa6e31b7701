/** The page's one global: `purchaseTag(command, argument)`. */
import { purchaseCall } from './call.js';
import { checkoutCall } from './checkout.js';
import { readDataLayer } from './datalayer.js';
import { makeDue } from './deliver.js';
import { settlePending } from './markup.js';
import { withModule } from './module.js';
import { guard, say } from './natives.js';
import { configure } from './options.js';

/** @type {Record<string, (argument: any) => void>} */
const COMMANDS = {
  config(changes) {
    const { data_layer, ...taken } = configure(changes || {});
    if (data_layer) readDataLayer();
    withModule((tag) => tag && tag.config(taken));
  },
  purchase: purchaseCall,
  checkout: checkoutCall,
  flush() {
    settlePending(true, false);
    withModule((tag) => (tag ? tag.flush() : makeDue()));
  },
  // With null if the module could not be started.
  snapshot(callback) {
    withModule((tag) => callback(tag ? tag.snapshot() : null));
  },
};

/** Whether another copy of the loader runs this page already. */
export function isInstalled() {
  return window.purchaseTag?.version;
}

/** Takes the place of the stub and runs the calls it kept, in their order. */
export function install() {
  const calls = window.purchaseTag?.q || [];
  const purchaseTag = guard(run);
  // A script that kept the stub itself goes on pushing to the queue of whatever is global by then.
  const push = guard((/** @type {ArrayLike<unknown>} */ call) => run(call[0], call[1]));
  window.purchaseTag = Object.assign(purchaseTag, { version: VERSION, q: { push } });
  for (let i = 0; i < Number(calls.length); i++) push(calls[i]);
}

/** The site's key as told by a call, where a tag manager cannot set attributes. */
export function siteFromQueue() {
  const calls = window.purchaseTag?.q || [];
  for (let i = 0; i < Number(calls.length); i++) {
    if (calls[i][0] === 'config') configure({ site: Object(calls[i][1]).site });
  }
}

/**
 * @param {unknown} command
 * @param {unknown} argument
 */
function run(command, argument) {
  if (typeof command === 'string' && COMMANDS.hasOwnProperty(command)) COMMANDS[command](argument);
  else say('warn', 'there is no such command', command);
}
