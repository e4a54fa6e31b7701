/** The page's one global: `purchaseTag(command, argument)`, for every site of the page, or `purchaseTag(command, argument, { site })`. */
import { purchaseCall } from './call.js';
import { checkoutCall } from './checkout.js';
import { decide } from './consent.js';
import { readDataLayer } from './datalayer.js';
import { makeDue } from './deliver.js';
import { settlePending } from './markup.js';
import { withModule } from './module.js';
import { guard, keys, say } from './natives.js';
import { configure, options } from './options.js';

/** @type {Record<string, (argument: any) => void>} */
const COMMANDS = {
  config(changes) {
    const { data_layer, ...taken } = configure(changes || {});
    if (data_layer) readDataLayer();
    withModule((tag) => tag && tag.config(taken));
  },
  purchase: purchaseCall,
  checkout: checkoutCall,
  consent(word) {
    // Whatever else it is, it is no grant.
    decide(word === 'granted');
    if (!/^(granted|denied)$/.test(word)) say('error', "consent is 'granted' or 'denied', taken as denied:", word);
  },
  flush() {
    settlePending(true, false);
    withModule((tag) => (tag ? tag.flush() : makeDue()));
  },
  // With null if the module could not be started.
  snapshot(callback) {
    withModule((tag) => callback(tag ? tag.snapshot() : null));
  },
};

/** Most calls that are kept for the copy of another site, should it come later. */
const LOG_MAX = 100;

/** Whether another copy of the loader runs this page already for this site. */
export function isInstalled() {
  const { version, sites } = Object(window.purchaseTag);
  return version && (!sites || sites[/** @type {string} */ (options.site)]);
}

/**
 * Takes the place of the stub and runs the calls it kept, in their order. Where a copy for another site was here before, its
 * global stays and passes calls on.
 */
export function install() {
  const { q: calls = [], sites } = Object(window.purchaseTag);
  const { site } = options;
  // Before this copy runs calls: what they call in turn comes to it already.
  const count = Number(calls.length);
  (sites || installGlobal())[/** @type {string} */ (site)] = guard(run);
  for (let i = 0; i < count; i++) if (isFor(calls[i], site)) guard(run)(calls[i][0], calls[i][1]);
}

/** @returns {any} what runs the calls, by site */
function installGlobal() {
  /** @type {Record<string, (command: unknown, argument: unknown) => void>} */
  const sites = Object.create(null);
  // A script that kept the stub itself goes on pushing to the queue of whatever is global by then.
  const push = guard((/** @type {ArrayLike<unknown>} */ call) => {
    if (log.length < LOG_MAX) log[log.length++] = call;
    const names = keys(sites);
    for (let i = 0; i < names.length; i++) if (isFor(call, names[i])) sites[names[i]](call[0], call[1]);
  });
  const calls = window.purchaseTag?.q || [];
  const log = /** @type {any} */ ({ push, length: 0 });
  for (let i = 0; i < Number(calls.length) && i < LOG_MAX; i++) log[log.length++] = calls[i];
  const purchaseTag = function () {
    push(arguments);
  };
  window.purchaseTag = Object.assign(purchaseTag, { version: VERSION, sites, q: log });
  return sites;
}

/**
 * Whether a call is for a site: it may name one, else it is for all of the page.
 * @param {ArrayLike<any>} call
 * @param {string | undefined} site
 */
function isFor(call, site) {
  const named = Object(call[2]).site;
  return !named || named === site;
}

/** What must be known before anything else, as told by a call where a tag manager cannot set attributes. */
export function earlyFromQueue() {
  const calls = window.purchaseTag?.q || [];
  for (let i = 0; i < Number(calls.length); i++) {
    if (calls[i][0] !== 'config' || !isFor(calls[i], options.site)) continue;
    const { site, consent, consent_for, consent_vendor, gpc, data_layer } = Object(calls[i][1]);
    configure({ site, consent, consent_for, consent_vendor, gpc, data_layer });
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
