/** What the bundler defines, the tag's one global, and the module's class as the loader uses it. */

/** File name of the module's JavaScript, beside the loader. */
declare const MODULE_JS: string;
/** File name of the module's WebAssembly, beside the loader. */
declare const MODULE_WASM: string;
/** Their digests, as the attribute `integrity` has them. */
declare const MODULE_JS_DIGEST: string;
declare const MODULE_WASM_DIGEST: string;
/** The release. */
declare const VERSION: string;

/** How the tag reads this site's pages and where it sends. */
interface Options {
  /** The shop's key. */
  site?: string;
  /** Address of the collector, without a slash at its end. */
  collector?: string;
  /** Decimal mark of the shop's amounts. */
  decimal?: string;
  /** IANA name or `±hh:mm`, for dates without a zone. */
  time_zone?: string;
  /** ISO 4217. */
  currency?: string;
  /** Whether the buyer's e-mail is read, and in which form it leaves the page: `none`, `sha256`, `email`. */
  contact?: string;
  /** Name of the data layer variable; absent = not read. */
  data_layer?: string;
  /** `checkout` on the page that is left for the gateway. */
  page?: string;
  /** The shop's platform: what an `order_status` means. */
  platform?: string;
  /** Custom statuses: `name=state[:placed], …`. */
  order_statuses?: string;
  /** Where the shop tells what became of an order. */
  order_status_url?: string;
  /** The shop's own return patterns. */
  gateway_returns?: string;
  /** Who tells the shopper's consent: `not-required`, `wait`, `google`, `tcf`; anything else counts as `wait`. */
  consent?: string;
  /** The consent types or purposes that must be granted, separated by blanks or commas. */
  consent_for?: string;
  /** The vendor of the TCF that must have consent too. */
  consent_vendor?: string;
  /** `ignore`; anything else: Global Privacy Control denies. */
  gpc?: string;
}

/** The class of the WebAssembly module. */
interface Tag {
  /** Takes one capture; twice the same id is harmless. `email` is for `contact: sha256` only and is never stored. */
  adopt(envelope: string, email?: string): void;
  /** The shopper leaves for the gateway; `text` is what is stored under `id`. */
  leave(id: string, text: string): void;
  config(changes: Options): void;
  flush(): void;
  /** Stores and sends nothing any more. */
  forget(): void;
  snapshot(): object;
}

interface TagModule {
  default(options: { module_or_path: Promise<Response> }): Promise<unknown>;
  PurchaseTag: new (options: Options, store: import('../../shared/records.js').RecordStore) => Tag;
}

interface PurchaseTagGlobal {
  (...args: unknown[]): void;
  /** Set by the loader, absent in the stub. */
  version?: string;
  /** Who runs the calls: a copy of the loader for each site of the page. */
  sites?: Record<string, (command: unknown, argument: unknown) => void>;
  /** Calls made before the loader came. */
  /** The opening of the crash-safe store, begun by the stub. */
  db?: IDBOpenDBRequest;
  q?: { push(...calls: ArrayLike<unknown>[]): unknown; length?: number; [index: number]: ArrayLike<unknown> };
}

/** In Chromium since 135. */
declare const fetchLater: (url: string, init: RequestInit) => { activated: boolean };

interface Window {
  purchaseTag?: PurchaseTagGlobal;
}

type Source = 'markup' | 'call' | 'data-layer' | 'json';

/** One purchase, as captured on this page view or as an earlier one left it. Times are milliseconds since 1970. */
interface Capture {
  id: string;
  /** The envelope; empty once the module or the collector has it. */
  text: string;
  /** The buyer's e-mail that must not be stored; empty if there is none. */
  email: string;
  /** How many elements, calls and entries of the page carry this very data. */
  claims: number;
  /** Whether it came past the gate: there was consent. */
  kept: boolean;
  /** Whether this page view wrote the record (false also if an earlier one had). */
  written: boolean;
  capturedAt: number;
  /** How often it was sent, over all visits. */
  attempts: number;
  /** How often this page view sent it without the module. */
  tries: number;
  /** Not sent before. */
  nextAt: number;
  /** Whether a request is under way. */
  busy: boolean;
  /** When it last left as a beacon. */
  beaconedAt: number;
}
