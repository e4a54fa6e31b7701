/**
 * Permissions: reading their section, and asking them at run time.
 * Source: https://developers.google.com/tag-platform/tag-manager/templates/permissions and published templates.
 */

/** Permission by its parameters: what each must be. Only those that the harness can enforce; another one is refused. */
const SHAPES = {
  access_consent: { consentTypes: 'maps' },
  access_globals: { keys: 'maps' },
  inject_script: { urls: 'texts' },
  logging: { environments: 'text' },
  read_data_layer: { keyPatterns: 'texts', allowedKeys: 'text' },
};

/** First parts of global keys that the documentation forbids: what a browser's window has by itself. */
const BROWSERS_OWN = ['window', 'document', 'location', 'navigator', 'history', 'localStorage', 'sessionStorage', 'self', 'top', 'parent', 'fetch', 'name'];

/** @typedef {Record<string, Record<string, any>>} Permissions by name, then by parameter */

/**
 * @param {any} entries of the section
 * @param {string[]} problems
 * @returns {Permissions}
 */
export function readPermissions(entries, problems) {
  /** @type {Permissions} */
  const permissions = {};
  const say = (/** @type {string} */ words) => problems.push(`___WEB_PERMISSIONS___: ${words}`);
  if (!Array.isArray(entries)) {
    if (entries !== undefined) say('it must be a list.');
    return permissions;
  }
  for (const entry of entries) {
    const name = entry?.instance?.key?.publicId;
    const shape = SHAPES[name];
    if (!shape) {
      say(`there is no permission \`${name}\` that this harness knows.`);
      continue;
    }
    if (name in permissions) say(`\`${name}\` stands twice.`);
    if (entry.instance.key.versionId !== '1') say(`\`${name}\`: \`versionId\` must be "1".`);
    if (entry.isRequired !== true) say(`\`${name}\`: \`isRequired\` must be true.`);
    permissions[name] = {};
    for (const parameter of entry.instance.param ?? []) {
      const kind = shape[parameter?.key];
      if (!kind) say(`\`${name}\` has no parameter \`${parameter?.key}\`.`);
      else permissions[name][parameter.key] = decode(parameter.value, kind, (words) => say(`\`${name}\`, \`${parameter.key}\`: ${words}`));
    }
    narrow(name, permissions[name], say);
  }
  return permissions;
}

/**
 * A value in the format's own notation: type 1 text, 2 list, 3 map, 8 boolean.
 * @param {any} value
 * @param {string} kind
 * @param {(words: string) => void} say
 */
function decode(value, kind, say) {
  if (kind === 'text') {
    if (value?.type === 1 && typeof value.string === 'string') return value.string;
    say('it must be a text (type 1 with `string`).');
    return '';
  }
  if (value?.type !== 2 || !Array.isArray(value.listItem)) {
    say('it must be a list (type 2 with `listItem`).');
    return [];
  }
  if (kind === 'texts') return value.listItem.map((/** @type {any} */ item) => decode(item, 'text', say));
  return value.listItem.map((/** @type {any} */ item) => {
    const { mapKey, mapValue } = item ?? {};
    if (item?.type !== 3 || !Array.isArray(mapKey) || !Array.isArray(mapValue) || mapKey.length !== mapValue.length) {
      say('each item must be a map (type 3 with `mapKey` and `mapValue` of one length).');
      return {};
    }
    return Object.fromEntries(
      mapKey.map((key, index) => [decode(key, 'text', say), mapValue[index]?.type === 8 ? mapValue[index].boolean : mapValue[index]?.string]),
    );
  });
}

/**
 * What is wider than the documentation allows, or than any template needs.
 * @param {string} name
 * @param {any} granted
 * @param {(words: string) => void} say
 */
function narrow(name, granted, say) {
  if (name === 'inject_script') {
    for (const pattern of granted.urls ?? []) {
      const parts = /^https:\/\/([^/]+)\/(.*)$/.exec(pattern);
      if (!parts) say(`the address ${pattern} must begin with https:// and have a path.`);
      else if (parts[1].replace(/^\*\./, '').includes('*')) say(`the address ${pattern} may have a * only before the first dot or at its end.`);
      else if (!/^(\*\.)?[\w-]+(\.[\w-]+)+(:\d+)?$/.test(parts[1])) say(`the address ${pattern} names no host.`);
      else if (parts[2].slice(0, -1).includes('*')) say(`the address ${pattern} may have a * only at its end.`);
    }
    if (!granted.urls?.length) say('`inject_script` names no address.');
  }
  if (name === 'access_globals') {
    for (const { key, read, write, execute } of granted.keys ?? []) {
      if (BROWSERS_OWN.includes(String(key).split('.')[0])) say(`the global \`${key}\` is the browser's own.`);
      if (![read, write, execute].every((flag) => typeof flag === 'boolean')) say(`the global \`${key}\` needs read, write and execute.`);
    }
  }
  if (name === 'logging' && !['debug', 'all'].includes(granted.environments)) say('`environments` must be "debug" or "all".');
  if (name === 'read_data_layer' && granted.allowedKeys !== 'specific') say('`read_data_layer` must be for specific keys.');
}

/**
 * Whether something is granted; the arguments are those of the API `queryPermission`.
 * @param {Permissions} permissions
 * @param {string} name
 * @param {string[]} query
 */
export function isGranted(permissions, name, ...query) {
  const granted = permissions[name];
  if (!granted) return false;
  switch (name) {
    case 'inject_script':
      return granted.urls.some((/** @type {string} */ pattern) => covers(pattern, query[0]));
    case 'access_globals':
      return flags(granted.keys, 'key', query[1], query[0]);
    case 'access_consent':
      return flags(granted.consentTypes, 'consentType', query[0], query[1] ?? 'read');
    case 'read_data_layer':
      return granted.keyPatterns.some((/** @type {string} */ pattern) => keyMatches(pattern, query[0]));
    default:
      return true;
  }
}

/**
 * @param {any[]} list
 * @param {string} field
 * @param {string} key
 * @param {string} right `read`, `write`, `execute`, or two as in `readwrite`
 */
function flags(list, field, key, right) {
  const entry = list.find((item) => item[field] === key);
  return !!entry && ['read', 'write', 'execute'].every((flag) => !right.includes(flag) || entry[flag] === true);
}

/**
 * @param {string} pattern
 * @param {string} address
 */
function covers(pattern, address) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return false;
  }
  const [, host, path] = /** @type {RegExpExecArray} */ (/^https:\/\/([^/]+)\/(.*)$/.exec(pattern) ?? ['', '', '']);
  if (url.protocol !== 'https:' || url.username || url.password) return false;
  const isHost = host.startsWith('*.') ? url.host.endsWith(host.slice(1)) : url.host === host;
  const rest = (url.pathname + url.search).slice(1);
  return isHost && (path.endsWith('*') ? rest.startsWith(path.slice(0, -1)) : rest === path);
}

/**
 * `a.*` covers everything below `a`.
 * @param {string} pattern
 * @param {string} key
 */
function keyMatches(pattern, key) {
  return pattern === key || (pattern.endsWith('.*') && key.startsWith(pattern.slice(0, -1)));
}
