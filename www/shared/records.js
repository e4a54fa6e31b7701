/**
 * The records in IndexedDB: what was committed here survives a killed browser, which localStorage does not. Nothing here throws
 * or rejects, and nothing waits for a database that does not answer. No array methods: pages replace them.
 */

/**
 * The records of one site. `text` is the record as localStorage has it.
 * @typedef {object} RecordStore
 * @property {(id: string, text: string) => Promise<boolean>} put writes a record, and ends its claim; false if it could not
 *   be committed
 * @property {(id: string) => Promise<void>} remove
 * @property {() => void} close for good: from now on it writes nothing
 * @property {(now: number, until: number) => Promise<StoredRecord[]>} claim all records; those that nobody else claims are
 *   claimed until then. Times in milliseconds since 1970
 */

/**
 * @typedef {object} StoredRecord
 * @property {string} id
 * @property {string} text
 * @property {number} claimed_until when another tab's claim ends that is in force; 0 if the record is ours now
 */

const DATABASE = 'purchase-tag';
const STORE = 'records';

/**
 * Longest wait for one answer, in milliseconds; far above a cold start of the database (0.2 s). What was asked for is still
 * done, in its order, should the database answer after all.
 */
const ANSWER_MS_MAX = 2000;

/** An opening that takes longer than this, in milliseconds, may be held up by a page that has been frozen since. */
const OPEN_MS_USUAL = 300;

/**
 * `strict` reaches the disk before it counts (measured in Chromium: 1.1 ms instead of 0.4 ms), so a purchase survives a power cut;
 * nothing is lost with a claim or a removal.
 * @typedef {'relaxed' | 'strict'} Durability
 */

/**
 * Begins to open the database.
 * @param {IDBOpenDBRequest} [begun] by the page's stub
 * @param {(request: IDBOpenDBRequest) => void} [create] what to do where there is none
 * @returns {Promise<IDBDatabase | undefined>} undefined if it is denied
 */
export function openRecords(begun, create = ({ result }) => void result.createObjectStore(STORE)) {
  return new Promise((resolve) => {
    const done = attend(true);
    // The property read itself throws where the page may not store.
    try {
      // Without a number: the version there is, so that a newer release's database serves this one too.
      const request = begun || indexedDB.open(DATABASE);
      const opened = () => {
        done();
        resolve(request.error ? undefined : request.result);
      };
      if (request.readyState === 'done') return opened();
      request.onupgradeneeded = () => create(request);
      request.onsuccess = opened;
      request.onerror = (event) => {
        event.preventDefault();
        opened();
      };
    } catch {
      done();
      resolve(undefined);
    }
  });
}

/**
 * A page that is left while it creates the database, or in the middle of a transaction, freezes in the back/forward cache, and
 * with it every later opening, for minutes. A message to a frozen page makes the browser drop it: so a page listens as long as it
 * is busy, and a page that opens the database calls out.
 * @param {boolean} [opens]
 * @returns {() => void} to be called when it is done
 */
function attend(opens) {
  try {
    const channel = new BroadcastChannel(DATABASE);
    const callOut = () => channel.postMessage(0);
    if (opens) callOut();
    const timer = opens && setTimeout(callOut, OPEN_MS_USUAL);
    return () => {
      clearTimeout(timer || 0);
      channel.close();
    };
  } catch {
    return () => {};
  }
}

/**
 * The database is opened right after the turn in which this is called: the first thing of a page is what it writes down in that turn.
 * It stays open, which does not keep a page out of the back/forward cache.
 * @param {string} site
 * @param {IDBOpenDBRequest} [begun] by the page's stub
 * @param {Promise<void>} [before] what must be over before it is opened
 * @returns {RecordStore}
 */
export function recordStore(site, begun, before) {
  /** @type {IDBDatabase | undefined} */
  let database;
  let isClosed = false;
  // Closed meanwhile, it must not create what was erased; what the stub has opened must be closed, too.
  let opening = Promise.resolve(before)
    .then(() => (isClosed && !begun ? undefined : openRecords(begun)))
    .then(use);

  /** @param {string} id */
  const key = (id) => site + ':' + id;

  return {
    put: async (id, text) => !!(await transact('strict', (records) => !!records.put({ text, claimed_until: 0 }, key(id)))),
    remove: async (id) => void (await transact('relaxed', (records) => !!records.delete(key(id)))),
    claim: async (now, until) =>
      (await transact('relaxed', (records) => claim(records.openCursor(keysOf(site)), key('').length, now, until))) || [],
    close() {
      isClosed = true;
      close();
    },
  };

  /** @param {IDBDatabase | undefined} found */
  function use(found) {
    database = found;
    if (isClosed) return close();
    // Never in the way of a newer release, or of somebody who clears the origin's data.
    if (found) found.onversionchange = found.onclose = close;
  }

  function close() {
    database?.close();
    database = undefined;
  }

  /**
   * One transaction. Begun in the same turn if the database is open, because a page that goes away has no other.
   * @template T
   * @param {Durability} durability
   * @param {(records: IDBObjectStore) => T} work issues the requests; returns true, or what
   *   their results will have filled
   * @returns {Promise<T | undefined>} once it is committed; undefined if it was not, or not in time
   */
  function transact(durability, work) {
    return new Promise((resolve) => {
      const begin = () => {
        const done = attend();
        try {
          // Without a database this throws, and so does one that was closed.
          const transaction = /** @type {IDBDatabase} */ (database).transaction(STORE, 'readwrite', { durability });
          const result = work(transaction.objectStore(STORE));
          transaction.oncomplete = () => {
            done();
            resolve(result);
          };
          transaction.onabort = () => {
            done();
            resolve(undefined);
          };
          if (result !== true) {
            // It needs the page: frozen with the page, it would hold up every other page's (seen in WebKit, for minutes).
            addEventListener('pagehide', () => attemptTo(() => transaction.abort()), { once: true });
          } else if (transaction.commit) {
            // Ends it without coming back to the page, which may be gone by then.
            transaction.commit();
          }
        } catch {
          done();
          resolve(undefined);
        }
      };
      if (database || isClosed) {
        begin();
      } else {
        // What closed it may be over.
        opening = opening.then(() => (database || isClosed ? undefined : openRecords().then(use)));
        opening.then(begin);
      }
      // Last: where the page has broken its timers, only the bound is missing.
      try {
        setTimeout(resolve, ANSWER_MS_MAX);
      } catch {}
    });
  }
}

/**
 * Erases a site's records, and the database if no other site has any. What another page writes meanwhile stays.
 * @param {string} site
 * @returns {Promise<void>} once it is done, or does not answer
 */
export function eraseRecords(site) {
  return new Promise((resolve) => {
    attemptTo(() => setTimeout(resolve, ANSWER_MS_MAX));
    // Where there is no database, none is made.
    openRecords(undefined, ({ transaction }) => transaction?.abort()).then((database) => {
      if (!database) return resolve();
      const end = attend(true);
      const done = () => {
        end();
        resolve();
      };
      attemptTo(() => {
        const transaction = database.transaction(STORE, 'readwrite');
        const records = transaction.objectStore(STORE);
        records.delete(keysOf(site));
        const others = records.count();
        transaction.oncomplete = transaction.onabort = () => {
          database.close();
          if (others.result !== 0) return done();
          const request = indexedDB.deleteDatabase(DATABASE);
          request.onsuccess = request.onerror = done;
        };
      });
    });
  });
}

/**
 * A site's key has no colon, so no other site's keys lie between these.
 * @param {string} site
 */
function keysOf(site) {
  return IDBKeyRange.bound(site + ':', site + ';', false, true);
}

/** @param {() => void} work may throw: what it is about may be over */
function attemptTo(work) {
  try {
    work();
  } catch {}
}

/**
 * @param {IDBRequest<IDBCursorWithValue | null>} request
 * @param {number} start where the id begins in a key
 * @param {number} now
 * @param {number} until
 * @returns {StoredRecord[]} empty, filled while the transaction runs
 */
function claim(request, start, now, until) {
  /** @type {StoredRecord[]} */
  const found = [];
  request.onsuccess = () => {
    const cursor = request.result;
    if (!cursor) return;
    const { text, claimed_until } = Object(cursor.value);
    if (typeof text === 'string') {
      const id = /** @type {string} */ (cursor.key).slice(start);
      // A claim that reaches further than another tab's could by now is from before the clock was set back.
      const others = claimed_until > now && claimed_until <= until + ANSWER_MS_MAX ? claimed_until : 0;
      found[found.length] = { id, text, claimed_until: others };
      if (!others) cursor.update({ text, claimed_until: until });
    }
    cursor.continue();
  };
  return found;
}
