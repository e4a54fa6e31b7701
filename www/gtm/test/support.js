/** What the tests of this folder share. */
import { readFileSync } from 'node:fs';

import { readTemplate } from '../harness/template.js';

/** @param {string} name of a file beside this folder */
export function text(name) {
  return readFileSync(new URL('../' + name, import.meta.url), 'utf8');
}

/** The template, which must be without problems. */
export function template() {
  const { template, problems } = readTemplate(text('template.tpl'));
  if (problems.length) throw new Error(problems.join('\n'));
  return template;
}
