/**
 * The file format of a custom template: sections, each introduced by a line `___NAME___`, in the order of Google's exports.
 * Source: the files that https://developers.google.com/tag-platform/tag-manager/templates/gallery asks for, as published.
 */

/** Every section of a template for web containers. The tests may be missing in Google's editor, not here. */
export const SECTIONS = [
  'TERMS_OF_SERVICE',
  'INFO',
  'TEMPLATE_PARAMETERS',
  'SANDBOXED_JS_FOR_WEB_TEMPLATE',
  'WEB_PERMISSIONS',
  'TESTS',
  'NOTES',
];

const HEADING = /^___([A-Z_]+)___$/;

/**
 * @param {string} text of the file
 * @returns {{ sections: Record<string, string>, problems: string[] }} each section's text without blank lines around it
 */
export function split(text) {
  const problems = [];
  /** @type {Record<string, string>} */
  const sections = {};
  const found = [];
  let lines = [];
  for (const line of text.split('\n')) {
    const name = HEADING.exec(line)?.[1];
    if (!name) {
      if (found.length) lines.push(line);
      else if (line.trim()) problems.push(`Before the first section stands "${line.trim()}".`);
      continue;
    }
    close();
    if (!SECTIONS.includes(name)) problems.push(`There is no section ___${name}___.`);
    if (found.includes(name)) problems.push(`The section ___${name}___ stands twice.`);
    found.push(name);
  }
  close();
  const missing = SECTIONS.filter((name) => !found.includes(name));
  for (const name of missing) problems.push(`The section ___${name}___ is missing.`);
  const expected = SECTIONS.filter((name) => found.includes(name));
  const known = found.filter((name, index) => SECTIONS.includes(name) && found.indexOf(name) === index);
  const wrong = known.findIndex((name, index) => name !== expected[index]);
  if (wrong >= 0) problems.push(`The section ___${known[wrong]}___ stands where ___${expected[wrong]}___ belongs.`);
  return { sections, problems };

  function close() {
    const name = found.at(-1);
    if (name && !(name in sections)) sections[name] = lines.join('\n').trim();
    lines = [];
  }
}

/**
 * A section's JSON.
 * @param {Record<string, string>} sections
 * @param {string} name
 * @param {string[]} problems gets a sentence if it is none
 * @returns {any} undefined if it is missing or no JSON
 */
export function json(sections, name, problems) {
  if (!(name in sections)) return undefined;
  try {
    return JSON.parse(sections[name]);
  } catch (error) {
    problems.push(`___${name}___ is not JSON: ${error.message}.`);
    return undefined;
  }
}
