/** The snippets for other tag managers on a page: what reaches the queue of the purchase tag, and what is loaded. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { jsdom } from '../harness/packages.js';
import { text } from './support.js';

const { JSDOM } = jsdom();
const LOADER = 'https://collector.example/tag/purchase-tag.js';

/** An order-confirmation page. @param {Record<string, any>} [globals] */
function page(globals = {}) {
  const { window } = new JSDOM('<!doctype html><title>Thank you</title><body></body>', {
    url: 'https://shop.example/order-confirmation',
    runScripts: 'outside-only',
  });
  Object.assign(window, globals);
  return window;
}

/**
 * As tag managers run a Custom HTML tag: its script elements' code, one after the other.
 * @param {any} window
 * @param {string} name
 * @param {(code: string) => string} [edit]
 */
function runHtml(window, name, edit = (code) => code) {
  const { document } = new JSDOM(edit(text(name))).window;
  const scripts = [...document.querySelectorAll('script')];
  assert.ok(scripts.length);
  for (const script of scripts) window.eval(script.textContent);
}

/**
 * As Tealium runs an extension.
 * @param {any} window
 * @param {Record<string, any>} data
 * @param {(code: string) => string} [edit]
 */
function runTealium(window, data, edit = (code) => code) {
  window.eval(`(function (a, b) {\n${edit(text('tealium.js'))}\n})`)('view', data);
}

/** The calls that wait, as lists of this realm. @param {any} window */
function calls(window) {
  return JSON.parse(JSON.stringify(window.purchaseTag.q.map((/** @type {any} */ call) => Array.from(call))));
}

/** @param {any} window */
function loaders(window) {
  return [...window.document.querySelectorAll('script')].map(({ src, async }) => ({ src, async }));
}

/** @type {Record<string, (window: any, edit?: (code: string) => string) => void>} */
const RUNS = {
  'snippet.html': (window, edit) => runHtml(window, 'snippet.html', edit),
  'matomo.html': (window, edit) => runHtml(window, 'matomo.html', edit),
  'tealium.js': (window, edit) => runTealium(window, {}, edit),
};

/** As a shop does that asks for consent. @param {string} code */
function asking(code) {
  assert.ok(code.includes("// consent: 'google',"));
  return code.replace("// consent: 'google',", "consent: 'google',");
}

for (const [name, run] of Object.entries(RUNS)) {
  test(`${name}: configures, and loads once however often it fires`, () => {
    const window = page();
    run(window);
    run(window);
    assert.deepEqual(loaders(window), [{ src: LOADER, async: true }]);
    const found = calls(window);
    assert.deepEqual(found.map(([command]) => command), ['config', 'config']);
    assert.equal(found[0][1].site, 'demo');
    assert.equal(found[0][1].collector, 'https://collector.example');
  });

  test(`${name}: leaves a loader of the page alone`, () => {
    const window = page();
    /** @type {any[]} */
    const ran = [];
    window.purchaseTag = (/** @type {any[]} */ ...call) => ran.push(call);
    const script = window.document.createElement('script');
    script.src = LOADER;
    window.document.head.append(script);
    run(window);
    assert.equal(loaders(window).length, 1);
    assert.equal(ran[0][0], 'config');
  });

  test(`${name}: has no identifier of the page but the purchase tag's`, () => {
    const window = page();
    const before = Object.keys(window);
    run(window);
    assert.deepEqual(Object.keys(window).filter((key) => !before.includes(key)), ['purchaseTag']);
  });
}

for (const [name, run] of Object.entries(RUNS)) {
  test(`${name}: tells who asks for consent, and stores nothing itself`, () => {
    const window = page();
    /** @type {string[]} */
    const touched = [];
    for (const store of ['indexedDB', 'localStorage', 'sessionStorage']) {
      Object.defineProperty(window, store, { get: () => touched.push(store) });
    }
    run(window, asking);
    assert.deepEqual(touched, []);
    assert.equal(window.document.cookie, '');
    assert.equal(calls(window)[0][1].consent, 'google');
    assert.equal(window.purchaseTag.db, undefined);
  });
}

test('snippet.html: the loader is told to read the data layer', () => {
  const window = page();
  runHtml(window, 'snippet.html');
  assert.equal(calls(window)[0][1].data_layer, 'dataLayer');
});

/** Matomo's data layer. @param {Record<string, any>} values */
function matomo(values) {
  return { MatomoTagManager: { dataLayer: { get: (/** @type {string} */ key) => values[key] } } };
}

test('matomo.html: the names of the shop become an entry, with the numbers as they are written', () => {
  const window = page(
    matomo({
      event: 'purchase',
      orderId: '00123',
      orderTotal: '180.750',
      orderCurrency: 'EUR',
      cartId: 'C7',
      orderStatus: '',
      orderSignature: '5f',
      orderItems: [{ sku: 'P-1', name: 'Mug', category: 'Kitchen/Mugs', price: 60.25, quantity: '3', colour: 'blue' }],
    }),
  );
  runHtml(window, 'matomo.html');
  assert.deepEqual(calls(window)[1], [
    'purchase',
    {
      event: 'purchase',
      ecommerce: {
        transaction_id: '00123',
        value: '180.750',
        currency: 'EUR',
        cart_id: 'C7',
        signature: '5f',
        items: [{ item_id: 'P-1', item_name: 'Mug', item_category: 'Kitchen/Mugs', price: 60.25, quantity: '3' }],
      },
    },
  ]);
});

test("matomo.html: GA4's object needs no names", () => {
  const ecommerce = { transaction_id: '1', value: 5, items: [] };
  const window = page(matomo({ event: 'purchase', ecommerce }));
  runHtml(window, 'matomo.html');
  assert.deepEqual(calls(window)[1], ['purchase', { event: 'purchase', ecommerce }]);
});

test('matomo.html: another event, or an order without a number, is no purchase', () => {
  for (const values of [{ event: 'mtm.PageView', orderId: '1' }, { event: 'purchase', orderTotal: 5 }]) {
    const window = page(matomo(values));
    runHtml(window, 'matomo.html');
    assert.equal(calls(window).length, 1);
  }
});

test("tealium.js: the E-Commerce extension's lists become lines", () => {
  const window = page();
  runTealium(window, {
    _corder: '00123',
    _ctotal: '200.75',
    _ccurrency: 'EUR',
    _ctax: '4.90',
    order_payment_type: 'Card',
    order_signature: '5f',
    _cprod: ['P-1', 'P-2'],
    _cprodname: ['Mug', 'Plate'],
    _cprice: ['60.25', '20'],
    _cquan: ['3', ''],
    _cbrand: ['Acme'],
    product_url: ['https://shop.example/mug', 'https://shop.example/plate'],
  });
  assert.deepEqual(calls(window)[1], [
    'purchase',
    {
      event: 'purchase',
      ecommerce: {
        transaction_id: '00123',
        value: '200.75',
        currency: 'EUR',
        payment_method: 'Card',
        signature: '5f',
        items: [
          { item_id: 'P-1', item_name: 'Mug', item_brand: 'Acme', price: '60.25', quantity: '3', url: 'https://shop.example/mug' },
          { item_id: 'P-2', item_name: 'Plate', price: '20', url: 'https://shop.example/plate' },
        ],
      },
    },
  ]);
});

test('tealium.js: one product as a text is one line; a page without an order is no purchase', () => {
  const window = page();
  runTealium(window, { _corder: '1', _ctotal: '5', _cprod: 'P-1', _cquan: '1' });
  assert.deepEqual(calls(window)[1][1].ecommerce.items, [{ item_id: 'P-1', quantity: '1' }]);
  const other = page();
  runTealium(other, { _corder: '', _cprod: ['P-1'] });
  assert.equal(calls(other).length, 1);
});
