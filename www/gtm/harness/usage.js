/** Whether a template's code, fields and permissions fit together: nothing is used that is not there, nothing is there for nothing. */
import { NEEDS } from './apis.js';
import { walk } from './syntax.js';

/** What Tag Manager puts into `data` besides the fields. */
const GIVEN = ['gtmOnSuccess', 'gtmOnFailure', 'gtmEventId', 'gtmTagId'];

/**
 * @param {any} tree of the code
 * @param {Set<string>} fields
 * @param {import('./permissions.js').Permissions} permissions
 * @param {string[]} problems
 */
export function checkUsage(tree, fields, permissions, problems) {
  const read = new Set();
  const required = new Set();
  walk(tree, (node, parent, key) => {
    const line = `line ${node.loc?.start.line}`;
    if (node.type === 'Identifier' && node.name === 'data') {
      if (parent?.type !== 'MemberExpression' || key !== 'object') return;
      if (parent.computed) problems.push(`The code, ${line}: \`data\` must be read by a field's name.`);
      else read.add(parent.property.name);
    }
    if (node.type === 'CallExpression' && node.callee.name === 'require') {
      const name = node.arguments[0]?.value;
      if (typeof name !== 'string') problems.push(`The code, ${line}: \`require\` takes an API's name as a text.`);
      else required.add(name);
    }
  });
  for (const name of read) {
    if (!fields.has(name) && !GIVEN.includes(name)) problems.push(`The code reads \`data.${name}\`, which is no field.`);
  }
  for (const name of fields) if (!read.has(name)) problems.push(`The field \`${name}\` is read nowhere.`);
  const needed = new Set();
  for (const name of required) {
    if (!(name in NEEDS)) problems.push(`The code requires \`${name}\`, which the harness does not know.`);
    else if (NEEDS[name]) needed.add(NEEDS[name]);
    if (NEEDS[name] && !permissions[NEEDS[name]]) problems.push(`\`${name}\` needs the permission \`${NEEDS[name]}\`.`);
  }
  for (const name of Object.keys(permissions)) if (!needed.has(name)) problems.push(`The permission \`${name}\` is used by nothing.`);
  for (const name of ['gtmOnSuccess', 'gtmOnFailure']) if (!read.has(name)) problems.push(`The code never calls \`data.${name}\`.`);
}
