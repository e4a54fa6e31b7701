/**
 * Inserts the purchase as a client-rendered shop does: some time after load an empty container, then its children one by
 * one, each in a task of its own.
 */
(function () {
  'use strict';

  /** Pause between two children, in milliseconds. */
  const STEP_MS = 10;

  /** Moves the children of `from` into `to`; items are attached empty and filled afterwards. */
  function build(from, to, done) {
    const source = from.firstElementChild;
    if (!source) return done();
    source.remove();
    const target = source.cloneNode(false);
    to.append(target);
    const next = function () {
      setTimeout(function () { build(from, to, done); }, STEP_MS);
    };
    if (source.firstElementChild) {
      build(source, target, next);
    } else {
      target.textContent = source.textContent;
      next();
    }
  }

  window.addEventListener('load', function () {
    const template = /** @type {HTMLTemplateElement} */ (document.getElementById('late-purchase'));
    setTimeout(function () {
      build(template.content, document.body, function () {});
    }, Number(template.dataset.delay));
  });
})();
