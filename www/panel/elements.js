/** Building blocks of the panel's rows. Data reaches the page as text only, never as markup. */

/** Shown where there is nothing to say. */
export const NOTHING = '–';

/** Details that are open, by row key. @type {Set<string>} */
const opened = new Set();

export function closeAll() {
  opened.clear();
}

/**
 * A row to scan, and a row of details that its title opens.
 * @param {string} key
 * @param {string} title
 * @param {HTMLElement[]} cells
 * @param {Node[]} content
 */
export function expandable(key, title, cells, content) {
  const details = make('tr', { className: 'details', hidden: !opened.has(key) });
  details.append(make('td', { colSpan: cells.length + 1 }, ...content));
  const toggle = make('button', { type: 'button', className: 'toggle', textContent: title });
  toggle.setAttribute('aria-expanded', String(opened.has(key)));
  toggle.addEventListener('click', () => {
    details.hidden = !details.hidden;
    toggle.setAttribute('aria-expanded', String(!details.hidden));
    if (details.hidden) opened.delete(key);
    else opened.add(key);
  });
  return [make('tr', { className: 'summary' }, make('th', { scope: 'row' }, toggle), ...cells), details];
}

/**
 * Makes `parent` hold the rows' elements in order. A row that did not change keeps its elements, and so its focus and
 * the reader's selection.
 * @template Row
 * @param {HTMLElement} parent
 * @param {Row[]} rows
 * @param {(row: Row) => string} keyOf
 * @param {(row: Row, key: string) => HTMLElement[]} build
 */
export function update(parent, rows, keyOf, build) {
  /** @type {Map<string, HTMLElement[]>} */
  const present = new Map();
  for (const child of /** @type {Iterable<HTMLElement>} */ (parent.children)) {
    const key = child.dataset.key ?? '';
    present.set(key, [...(present.get(key) ?? []), child]);
  }
  /** @type {Element | null} */
  let next = parent.firstElementChild;
  for (const row of rows) {
    const key = keyOf(row);
    const content = JSON.stringify(row);
    const old = present.get(key);
    present.delete(key);
    const kept = old?.[0]?.dataset.content === content ? old : undefined;
    const elements = kept ?? build(row, key);
    for (const each of elements) {
      each.dataset.key = key;
      each.dataset.content = content;
      if (each === next) next = next.nextElementSibling;
      else parent.insertBefore(each, next);
    }
    if (!kept) {
      for (const each of old ?? []) {
        if (each === next) next = next.nextElementSibling;
        each.remove();
      }
    }
  }
  for (const gone of [...present.values()].flat()) gone.remove();
}

/**
 * A state, and whether the order counts as a purchase where it does not.
 * @param {string} state
 * @param {boolean} placed
 */
export function standing(state, placed) {
  const word = make('span', { className: `standing ${state}`, textContent: state });
  return placed ? word : make('span', {}, word, ' ', make('span', { className: 'muted', textContent: 'not placed' }));
}

/** @param {[string, string | null | undefined][]} pairs */
export function factList(pairs) {
  const known = pairs.filter(([, value]) => value !== undefined && value !== null && value !== '');
  const rows = known.map(([name, value]) => make('div', {}, make('dt', { textContent: name }), make('dd', { textContent: value ?? '' })));
  return make('dl', { className: 'facts' }, ...rows);
}

/** The collector's decimal text, with at least two decimals. @param {string | undefined} amount @param {string | undefined} currency */
export function money(amount, currency) {
  if (amount === undefined) return NOTHING;
  const [whole, decimals = ''] = amount.split('.');
  return `${whole}.${decimals.padEnd(2, '0')} ${currency ?? ''}`.trim();
}

/** The shop's own clock, never another zone's: `2026-11-21 10:00:00 +01:00`. @param {string | undefined} text */
export function shopDate(text) {
  return text?.replace('T', ' ').replace(/(\d)(Z|[+-]\d\d:\d\d)$/, '$1 $2') ?? NOTHING;
}

/** @param {number} ms since 1970 */
export function moment(ms) {
  const time = make('time', { textContent: ago(ms), title: exact(ms) });
  if (Math.abs(ms) <= LAST_MS) time.dateTime = new Date(ms).toISOString();
  return time;
}

/** The last moment that a Date can hold, in milliseconds since 1970. */
const LAST_MS = 8.64e15;

/** @param {number} ms since 1970 */
export function exact(ms) {
  return Math.abs(ms) <= LAST_MS ? new Date(ms).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' }) : 'unknown';
}

/** @param {number} ms since 1970 */
export function ago(ms) {
  const seconds = Math.round((Date.now() - ms) / 1000);
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** A table cell that names its column where the table becomes cards. @param {string} name @param {string | Node} content */
export function cell(name, content, className = '') {
  const td = make('td', { className }, content);
  td.dataset.name = name;
  if (content === NOTHING) td.classList.add('nothing');
  return td;
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Partial<HTMLElementTagNameMap[Name]>} properties
 * @param {...(string | Node)} children
 */
export function make(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** @param {string} id */
export function element(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}
