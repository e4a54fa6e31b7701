/**
 * Values to JSON text, as `JSON.stringify` would on an unspoilt page. Our own writer, because shops run libraries that
 * add `Array.prototype.toJSON` (lists then become strings) or replace `JSON`.
 */
import { isArray, keys, substitute } from './natives.js';

/** Longest text of one capture, in UTF-16 code units; far above any purchase, below what a browser's storage holds. */
export const TEXT_MAX = 1 << 20;

/** Deepest nesting of a value. */
const DEPTH_MAX = 64;

/** @type {any} */
const EVERY = Object.prototype;

/** What JSON escapes, and lone surrogates (with the flag `u` only lone ones match), which are no UTF-8. */
const SPECIAL = /["\\\0-\x1f\ud800-\udfff]/gu;

/** @param {string} text */
export function quote(text) {
  return '"' + substitute(text, SPECIAL, escape) + '"';
}

/** @param {string} unit */
function escape(unit) {
  return '\\u' + (unit.charCodeAt(0) + 0x10000).toString(16).slice(1);
}

/**
 * JSON text of a value.
 * @param {unknown} value
 * @returns {string}
 * @throws {RangeError} if it is nested deeper than DEPTH_MAX (a cycle is) or longer than TEXT_MAX
 */
export function write(value) {
  let left = TEXT_MAX;

  /** @param {string} text */
  const spend = (text) => {
    left -= text.length;
    if (left < 0) throw new RangeError('too long');
    return text;
  };

  /**
   * @param {any} value
   * @param {string} key
   * @param {number} depth
   * @returns {string | undefined} undefined = left out
   */
  const text = (value, key, depth) => {
    if (depth > DEPTH_MAX) throw new RangeError('nested too deep');
    // A date or a decimal writes itself; what a library gave to every object or list is not its own wish.
    if (value && typeof value === 'object' && !isArray(value) && value.toJSON && value.toJSON !== EVERY.toJSON) {
      value = value.toJSON(key);
    }
    switch (typeof value) {
      case 'string':
        return spend(quote(value));
      case 'number':
        return spend(value - value === 0 ? '' + value : 'null');
      case 'boolean':
      case 'bigint':
        return spend('' + value);
      case 'object':
        return value ? parts(value, depth + 1) : 'null';
    }
  };

  /**
   * @param {any} value
   * @param {number} depth
   */
  const parts = (value, depth) => {
    let out = '';
    if (isArray(value)) {
      for (let i = 0; i < value.length; i++) out += spend(i ? ',' : '') + (text(value[i], '' + i, depth) ?? spend('null'));
      return '[' + out + ']';
    }
    const names = keys(value);
    for (let i = 0; i < names.length; i++) {
      const part = text(value[names[i]], names[i], depth);
      if (part !== undefined) out += spend(out ? ',' : '') + spend(quote(names[i])) + ':' + part;
    }
    return '{' + out + '}';
  };

  return text(value, '', 0) ?? 'null';
}
