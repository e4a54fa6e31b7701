/**
 * The departure for a payment gateway: what the checkout page states is written down in both stores, because the shopper may
 * come back late, elsewhere or never. The module keeps the open checkout; where it is not there, the next page's takes this up.
 */
import { takeOut } from './contact.js';
import { recordId } from './envelope.js';
import { whenOpen } from './gate.js';
import { withModule } from './module.js';
import { attempt, later, listen, now, say } from './natives.js';
import { options } from './options.js';
import { withoutSecrets } from './secrets.js';
import { noteLeft, store, write } from './stores.js';
import { tree } from './tree.js';
import { write as json } from './write.js';

/** Marks what the shopper leaves by: a form, a button or a link. */
const MARK = '[data-purchase-tag-pay]';

/**
 * How long after a press that the page's script took over the page may still go away because of it, in milliseconds: such a script
 * asks the shop's server first.
 */
const PRESSED_MS = 60_000;

/** @type {{ at: number, host: string } | undefined} a press of which nothing came yet, and the host it leads to */
let press;

/** Watches for the shopper to leave by a marked element. */
export function watchDeparture() {
  listen(document, 'submit', (event) => {
    const { target, submitter } = event;
    if (target.matches(MARK) || (submitter && submitter.matches(MARK))) {
      pressed(event, (submitter && submitter.getAttribute('formaction')) || target.getAttribute('action'), false);
    }
  });
  listen(document, 'click', (event) => {
    const { target } = event;
    const element = target.closest && target.closest(MARK);
    // A form's submit button leaves by the form, if at all: what is invalid is not submitted.
    if (element && !/^form$/i.test(element.nodeName)) {
      pressed(event, element.getAttribute('href'), !!element.form && /^(submit|image)$/.test(element.type));
    } else if (event.isTrusted && target.closest && target.closest('a[href]:not([href^="#"])')) press = undefined;
  });
  listen(document, 'invalid', () => (press = undefined));
}

/**
 * Once the page's own listeners have seen it: what they prevent is a departure only if the page goes away soon.
 * @param {Event} event
 * @param {string | null} address where it leads
 * @param {boolean} waits for something else to come of it
 */
function pressed(event, address, waits) {
  const mine = (press = { at: now(), host: attempt(() => new URL(address || '', document.baseURI).host, '') });
  later(() => press === mine && !waits && !event.defaultPrevented && leaveWithCart(), 0);
}

/**
 * The page goes out of sight or away: a departure if its script took over a press a moment ago; on the checkout page also if the page
 * does not mark by what one leaves it.
 * @param {boolean} gone
 */
export function pageGone(gone) {
  if (press && now() - press.at >= PRESSED_MS) press = undefined;
  if (press || (gone && options.page && !document.querySelector(MARK))) leaveWithCart();
}

/** @param {unknown} fields of the cart or the order */
export function checkoutCall(fields) {
  const text = fields && typeof fields === 'object' ? attempt(() => json(fields), '') : '';
  if (text) depart(takeOut(text).json);
  else say('warn', "purchaseTag('checkout', fields) takes an object.");
}

function leaveWithCart() {
  const cart = document.querySelector('.cn_cart');
  const contents = cart && tree(cart);
  if (contents) depart(contents);
}

/** @param {string} contents JSON text */
function depart(contents) {
  // A page may say itself what is left with, once it was pressed.
  const host = press ? press.host : '';
  press = undefined;
  contents = withoutSecrets(contents);
  const id = 'l' + recordId('checkout', contents);
  const text = `l2 ${now()} ${host} ${contents}`;
  whenOpen(() => {
    write('o:' + id, text);
    void store.put(id, text);
    noteLeft(id);
    withModule((tag) => tag && tag.leave(id, text));
  });
}
