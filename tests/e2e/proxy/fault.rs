//! What can happen to a request.

use std::time::Duration;

/// What happens to requests with purchases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// They are passed on.
    None,
    /// No connection is accepted, those that are open are reset.
    Refuse,
    /// The connection is reset when the request has been read; the collector never sees it.
    Reset,
    /// No answer ever comes; the collector never sees it.
    Hang,
    /// Somebody answers with a status and an error text that pages may read; the collector never sees it.
    Status(u16, Option<RetryAfter>),
    /// A captive portal answers 200 with its own page; the collector never sees it.
    Html,
    /// 200 with JSON that is none of ours; the collector never sees it.
    Garbage,
    /// The collector stores, its receipt is cut off in the middle.
    TruncatedReceipt,
    /// The collector stores, its receipt never arrives: the connection is reset.
    LostResponse,
    /// They are passed on after a while.
    Delay(Duration),
}

/// The header `Retry-After`, in its two forms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RetryAfter {
    /// So many seconds.
    Seconds(u64),
    /// The date in so many seconds.
    DateIn(u64),
}

impl RetryAfter {
    /// Its value.
    pub fn text(self) -> String {
        match self {
            RetryAfter::Seconds(seconds) => seconds.to_string(),
            RetryAfter::DateIn(seconds) => {
                httpdate::fmt_http_date(std::time::SystemTime::now() + Duration::from_secs(seconds))
            }
        }
    }
}

/// The tag's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    /// The script element's file.
    Loader,
    /// The module's JavaScript.
    Glue,
    /// The WebAssembly.
    Module,
}

impl File {
    /// By the path of a request.
    pub fn of(path: &str) -> Option<File> {
        Some(match path.rsplit_once('.')?.1 {
            "js" => File::Loader,
            "mjs" => File::Glue,
            "wasm" => File::Module,
            _ => return None,
        })
    }
}

/// What happens to one of the tag's files.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FileFault {
    /// 404, as after an update that removed old files.
    NotFound,
    /// 200 with a page, as from a server that answers everything with its start page.
    Html,
    /// Half of it, then the connection is reset.
    Truncated,
    /// It comes when this fault is lifted.
    Late,
}
