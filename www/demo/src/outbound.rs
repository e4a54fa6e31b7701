//! What one server posts to another: tried again with growing pauses, and each outcome is one line on standard error.

use std::time::Duration;

use reqwest::{Client, Error, RequestBuilder, StatusCode};
use tokio::time::sleep;

/// The longest wait for an answer.
const LIMIT: Duration = Duration::from_secs(10);
/// The pauses before the further attempts.
const PAUSES: [Duration; 5] = [
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];

enum Outcome {
    Taken(StatusCode),
    /// The other side does not want it, now or later.
    Refused(String),
    Failed(String),
}

/// Speaks plain HTTP only, straight to the other side.
///
/// # Errors
/// If the system gives no resources.
pub fn client() -> Result<Client, Error> {
    // Built together with the collector, whose TLS leaves the choice of its cryptography to whoever starts a program. That it was chosen
    // already is no error.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().timeout(LIMIT).no_proxy().build()
}

/// Sends a request that may arrive more than once. Done after the first attempt; if that failed, the further ones go on in
/// the background.
pub async fn post(what: String, request: RequestBuilder) {
    if is_done(&what, &request).await {
        return;
    }
    tokio::spawn(async move {
        for pause in PAUSES {
            sleep(pause).await;
            if is_done(&what, &request).await {
                return;
            }
        }
        eprintln!("{what}: given up");
    });
}

async fn is_done(what: &str, request: &RequestBuilder) -> bool {
    match attempt(request).await {
        Outcome::Taken(status) => eprintln!("{what}: {status}"),
        Outcome::Refused(reason) => eprintln!("{what}: refused, {reason}"),
        Outcome::Failed(reason) => {
            eprintln!("{what}: not delivered yet, {reason}");
            return false;
        }
    }
    true
}

async fn attempt(request: &RequestBuilder) -> Outcome {
    let Some(request) = request.try_clone() else {
        return Outcome::Refused("the body cannot be sent twice".to_owned());
    };
    match request.send().await {
        Ok(answer) if answer.status().is_success() => Outcome::Taken(answer.status()),
        Ok(answer) if answer.status().is_server_error() || answer.status() == StatusCode::TOO_MANY_REQUESTS => {
            Outcome::Failed(answer.status().to_string())
        }
        Ok(answer) => Outcome::Refused(answer.status().to_string()),
        Err(error) if error.is_builder() => Outcome::Refused(error.to_string()),
        Err(error) => Outcome::Failed(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use axum::{Router, routing};
    use tokio::{net::TcpListener, sync::mpsc, time::timeout};

    use super::*;

    /// A server that answers with these statuses one after the other, and tells of each request.
    async fn server(statuses: &'static [u16]) -> (String, mpsc::UnboundedReceiver<u16>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let (told, heard) = mpsc::unbounded_channel();
        let asked = Arc::new(AtomicUsize::new(0));
        let answer = move || {
            let status = statuses[asked.fetch_add(1, Ordering::Relaxed).min(statuses.len() - 1)];
            told.send(status).unwrap();
            async move { StatusCode::from_u16(status).unwrap() }
        };
        let router = Router::new().route("/", routing::post(answer));
        tokio::spawn(async move { axum::serve(listener, router).await });
        (url, heard)
    }

    /// Longest wait for what must happen: a limit for what is broken, not a pause.
    const PATIENCE: Duration = Duration::from_secs(20);

    #[tokio::test]
    async fn what_fails_is_tried_again_until_it_is_taken() {
        let (url, mut heard) = server(&[503, 429, 201]).await;
        post("test".to_owned(), client().unwrap().post(url).body("x")).await;
        let mut statuses = Vec::new();
        while let Some(status) = timeout(PATIENCE, heard.recv()).await.unwrap() {
            statuses.push(status);
            if status == 201 {
                break;
            }
        }
        assert_eq!(statuses, [503, 429, 201]);
    }

    #[tokio::test]
    async fn what_is_refused_is_not_tried_again() {
        let (url, mut heard) = server(&[403]).await;
        let request = client().unwrap().post(url);
        assert!(is_done("test", &request).await);
        assert_eq!(heard.try_recv().ok(), Some(403));
    }

    #[tokio::test]
    async fn an_address_that_nobody_listens_on_may_be_there_later() {
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        assert!(!is_done("test", &client().unwrap().post(format!("http://{free}/"))).await);
    }
}
