/** The page around a container, as far as a template can tell: globals, data layer, consent, and the scripts that are injected. */

/** One page view. */
export class Page {
  constructor() {
    /** Globals, by name. @type {Record<string, any>} */
    this.window = {};
    /** Addresses of injected scripts that were really asked for, in order. @type {string[]} */
    this.scripts = [];
    /** Whether injected scripts arrive. */
    this.scriptsArrive = true;
    /** What was logged. @type {any[][]} */
    this.log = [];
    /** Whether the container runs in preview: only then `logging` for "debug" writes anything. */
    this.preview = true;
    /** By type; absent = never set. @type {Record<string, boolean>} */
    this.consent = {};
    /** @type {[string, (type: string, granted: boolean) => void][]} */
    this.consentListeners = [];
    /** By cache token: scripts under way or there. @type {Map<string, Promise<boolean>>} */
    this.cache = new Map();
    /** The two data models that Tag Manager keeps. @type {Record<string, any>} */
    this.model1 = {};
    /** @type {Record<string, any>} */
    this.model2 = {};
  }

  /**
   * What the shop pushes into its data layer.
   * @param {Record<string, any>} entry
   */
  push(entry) {
    for (const [key, value] of Object.entries(entry)) {
      this.model1[key] = value;
      merge(this.model2, key, value);
    }
  }

  /**
   * @param {string} key with dots between its parts
   * @param {number} version 1 takes the last pushed value of the first part, 2 the merged one
   */
  dataLayer(key, version) {
    return at(version === 1 ? this.model1 : this.model2, key);
  }

  /**
   * A choice of the shopper; its listeners hear of it only if it changes what was set.
   * @param {string} type
   * @param {boolean} granted
   */
  setConsent(type, granted) {
    const before = this.consent[type] ?? true;
    this.consent[type] = granted;
    if (before === granted) return;
    for (const [wanted, listener] of this.consentListeners) if (wanted === type) listener(type, granted);
  }

  /**
   * @param {string} url
   * @param {string} [token]
   * @returns {Promise<boolean>} whether it arrived; the same for every call with this token
   */
  inject(url, token) {
    const known = token && this.cache.get(token);
    if (known) return known;
    this.scripts.push(url);
    const loading = Promise.resolve(this.scriptsArrive);
    if (token) this.cache.set(token, loading);
    return loading;
  }
}

/**
 * The value at a path; undefined if a part is missing.
 * @param {any} root
 * @param {string} path
 */
export function at(root, path) {
  return path.split('.').reduce((value, part) => (value === null || value === undefined ? undefined : value[part]), root);
}

/**
 * As Google's data-layer-helper merges: objects and lists into those that are there, anything else takes their place.
 * @param {any} into
 * @param {string} key
 * @param {any} value
 */
function merge(into, key, value) {
  const isList = Array.isArray(value);
  if (!isList && !(value && typeof value === 'object')) {
    into[key] = value;
    return;
  }
  if (Array.isArray(into[key]) !== isList || Object(into[key]) !== into[key]) into[key] = isList ? [] : {};
  for (const [name, part] of Object.entries(value)) merge(into[key], name, part);
}
