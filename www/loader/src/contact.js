/**
 * The buyer's e-mail, only if the site's configuration asks for it. With `sha256` it is kept in memory until the module
 * hashes it and is never stored; with `none` (the default) it is not even looked for.
 */
import { attempt, substitute } from './natives.js';
import { options } from './options.js';

/** Longest text taken for an e-mail, in UTF-16 code units; an address has 254 at most. */
const CONTACT_MAX = 1024;

/** The e-mail as the purchase's JSON forms name it: `email`, or Connectif's `entityInfo.primaryKey`. */
const IN_JSON = /("(?:email|primaryKey)"\s*:\s*)("(?:[^"\\]|\\.)*")/g;

export function wantsContact() {
  return options.contact === 'email' || options.contact === 'sha256';
}

/**
 * The e-mail in the page's markup; empty if there is none (guests get the element with an empty text) or none is asked for.
 * @returns {string}
 */
export function fromPage() {
  if (!wantsContact()) return '';
  return textOf('.cn_client_info', 'primary_key') || textOf('.cn_newsletter_subscribe', 'email');
}

/**
 * Takes the e-mail out of a JSON text, unless the site's configuration lets it be stored as it is.
 * @param {string} json
 * @returns {{ json: string, email: string }}
 */
export function takeOut(json) {
  let email = '';
  if (options.contact !== 'email') {
    json = substitute(json, IN_JSON, (_, key, value) => {
      email ||= attempt(() => JSON.parse(value), '');
      return key + 'null';
    });
  }
  return { json, email: options.contact === 'sha256' ? email : '' };
}

/**
 * The text of the first container's first direct child with a class.
 * @param {string} container
 * @param {string} field
 */
function textOf(container, field) {
  const children = document.querySelector(container)?.children || [];
  for (let i = 0; i < children.length; i++) {
    if (children[i].classList.contains(field)) {
      const text = (children[i].textContent || '').trim();
      return text.length > CONTACT_MAX ? '' : text;
    }
  }
  return '';
}
