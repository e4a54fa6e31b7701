/**
 * The shopper's consent: who tells it, by `data-consent`, and what follows. Unknown: nothing is stored and nothing is sent. Granted:
 * what waits is. Denied, also after a grant: what is stored is erased, what is under way is stopped.
 */
import { forgetCaptures } from './capture.js';
import { watchGoogle } from './consent/google.js';
import { watchTcf } from './consent/tcf.js';
import { disarmAll } from './deferred.js';
import { begin, retire } from './deliver.js';
import { closeGate, openGate } from './gate.js';
import { dropModule, startModule } from './module.js';
import { later, listen, say } from './natives.js';
import { options } from './options.js';
import { eraseSite, isMark, read, useStore, write } from './stores.js';

/** The key that a grant writes; other tabs see its removal. */
const MARK = 'consent';

/** What was told last; undefined = nothing yet. @type {boolean | undefined} */
let granted;

/** Whether this page asks for consent at all. */
let asks = false;

/** Whether the mark of this page's grant could be written. */
let isMarked = false;

/** To be called once the options are known, before anything is captured. */
export function watchConsent() {
  const mode = options.consent || 'not-required';
  const denies = deniesByItself();
  asks = mode !== 'not-required';
  if ((asks || denies) && window.purchaseTag?.db) say('warn', 'the snippet opens the database before consent, use the one without.');
  if (!asks || denies) return decide(!asks);
  // Withdrawn in another tab, or while this page was frozen. A storage that was cleared as a whole, as shops do at a logout, has no
  // event with this key.
  listen(window, 'storage', ({ key, newValue }) => newValue === null && isMark(key, MARK) && decide(false));
  listen(window, 'pageshow', ({ persisted }) => persisted && isMarked && read(MARK) === null && decide(false));
  if (mode === 'google') watchGoogle(decide);
  else if (mode === 'tcf') watchTcf(decide);
  // A misspelt mode must not mean that none is needed.
  else if (mode !== 'wait') say('error', 'data-consent is malformed, waits for a call: ' + mode);
}

/**
 * The last word counts. The same again does nothing.
 * @param {boolean} grants
 */
export function decide(grants) {
  grants = grants && !deniesByItself();
  if (grants === granted) return;
  granted = grants;
  if (grants) {
    useStore();
    if (asks) isMarked = write(MARK, 'granted');
    begin();
    openGate();
    // After the captures where consent was there from the start, and in a task of its own: a slow processor is busy enough with them.
    later(startModule, 0);
  } else {
    closeGate();
    retire();
    disarmAll();
    forgetCaptures();
    dropModule();
    isMarked = false;
    eraseSite();
  }
}

/** Global Privacy Control, if the shop wants it to count. */
function deniesByItself() {
  const { gpc } = options;
  return !!gpc && gpc !== 'ignore' && /** @type {any} */ (navigator).globalPrivacyControl === true;
}
