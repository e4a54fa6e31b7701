/** Purchases as JSON script elements: the text stays as printed, so that no amount passes through a binary float. */
import { takeOut } from './contact.js';
import { TEXT_MAX, quote } from './write.js';

/**
 * @param {Element} script
 * @returns {{ data?: string, email: string }} the text as a JSON string; absent if it exceeds TEXT_MAX
 */
export function readScript(script) {
  const text = script.textContent || '';
  if (text.length > TEXT_MAX) return { email: '' };
  const { json, email } = takeOut(text);
  return { data: quote(json), email };
}
