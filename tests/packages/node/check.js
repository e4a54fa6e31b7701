/** Imports every entry where there is no page, looks whether anything of a page was asked for, and calls everything. */
import assert from 'node:assert/strict';

const asked = [];
for (const name of ['window', 'document', 'localStorage', 'sessionStorage', 'indexedDB', 'navigator', 'location', 'fetch', 'fetchLater']) {
  Object.defineProperty(globalThis, name, {
    configurable: true,
    get() {
      asked.push(name);
    },
  });
}
const before = Object.keys(globalThis).sort();
const entries = [await import('cn-purchase-tag'), await import('cn-purchase-tag/inline')];
assert.deepEqual(asked, [], 'an import looked for the browser');

const names = ['checkout', 'config', 'consent', 'flush', 'init', 'purchase', 'snapshot', 'version'];
for (const tag of entries) {
  assert.deepEqual(Object.keys(tag), names);
  assert.equal(await tag.init({ site: 'demo', collector: 'https://collector.example' }), false);
  assert.equal(await tag.snapshot(), null);
  for (const name of ['checkout', 'config', 'consent', 'flush', 'purchase']) assert.equal(tag[name]({}), undefined);
}
assert.deepEqual(Object.keys(globalThis).sort(), before, 'a global appeared');
assert.ok(import.meta.resolve('cn-purchase-tag/wasm').endsWith('/purchase-tag.wasm'));
