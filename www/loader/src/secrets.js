/**
 * Takes out of a capture what its addresses carry of somebody: the values of query parameters that open a session or name a person,
 * and user names with passwords. Other parameters stay, because platforms compare a product's address as text.
 */
import { substitute } from './natives.js';

/** The parameters, by name: `token` also as `access_token`, `key` also as `order-key`, … */
const NAMES = '[\\w-]*(?:token|secret|passw(?:or)?d|session(?:_?id)?|sessid|e-?mail)|(?:[\\w-]*[_-])?key|sid|pwd|auth|phone';

// In JSON within JSON, as a JSON script element is captured, a slash may be \u005c/ and an ampersand \u005cu0026.
const SECRET = new RegExp(`([?&;#]|u0026)(${NAMES})=(?:[^&#;"'\\\\\\s<>]|\\\\u005c/)*`, 'gi');
const USER = /(https?:(?:(?:\\u005c)?\/){2})[^\/?#"'\\\s<>@]+@/gi;

/** @param {string} data JSON text */
export function withoutSecrets(data) {
  return substitute(substitute(data, SECRET, '$1$2='), USER, '$1');
}
