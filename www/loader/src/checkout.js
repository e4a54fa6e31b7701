/**
 * The departure for a payment gateway: what the checkout page states is written down in both stores, because the shopper may
 * come back late, elsewhere or never. The module keeps the open checkout; where it is not there, the next page's takes this up.
 */
import { takeOut } from './contact.js';
import { recordId } from './envelope.js';
import { whenOpen } from './gate.js';
import { withModule } from './module.js';
import { attempt, listen, now, say } from './natives.js';
import { options } from './options.js';
import { withoutSecrets } from './secrets.js';
import { noteLeft, store, write } from './stores.js';
import { tree } from './tree.js';
import { write as json } from './write.js';

/** Marks what the shopper leaves by: a form, a button or a link. */
const MARK = '[data-purchase-tag-pay]';

/** Watches for the shopper to leave by a marked element. */
export function watchDeparture() {
  listen(document, 'submit', ({ target }) => target.matches(MARK) && leaveWithCart());
  listen(document, 'click', ({ target }) => {
    const element = target.closest && target.closest(MARK);
    if (element && !/^form$/i.test(element.nodeName)) leaveWithCart();
  });
}

/** The page goes away: on the checkout page that is a departure, unless the page marks by what one leaves it. */
export function pageGone() {
  if (options.page && !document.querySelector(MARK)) leaveWithCart();
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
  contents = withoutSecrets(contents);
  const id = 'l' + recordId('checkout', contents);
  const text = `l1 ${now()} ${contents}`;
  whenOpen(() => {
    write('o:' + id, text);
    void store.put(id, text);
    noteLeft(id);
    withModule((tag) => tag && tag.leave(id, text));
  });
}
