//! Every limit of the outbox, with its unit and its reason.

/// Most records; more than any shopper leaves behind.
pub const RECORDS_MAX: usize = 200;

/// Largest envelope, in bytes: what the loader can capture, and what a collector takes by default.
pub const RECORD_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Most bytes under way that may outlive the page, when it is left. Browsers allow 64 KiB for a whole page
/// (<https://fetch.spec.whatwg.org/#http-network-or-cache-fetch>), shared with every other script on it.
pub const KEEPALIVE_BYTES_MAX: usize = 60_000;

/// Largest body fetched with `keepalive`, in bytes; a larger one leaves as a beacon should the page be left meanwhile. So a
/// collector that hangs holds at most [`IN_FLIGHT_MAX`] times this, half of what the browser allows, and the page's other scripts
/// go on.
pub const KEEPALIVE_FETCH_BYTES_MAX: usize = 8 * 1024;

/// Most requests under way at once, so that a hanging collector leaves connections to the shop.
pub const IN_FLIGHT_MAX: usize = 4;

/// How long an answer may take, in milliseconds; Chromium itself drops keepalive requests after about 30 s.
pub const ANSWER_MS_MAX: u64 = 30_000;

/// First step of the backoff, in milliseconds; it doubles with each attempt.
pub const BACKOFF_BASE_MS: u64 = 1_000;

/// Longest backoff, in milliseconds.
pub const BACKOFF_MS_MAX: u64 = 5 * 60 * 1_000;

/// First step of the backoff after an answer that only a person can mend (401, 403, 404, 410), in milliseconds.
pub const RETRY_CONFIGURATION_MS: u64 = 60 * 1_000;

/// Longest `Retry-After` that is obeyed, in milliseconds.
pub const RETRY_AFTER_MS_MAX: u64 = 60 * 60 * 1_000;

/// How long a tab's claim on a stored record holds, in milliseconds: long enough to send it, short enough that a tab that died
/// costs no more than this.
pub const CLAIM_MS: u64 = 1_500;

/// Age at which an unconfirmed record is given up, in milliseconds: 30 days.
pub const AGE_MS_MAX: u64 = 30 * 24 * 60 * 60 * 1_000;

/// Shortest time between two beacons of one record, in milliseconds: switching tabs to and fro is no reason to send.
pub const BEACON_INTERVAL_MS: u64 = 30_000;

/// Over how long retries are spread when the page is shown again or the network is back, in milliseconds.
pub const NEW_CHANCE_MS: u64 = 500;
