/** How the shop configured the tag: the script's `data-` attributes, then `purchaseTag('config', {…})`. */
import { attempt, keys, say } from './natives.js';

/** The values in force. What is malformed is said and left out: a wrong rule must not misread an amount. */
export const options = /** @type {Options} */ ({});

/** Directory of the loader's file, with a slash at its end: the module lies beside it. */
export let base = '';

/** What the page's content policy knows the loader's element by, for what the loader adds; empty if there is none. */
export let nonce = '';

/** @type {Record<keyof Options, RegExp>} */
const FORMS = {
  site: /^[\w.-]{1,64}$/,
  collector: /^https?:\/\/[^?#]+$/,
  decimal: /^(dot|comma)$/,
  time_zone: /^([A-Za-z][\w+\/-]{0,63}|[+-]\d\d:\d\d)$/,
  currency: /^[A-Z]{3}$/,
  contact: /^(none|sha256|email)$/,
  data_layer: /^[\w$]{1,64}$/,
  page: /^checkout$/,
  platform: /^(woocommerce|prestashop|magento2|bigcommerce|shift4shop)$/,
  order_statuses: /^[^]{1,4096}$/,
  order_status_url: /^https?:/,
  gateway_returns: /^[^]{1,4096}$/,
  // What is no known mode still is a wish not to store: `consent.js` takes it as the strictest.
  consent: /./,
  consent_for: /^[\w\s,]{1,256}$/,
  consent_vendor: /^\d{1,5}$/,
  gpc: /./,
};

/** Reads the attributes of the loader's own script element. */
export function fromScript() {
  // Null when a tag manager runs the code by other means than a script element of its own.
  const script = /** @type {HTMLScriptElement | null} */ (
    document.currentScript || document.querySelector('script[data-site][src*=purchase-tag]')
  );
  // Code that was inlined, or put into a blob, has no place of its own: then the page's.
  const found = /^[^:]+:\/\/[^?#]*\//.exec(script?.src || '');
  base = found ? found[0] : new URL('/', document.baseURI).href;
  nonce = script?.nonce || '';
  // A collector serves the files in `tag/`, and may lie behind a path itself.
  options.collector = (/^(.*)\/tag\/$/.exec(base) || /^(.*?:\/\/[^\/]*)/.exec(base) || '')[1];
  /** @type {Record<string, string>} */
  const given = {};
  const attributes = script ? script.attributes : [];
  for (let i = 0; i < attributes.length; i++) {
    const { name, value } = attributes[i];
    if (name.slice(0, 5) === 'data-') given[name.slice(5).replace(/-/g, '_')] = value;
  }
  configure(given);
}

/**
 * @param {any} changes by their names in the `config` call
 * @returns {Options} the ones taken
 */
export function configure(changes) {
  /** @type {Options} */
  const taken = {};
  let unknown = '';
  const names = keys(changes);
  for (let i = 0; i < names.length; i++) {
    const name = /** @type {keyof Options} */ (names[i]);
    const value = normal(name, changes[name]);
    if (!FORMS.hasOwnProperty(name)) unknown += ' ' + name;
    // The site is part of every key and id, so it stands from the start.
    else if (name === 'site') options.site ||= FORMS.site.test(value) ? value : undefined;
    else if (FORMS[name].test(value)) options[name] = taken[name] = value;
    else if (value) say('warn', name + ' is malformed: ' + value);
  }
  if (unknown) say('warn', 'unknown options:' + unknown);
  return taken;
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function normal(name, value) {
  const text = value == null ? '' : ('' + value).trim();
  if (name === 'currency') return text.toUpperCase();
  if (!/^(collector|order_status_url)$/.test(name) || !text) return text;
  return attempt(() => new URL(text, location.href).href.replace(/\/$/, ''), text);
}
