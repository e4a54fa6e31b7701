/** The section TESTS: reading its scenarios, and running them as the template editor does. */
import { assertApi, assertThat, Failed } from './assertions.js';
import { NEEDS } from './apis.js';
import { yaml } from './packages.js';
import { Page } from './page.js';
import { Sandbox, out } from './sandbox.js';
import { parse } from './syntax.js';

/** @typedef {{ name: string, code: string }} Scenario the setup's code goes first */

/**
 * @param {string} text of the section
 * @param {string[]} problems
 * @returns {Scenario[]}
 */
export function readScenarios(text, problems) {
  let tests;
  try {
    tests = yaml.parse(text);
  } catch (error) {
    problems.push(`___TESTS___ is not YAML: ${String(error.message).split('\n')[0].replace(/:$/, '')}.`);
    return [];
  }
  const { scenarios, setup = '', ...rest } = Object(tests);
  for (const key of Object.keys(rest)) problems.push(`___TESTS___ has the unknown key \`${key}\`.`);
  if (!Array.isArray(scenarios) || !scenarios.length) {
    problems.push('___TESTS___ has no scenarios.');
    return [];
  }
  const prelude = parse(setup, 'The setup of the tests', { test: true });
  problems.push(...prelude.problems);
  const names = new Set();
  return scenarios.map(({ name, code }) => {
    if (typeof name !== 'string' || typeof code !== 'string') problems.push('A scenario needs a name and code.');
    if (names.has(name)) problems.push(`The scenario "${name}" stands twice.`);
    names.add(name);
    if (!/assert(That|Api)|fail/.test(code)) problems.push(`The scenario "${name}" asserts nothing.`);
    problems.push(...parse(String(code), `The scenario "${name}"`, { test: true, declared: prelude.declared }).problems);
    return { name, code: `${setup}\n${code}` };
  });
}

/**
 * Runs one scenario.
 * @param {import('./template.js').Template} template
 * @param {Scenario} scenario
 * @throws {Error} with what does not hold
 */
export function runScenario(template, { code }) {
  const page = new Page();
  const sandbox = new Sandbox({ page, permissions: template.permissions, existing: 'call' });
  const host = (/** @type {any} */ value) => out(value, sandbox);
  /** @type {(name: string, value: any) => void} */
  const mock = (name, value) => {
    if (!(name in NEEDS)) throw new Failed(`there is no API \`${name}\` to mock`);
    sandbox.mocks.set(name, value);
  };
  const tools = {
    // As in the editor, the permissions of a mocked API are not asked.
    mock: sandbox.tools.wrap((/** @type {any[]} */ [name, value]) => mock(name, value)),
    mockObject: sandbox.tools.wrap((/** @type {any[]} */ [name, value]) => mock(name, value)),
    runCode: sandbox.tools.wrap((/** @type {any[]} */ [data]) => sandbox.template(template.code, host(data))),
    assertThat: sandbox.tools.wrap((/** @type {any[]} */ [value, message]) => inside(assertThat(host(value), message))),
    assertApi: sandbox.tools.wrap((/** @type {any[]} */ [name]) => {
      const known = name in NEEDS || name === 'gtmOnSuccess' || name === 'gtmOnFailure';
      if (!known) throw new Failed(`there is no API \`${name}\``);
      return inside(assertApi(name, (sandbox.calls[name] ?? []).map((call) => call.map(host))));
    }),
    fail: sandbox.tools.wrap((/** @type {any[]} */ [words]) => {
      throw new Failed(words);
    }),
  };
  sandbox.run(code, { require: sandbox.require, ...tools });

  /** Methods for the sandbox; they throw there what they throw here. @param {Record<string, any>} methods */
  function inside(methods) {
    const object = sandbox.tools.object();
    for (const [name, method] of Object.entries(methods)) {
      object[name] = sandbox.tools.wrap((/** @type {any[]} */ values) => method(...Array.from(values).map(host)));
    }
    return object;
  }
}
