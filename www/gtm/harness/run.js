/** `node harness/run.js template.tpl`: checks a template and runs its scenarios. Exit code 1 if anything does not hold. */
import { readFileSync } from 'node:fs';

import { runScenario } from './scenarios.js';
import { readTemplate } from './template.js';

const [file] = process.argv.slice(2);
if (!file) {
  console.error('Name the template: node harness/run.js template.tpl');
  process.exit(2);
}
const { template, problems } = readTemplate(readFileSync(file, 'utf8'));
for (const problem of problems) console.error(problem);
let failed = problems.length;
if (!failed) {
  for (const scenario of template.scenarios) {
    try {
      runScenario(template, scenario);
    } catch (error) {
      failed++;
      console.error(`${scenario.name}\n  ${error.message}`);
    }
  }
}
console.log(`${template.scenarios.length} scenarios, ${failed} problems`);
process.exitCode = failed ? 1 : 0;
