/**
 * The panel: shows the purchases that a collector keeps and the ones it refused, newest first.
 * Data reaches the page as text only, never as markup.
 */

/**
 * @typedef {{ path: string, kind: string, severity: 'error' | 'warning' | 'normalised', text: string, message: string }} Problem
 * @typedef {{ quantity?: number, price?: string, product_id?: string, name?: string, unit_price?: string }} Item
 * @typedef {{
 *   purchase_id: string, total_quantity: number, total_price: string, cart_id?: string, purchase_date?: string,
 *   payment_method?: string, source_name?: string, source_type?: string, currency?: string, email?: string,
 *   email_sha256?: string, product_basket_item?: Item[],
 * }} Purchase
 * @typedef {{
 *   site: string, purchase_id: string, received_at: number, captured_at: number, source: string, page: string | null,
 *   purchase: Purchase, problems: Problem[], deliveries: number, conflicts: number,
 * }} Registered
 * @typedef {{
 *   site: string, record_id: string, source: string, page: string | null, received_at: number, times: number,
 *   problems: Problem[], envelope: string,
 * }} Refused
 */

/** Pause between two looks while the page is visible, in milliseconds. */
const POLL_MS = 2000;
/** Rows of each kind that are asked for and shown. */
const ROWS_MAX = 200;
/** A request without an answer is given up after this many milliseconds. */
const TIMEOUT_MS = 10_000;
/** Shown where there is nothing to say. */
const NOTHING = '–';
const TOKEN_KEY = 'purchase-tag:panel:token';

let token = takeToken();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** Counts the tokens, so that an answer to an earlier one is not shown. */
let round = 0;
/** Details that are open, by row key. @type {Set<string>} */
const opened = new Set();

element('ask').addEventListener('submit', (event) => {
  event.preventDefault();
  const input = /** @type {HTMLInputElement} */ (element('token'));
  useToken(input.value.trim());
  input.value = '';
});
element('forget').addEventListener('click', () => useToken(''));
document.addEventListener('visibilitychange', start);
window.addEventListener('hashchange', () => useToken(takeToken()));
start();

/** The token from the address, which then loses it, or from this tab's storage. */
function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given === null) return read() ?? '';
  history.replaceState(null, '', location.pathname + location.search);
  keep(given);
  return given;
}

/** @param {string} next empty to ask again */
function useToken(next) {
  keep(next);
  token = next;
  element('accepted').replaceChildren();
  element('refused').replaceChildren();
  opened.clear();
  complain('');
  start();
}

// Storage may be denied; then the token lives as long as the page.
function read() {
  try {
    return sessionStorage.getItem(TOKEN_KEY);
  } catch {
    return null;
  }
}

/** @param {string} value */
function keep(value) {
  try {
    if (value) sessionStorage.setItem(TOKEN_KEY, value);
    else sessionStorage.removeItem(TOKEN_KEY);
  } catch {
    // As above.
  }
}

function start() {
  clearTimeout(timer);
  round++;
  element('ask').hidden = token !== '';
  element('forget').hidden = token === '';
  if (token === '') {
    element('lists').hidden = true;
    element('state').textContent = '';
    element('token').focus();
  } else if (!document.hidden) {
    void look(round);
  }
}

/** Looks once, and again after a pause. @param {number} mine */
async function look(mine) {
  try {
    const [registered, refused] = await Promise.all([fetchList('purchases'), fetchList('refusals')]);
    if (mine !== round) return;
    show(registered, refused);
    complain('');
    element('state').textContent = 'Live';
  } catch (error) {
    if (mine !== round) return;
    if (error instanceof WrongToken) {
      useToken('');
      complain('The collector does not accept this read token. Enter the one it was started with.');
      return;
    }
    complain(error instanceof Complaint ? error.message : 'The collector does not answer. Retrying …');
    element('state').textContent = 'Not connected';
  }
  timer = setTimeout(() => void look(mine), POLL_MS);
}

class WrongToken extends Error {}
class Complaint extends Error {}

/**
 * @param {'purchases' | 'refusals'} name
 * @returns {Promise<any[]>}
 */
async function fetchList(name) {
  const answer = await fetch(`v1/${name}?limit=${ROWS_MAX}`, {
    headers: { authorization: `Bearer ${token}` },
    cache: 'no-store',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (answer.status === 401) throw new WrongToken();
  if (!answer.ok) {
    const { error } = await answer.json().catch(() => ({}));
    throw new Complaint(`The collector answers ${answer.status}: ${error ?? 'no reason given'}. Retrying …`);
  }
  return (await answer.json())[name];
}

/**
 * @param {Registered[]} registered
 * @param {Refused[]} refused
 */
function show(registered, refused) {
  registered.sort(newestFirst);
  refused.sort(newestFirst);
  element('lists').hidden = false;
  element('empty').hidden = registered.length > 0;
  element('accepted-table').hidden = registered.length === 0;
  element('accepted-count').textContent = count(registered);
  element('refused-section').hidden = refused.length === 0;
  element('refused-count').textContent = count(refused);
  update(element('accepted'), registered, (row) => JSON.stringify([row.site, row.purchase_id]), registeredRows);
  update(element('refused'), refused, (row) => JSON.stringify([row.site, row.record_id]), refusedRows);
  for (const time of document.querySelectorAll('time')) time.textContent = ago(Date.parse(time.dateTime));
}

/** @param {{ received_at: number }} a @param {{ received_at: number }} b */
function newestFirst(a, b) {
  return b.received_at - a.received_at;
}

/** @param {unknown[]} rows */
function count(rows) {
  return rows.length < ROWS_MAX ? String(rows.length) : `newest ${ROWS_MAX}`;
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
function update(parent, rows, keyOf, build) {
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

/** A purchase: a row to scan, and a row of details. @param {Registered} row @param {string} key */
function registeredRows(row, key) {
  const { purchase } = row;
  const details = make('tr', { className: 'details', hidden: !opened.has(key) });
  details.append(make('td', { colSpan: 8 }, ...registeredDetails(row)));
  const toggle = make('button', { type: 'button', className: 'toggle', textContent: row.purchase_id });
  toggle.setAttribute('aria-expanded', String(opened.has(key)));
  toggle.addEventListener('click', () => {
    details.hidden = !details.hidden;
    toggle.setAttribute('aria-expanded', String(!details.hidden));
    if (details.hidden) opened.delete(key);
    else opened.add(key);
  });
  const summary = make(
    'tr',
    { className: 'summary' },
    make('th', { scope: 'row' }, toggle),
    cell('Total', money(purchase.total_price, purchase.currency), 'number strong'),
    cell('Units', String(purchase.total_quantity), 'number'),
    cell("Shop's date", shopDate(purchase.purchase_date)),
    cell('Source', row.source),
    cell('Received', moment(row.received_at)),
    cell('Repeats', repeats(row), row.conflicts > 0 ? 'bad' : ''),
    cell('Problems', problemCount(row.problems)),
  );
  return [summary, details];
}

/** @param {Registered} row */
function registeredDetails({ site, page, purchase, problems, captured_at }) {
  const facts = factList([
    ['Site', site],
    ['Page', page],
    ['Cart', purchase.cart_id],
    ['Payment', purchase.payment_method],
    ['Source name', purchase.source_name],
    ['Source type', purchase.source_type],
    ['E-mail', purchase.email],
    ['E-mail, SHA-256', purchase.email_sha256],
    ['Captured', exact(captured_at)],
  ]);
  const items = (purchase.product_basket_item ?? []).map((item) => {
    const units = item.quantity === undefined ? '?' : String(item.quantity);
    const name = make('span', { textContent: item.name ?? item.product_id ?? 'unnamed' });
    const id = make('span', { className: 'muted', textContent: item.product_id ?? 'no id' });
    const price = make('span', { className: 'number', textContent: money(item.price, purchase.currency) });
    return make('li', {}, make('span', { className: 'units', textContent: `${units} ×` }), name, id, price);
  });
  const list = items.length ? make('ul', { className: 'items' }, ...items) : make('p', { textContent: 'No items.' });
  return problems.length ? [facts, list, problemList(problems)] : [facts, list];
}

/** A refused purchase: all of it is visible, because somebody has to mend it. @param {Refused} row */
function refusedRows(row) {
  const title = make('p', { className: 'refused-title' }, make('strong', { textContent: row.site }), ` · ${row.source} · `);
  title.append(moment(row.received_at), row.times > 1 ? ` · ${row.times} times` : '');
  const page = make('p', { className: 'muted', textContent: row.page ?? 'no page address' });
  const raw = make('details', {}, make('summary', { textContent: 'What was sent' }), make('pre', { textContent: row.envelope }));
  return [make('li', {}, title, page, problemList(row.problems), raw)];
}

/** What must be mended in the open, what was merely normalised folded away. @param {Problem[]} problems */
function problemList(problems) {
  const normalised = problems.filter((problem) => problem.severity === 'normalised');
  const errors = problems.filter((problem) => problem.severity === 'error');
  const warnings = problems.filter((problem) => problem.severity === 'warning');
  const list = make('div', { className: 'problems' });
  if (errors.length + warnings.length) list.append(make('ul', {}, ...[...errors, ...warnings].map(problemItem)));
  if (normalised.length) {
    const title = normalised.length === 1 ? '1 value normalised' : `${normalised.length} values normalised`;
    list.append(
      make('details', {}, make('summary', { textContent: title }), make('ul', {}, ...normalised.map(problemItem))),
    );
  }
  return list;
}

/** @param {Problem} problem */
function problemItem({ severity, path, text, message }) {
  return make(
    'li',
    { className: severity },
    make('span', { className: 'severity', textContent: severity }),
    make('code', { textContent: path || 'purchase' }),
    text ? make('q', { textContent: text }) : '',
    make('span', { className: 'message', textContent: message }),
  );
}

/** @param {[string, string | null | undefined][]} pairs */
function factList(pairs) {
  const known = pairs.filter(([, value]) => value !== undefined && value !== null && value !== '');
  const rows = known.map(([name, value]) => make('div', {}, make('dt', { textContent: name }), make('dd', { textContent: value ?? '' })));
  return make('dl', { className: 'facts' }, ...rows);
}

/** @param {Registered} row */
function repeats({ deliveries, conflicts }) {
  const again = deliveries > 1 ? `${deliveries - 1} ×` : NOTHING;
  if (conflicts === 0) return again;
  return `${again}, ${conflicts} ${conflicts === 1 ? 'conflict' : 'conflicts'}`;
}

/** @param {Problem[]} problems */
function problemCount(problems) {
  const warnings = problems.filter((problem) => problem.severity !== 'normalised').length;
  const normalised = problems.length - warnings;
  const parts = [warnings ? `${warnings} to mend` : '', normalised ? `${normalised} normalised` : ''];
  return parts.filter(Boolean).join(', ') || NOTHING;
}

/** The collector's decimal text, with at least two decimals. @param {string | undefined} amount @param {string | undefined} currency */
function money(amount, currency) {
  if (amount === undefined) return NOTHING;
  const [whole, decimals = ''] = amount.split('.');
  return `${whole}.${decimals.padEnd(2, '0')} ${currency ?? ''}`.trim();
}

/** The shop's own clock, never another zone's: `2026-11-21 10:00:00 +01:00`. @param {string | undefined} text */
function shopDate(text) {
  return text?.replace('T', ' ').replace(/(\d)(Z|[+-]\d\d:\d\d)$/, '$1 $2') ?? NOTHING;
}

/** @param {number} ms since 1970 */
function moment(ms) {
  const time = make('time', { textContent: ago(ms), title: exact(ms) });
  if (Math.abs(ms) <= LAST_MS) time.dateTime = new Date(ms).toISOString();
  return time;
}

/** The last moment that a Date can hold, in milliseconds since 1970. */
const LAST_MS = 8.64e15;

/** @param {number} ms since 1970 */
function exact(ms) {
  return Math.abs(ms) <= LAST_MS ? new Date(ms).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' }) : 'unknown';
}

/** @param {number} ms since 1970 */
function ago(ms) {
  const seconds = Math.round((Date.now() - ms) / 1000);
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** A table cell that names its column where the table becomes cards. @param {string} name @param {string | Node} content */
function cell(name, content, className = '') {
  const td = make('td', { className }, content);
  td.dataset.name = name;
  if (content === NOTHING) td.classList.add('nothing');
  return td;
}

/** @param {string} text empty hides it */
function complain(text) {
  const line = element('error');
  if (line.textContent !== text) line.textContent = text;
  line.hidden = text === '';
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Partial<HTMLElementTagNameMap[Name]>} properties
 * @param {...(string | Node)} children
 */
function make(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** @param {string} id */
function element(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}
