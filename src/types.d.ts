/** How the tag is set up. */
export interface TagOptions {
  /** The shop's key at the collector: 1 to 64 of `A-Z a-z 0-9 . _ -`. */
  site: string;
  /** The collector's address, such as `https://collector.example`. */
  collector: string;
  /** The decimal mark of the shop's amounts; decides ambiguous ones such as `1.234`. Default: none, they are refused. */
  decimal?: "dot" | "comma";
  /** The zone of dates that name none: an IANA name or `±hh:mm`. Default: none, such dates are kept without a zone. */
  time_zone?: string;
  /** The currency of the shop's amounts, ISO 4217. Default: none. */
  currency?: string;
  /** Whether the buyer's e-mail is read. Default: `none`. */
  contact?: "none" | "sha256" | "email";
  /** The shop's platform: what an `order_status` means and whether it counts as placed. Default: the five states by name. */
  platform?: "woocommerce" | "prestashop" | "magento2" | "bigcommerce" | "shift4shop";
  /** Custom statuses, `name=state[:placed]` separated by commas; they win over the platform's. */
  order_statuses?: string;
  /** `checkout` on the page that is left for the payment gateway. */
  page?: "checkout";
  /** Where the shop answers what became of an order; asked with `cart_id` or `purchase_id`. Default: nobody is asked. */
  order_status_url?: string;
  /** The shop's own return patterns, `gateway?name=value:hint` separated by semicolons. */
  gateway_returns?: string;
}

/** The crash-safe store of one site, as `www/shared/records.js` makes it. No method ever rejects or throws. */
export interface RecordStore {
  /** False if it could not be committed. */
  put(id: string, text: string): Promise<boolean>;
  remove(id: string): Promise<void>;
  /**
   * Claims, in one transaction, every record that no other tab claims. Times are milliseconds since 1970;
   * `claimed_until` is another tab's claim that is in force, 0 if the record is this page's now.
   */
  claim(now: number, until: number): Promise<{ id: string; text: string; claimed_until: number }[]>;
}

/** A purchase, in the markup's names (`purchase_id`) or Connectif's (`purchaseId`); unknown names are reported. */
export type PurchaseFields = Record<string, unknown> & {
  /** By the shop's server, over `purchase_id`, `total_price` and `purchase_date`: HMAC-SHA-256 in hexadecimal. */
  signature?: string | null;
};

/** One thing wrong, noted or normalised in a purchase. */
export interface TagProblem {
  /** Where, such as `product_basket_item[1].unit_price`. */
  path: string;
  kind: string;
  severity: "error" | "warning" | "normalised";
  /** The offending text. */
  text: string;
  /** What to write instead, or what was done. */
  message: string;
}

/** One unconfirmed record. Times are milliseconds since 1970. */
export interface TagRecord {
  id: string;
  captured_at: number;
  attempts: number;
  next_at: number;
  bytes: number;
  state: "waiting" | "waiting-in-memory" | "in-flight";
}

/** What the tag holds at this moment. */
export interface TagSnapshot {
  version: string;
  site: string;
  /** No request leaves before this, in milliseconds since 1970; 0 if none is held back. */
  not_before: number;
  records: TagRecord[];
  /** This page's purchases. */
  purchases: {
    id: string;
    outcome: "captured" | "accepted" | "duplicate" | "refused" | "expired";
    purchase_id: string | null;
    problems: TagProblem[];
  }[];
}
