/** Rows of checkouts: shoppers who left for a payment gateway, and what came of it. */
import { NOTHING, cell, exact, expandable, factList, make, moment, money, standing } from './elements.js';

/**
 * @typedef {{ at: number, state: string, basis: string, gateway: string | null }} Report
 * @typedef {{
 *   site: string, checkout_id: string, cart_id: string | null, purchase_id: string | null, state: string,
 *   gateway: string | null, basis: string, left_at: number, first_at: number, received_at: number,
 *   total_price: string | null, total_quantity: number | null, currency: string | null,
 *   closed_by: string | null, closed_at: number | null, transitions: Report[],
 * }} Checkout
 */

/** What a report rests on, in words. @type {Record<string, string>} */
const BASES = {
  left: 'the shopper left for the gateway',
  returned: 'the shopper came back',
  status: "the shop's order status",
};

/** @param {Checkout} checkout */
function isOpen({ closed_by, state }) {
  return closed_by === null && state !== 'canceled';
}

/** Open ones first, then the last heard of. @param {Checkout} a @param {Checkout} b */
export function openFirst(a, b) {
  return Number(isOpen(b)) - Number(isOpen(a)) || b.received_at - a.received_at;
}

/** @param {Checkout[]} checkouts */
export function openCount(checkouts) {
  return checkouts.filter(isOpen).length;
}

/** @param {Checkout} row @param {string} key */
export function checkoutRows(row, key) {
  const cells = [
    cell('State', standing(row.state, true)),
    cell('Total', money(row.total_price ?? undefined, row.currency ?? undefined), 'number strong'),
    cell('Units', row.total_quantity === null ? NOTHING : String(row.total_quantity), 'number'),
    cell('Left', moment(row.left_at)),
    cell('Gateway', row.gateway ?? NOTHING),
    cell('Fate', fate(row)),
  ];
  const facts = factList([
    ['Site', row.site],
    ['Checkout', row.cart_id === row.checkout_id ? null : row.checkout_id],
    ['Cart', row.cart_id],
    ['Order', row.purchase_id],
    ['Left', exact(row.left_at)],
    ['Closed', row.closed_at === null ? null : exact(row.closed_at)],
  ]);
  return expandable(key, row.cart_id ?? row.purchase_id ?? row.checkout_id, cells, [facts, reports(row.transitions)]);
}

/** @param {Checkout} row */
function fate({ closed_by, state }) {
  if (closed_by !== null) return make('span', { className: 'fate closed' }, 'purchase ', make('strong', { textContent: closed_by }));
  return make('span', { className: 'fate', textContent: state === 'canceled' ? 'canceled' : 'still open' });
}

/** @param {Report[]} transitions */
function reports(transitions) {
  const items = transitions.map(({ at, state, basis, gateway }) =>
    make(
      'li',
      {},
      standing(state, true),
      make('span', { textContent: BASES[basis] ?? basis }),
      make('span', { className: 'muted', textContent: gateway ?? '' }),
      moment(at),
    ),
  );
  return make('ul', { className: 'reports' }, ...items);
}
