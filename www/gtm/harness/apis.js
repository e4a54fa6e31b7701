/**
 * The sandbox's APIs: what permission each needs, and what it does to a page.
 * Source: https://developers.google.com/tag-platform/tag-manager/templates/api.
 */
import { at } from './page.js';
import { isGranted } from './permissions.js';

/** What an API refuses at run time: the tag fails, as it does in Tag Manager. */
export class Denied extends Error {}

/**
 * @typedef {object} Host
 * @property {import('./page.js').Page} page
 * @property {import('./permissions.js').Permissions} permissions
 * @property {'call' | 'queue'} existing what `createArgumentsQueue` does with a function that is there already, on which the
 *   documentation is silent: call it, or go on pushing to the list
 */

/** Permission each API needs; null = none. An API that is not here is refused, because the harness cannot run it. */
export const NEEDS = {
  addConsentListener: 'access_consent',
  callInWindow: 'access_globals',
  callLater: null,
  copyFromDataLayer: 'read_data_layer',
  copyFromWindow: 'access_globals',
  createArgumentsQueue: 'access_globals',
  createQueue: 'access_globals',
  getTimestampMillis: null,
  getType: null,
  injectScript: 'inject_script',
  isConsentGranted: 'access_consent',
  JSON: null,
  logToConsole: 'logging',
  makeInteger: null,
  makeNumber: null,
  makeString: null,
  makeTableMap: null,
  Math: null,
  Object: null,
  queryPermission: null,
  setInWindow: 'access_globals',
};

/**
 * @param {Host} host
 * @returns {Record<string, any>} by name
 */
export function makeApis({ page, permissions, existing }) {
  /** @type {(words: string, name: string, ...query: string[]) => void} */
  const demand = (words, name, ...query) => {
    if (!isGranted(permissions, name, ...query)) throw new Denied(`The permission \`${name}\` does not cover ${words}.`);
  };
  const global = (/** @type {string} */ right, /** @type {string} */ key) =>
    demand(`the global \`${key}\` (${right})`, 'access_globals', right, key);

  return {
    addConsentListener(/** @type {string} */ type, /** @type {any} */ listener) {
      demand(`the consent type \`${type}\``, 'access_consent', type, 'read');
      page.consentListeners.push([type, listener]);
    },
    isConsentGranted(/** @type {string} */ type) {
      demand(`the consent type \`${type}\``, 'access_consent', type, 'read');
      // A type that was never set counts as granted.
      return page.consent[type] ?? true;
    },
    callInWindow(/** @type {string} */ key, /** @type {any[]} */ ...values) {
      global('execute', key);
      const found = at(page.window, key);
      return typeof found === 'function' ? found(...values) : undefined;
    },
    callLater(/** @type {() => void} */ work) {
      setImmediate(work);
    },
    copyFromDataLayer(/** @type {string} */ key, /** @type {number} */ version = 2) {
      demand(`the data layer's key \`${key}\``, 'read_data_layer', key);
      return page.dataLayer(key, version);
    },
    copyFromWindow(/** @type {string} */ key) {
      global('read', key);
      return at(page.window, key);
    },
    createArgumentsQueue(/** @type {string} */ functionKey, /** @type {string} */ listKey) {
      global('readwrite', functionKey);
      global('readwrite', listKey);
      const push = (/** @type {any[]} */ ...values) => void at(page.window, listKey).push(values);
      const there = at(page.window, functionKey);
      if (!there) put(page.window, functionKey, push);
      if (!at(page.window, listKey)) put(page.window, listKey, []);
      return there && existing === 'call' ? there : push;
    },
    createQueue(/** @type {string} */ key) {
      global('readwrite', key);
      if (!at(page.window, key)) put(page.window, key, []);
      return (/** @type {any[]} */ ...values) => void at(page.window, key).push(...values);
    },
    setInWindow(/** @type {string} */ key, /** @type {any} */ value, /** @type {boolean} */ overwrite) {
      global('readwrite', key);
      if (at(page.window, key) !== undefined && !overwrite) return false;
      put(page.window, key, value);
      return true;
    },
    injectScript(/** @type {string} */ url, /** @type {any} */ onSuccess, /** @type {any} */ onFailure, /** @type {string} */ token) {
      demand(`the address ${url}`, 'inject_script', url);
      void page.inject(url, token).then((arrived) => (arrived ? onSuccess : onFailure)?.());
    },
    logToConsole(/** @type {any[]} */ ...values) {
      // Documented: without the permission the message is left out, and nothing is thrown.
      const { environments } = permissions.logging ?? {};
      if (environments === 'all' || (environments === 'debug' && page.preview)) page.log.push(values);
    },
    queryPermission: (/** @type {string} */ name, /** @type {string[]} */ ...query) => isGranted(permissions, name, ...query),
    getTimestampMillis: () => Date.now(),
    getType: (/** @type {any} */ value) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value),
    makeInteger: (/** @type {any} */ value) => Math.trunc(Number(value)) || 0,
    makeNumber: (/** @type {any} */ value) => Number(value),
    makeString: (/** @type {any} */ value) => String(value),
    makeTableMap: (/** @type {any[]} */ rows, /** @type {string} */ key, /** @type {string} */ value) =>
      Object.fromEntries((rows ?? []).map((row) => [row[key], row[value]])),
    JSON: {
      // Documented: undefined instead of an error.
      parse: (/** @type {string} */ text) => attempt(() => JSON.parse(text)),
      stringify: (/** @type {any} */ value) => attempt(() => JSON.stringify(value)),
    },
    Math: Object.fromEntries(['abs', 'ceil', 'floor', 'max', 'min', 'pow', 'round', 'sqrt'].map((name) => [name, Math[name]])),
    Object: { keys: Object.keys, values: Object.values, entries: Object.entries },
  };
}

/**
 * @param {any} root
 * @param {string} path whose parts but the last must exist
 * @param {any} value
 */
function put(root, path, value) {
  const parts = path.split('.');
  const last = parts.pop() ?? '';
  const holder = parts.length ? at(root, parts.join('.')) : root;
  if (Object(holder) !== holder) throw new Denied(`The path \`${path}\` does not exist in the page.`);
  holder[last] = value;
}

/** @param {() => any} work */
function attempt(work) {
  try {
    return work();
  } catch {
    return undefined;
  }
}
