//! The proxy's two ports and the connections to them.

use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    sync::watch,
};

use super::{Fault, State, answers};

/// What a port is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Purchases,
    Files,
}

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 128;

/// A port on 127.0.0.1 that is served until this is dropped.
pub struct Port {
    pub number: u16,
    task: tokio::task::JoinHandle<()>,
}

impl Port {
    /// Serves a port.
    pub fn open(number: u16, kind: Kind, state: &'static State) -> Port {
        let listener = listen(socket(number));
        let task = tokio::spawn(accept(listener, number, kind, state));
        Port { number, task }
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Accepts connections, except while the fault is to refuse them.
async fn accept(mut listener: TcpListener, number: u16, kind: Kind, state: &'static State) {
    let mut fault = state.fault.subscribe();
    let refuses = move |fault: &Fault| kind == Kind::Purchases && *fault == Fault::Refuse;
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = wait_for(&mut fault, refuses) => {
                // Bound without listening: the system refuses connections, and nobody else takes the port, not even between the two.
                let kept = socket(number);
                drop(listener);
                wait_for(&mut fault, |fault| !refuses(fault)).await;
                listener = listen(kept);
                continue;
            }
        };
        if let Ok((stream, _)) = accepted {
            let mut fault = fault.clone();
            tokio::spawn(async move {
                tokio::select! {
                    () = converse(stream, kind, state) => {}
                    () = wait_for(&mut fault, refuses) => {}
                }
            });
        }
    }
}

async fn converse(stream: TcpStream, kind: Kind, state: &'static State) {
    let _ = stream.set_nodelay(true);
    // Whatever closes the connection from this side is meant to be a fault: it resets.
    let _ = stream.set_zero_linger();
    let service = service_fn(async |request: Request<Incoming>| match kind {
        Kind::Purchases => answers::to_purchase(request, state).await,
        Kind::Files => answers::to_file(request, state).await,
    });
    // An error is the fault that was asked for, or the browser's leaving.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn wait_for(fault: &mut watch::Receiver<Fault>, is: impl Fn(&Fault) -> bool) {
    fault
        .wait_for(|fault| is(fault))
        .await
        .expect("the proxy keeps the sender");
}

fn socket(number: u16) -> TcpSocket {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_reuseaddr(true).expect("an option of every socket");
    socket.set_reuseport(true).expect("an option of every socket");
    socket.bind(([127, 0, 0, 1], number).into()).expect("the port is ours");
    socket
}

fn listen(socket: TcpSocket) -> TcpListener {
    socket.listen(BACKLOG).expect("the port is ours")
}
