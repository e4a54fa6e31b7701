//! How many requests are worked on at a time, for how long each, and how many come from one address. Nothing queues.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    http::HeaderName,
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::sync::Semaphore;

use super::{
    HttpError, client,
    rates::{self, Rates},
};
use crate::{cli::Serve, console::Client};

/// Most requests of the console worked on at a time.
const CONSOLE_REQUESTS_MAX: usize = 32;

/// The limits of all requests together. Clones share them.
#[derive(Clone, Debug)]
pub struct Limits {
    free: Arc<Semaphore>,
    time: Duration,
    rates: Arc<Rates>,
    proxy_header: Option<HeaderName>,
}

impl Limits {
    pub fn new(options: &Serve, rates: Arc<Rates>) -> Limits {
        Limits {
            free: Arc::new(Semaphore::new(options.concurrency_max as usize)),
            time: Duration::from_secs(options.request_seconds_max),
            rates,
            proxy_header: options.proxy_header.clone(),
        }
    }

    /// Places of its own: readers never take those of purchases.
    pub fn of_console(self) -> Limits {
        Limits {
            free: Arc::new(Semaphore::new(CONSOLE_REQUESTS_MAX)),
            ..self
        }
    }
}

/// Answers 429 at once if the address sent too many, 503 if the collector is full, and if a request takes too long; a transaction it was in is undone.
pub async fn enforce(State(limits): State<Limits>, mut request: Request, next: Next) -> Response {
    let client = client::address(request.extensions(), request.headers(), limits.proxy_header.as_ref());
    if let Some(Err(wait)) = client.map(|address| limits.rates.address(address)) {
        return HttpError::Rate(wait).into_response();
    }
    if let Some(address) = client {
        request.extensions_mut().insert(Client(rates::client(address)));
    }
    let Ok(_permit) = limits.free.try_acquire() else {
        return HttpError::Busy.into_response();
    };
    match tokio::time::timeout(limits.time, next.run(request)).await {
        Ok(response) => response,
        Err(_) => HttpError::Slow.into_response(),
    }
}
