/** The harness itself: a broken template is refused with a sentence that says what is wrong, and running enforces what is granted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Page } from '../harness/page.js';
import { isGranted } from '../harness/permissions.js';
import { runScenario } from '../harness/scenarios.js';
import { fire, readTemplate } from '../harness/template.js';
import { template, text } from './support.js';

const GOOD = text('template.tpl');
const TEMPLATE = template();

/** @param {string} code as it is in the template @param {string} instead */
function changed(code, instead) {
  assert.ok(GOOD.includes(code), `the template has no ${code}`);
  return readTemplate(GOOD.replace(code, () => instead)).problems;
}

/** The template with code added at its end. @param {string} code */
function withCode(code) {
  return changed('\n\n___WEB_PERMISSIONS___', `\n${code}\n\n___WEB_PERMISSIONS___`);
}

/** @param {string[]} problems @param {RegExp} expected one of them, and each is a sentence */
function refused(problems, expected) {
  assert.ok(problems.some((problem) => expected.test(problem)), `none of ${JSON.stringify(problems)} is ${expected}`);
  for (const problem of problems) assert.match(problem, /^[A-Z_`].*\.$/s);
}

test('the template itself has no problem', () => {
  assert.deepEqual(readTemplate(GOOD).problems, []);
});

test('sections', () => {
  refused(changed('___NOTES___', '___REMARKS___'), /no section ___REMARKS___/);
  refused(changed('___NOTES___', ''), /___NOTES___ is missing/);
  refused(readTemplate(GOOD + '\n___INFO___\n').problems, /___INFO___ stands twice/);
  refused(readTemplate('a word\n' + GOOD).problems, /Before the first section stands "a word"/);
  const [head, notes] = GOOD.split('___NOTES___');
  refused(readTemplate(`___NOTES___${notes}\n${head}`).problems, /___NOTES___ stands where ___TERMS_OF_SERVICE___ belongs/);
});

test('info', () => {
  refused(changed('"displayName": "Purchase Tag",\n  "categories"', '"displayName": "Purchase Tag" "categories"'), /INFO___ is not JSON/);
  refused(changed('"type": "TAG"', '"type": "MACRO"'), /`type` must be "TAG"/);
  refused(changed('cvt_temp_public_id', 'cvt_1'), /`id` must be/);
  refused(changed('"description": "', `"description": "${'x'.repeat(200)}`), /at most 200 characters/);
  refused(changed('"WEB"', '"SERVER"'), /`containerContexts`/);
});

test('fields', () => {
  refused(changed('"name": "collector"', '"name": "site"'), /`site` stands twice/);
  refused(changed('"type": "RADIO"', '"type": "DIAL"'), /`source` has the unknown type DIAL/);
  refused(changed('"paramName": "source"', '"paramName": "sauce"'), /depends on `sauce`/);
  refused(changed('"type": "NON_EMPTY"', '"type": "NOT_EMPTY"'), /unknown validator NOT_EMPTY/);
  refused(changed('"defaultValue": "as_is"', '"defaultValue": "gross"'), /default is none of its choices/);
  refused(changed('purchase-tag.js",\n    "valueValidators"', 'purchase-tag.html",\n    "valueValidators"'), /does not pass its own pattern/);
  refused(changed('"name": "timeZone"', '"name": "zone"'), /reads `data.timeZone`, which is no field/);
  refused(changed('"name": "timeZone"', '"name": "zone"'), /field `zone` is read nowhere/);
});

test('permissions', () => {
  refused(changed('"publicId": "logging"', '"publicId": "send_pixel"'), /no permission `send_pixel`/);
  refused(changed('"publicId": "logging"', '"publicId": "inject_script"'), /`inject_script` stands twice/);
  refused(changed('"publicId": "logging"', '"publicId": "inject_script"'), /`logToConsole` needs the permission `logging`/);
  refused(changed('collector.example/tag/*"\n', '*/tag/*"\n'), /names no host|may have a \*/);
  refused(changed('"string": "https://collector.example', '"string": "http://collector.example'), /must begin with https/);
  refused(changed('"string": "purchaseTag"', '"string": "document"'), /`document` is the browser's own/);
  refused(changed('"string": "specific"', '"string": "any"'), /must be for specific keys/);
  refused(changed('"string": "debug"', '"string": "always"'), /"debug" or "all"/);
  refused(changed("const logToConsole = require('logToConsole');", 'const logToConsole = () => {};'), /`logging` is used by nothing/);
});

test('what the sandbox has not', () => {
  const codes = {
    'new Date();': /has no `new`/,
    'const me = this;': /has no `this`/,
    'const three = /3/;': /no regular expressions/,
    'class Tag {}': /has no `class`/,
    'const later = async () => {};': /no `async`/,
    'function* many() {}': /no generators/,
    'const name = `x`;': /no template literals/,
    'const {site} = data;': /destructuring/,
    'const all = [].concat(...EXTRAS);': /has no `\.\.\.`/,
    'for (const key of EXTRAS) count(key, key);': /`for … of`/,
    'try { count(); } catch (error) {}': /has no `try`/,
    'const size = data?.site;': /has no `\?\.`/,
    'const either = data.site ?? 1;': /has no `\?\?`/,
    'const same = {start};': /only properties written/,
    'window.purchaseTag = 1;': /`window` does not exist/,
    'document.write("");': /`document` does not exist/,
    'const five = parseInt("5");': /`parseInt` does not exist/,
    'const yes = "a".includes("a");': /have no `includes`/,
    'const out = [].constructor;': /have no `constructor`/,
    'const x = ;': /Unexpected token/,
    "const fetch = require('fetch');": /requires `fetch`, which the harness does not know/,
    'const some = require(data.site);': /takes an API's name as a text/,
    'const any = data[EXTRAS[0]];': /must be read by a field's name/,
  };
  for (const [code, expected] of Object.entries(codes)) refused(withCode(code), expected);
});

test('tests', () => {
  refused(changed('scenarios:', 'scenarios: ['), /___TESTS___ is not YAML/);
  refused(changed('scenarios:', 'cases:'), /unknown key `cases`/);
  refused(changed('scenarios:', 'scenarios:\n- name: Nothing is asserted\n  code: runCode({});'), /asserts nothing/);
  refused(changed('scenarios:', 'scenarios:\n- name: New\n  code: fail(new Date());'), /"New", line 1: the sandbox has no `new`/);
});

test('a scenario that does not hold fails with what was found', () => {
  const run = (/** @type {string} */ code) => runScenario(TEMPLATE, { name: 'x', code });
  assert.throws(() => run('assertThat([1, {a: 2}]).isEqualTo([1, {a: 3}]);'), /expected isEqualTo \[ 1, { a: 3 } \], found \[ 1, { a: 2 } \]/);
  assert.throws(() => run("assertApi('injectScript').wasCalled();"), /expected injectScript to be called; it was called 0 times/);
  assert.throws(() => run("mock('fetch', 1);"), /no API `fetch` to mock/);
  assert.throws(() => run("assertApi('fetch').wasNotCalled();"), /no API `fetch`/);
  assert.throws(() => run("fail('enough');"), /enough/);
  assert.throws(() => run("require('fetch');"), /no API `fetch`/);
  run("assertThat('abc').contains('b'); assertThat([1]).hasLength(1);");
});

test('methods that the sandbox has not are not there when code runs', () => {
  const run = (/** @type {string} */ code) => runScenario(TEMPLATE, { name: 'x', code });
  run("assertThat('a'['charAt'](0)).isEqualTo('a');");
  assert.throws(() => run("'a'['startsWith']('a');"), /not a function/);
  assert.throws(() => run("[]['constructor']['constructor']('return 1')();"), /undefined/);
});

test('without its permission an API fails the tag when it runs', async () => {
  const data = { loaderUrl: 'https://collector.example/tag/purchase-tag.js' };
  /** @type {(code: string) => Promise<unknown>} */
  const run = (code) => fire({ ...TEMPLATE, code }, new Page(), data);
  await assert.rejects(run("require('injectScript')('https://collector.example/other.js', data.gtmOnSuccess);"), /does not cover the address https:\/\/collector.example\/other.js/);
  await assert.rejects(run("require('setInWindow')('dataLayer', 1, true);"), /does not cover the global `dataLayer`/);
  await assert.rejects(run("require('callInWindow')('purchaseTag');"), /the global `purchaseTag` \(execute\)/);
  await assert.rejects(run("require('copyFromDataLayer')('user_data');"), /the data layer's key `user_data`/);
  await assert.rejects(run("require('isConsentGranted')('ad_user_data');"), /the consent type `ad_user_data`/);
  await assert.rejects(run('data.gtmOnSuccess(); data.gtmOnSuccess();'), /ended 2 times/);
});

test('an address is covered by host and beginning, not by its looks', () => {
  /** @type {(pattern: string, url: string) => boolean} */
  const covers = (pattern, url) => isGranted({ inject_script: { urls: [pattern] } }, 'inject_script', url);
  assert.ok(covers('https://c.example/tag/*', 'https://c.example/tag/purchase-tag.js'));
  assert.ok(covers('https://*.example.com/*', 'https://a.b.example.com/x.js'));
  assert.ok(!covers('https://*.example.com/*', 'https://example.com.evil/x.js'));
  assert.ok(!covers('https://*.example.com/*', 'https://badexample.com/x.js'));
  assert.ok(!covers('https://c.example/tag/*', 'https://c.example/tag/../other.js'));
  assert.ok(!covers('https://c.example/tag/*', 'http://c.example/tag/x.js'));
  assert.ok(!covers('https://c.example/tag/*', 'https://c.example.evil/tag/x.js'));
  assert.ok(!covers('https://c.example/a.js', 'https://c.example/a.js.evil'));
});

test('a consent type that was never set counts as granted, and its listeners hear of changes only', async () => {
  const page = new Page();
  const code = "require('addConsentListener')('ad_storage', (type, granted) => require('logToConsole')(type, granted));" +
    "require('logToConsole')(require('isConsentGranted')('ad_storage')); data.gtmOnSuccess();";
  await fire({ ...TEMPLATE, code }, page, {});
  for (const granted of [true, false, false, true]) page.setConsent('ad_storage', granted);
  assert.deepEqual(page.log, [[true], ['ad_storage', false], ['ad_storage', true]]);
});
