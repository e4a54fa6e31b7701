/** The template on a page: what reaches the queue of the purchase tag, with the permissions of its file in force. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Page } from '../harness/page.js';
import { runScenario } from '../harness/scenarios.js';
import { fire } from '../harness/template.js';
import { template } from './support.js';

const TEMPLATE = template();

const DATA = {
  site: 'demo',
  loaderUrl: 'https://collector.example/tag/purchase-tag.js',
  source: 'dataLayer',
  eventName: 'purchase',
  total: 'as_is',
  decimal: 'unknown',
  contact: 'none',
  platform: 'none',
  consent: 'not-required',
};

const GA4 = { transaction_id: '10023', value: '180.75', items: [{ item_id: 'P-1', item_name: 'Mug', price: 60.25, quantity: 3 }] };

for (const scenario of TEMPLATE.scenarios) test(`scenario: ${scenario.name}`, () => runScenario(TEMPLATE, scenario));

test('the stub, the configuration and the purchase are there before the loader comes', async () => {
  const page = new Page();
  page.push({ event: 'purchase', ecommerce: GA4 });
  assert.equal(await fire(TEMPLATE, page, DATA), 'success');
  assert.equal(typeof page.window.purchaseTag, 'function');
  assert.deepEqual(page.window.purchaseTag.q, [
    ['config', { site: 'demo', contact: 'none' }],
    ['purchase', { event: 'purchase', ecommerce: GA4 }],
  ]);
  assert.deepEqual(page.scripts, [DATA.loaderUrl]);
  assert.deepEqual(page.log, []);
});

test('a tag that fires twice loads once and hands over what it finds each time', async () => {
  const page = new Page();
  page.push({ event: 'gtm.init' });
  await fire(TEMPLATE, page, DATA);
  page.push({ event: 'purchase', ecommerce: GA4 });
  await fire(TEMPLATE, page, DATA);
  assert.deepEqual(page.scripts, [DATA.loaderUrl]);
  assert.deepEqual(page.window.purchaseTag.q.map((/** @type {any[]} */ [command]) => command), ['config', 'config', 'purchase']);
});

for (const existing of /** @type {const} */ (['call', 'queue'])) {
  test(`a loader that is there already gets the calls (${existing})`, async () => {
    const page = new Page();
    /** @type {any[]} */
    const ran = [];
    // As the loader leaves its global: a function, and a list whose push runs at once.
    page.window.purchaseTag = (/** @type {any[]} */ ...call) => ran.push(call);
    page.window.purchaseTag.q = { push: (/** @type {any[]} */ call) => ran.push(call) };
    page.push({ event: 'purchase', ecommerce: GA4 });
    await fire(TEMPLATE, page, DATA, existing);
    assert.deepEqual(ran.map(([command]) => command), ['config', 'purchase']);
    assert.deepEqual(ran[1][1].ecommerce.items, GA4.items);
  });
}

test('the lines of an earlier cart stay out, although the shop never pushes null', async () => {
  const page = new Page();
  page.push({ event: 'view_cart', ecommerce: { items: [{ item_id: 'A' }, { item_id: 'B' }, { item_id: 'C' }] } });
  page.push({ event: 'purchase', ecommerce: GA4 });
  // The trap is real: the merged model has three lines.
  assert.equal(page.dataLayer('ecommerce', 2).items.length, 3);
  await fire(TEMPLATE, page, DATA);
  assert.deepEqual(page.window.purchaseTag.q[1][1].ecommerce.items, GA4.items);
});

test('what the page changes later does not change what was handed over', async () => {
  const page = new Page();
  const items = [{ item_id: 'P-1', quantity: 1 }];
  page.push({ event: 'purchase', ecommerce: { transaction_id: '1', value: 1, items } });
  await fire(TEMPLATE, page, DATA);
  items[0].quantity = 99;
  assert.equal(page.window.purchaseTag.q[1][1].ecommerce.items[0].quantity, 1);
});

test('a loader that does not arrive is a failure, and the purchase stays in the queue', async () => {
  const page = new Page();
  page.scriptsArrive = false;
  page.push({ event: 'purchase', ecommerce: GA4 });
  assert.equal(await fire(TEMPLATE, page, DATA), 'failure');
  assert.equal(page.window.purchaseTag.q.length, 2);
});

test('a loader elsewhere is not asked for; the preview says why, the live page is silent', async () => {
  for (const preview of [true, false]) {
    const page = new Page();
    page.preview = preview;
    assert.equal(await fire(TEMPLATE, page, { ...DATA, loaderUrl: 'https://elsewhere.example/purchase-tag.js' }), 'failure');
    assert.deepEqual(page.scripts, []);
    assert.deepEqual(page.window, {});
    assert.equal(page.log.length, preview ? 1 : 0);
  }
});

for (const existing of /** @type {const} */ (['call', 'queue'])) {
  test(`what Tag Manager learns of consent after the loader came is told to the loader (${existing})`, async () => {
    const page = new Page();
    page.setConsent('ad_storage', false);
    page.push({ event: 'purchase', ecommerce: GA4 });
    assert.equal(await fire(TEMPLATE, page, { ...DATA, consent: 'tag_manager' }, existing), 'success');
    const { q } = page.window.purchaseTag;
    assert.deepEqual(q, [
      ['config', { site: 'demo', contact: 'none', consent: 'wait' }],
      ['purchase', { event: 'purchase', ecommerce: GA4 }],
    ]);
    /** @type {any[]} */
    const ran = [];
    // The loader puts a function and a list of its own in the place of the stub's.
    page.window.purchaseTag = Object.assign((/** @type {any[]} */ ...call) => ran.push(call), { q: { push: (/** @type {any[]} */ call) => ran.push(call) } });
    page.setConsent('ad_storage', true);
    page.setConsent('analytics_storage', false);
    assert.deepEqual(ran, [['consent', 'granted'], ['consent', 'denied']]);
    assert.equal(q.length, 2);
  });
}

test('consent is read only where Tag Manager is to tell it', async () => {
  for (const consent of ['not-required', 'google', 'tcf', 'wait']) {
    const page = new Page();
    const { access_consent: _, ...permissions } = TEMPLATE.permissions;
    page.setConsent('ad_storage', false);
    page.push({ event: 'purchase', ecommerce: GA4 });
    assert.equal(await fire({ ...TEMPLATE, permissions }, page, { ...DATA, consent }), 'success');
    assert.deepEqual(page.consentListeners, []);
    assert.equal(page.window.purchaseTag.q.length, 2);
  }
});

test('sums agree with whole numbers of any size', async () => {
  // A fixed sequence, so that a failure can be repeated.
  let state = 42n;
  const digits = (/** @type {number} */ count) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & ((1n << 64n) - 1n);
    return (state >> 8n) % 10n ** BigInt(count);
  };
  const text = (/** @type {bigint} */ units, /** @type {number} */ scale) => {
    const padded = String(units).padStart(scale + 1, '0');
    return padded.slice(0, padded.length - scale) + (scale ? '.' + padded.slice(padded.length - scale) : '');
  };
  for (let i = 0; i < 48; i++) {
    // Not three: without a decimal mark that can be read in two ways.
    const scale = [0, 1, 2, 4][i % 4];
    const value = digits(1 + (i % 16));
    const tax = digits(1 + (i % 7));
    const deducts = i % 3 === 0 && value >= tax;
    const page = new Page();
    page.push({ event: 'purchase', ecommerce: { transaction_id: '1', value: text(value, scale), tax: text(tax, scale) } });
    await fire(TEMPLATE, page, { ...DATA, total: deducts ? 'minus_tax_and_shipping' : 'plus_tax' });
    const found = page.window.purchaseTag.q[1][1].ecommerce.value;
    assert.equal(found, text(deducts ? value - tax : value + tax, scale));
  }
});
