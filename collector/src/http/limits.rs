//! How many requests are worked on at a time, and for how long each. Nothing queues.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::sync::Semaphore;

use super::HttpError;
use crate::cli::Serve;

/// Most requests of the console worked on at a time.
const CONSOLE_REQUESTS_MAX: usize = 32;

/// The limits of all requests together. Clones share them.
#[derive(Clone, Debug)]
pub struct Limits {
    free: Arc<Semaphore>,
    time: Duration,
}

impl Limits {
    pub fn new(options: &Serve) -> Limits {
        Limits {
            free: Arc::new(Semaphore::new(options.concurrency_max as usize)),
            time: Duration::from_secs(options.request_seconds_max),
        }
    }

    /// Places of its own: readers never take those of purchases.
    pub fn of_console(options: &Serve) -> Limits {
        Limits {
            free: Arc::new(Semaphore::new(CONSOLE_REQUESTS_MAX)),
            ..Limits::new(options)
        }
    }
}

/// Answers 503 at once if the collector is full, and if a request takes too long; a transaction it was in is undone.
pub async fn enforce(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    let Ok(_permit) = limits.free.try_acquire() else {
        return HttpError::Busy.into_response();
    };
    match tokio::time::timeout(limits.time, next.run(request)).await {
        Ok(response) => response,
        Err(_) => HttpError::Slow.into_response(),
    }
}
