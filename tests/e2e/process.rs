//! Child processes that end with the test, on ports that are free.

use std::{env, ffi::OsStr, net::TcpListener, process::Stdio, time::Duration};

use tokio::{
    process::{Child, Command},
    time::{sleep, timeout},
};

/// Longest wait for anything that must happen; a limit for what is broken, not a pause.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How often something that tells nothing by itself is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// The value of a variable that `cargo xtask test` sets.
#[track_caller]
pub fn setting(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run `cargo xtask test --only e2e`"))
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("the listener's address").port()
}

/// Starts a program; it is killed when the child is dropped.
pub fn start(program: &str, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Child {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap_or_else(|error| panic!("{program} does not start: {error}"))
}

/// Waits until an address answers with success.
pub async fn answers(url: &str) {
    until(url, || async {
        reqwest::get(url)
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
