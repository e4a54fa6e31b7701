//! From a socket to the router: as many connections as configured, none forever, and an orderly end.

use std::{net::SocketAddr, pin::Pin, sync::Arc, time::Duration};

use axum::{Router, extract::ConnectInfo};
use hyper::{Request, body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use crate::cli::Serve;

type Stream = TokioIo<Pin<Box<TimeoutStream<TcpStream>>>>;

/// Longest wait for a request's head, in seconds; also how long an idle connection is kept.
const HEAD_SECONDS_MAX: u64 = 10;

/// Pause after the system refused a connection (no more files), in milliseconds.
const ACCEPT_PAUSE_MS: u64 = 100;

/// Serves until `stop` is done; then accepts no more, lets running requests finish, and gives up after the configured time.
pub async fn serve(listener: TcpListener, router: Router, options: &Serve, stop: impl Future<Output = ()>) {
    let connections = Arc::new(Semaphore::new(options.connections_max as usize));
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let permit = tokio::select! {
            permit = Arc::clone(&connections).acquire_owned() => permit,
            () = &mut stop => break,
        };
        // The semaphore is never closed.
        let Ok(permit) = permit else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                // A receipt is one small packet; it must not wait for more.
                let _ = stream.set_nodelay(true);
                spawn(patient(stream, options), router.clone(), peer, &graceful, permit);
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(ACCEPT_PAUSE_MS)).await;
            }
        }
    }
    drop(listener);
    let limit = Duration::from_secs(options.shutdown_seconds_max);
    if tokio::time::timeout(limit, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}

/// The stream, which fails when the client takes nothing of its answer for too long: it must not hold its connection for ever.
fn patient(stream: TcpStream, options: &Serve) -> Stream {
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(Duration::from_secs(options.request_seconds_max)));
    TokioIo::new(Box::pin(stream))
}

fn spawn(stream: Stream, router: Router, peer: SocketAddr, graceful: &GracefulShutdown, permit: OwnedSemaphorePermit) {
    let told = move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    };
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(HEAD_SECONDS_MAX));
    let connection = graceful.watch(http.serve_connection(stream, TowerToHyperService::new(router.map_request(told))));
    tokio::spawn(async move {
        // How a connection ends is the client's business.
        let _ = connection.await;
        drop(permit);
    });
}
