//! What travels between page and collector, and what the browser stores.

mod envelope;
mod receipt;
mod stored;
pub(crate) mod write;

pub use self::{
    envelope::{Envelope, EnvelopeError, ID_CHARS_MAX, PageConfig, SITE_CHARS_MAX, VERSION, is_record_id, is_site_key},
    receipt::{Outcome, Receipt, ReceiptView, answer},
    stored::{record_from_text, record_to_text},
    write::{new_envelope, with_entry},
};
