/** One element as the envelope's `data`: `[class, child, …]`, written while walking, without recursion. */
import { TEXT_MAX, quote } from './write.js';

/** Most elements of one capture. */
const NODES_MAX = 200_000;

/** Deepest element kept, counted from the container; deeper text goes to the last kept one. */
const DEPTH_MAX = 64;

/** Elements whose text is no text of the page. */
const SILENT = /^(script|style|template)$/i;

/** A class token of Connectif's containers: a cart, the buyer, another purchase. None is part of this purchase. */
const CONTAINER = /(^|\s)cn_/;

/** Blank as HTML means it: a no-break space is text. */
const BLANK = /^[ \t\n\r\f]*$/;

/**
 * @param {Element} container
 * @returns {string | undefined} JSON text; undefined if a limit is exceeded, never a part: a cut amount is another amount
 */
export function tree(container) {
  let out = '[' + quote(classOf(container));
  let nodes = 1;
  let depth = 1;
  /** @type {Node} */
  let parent = container;
  let node = parent.firstChild;
  for (;;) {
    if (!node) {
      if (depth <= DEPTH_MAX + 1) out += ']';
      if (parent === container) return out;
      node = parent.nextSibling;
      parent = /** @type {Node} */ (parent.parentNode);
      depth--;
    } else if (isKept(node)) {
      if (++nodes > NODES_MAX) return;
      if (depth <= DEPTH_MAX) out += ',[' + quote(classOf(node));
      parent = node;
      node = node.firstChild;
      depth++;
    } else {
      const text = textOf(node);
      if (text) out += ',' + quote(text);
      node = node.nextSibling;
    }
    if (out.length > TEXT_MAX) return;
  }
}

/**
 * @param {Node} node
 * @returns {node is Element}
 */
function isKept(node) {
  return node.nodeType === 1 && !SILENT.test(node.nodeName) && !CONTAINER.test(classOf(/** @type {Element} */ (node)));
}

/** @param {Element} element */
function classOf(element) {
  return element.getAttribute('class') || '';
}

/**
 * The text of a text node (3) or CDATA section (4). Indentation is left out; a blank between two pieces is one space.
 * @param {Node} node
 */
function textOf(node) {
  const text = (node.nodeType === 3 || node.nodeType === 4) && node.nodeValue;
  if (!text || !BLANK.test(text)) return text;
  return !node.previousSibling === !node.nextSibling ? ' ' : '';
}
