/**
 * The panel: shows the purchases that a collector keeps and the ones it refused, newest first, and the
 * checkouts that no purchase came of yet. Data reaches the page as text only, never as markup.
 */

import { openCount, openFirst, checkoutRows } from './checkouts.js';
import { ago, closeAll, element, update } from './elements.js';
import { refusedRows, registeredRows } from './purchases.js';

/**
 * @typedef {import('./purchases.js').Registered} Registered
 * @typedef {import('./purchases.js').Refused} Refused
 * @typedef {import('./checkouts.js').Checkout} Checkout
 */

/** Pause between two looks while the page is visible, in milliseconds. */
const POLL_MS = 2000;
/** Rows of each kind that are asked for and shown. */
const ROWS_MAX = 200;
/** A request without an answer is given up after this many milliseconds. */
const TIMEOUT_MS = 10_000;
const TOKEN_KEY = 'purchase-tag:panel:token';

let token = takeToken();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** Counts the tokens, so that an answer to an earlier one is not shown. */
let round = 0;

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
  element('checkouts').replaceChildren();
  closeAll();
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
    const [registered, refused, checkouts] = await Promise.all([
      fetchList('purchases'),
      fetchList('refusals'),
      fetchList('checkouts'),
    ]);
    if (mine !== round) return;
    show(registered, refused, checkouts);
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
 * @param {'purchases' | 'refusals' | 'checkouts'} name
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
 * @param {Checkout[]} checkouts
 */
function show(registered, refused, checkouts) {
  registered.sort(newestFirst);
  refused.sort(newestFirst);
  checkouts.sort(openFirst);
  element('lists').hidden = false;
  element('empty').hidden = registered.length > 0;
  element('accepted-table').hidden = registered.length === 0;
  element('accepted-count').textContent = count(registered);
  const notPlaced = registered.filter((row) => !row.placed).length;
  if (notPlaced > 0) element('accepted-count').append(`, ${notPlaced} not placed`);
  element('checkouts-section').hidden = checkouts.length === 0;
  element('to-checkouts').hidden = checkouts.length === 0;
  const open = openCount(checkouts);
  element('checkouts-count').textContent = open === checkouts.length ? count(checkouts) : `${open} of ${count(checkouts)}`;
  element('to-checkouts').textContent = open === 1 ? '1 open checkout' : `${open} open checkouts`;
  element('refused-section').hidden = refused.length === 0;
  element('refused-count').textContent = count(refused);
  update(element('accepted'), registered, (row) => JSON.stringify([row.site, row.purchase_id]), registeredRows);
  update(element('refused'), refused, (row) => JSON.stringify([row.site, row.record_id]), refusedRows);
  update(element('checkouts'), checkouts, (row) => JSON.stringify(['checkout', row.site, row.checkout_id]), checkoutRows);
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

/** @param {string} text empty hides it */
function complain(text) {
  const line = element('error');
  if (line.textContent !== text) line.textContent = text;
  line.hidden = text === '';
}
