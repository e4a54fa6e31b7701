/** Shows what the purchase tag reports about this browser's purchases, in the page's `data-tag-status` line. */
(function () {
  'use strict';

  /** A purchase without an answer after this many milliseconds waits for the next page. */
  const PATIENCE_MS = 6000;

  /** What was last reported of each record: a state for the style sheet, and a sentence. */
  const reports = new Map();

  const say = {
    captured: () => ['captured', 'Purchase noted; registering it …'],
    waiting: () => ['waiting', 'Purchase not registered yet; it will be retried.'],
    retrying: () => ['waiting', 'Purchase not registered yet; it will be retried.'],
    registered: (detail) => ['registered', `Purchase ${detail.purchase_id || ''} registered.`.replace('  ', ' ')],
    refused: (detail) => ['refused', `Purchase ${detail.purchase_id || ''} refused: ${reasons(detail)}`.replace('  ', ' ')],
    failed: (detail) => ['refused', `Purchase cannot be kept in this browser: ${detail.reason}.`],
    expired: () => ['refused', 'Purchase given up: it was too old.'],
  };

  for (const name of Object.keys(say)) {
    document.addEventListener('purchase-tag:' + name, (event) => report(name, /** @type {CustomEvent} */ (event).detail || {}));
  }
  // An event may come before the line is there.
  document.addEventListener('DOMContentLoaded', paint);

  function report(name, detail) {
    const key = detail.id || '';
    if (name === 'captured') {
      if (reports.has(key)) return;
      setTimeout(() => reports.get(key)[0] === 'captured' && report('waiting', detail), PATIENCE_MS);
    }
    reports.set(key, say[name](detail));
    paint();
  }

  function reasons(detail) {
    const errors = (detail.problems || []).filter((problem) => problem.severity === 'error');
    return errors.map((problem) => (problem.path ? problem.path + ': ' : '') + problem.message).join(' ');
  }

  function paint() {
    const line = /** @type {HTMLElement | null} */ (document.querySelector('[data-tag-status]'));
    if (!line || reports.size === 0) return;
    const all = [...reports.values()];
    line.textContent = all.map(([, sentence]) => sentence).join(' ');
    line.dataset.state = ['refused', 'waiting', 'captured', 'registered'].find((state) => all.some(([it]) => it === state));
  }
})();
