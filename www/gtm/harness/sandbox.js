/**
 * Runs sandboxed JavaScript: in a context of its own with nothing but `require` and `data`, with the methods that the sandbox
 * has, and with copies of whatever crosses the border.
 */
import vm from 'node:vm';

import { Denied, makeApis } from './apis.js';
import { METHODS } from './syntax.js';

/** Deepest nesting of a value that crosses. */
const DEPTH_MAX = 64;

/** Makes a context poor; returns what is needed to make values that belong to it. */
const PREPARE = `(function (methods) {
  const tools = {
    list: () => [],
    object: () => ({}),
    wrap: (call) => function (...values) { return call(values); },
  };
  const { getOwnPropertyNames } = Object;
  const types = { Array, String, Object, Number, Boolean, Function };
  tools.compile = (names, code) => new types.Function(...names, code);
  const root = globalThis;
  for (const name of getOwnPropertyNames(root)) delete root[name];
  for (const type in types) {
    const allowed = methods[type] || [];
    for (const name of getOwnPropertyNames(types[type].prototype)) {
      if (allowed.indexOf(name) < 0 && name !== 'length') delete types[type].prototype[name];
    }
  }
  return tools;
})`;

/** One run of a template on a page, or one test scenario. */
export class Sandbox {
  /**
   * @param {import('./apis.js').Host} host
   */
  constructor(host) {
    this.apis = makeApis(host);
    /** What takes the place of an API in a test; a function of the sandbox, or a value. @type {Map<string, any>} */
    this.mocks = new Map();
    /** Arguments of every call, by API. @type {Record<string, any[][]>} */
    this.calls = Object.create(null);
    const context = vm.createContext({}, { codeGeneration: { strings: true, wasm: false } });
    this.tools = vm.runInContext(PREPARE, context)(METHODS);
    this.require = this.tools.wrap((/** @type {any[]} */ [name]) => this.demand(name));
  }

  /**
   * Runs code as a function's body.
   * @param {string} code
   * @param {Record<string, any>} names what it finds, as values of the sandbox
   */
  run(code, names) {
    return this.tools.compile(Object.keys(names), `'use strict';\n${code}`)(...Object.values(names));
  }

  /**
   * Runs a template.
   * @param {string} code
   * @param {any} data a value of the sandbox, or of the host
   * @returns {any} what it returns, as a value of the sandbox
   */
  template(code, data) {
    const given = this.into(data ?? {});
    for (const name of ['gtmOnSuccess', 'gtmOnFailure']) {
      const own = given[name];
      given[name] = this.tools.wrap((/** @type {any[]} */ values) => {
        this.note(name, values);
        return own?.();
      });
    }
    return this.run(code, { require: this.require, data: given });
  }

  /** @param {string} name */
  demand(name) {
    const api = this.apis[name];
    if (api === undefined) throw new Denied(`There is no API \`${name}\`.`);
    if (typeof api !== 'function' && !this.mocks.has(name)) return this.into(api);
    return this.tools.wrap((/** @type {any[]} */ values) => {
      this.note(name, values);
      if (this.mocks.has(name)) {
        const mock = this.mocks.get(name);
        return typeof mock === 'function' ? mock(...values) : mock;
      }
      return this.into(api(...values.map((value) => out(value, this))));
    });
  }

  /**
   * @param {string} name
   * @param {any[]} values
   */
  note(name, values) {
    (this.calls[name] ??= []).push(Array.from(values));
  }

  /**
   * A copy that belongs to the sandbox. Functions become functions that copy what goes in and what comes back.
   * @param {any} value
   * @param {number} [depth]
   * @returns {any}
   */
  into(value, depth = 0) {
    if (depth > DEPTH_MAX) throw new Denied('A value is nested too deep to be copied.');
    if (typeof value === 'function') {
      return this.tools.wrap((/** @type {any[]} */ values) => this.into(value(...values.map((one) => out(one, this)))));
    }
    if (value === null || typeof value !== 'object') return value;
    const copy = Array.isArray(value) ? this.tools.list() : this.tools.object();
    for (const key of Object.keys(value)) copy[key] = this.into(value[key], depth + 1);
    return copy;
  }
}

/**
 * A copy that belongs to the host.
 * @param {any} value
 * @param {Sandbox} sandbox
 * @param {number} [depth]
 * @returns {any}
 */
export function out(value, sandbox, depth = 0) {
  if (depth > DEPTH_MAX) throw new Denied('A value is nested too deep to be copied.');
  if (typeof value === 'function') return (/** @type {any[]} */ ...values) => out(value(...values.map((one) => sandbox.into(one))), sandbox);
  if (value === null || typeof value !== 'object') return value;
  const copy = Array.isArray(value) ? [] : {};
  for (const key of Object.keys(value)) copy[key] = out(value[key], sandbox, depth + 1);
  return copy;
}
