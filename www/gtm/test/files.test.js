/** The files beside the template, and that what stands in several places agrees. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { yaml } from '../harness/packages.js';
import { isGranted } from '../harness/permissions.js';
import { split } from '../harness/sections.js';
import { template, text } from './support.js';

test('metadata.yaml has what the gallery wants', () => {
  const { homepage, documentation, versions, ...rest } = yaml.parse(text('metadata.yaml'));
  assert.match(homepage, /^https:\/\//);
  assert.match(documentation, /^https:\/\//);
  assert.ok(Array.isArray(versions));
  for (const { sha, changeNotes } of versions) assert.ok(/^[0-9a-f]{40}$/.test(sha) && changeNotes);
  assert.deepEqual(rest, {});
});

test("the loader's default address is covered by the permission, before and after the documented replacement", () => {
  const fields = JSON.parse(split(text('template.tpl')).sections.TEMPLATE_PARAMETERS);
  const address = fields.find((/** @type {any} */ { name }) => name === 'loaderUrl').defaultValue;
  assert.ok(isGranted(template().permissions, 'inject_script', address));
  const [, from] = /s#(https:[^#]+)#/.exec(text('README.md')) ?? [];
  const mine = text('template.tpl').replaceAll(new RegExp(from, 'g'), 'https://tag.shop.example');
  assert.ok(!mine.includes('collector.example'));
  assert.equal(mine.split('https://tag.shop.example').length - 1, 2 + countInTests());
});

/** The scenarios name the address, too. */
function countInTests() {
  return split(text('template.tpl')).sections.TESTS.split('https://collector.example').length - 1;
}

test('the addresses and the site to be replaced are the same in every file', () => {
  for (const name of ['snippet.html', 'matomo.html', 'tealium.js', 'shopify-pixel.js']) {
    assert.match(text(name), /https:\/\/collector\.example/, name);
    assert.match(text(name), /site: 'demo'/, name);
  }
});
