/** What the sections INFO and TEMPLATE_PARAMETERS must hold. */

/** Kinds of fields; those in the second list have a value of their own. */
const CONTAINERS = ['GROUP', 'LABEL'];
const VALUES = ['TEXT', 'SELECT', 'CHECKBOX', 'RADIO', 'SIMPLE_TABLE', 'PARAM_TABLE'];

/** Validators, and whether they take arguments. */
const VALIDATORS = {
  NON_EMPTY: false,
  REGEX: true,
  STRING_LENGTH: true,
  NUMBER: false,
  POSITIVE_NUMBER: false,
  NON_NEGATIVE_NUMBER: false,
  DECIMAL: false,
  PERCENTAGE: false,
  GA_TRACKING_ID: false,
  UNIQUE_COLUMN: true,
};

const CONDITIONS = ['EQUALS', 'NOT_EQUALS', 'PRESENT', 'NOT_PRESENT'];

/** Most characters of a description (the template editor's limit). */
const DESCRIPTION_MAX = 200;

/**
 * @param {any} info
 * @param {string[]} problems
 */
export function checkInfo(info, problems) {
  const say = (/** @type {string} */ words) => problems.push(`___INFO___: ${words}`);
  if (Object(info) !== info || Array.isArray(info)) return void say('it must be an object.');
  if (info.type !== 'TAG') say('`type` must be "TAG".');
  if (info.id !== 'cvt_temp_public_id') say('`id` must be "cvt_temp_public_id".');
  if (info.version !== 1) say('`version` must be 1.');
  if (!Array.isArray(info.securityGroups)) say('`securityGroups` must be a list.');
  if (!isText(info.displayName)) say('`displayName` must be a text.');
  if (!isText(info.description)) say('`description` must be a text.');
  else if (info.description.length > DESCRIPTION_MAX) say(`\`description\` must have at most ${DESCRIPTION_MAX} characters.`);
  if (!isText(info.brand?.id) || !isText(info.brand?.displayName)) say('`brand` must have an `id` and a `displayName`.');
  if (!Array.isArray(info.categories) || !info.categories.every(isText)) say('`categories` must be a list of texts.');
  if (JSON.stringify(info.containerContexts) !== '["WEB"]') say('`containerContexts` must be ["WEB"].');
}

/**
 * @param {any} fields
 * @param {string[]} problems
 * @returns {Set<string>} the names of all fields that have a value
 */
export function checkParameters(fields, problems) {
  /** @type {Set<string>} */
  const names = new Set();
  /** @type {[string, any][]} */
  const conditions = [];
  const say = (/** @type {string} */ words) => problems.push(`___TEMPLATE_PARAMETERS___: ${words}`);
  if (Array.isArray(fields)) fields.forEach(check);
  else say('it must be a list of fields.');
  for (const [name, condition] of conditions) {
    if (!names.has(condition?.paramName)) say(`\`${name}\` depends on \`${condition?.paramName}\`, which is no field.`);
    if (!CONDITIONS.includes(condition?.type)) say(`\`${name}\` has a condition of the unknown type ${condition?.type}.`);
  }
  return names;

  /** @param {any} field */
  function check(field) {
    const name = field?.name;
    if (!isText(name) || !/^[A-Za-z_]\w*$/.test(name)) return say(`a field has no usable name: ${JSON.stringify(name)}.`);
    if (names.has(name)) say(`the name \`${name}\` stands twice.`);
    if (!CONTAINERS.includes(field.type) && !VALUES.includes(field.type)) say(`\`${name}\` has the unknown type ${field.type}.`);
    if (VALUES.includes(field.type)) names.add(name);
    if (field.type !== 'CHECKBOX' && field.type !== 'GROUP' && !isText(field.displayName)) say(`\`${name}\` has no display name.`);
    if (field.type === 'CHECKBOX' && !isText(field.checkboxText)) say(`\`${name}\` has no text beside its box.`);
    if (field.type === 'SELECT') choices(name, field.selectItems, field.defaultValue);
    if (field.type === 'RADIO') choices(name, field.radioItems, field.defaultValue);
    if (field.type === 'GROUP') {
      if (Array.isArray(field.subParams) && field.subParams.length) field.subParams.forEach(check);
      else say(`the group \`${name}\` is empty.`);
    }
    for (const validator of field.valueValidators ?? []) {
      if (!(validator?.type in VALIDATORS)) say(`\`${name}\` has the unknown validator ${validator?.type}.`);
      else if (VALIDATORS[validator.type] && !Array.isArray(validator.args)) say(`\`${name}\`: ${validator.type} needs arguments.`);
      else if (validator.type === 'REGEX' && !isPattern(validator.args[0])) say(`\`${name}\`: its pattern cannot be read.`);
      else if (validator.type === 'REGEX' && isText(field.defaultValue) && !new RegExp(validator.args[0]).test(field.defaultValue)) {
        say(`\`${name}\`: its default value does not pass its own pattern.`);
      }
    }
    for (const condition of field.enablingConditions ?? []) conditions.push([name, condition]);
  }

  /**
   * @param {string} name
   * @param {any} items
   * @param {any} chosen
   */
  function choices(name, items, chosen) {
    if (!Array.isArray(items) || !items.length) return say(`\`${name}\` has nothing to choose from.`);
    for (const item of items) {
      if (!isText(item?.displayValue) || item?.value === undefined) say(`\`${name}\` has a choice without value or text.`);
    }
    if (chosen !== undefined && !items.some((item) => item?.value === chosen)) say(`\`${name}\`: its default is none of its choices.`);
  }
}

/** @param {any} value */
function isText(value) {
  return typeof value === 'string' && value !== '';
}

/** @param {any} text */
function isPattern(text) {
  try {
    return typeof text === 'string' && !!new RegExp(text);
  } catch {
    return false;
  }
}
