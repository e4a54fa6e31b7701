/** Purchases in the document: `cn_purchase` elements and JSON script elements, there already, inserted or changed later. */
import { capture, withdraw } from './capture.js';
import { fromPage, wantsContact } from './contact.js';
import { readScript } from './json.js';
import { attempt, cancel, guard, has, later, listen, refuse, say } from './natives.js';
import { tree } from './tree.js';

/**
 * Milliseconds without a mutation after which an inserted or changed block counts as complete: a framework fills it in
 * several tasks and frames (16 ms each), and a shopper needs longer to leave; who does leave ends the wait at once.
 */
const SETTLE_MS = 100;

/** Milliseconds after which a block without any content is captured as it is: placeholders are filled by a request. */
const EMPTY_MS = 3000;

/** Most captures of one element: one that goes on changing is a clock or an animation, not a purchase. */
const CHANGES_MAX = 100;

/** Most elements watched on one page view. */
const BLOCKS_MAX = 1000;

const JSON_SCRIPT = 'script[type="application/json"]';
const SELECTOR = `.cn_purchase:not(script),${JSON_SCRIPT}.cn_purchase,${JSON_SCRIPT}[data-purchase-tag]`;

/**
 * @typedef {object} Block
 * @property {Element} element
 * @property {boolean} pending whether there may be something new to capture
 * @property {boolean} waited whether an empty block had its time
 * @property {number | void} timer
 * @property {number} changes
 * @property {Capture} [last]
 * @property {string} [page] where it was captured
 */

/** @type {Block[]} */
const blocks = [];
/** Their elements, in the same order. @type {Element[]} */
const elements = [];
/** @type {MutationObserver | undefined} */
let observer;

/** Captures what is parsed and watches for the rest. */
export function watchMarkup() {
  find(document);
  settlePending(false, false);
  observer = new MutationObserver(guard(follow));
  observer.observe(document, {
    childList: true,
    subtree: true,
    characterData: true,
    attributes: true,
    attributeFilter: ['class'],
  });
  listen(document, 'readystatechange', () => settlePending(false, false));
}

/**
 * Captures what can be captured now. Twice is harmless.
 * @param {boolean} hurried the shopper may leave, so blocks that might still change are not waited for
 * @param {boolean} gone the page goes away, so neither are those that the parser has not finished
 */
export function settlePending(hurried, gone) {
  if (hurried && observer) follow(observer.takeRecords());
  // One by one: a block that cannot be read must not keep the others from being captured.
  for (let i = 0; i < blocks.length; i++) if (hurried || !blocks[i].timer) guard(settle)(blocks[i], hurried, gone);
}

/** @param {MutationRecord[]} records */
function follow(records) {
  for (let i = 0; i < records.length; i++) {
    const { target, addedNodes, type } = records[i];
    if (type === 'attributes') note(/** @type {Element} */ (target));
    for (let j = 0; j < addedNodes.length; j++) {
      const added = /** @type {Element} */ (addedNodes[j]);
      if (added.nodeType === 1) find(added);
    }
    for (let j = 0; j < blocks.length; j++) if (blocks[j].element.contains(target)) touch(blocks[j]);
  }
  settlePending(false, false);
}

/** @param {Element | Document} root */
function find(root) {
  if (root !== document) note(/** @type {Element} */ (root));
  const found = root.querySelectorAll(SELECTOR);
  for (let i = 0; i < found.length; i++) guard(note)(found[i]);
}

/** @param {Element} element */
function note(element) {
  if (has(elements, element) || !element.matches(SELECTOR)) return;
  // In quirks mode the selector ignores case.
  if (!isScript(element) && !element.classList.contains('cn_purchase')) return;
  if (blocks.length === BLOCKS_MAX) return say('warn', 'too many purchases on this page, not read:', element);
  const block = { element, pending: true, waited: false, timer: undefined, changes: 0 };
  elements[blocks.length] = element;
  blocks[blocks.length] = block;
  if (observer) touch(block);
}

/** @param {Block} block */
function touch(block) {
  block.pending = true;
  arm(block, SETTLE_MS);
}

/**
 * @param {Block} block
 * @param {number} delay
 */
function arm(block, delay) {
  cancel(block.timer);
  block.timer = later(() => {
    block.timer = undefined;
    settle(block, false, false);
  }, delay);
}

/**
 * @param {Block} block
 * @param {boolean} hurried
 * @param {boolean} gone
 */
function settle(block, hurried, gone) {
  const { element } = block;
  if (!block.pending || !(gone || isComplete(element))) return;
  if (isEmpty(element) && !block.waited) {
    block.waited = !hurried;
    if (!hurried) arm(block, EMPTY_MS);
    return;
  }
  cancel(block.timer);
  block.timer = undefined;
  block.pending = false;
  if (block.changes > CHANGES_MAX) return say('warn', 'changes too often, no longer captured:', element);
  const found = isScript(element) ? readScript(element) : { data: tree(element), email: '' };
  if (found.data === undefined) return refuse('too_long', 'The purchase has more than 200,000 elements or 1 MiB of text.');
  const last = block.last;
  block.last = capture(isScript(element) ? 'json' : 'markup', found.data, found.email);
  if (block.last !== last) block.changes++;
  // On another address the framework has used the element again, for another purchase.
  const page = attempt(() => location.href, '');
  if (last && block.page === page) withdraw(last);
  block.page = page;
}

/**
 * Whether the parser is past this element, and past the e-mail if one is asked for.
 * @param {Element} element
 */
function isComplete(element) {
  if (document.readyState !== 'loading') return true;
  if (wantsContact() && !fromPage()) return false;
  for (let node = /** @type {Node | null} */ (element); node; node = node.parentNode) if (node.nextSibling) return true;
  return false;
}

/** @param {Element} element */
function isScript(element) {
  return /^script$/i.test(element.nodeName);
}

/** @param {Element} element */
function isEmpty(element) {
  return !element.firstElementChild && !(element.textContent || '').trim();
}
