/** The assertions of test scenarios. Source: https://developers.google.com/tag-platform/tag-manager/templates/tests and …/api#test-apis. */
import { inspect, isDeepStrictEqual } from 'node:util';

/** A test's statement that does not hold. */
export class Failed extends Error {}

/** Checks of one value: whether it holds, by the words of the API. @type {Record<string, (value: any, ...expected: any[]) => boolean>} */
const CHECKS = {
  isUndefined: (value) => value === undefined,
  isDefined: (value) => value !== undefined,
  isNull: (value) => value === null,
  isNotNull: (value) => value !== null,
  isTrue: (value) => value === true,
  isFalse: (value) => value === false,
  isTruthy: (value) => !!value,
  isFalsy: (value) => !value,
  isNaN: (value) => Number.isNaN(value),
  isEqualTo: same,
  isNotEqualTo: (value, other) => !same(value, other),
  isStrictlyEqualTo: (value, other) => value === other,
  isNotStrictlyEqualTo: (value, other) => value !== other,
  isGreaterThan: (value, other) => value > other,
  isLessThan: (value, other) => value < other,
  contains: (value, ...parts) => parts.every((part) => holds(value, part)),
  doesNotContain: (value, ...parts) => parts.every((part) => !holds(value, part)),
  hasLength: (value, length) => value?.length === length,
  isEmpty: (value) => value?.length === 0,
  isNotEmpty: (value) => value?.length > 0,
  isArray: (value) => Array.isArray(value),
  isBoolean: (value) => typeof value === 'boolean',
  isFunction: (value) => typeof value === 'function',
  isNumber: (value) => typeof value === 'number',
  isObject: (value) => value !== null && typeof value === 'object' && !Array.isArray(value),
  isString: (value) => typeof value === 'string',
};

/**
 * @param {any} value of the host
 * @param {string} [message]
 * @returns {Record<string, (...expected: any[]) => void>}
 */
export function assertThat(value, message) {
  const checks = Object.entries(CHECKS).map(([name, holds]) => [
    name,
    (/** @type {any[]} */ ...expected) => {
      if (!holds(value, ...expected)) {
        const wanted = expected.map((one) => ' ' + show(one)).join('');
        throw new Failed(`${message ? message + ': ' : ''}expected ${name}${wanted}, found ${show(value)}`);
      }
    },
  ]);
  return Object.fromEntries(checks);
}

/**
 * @param {string} name of an API, `gtmOnSuccess` or `gtmOnFailure`
 * @param {any[][]} calls its calls' arguments
 */
export function assertApi(name, calls) {
  const was = (/** @type {any[]} */ values) => calls.some((call) => same(call.slice(0, values.length), values));
  /** @type {(holds: boolean, words: string) => void} */
  const demand = (holds, words) => {
    if (!holds) throw new Failed(`expected ${name} ${words}; it was called ${calls.length} times: ${show(calls)}`);
  };
  return {
    wasCalled: () => demand(calls.length > 0, 'to be called'),
    wasNotCalled: () => demand(calls.length === 0, 'not to be called'),
    wasCalledWith: (/** @type {any[]} */ ...values) => demand(was(values), `to be called with ${show(values)}`),
    wasNotCalledWith: (/** @type {any[]} */ ...values) => demand(!was(values), `not to be called with ${show(values)}`),
  };
}

/**
 * @param {any} a
 * @param {any} b
 */
function same(a, b) {
  return isDeepStrictEqual(a, b);
}

/**
 * @param {any} whole
 * @param {any} part
 */
function holds(whole, part) {
  return typeof whole === 'string' ? whole.includes(part) : Array.isArray(whole) && whole.some((one) => same(one, part));
}

/** @param {any} value */
function show(value) {
  return inspect(value, { depth: 8, breakLength: Infinity });
}
