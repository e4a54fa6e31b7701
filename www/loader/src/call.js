/** Purchases handed over as values: a call's fields, or an entry of the data layer. */
import { capture } from './capture.js';
import { takeOut } from './contact.js';
import { isArray, refuse } from './natives.js';
import { write } from './write.js';

/**
 * Durable when it returns.
 * @param {unknown} fields of one purchase, or a list of such
 */
export function purchaseCall(fields) {
  if (isArray(fields)) {
    for (let i = 0; i < fields.length; i++) purchaseCall(fields[i]);
  } else if (fields && typeof fields === 'object') {
    captureValue('call', fields);
  } else {
    refuse('wrong_type', "purchaseTag('purchase', fields) takes an object.");
  }
}

/**
 * @param {'call' | 'data-layer'} source
 * @param {object} value
 */
export function captureValue(source, value) {
  let text;
  try {
    text = write(value);
  } catch {
    // A cycle, a getter that throws, or more than a capture may hold.
    return refuse('too_long', 'The purchase refers to itself or is too large to be written as JSON.');
  }
  const { json, email } = takeOut(text);
  capture(source, json, email);
}
