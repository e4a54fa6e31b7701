/** The Shopify pixel against a server: the bodies that arrive, and when it tries again. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import vm from 'node:vm';

import { text } from './support.js';

/** As Shopify documents the event, with what the pixel does not read left out. */
const EVENT = {
  id: 'sh-1',
  name: 'checkout_completed',
  timestamp: '2026-11-22T10:49:31.000Z',
  context: { document: { location: { origin: 'https://shop.example', pathname: '/checkouts/cn/secret/thank-you' } } },
  data: {
    checkout: {
      token: 'secret',
      order: { id: 'gid://shopify/Order/5551' },
      email: 'Jane.Doe@Gmail.com',
      currencyCode: 'EUR',
      totalPrice: { amount: 186.74, currencyCode: 'EUR' },
      transactions: [{ gateway: 'shopify_payments' }],
      lineItems: [
        {
          title: 'Mug',
          quantity: 3,
          finalLinePrice: { amount: 180.75 },
          variant: {
            id: '77',
            sku: 'MUG-B',
            price: { amount: 60.25 },
            image: { src: 'https://cdn.example/mug.jpg' },
            product: { id: '7', title: 'Mug', url: '/products/mug', vendor: 'Acme', type: 'Kitchen' },
          },
        },
        { title: 'Gift wrap', quantity: 1, finalLinePrice: { amount: 0 }, variant: null },
      ],
    },
  },
};

/** The collector's answer to what it stored. */
const RECEIPT = (/** @type {any} */ { id }) => ({ status: 201, body: JSON.stringify({ receipt: 1, id, outcome: 'accepted', problems: [] }) });

/** Longest time in which the pixel must come to rest, in milliseconds; time within it does not pass. */
const STILL_MS_MAX = 8000;

/**
 * Runs the pixel in a frame against a server, until it has nothing more to do.
 * @param {((envelope: any) => { status?: number, headers?: object, body?: string, reset?: boolean })[]} answers in order; the last
 *   one stays
 * @param {{ settings?: [string, string][], event?: any, leaveAfter?: number, random?: number }} [how] `leaveAfter`: answers after
 *   which the frame ends
 */
async function play(answers, { settings = [], event = EVENT, leaveAfter, random = 0.5 } = {}) {
  /** @type {{ method?: string, url: URL, type?: string, body: string }[]} */
  const arrived = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    arrived.push({ method: request.method, url: new URL(request.url ?? '', 'http://x'), type: request.headers['content-type'], body });
    const answer = answers[Math.min(arrived.length, answers.length) - 1](JSON.parse(body));
    if (answer.reset) return void request.socket.resetAndDestroy();
    response.writeHead(answer.status ?? 200, answer.headers ?? {}).end(answer.body ?? '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const collector = `http://127.0.0.1:${/** @type {any} */ (server.address()).port}`;

  let code = text('shopify-pixel.js').replace('https://collector.example', collector);
  for (const [from, to] of settings) {
    assert.ok(code.includes(from));
    code = code.replace(from, to);
  }
  /** Waits before the next attempt, in milliseconds. @type {number[]} */
  const waits = [];
  /** @type {any[]} */
  const requests = [];
  /** @type {string[]} */
  const beacons = [];
  /** @type {Record<string, () => void>} */
  const listeners = {};
  /** @type {Record<string, (event: any) => Promise<void>>} */
  const subscribed = {};
  /** @type {() => void} */
  let idle = () => {};
  let ended = false;
  let left = false;
  const still = new Promise((resolve, reject) => {
    const limit = setTimeout(() => end(() => reject(new Error(`The pixel goes on after ${requests.length} requests.`))), STILL_MS_MAX);
    idle = () => end(() => resolve(undefined));
    const end = (/** @type {() => void} */ settle) => {
      clearTimeout(limit);
      ended = true;
      settle();
    };
  });
  const frame = {
    analytics: { subscribe: (/** @type {string} */ name, /** @type {any} */ work) => (subscribed[name] = work) },
    fetch: async (/** @type {string} */ url, /** @type {any} */ init) => {
      requests.push(init);
      const response = await fetch(url, init);
      const read = response.json.bind(response);
      // What was read may end it: looked at once the pixel has had its turn.
      response.json = () => read().finally(() => setImmediate(idleIfQuiet));
      return response;
    },
    navigator: { sendBeacon: (/** @type {string} */ url, /** @type {string} */ body) => beacons.push(url + ' ' + body) },
    addEventListener: (/** @type {string} */ name, /** @type {() => void} */ work) => (listeners[name] = work),
    // Time does not pass here: what is waited for is written down, and comes at once. Answers have their limit as they are.
    setTimeout: (/** @type {() => void} */ work, /** @type {number} */ ms) => {
      if (work.name !== 'attempt') return setTimeout(work, ms);
      if (ended) return;
      waits.push(ms);
      if (leaveAfter === waits.length) {
        left = true;
        listeners.pagehide();
        return idle();
      }
      setImmediate(() => work());
    },
    clearTimeout,
    AbortController,
    TextEncoder,
    URL,
    crypto: globalThis.crypto,
  };
  const context = vm.createContext(frame);
  vm.runInContext('Math', context).random = () => random;
  vm.runInContext(code, context);
  await subscribed.checkout_completed(event);
  try {
    await still;
  } catch (error) {
    server.close();
    server.closeAllConnections();
    throw error;
  }
  if (!left) {
    // A new chance is none for what is confirmed or given up.
    const before = requests.length;
    listeners.online();
    assert.equal(requests.length, before);
  }
  server.close();
  server.closeAllConnections();
  return { arrived, waits, beacons, requests, subscribed: Object.keys(subscribed), leave: listeners.pagehide };

  function idleIfQuiet() {
    if (arrived.length >= answers.length) idle();
  }
}

test('one purchase is one simple request with the documented envelope', async () => {
  const { arrived, requests, waits, subscribed } = await play([RECEIPT]);
  assert.deepEqual(subscribed, ['checkout_completed']);
  assert.equal(arrived.length, 1);
  assert.deepEqual(waits, []);
  const [{ method, url, type, body }] = arrived;
  assert.equal(method, 'POST');
  assert.equal(url.pathname, '/v1/purchases');
  assert.equal(url.searchParams.get('attempt'), '1');
  assert.match(url.searchParams.get('sent_at') ?? '', /^\d{13}$/);
  assert.equal(type, 'text/plain;charset=UTF-8');
  assert.equal(requests[0].keepalive, true);
  assert.equal(requests[0].credentials, 'omit');
  const { captured_at, id, ...rest } = JSON.parse(body);
  assert.ok(Math.abs(captured_at - Date.now()) < 60_000);
  assert.match(id, /^[a-z0-9]{14}$/);
  assert.deepEqual(rest, {
    v: 1,
    site: 'demo',
    source: 'call',
    page: 'https://shop.example/',
    config: { contact: 'none' },
    data: {
      purchase_id: '5551',
      total_quantity: 4,
      total_price: 186.74,
      currency: 'EUR',
      purchase_date: '2026-11-22T10:49:31.000Z',
      payment_method: 'shopify_payments',
      product_basket_item: [
        {
          product_id: '7',
          name: 'Mug',
          quantity: 3,
          unit_price: 60.25,
          price: 180.75,
          url: 'https://shop.example/products/mug',
          image_url: 'https://cdn.example/mug.jpg',
          brand: 'Acme',
          category: 'Kitchen',
        },
        { name: 'Gift wrap', quantity: 1, price: 0 },
      ],
    },
  });
  assert.ok(!body.includes('secret') && !body.includes('Jane'));
});

test('the same purchase has the same id, another one has another', async () => {
  const id = async (/** @type {any} */ event) => JSON.parse((await play([RECEIPT], { event })).arrived[0].body).id;
  const other = structuredClone(EVENT);
  other.data.checkout.order.id = '5552';
  assert.equal(await id(EVENT), await id(structuredClone(EVENT)));
  assert.notEqual(await id(EVENT), await id(other));
});

test('after 503, a reset connection, a foreign page and a foreign receipt it is sent again, byte for byte the same', async () => {
  const { arrived, waits } = await play([
    () => ({ status: 503 }),
    () => ({ reset: true }),
    () => ({ status: 200, body: '<html>Log in to the network</html>' }),
    () => ({ status: 200, body: '{"receipt":1,"id":"other","outcome":"accepted"}' }),
    ({ id }) => ({ status: 200, body: JSON.stringify({ receipt: 1, id, outcome: 'maybe' }) }),
    RECEIPT,
  ]);
  assert.equal(arrived.length, 6);
  assert.deepEqual(arrived.map(({ url }) => url.searchParams.get('attempt')), ['1', '2', '3', '4', '5', '6']);
  assert.equal(new Set(arrived.map(({ body }) => body)).size, 1);
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000]);
});

test('the wait is anything below a bound that doubles up to a minute, and the attempts come to an end', async () => {
  for (const random of [0, 0.999]) {
    const { arrived, waits } = await play(Array(10).fill(() => ({ status: 503 })), { random });
    assert.equal(arrived.length, 10);
    const bounds = [1, 2, 4, 8, 16, 32, 60, 60, 60, 60].map((seconds) => seconds * 1000 * random);
    assert.deepEqual(waits.slice(0, 9), bounds.slice(0, 9));
  }
});

test('Retry-After is obeyed, as seconds and as a date', async () => {
  const date = new Date(Date.now() + 120_000).toUTCString();
  const { waits } = await play([
    () => ({ status: 429, headers: { 'retry-after': '90' } }),
    () => ({ status: 503, headers: { 'retry-after': date } }),
    () => ({ status: 503, headers: { 'retry-after': '999999' } }),
    () => ({ status: 503, headers: { 'retry-after': 'soon' } }),
    RECEIPT,
  ]);
  assert.equal(waits[0], 90_000);
  assert.ok(waits[1] > 110_000 && waits[1] <= 120_000);
  assert.equal(waits[2], 3_600_000);
  assert.equal(waits[3], 4000);
});

test('known and refused purchases are answered, too: nothing more leaves', async () => {
  for (const outcome of ['duplicate', 'refused']) {
    const status = outcome === 'refused' ? 422 : 200;
    const { arrived, beacons, leave } = await play([({ id }) => ({ status, body: JSON.stringify({ receipt: 1, id, outcome }) })]);
    assert.equal(arrived.length, 1);
    leave();
    assert.deepEqual(beacons, []);
  }
});

test('a frame that ends while the purchase waits hands it to the browser', async () => {
  const { arrived, beacons } = await play([() => ({ status: 503 })], { leaveAfter: 1 });
  assert.equal(beacons.length, 1);
  assert.match(beacons[0], /\/v1\/purchases\?sent_at=\d+&attempt=2 /);
  assert.ok(beacons[0].endsWith(arrived[0].body));
});

test("the buyer's address leaves only as the setting says", async () => {
  const contact = async (/** @type {string} */ mode) => {
    const { arrived } = await play([RECEIPT], { settings: [["contact: 'none'", `contact: '${mode}'`]] });
    const { config, contact, data } = JSON.parse(arrived[0].body);
    assert.equal(config.contact, mode);
    assert.ok(!JSON.stringify(data).includes('Jane'));
    return contact;
  };
  assert.equal(await contact('none'), undefined);
  assert.equal(await contact('email'), 'Jane.Doe@Gmail.com');
  assert.equal(await contact('sha256'), createHash('sha256').update('janedoe@gmail.com').digest('hex'));
});

test('the number of a line is that of the setting', async () => {
  for (const [choice, expected] of [['variant', '77'], ['sku', 'MUG-B']]) {
    const { arrived } = await play([RECEIPT], { settings: [["product_id: 'product'", `product_id: '${choice}'`]] });
    assert.equal(JSON.parse(arrived[0].body).data.product_basket_item[0].product_id, expected);
  }
});

test("without an order the checkout's token is the purchase's id; without anything else it is still sent", async () => {
  const event = { name: 'checkout_completed', data: { checkout: { token: 'T', order: null } } };
  const { arrived } = await play([RECEIPT], { event });
  const { data, page } = JSON.parse(arrived[0].body);
  assert.deepEqual(data, { purchase_id: 'T', total_quantity: 0, product_basket_item: [] });
  assert.equal(page, undefined);
});
