/** Rows of purchases: the ones that were registered, and the ones that were refused. */
import { NOTHING, cell, exact, expandable, factList, make, moment, money, shopDate, standing } from './elements.js';

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
 *   state: string, placed: boolean, order_status: string | null,
 *   purchase: Purchase, problems: Problem[], deliveries: number, conflicts: number,
 * }} Registered
 * @typedef {{
 *   site: string, record_id: string, source: string, page: string | null, received_at: number, times: number,
 *   problems: Problem[], envelope: string,
 * }} Refused
 */

/** A purchase: a row to scan, and a row of details. @param {Registered} row @param {string} key */
export function registeredRows(row, key) {
  const { purchase } = row;
  const cells = [
    cell('State', standing(row.state, row.placed)),
    cell('Total', money(purchase.total_price, purchase.currency), 'number strong'),
    cell('Units', String(purchase.total_quantity), 'number'),
    cell("Shop's date", shopDate(purchase.purchase_date)),
    cell('Source', row.source),
    cell('Received', moment(row.received_at)),
    cell('Repeats', repeats(row), row.conflicts > 0 ? 'bad' : ''),
    cell('Problems', problemCount(row.problems)),
  ];
  return expandable(key, row.purchase_id, cells, registeredDetails(row));
}

/** @param {Registered} row */
function registeredDetails({ site, page, purchase, problems, captured_at, order_status }) {
  const facts = factList([
    ['Site', site],
    ['Page', page],
    ['Order status', order_status],
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
export function refusedRows(row) {
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
