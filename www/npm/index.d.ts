import type { PurchaseFields, TagOptions, TagProblem, TagSnapshot } from './types.js';

export type { PurchaseFields, TagOptions, TagProblem, TagRecord, TagSnapshot } from './types.js';

/** The WebAssembly module: where it is, an answer that carries it, its bytes, or the compiled module. */
export type WasmSource = string | URL | Response | BufferSource | WebAssembly.Module;

/** How the tag reads this shop's pages and where it sends; {@link config} may change the reading rules later. */
export interface InitOptions extends TagOptions {
  /** Name of the data layer variable that GA4 purchases are read from, usually `dataLayer`. Default: none is read. */
  data_layer?: string;
  /**
   * Who tells the shopper's consent: nobody has to (`not-required`), {@link consent} (`wait`), Google's consent mode (`google`), or a banner
   * of the IAB's TCF (`tcf`). Until it is granted nothing is stored, nothing is sent and the module is not fetched. Default: `not-required`.
   */
  consent?: 'not-required' | 'wait' | 'google' | 'tcf';
  /**
   * The consent types or purposes that must all be granted, separated by blanks or commas. Default: `ad_storage analytics_storage` with
   * `google`, `1 7` with `tcf`.
   */
  consent_for?: string;
  /** With `tcf`: this vendor, by its number on the IAB's list, must have consent, too. Default: none. */
  consent_vendor?: number | `${number}`;
  /** Whether Global Privacy Control is a refusal, which no grant overrides. Default: `ignore`. */
  gpc?: 'ignore' | 'deny';
  /** The WebAssembly module. Default: `purchase-tag.wasm` beside this file, which most bundlers find and copy by themselves. */
  wasm?: WasmSource | Promise<WasmSource>;
}

/** Which site of the page a call is for. Default: each that {@link init} or a script tag started. */
export interface CallTarget {
  site?: string;
}

/** What the shopper leaves for the payment gateway with: the cart, or the whole order if it exists before the payment. */
export type CheckoutFields = Record<string, unknown>;

/**
 * Starts the tag on this page: captures what the page states already, watches for what comes, and delivers what earlier pages left.
 * Call it once on every page of the shop, as early as the page's own script runs; on a page with several sites once for each of them.
 *
 * Never throws and never rejects. Again with the same options it returns the same promise; with others for the same site it warns, and the
 * first ones stand. Where there is no document (server rendering, workers) it does nothing.
 *
 * @returns whether the WebAssembly module runs, once that is known, within about 10 seconds. False: it could not be started, and purchases are
 * captured and delivered all the same, unjudged; or there is no consent yet, and it starts with that; or there is no document
 *
 * @example
 * init({ site: 'demo', collector: 'https://collector.example' });
 */
export function init(options: InitOptions): Promise<boolean>;

/**
 * States a purchase, or several. It is written down in the browser when this returns; before {@link init} was called, or before there is
 * consent, it waits in memory for that. The same purchase again (a second render, a reload) is the same purchase. Amounts are best given as
 * text: `'180.75'`.
 *
 * @example
 * purchase({ purchase_id: '10023', total_quantity: 3, total_price: '180.75' });
 */
export function purchase(fields: PurchaseFields | PurchaseFields[], target?: CallTarget): void;

/**
 * The shopper leaves for the payment gateway: keeps an open checkout, written down when this returns, until a purchase or nothing comes of
 * it. Twice the same is harmless.
 */
export function checkout(fields: CheckoutFields, target?: CallTarget): void;

/** Captures what waits and sends what is unconfirmed now, unless the collector asked to wait. Twice is harmless. */
export function flush(target?: CallTarget): void;

/**
 * What waits in the outbox and how this page's purchases were judged. On a page with several sites name one; else the first that answers
 * does.
 *
 * @returns null if the module does not run, as on a server or without consent; at the latest after 10 seconds
 */
export function snapshot(target?: CallTarget): Promise<TagSnapshot | null>;

/** Changes how purchases that come later are read. The site, the collector's address, consent and the module stand from {@link init}. */
export function config(
  changes: Partial<Omit<InitOptions, 'site' | 'wasm' | 'consent' | 'consent_for' | 'consent_vendor' | 'gpc'>>,
  target?: CallTarget,
): void;

/**
 * Tells the shopper's decision about storing and sending; call it on every page once it is known. It counts in every mode of the option
 * `consent`, and the last one counts. `granted` stores and sends what waits, with its original time; `denied`, also after a grant, erases
 * everything that the tag has in this browser for the site and stops what is under way. The same again does nothing.
 */
export function consent(decision: 'granted' | 'denied', target?: CallTarget): void;

/** The release of this package. */
export const version: string;

/** Detail of `purchase-tag:captured`: the purchase is written down. */
export interface CapturedDetail {
  id: string;
  source: 'markup' | 'call' | 'data-layer' | 'json';
  /** Whether the browser took it; false: it is in memory only. */
  stored: boolean;
}

/** Detail of `purchase-tag:registered`, `refused` and `expired`: what became of it. */
export interface OutcomeDetail {
  /** Empty for what could not be captured at all. */
  id: string;
  outcome: 'accepted' | 'duplicate' | 'refused' | 'expired';
  purchase_id: string | null;
  problems: TagProblem[];
}

/** Detail of `purchase-tag:retrying`: this attempt failed. */
export interface RetryingDetail {
  id: string;
  attempts: number;
  /** When the next attempt is due, in milliseconds since 1970. */
  next_at: number;
}

/** Detail of `purchase-tag:failed`: the browser could not keep it; it is still sent while the page is open. */
export interface FailedDetail {
  id: string;
  reason: 'not-stored' | 'full' | 'too-large';
}

declare global {
  interface DocumentEventMap {
    'purchase-tag:captured': CustomEvent<CapturedDetail>;
    'purchase-tag:registered': CustomEvent<OutcomeDetail>;
    'purchase-tag:refused': CustomEvent<OutcomeDetail>;
    'purchase-tag:expired': CustomEvent<OutcomeDetail>;
    'purchase-tag:retrying': CustomEvent<RetryingDetail>;
    'purchase-tag:failed': CustomEvent<FailedDetail>;
  }
}
