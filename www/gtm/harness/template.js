/** A template file: read, checked as a whole, and ready to run. */
import { checkInfo, checkParameters } from './format.js';
import { readPermissions } from './permissions.js';
import { Sandbox } from './sandbox.js';
import { readScenarios } from './scenarios.js';
import { json, split } from './sections.js';
import { parse } from './syntax.js';
import { checkUsage } from './usage.js';

/**
 * @param {string} text of the file
 * @returns {{ template: Template, problems: string[] }} every problem with a sentence; a template with problems is not to be run
 */
export function readTemplate(text) {
  const { sections, problems } = split(text);
  checkInfo(json(sections, 'INFO', problems), problems);
  const fields = checkParameters(json(sections, 'TEMPLATE_PARAMETERS', problems), problems);
  const permissions = readPermissions(json(sections, 'WEB_PERMISSIONS', problems), problems);
  const code = sections.SANDBOXED_JS_FOR_WEB_TEMPLATE ?? '';
  const parsed = parse(code, 'The code');
  problems.push(...parsed.problems);
  if (parsed.tree) checkUsage(parsed.tree, fields, permissions, problems);
  const scenarios = readScenarios(sections.TESTS ?? '', problems);
  return { template: { code, permissions, scenarios }, problems };
}

/**
 * Runs a template once, as a trigger does.
 * @param {Template} template
 * @param {import('./page.js').Page} page
 * @param {Record<string, any>} data the fields' values
 * @param {'call' | 'queue'} [existing] see `Host`
 * @returns {Promise<'success' | 'failure'>} which of the two callbacks was called
 * @throws if the code fails, or calls both callbacks, or one twice
 */
export async function fire({ code, permissions }, page, data, existing = 'call') {
  const sandbox = new Sandbox({ page, permissions, existing });
  /** @type {string[]} */
  const outcomes = [];
  const ended = new Promise((resolve) => {
    const end = (/** @type {string} */ outcome) => () => {
      outcomes.push(outcome);
      resolve(outcome);
    };
    sandbox.template(code, { ...data, gtmOnSuccess: end('success'), gtmOnFailure: end('failure') });
  });
  const outcome = await ended;
  // What else was under way has its turn.
  await new Promise((resolve) => setImmediate(resolve));
  if (outcomes.length > 1) throw new Error(`The tag ended ${outcomes.length} times: ${outcomes.join(', ')}.`);
  return outcome;
}

/**
 * @typedef {object} Template
 * @property {string} code
 * @property {import('./permissions.js').Permissions} permissions
 * @property {import('./scenarios.js').Scenario[]} scenarios
 */
