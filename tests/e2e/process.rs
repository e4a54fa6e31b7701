//! Child processes that end with the test, on ports that are free.

use std::{
    env,
    ffi::OsStr,
    net::TcpListener,
    process::Stdio,
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

use tokio::{
    process::{Child, Command},
    time::{sleep, timeout},
};

/// Longest wait for anything that must happen; a limit for what is broken, not a pause.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How often something that tells nothing by itself is looked at.
pub const LOOK_EVERY: Duration = Duration::from_millis(20);

/// The value of a variable that `cargo xtask test` sets.
#[track_caller]
pub fn setting(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run `cargo xtask test --only e2e`"))
}

/// The ports that tests listen on: below those that systems take for connections on their way out (from 32768), so that none is
/// taken between the look and the listening.
const PORTS: std::ops::Range<u16> = 18_000..32_000;

/// A port that was free a moment ago, each time another one.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let is_free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    // Several test programs at once begin at different places.
    let start = (std::process::id() * 64) as u16;
    let ports = std::iter::repeat_with(|| {
        let step = start.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
        PORTS.start + step % (PORTS.end - PORTS.start)
    });
    ports.take(PORTS.len()).find(is_free).expect("a free port")
}

/// Starts a program; it is killed when the child is dropped.
pub fn start(program: &str, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Child {
    start_with(program, arguments, |_| {})
}

/// Starts a program after `change` had a look at how.
pub fn start_with(
    program: &str,
    arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    change: impl FnOnce(&mut Command),
) -> Child {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    change(&mut command);
    command
        .spawn()
        .unwrap_or_else(|error| panic!("{program} does not start: {error}"))
}

/// A client of our own programs. The collector's library brings TLS into the tests' program and leaves the choice of its
/// cryptography to whoever starts one; that it was chosen already is no error.
pub fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

/// Waits until an address answers with success.
pub async fn answers(url: &str) {
    until(url, || async {
        client()
            .get(url)
            .send()
            .await
            .ok()
            .filter(|answer| answer.status().is_success())
    })
    .await;
}

/// Looks again and again until there is something; fails after [`PATIENCE`].
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    let found = timeout(PATIENCE, async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            sleep(LOOK_EVERY).await;
        }
    });
    found
        .await
        .unwrap_or_else(|_| panic!("waited {PATIENCE:?} in vain for: {what}"))
}

/// Looks again and again until something is so; false if it is not after `patience`.
pub async fn within<F: Future<Output = bool>>(patience: Duration, mut look: impl FnMut() -> F) -> bool {
    let found = async {
        while !look().await {
            sleep(LOOK_EVERY).await;
        }
    };
    timeout(patience, found).await.is_ok()
}
