//! Every limit of the open checkouts, with its unit and its reason.

/// Most open checkouts of a browser; the oldest gives way.
pub const CHECKOUTS_MAX: usize = 20;

/// Age at which an open checkout is given up, in milliseconds: 30 days, longer than any voucher lives.
pub const AGE_MS_MAX: u64 = 30 * 24 * 60 * 60 * 1_000;

/// How long after leaving another tab's shopper may still be paying, in milliseconds: 30 minutes.
pub const AWAY_MS: u64 = 30 * 60 * 1_000;

/// Most times that one page view asks the order-status URL about one checkout.
pub const ASKS_PER_VISIT_MAX: u32 = 4;

/// How long after the last answer each of a page view's asks comes, in milliseconds: a shop learns of a payment seconds later than
/// its shopper.
pub const ASK_DELAYS_MS: [u64; ASKS_PER_VISIT_MAX as usize] = [0, 3_000, 10_000, 30_000];

/// Most times that the order-status URL is asked about one departure, over all page views.
pub const ASKS_MAX: u32 = 40;

/// So many of them come as each page view likes; after that they are spread, so that a voucher that is paid days later does not
/// use them up on its first day.
pub const ASKS_FREE: u32 = 12;

/// The first pause of the spread ones, in milliseconds; it doubles with each ask.
pub const ASK_PAUSE_MS: u64 = 60_000;

/// The longest such pause, in milliseconds: a day.
pub const ASK_PAUSE_MS_MAX: u64 = 24 * 60 * 60 * 1_000;

/// How long an answer may take, in milliseconds.
pub const STATUS_ANSWER_MS_MAX: u64 = 30_000;

/// Longest `Retry-After` of the order-status URL that is obeyed, in milliseconds: an hour.
pub const STATUS_RETRY_MS_MAX: u64 = 60 * 60 * 1_000;

/// Largest answer that is read, in bytes.
pub const STATUS_BYTES_MAX: usize = 1024 * 1024;

/// Largest contents that a report carries, in bytes; larger ones are left out of it.
pub const CONTENTS_BYTES_MAX: usize = 256 * 1024;

/// Largest stored text of one checkout, in bytes: two ids and their bookkeeping.
pub const STORED_BYTES_MAX: usize = 8 * 1024;

/// Most purchases of one page that are remembered to close checkouts by.
pub const SEEN_MAX: usize = 20;
