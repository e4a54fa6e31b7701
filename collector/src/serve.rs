//! `purchase-collector serve`: logs, database, router, socket; then until a signal.

use std::{io, path::PathBuf};

use tokio::{net::TcpListener, runtime::Runtime, signal};

use crate::{
    cli::{LogForm, Serve},
    http, listen,
    secrets::{SecretError, Secrets},
    store::{DatabaseAddress, Store, StoreError},
};

/// Why the server did not start; each is one sentence that names the option to change.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Nothing can run.
    #[error("the runtime cannot start: {0}")]
    Runtime(io::Error),
    /// The address is taken, or not this machine's.
    #[error("cannot listen on {address}: {error}; choose another address with --listen")]
    Listen {
        /// What was asked for.
        address: std::net::SocketAddr,
        /// What the system says.
        error: io::Error,
    },
    /// The database cannot be opened or written.
    #[error("cannot use the database {address}: {error}; choose another one with --database")]
    Database {
        /// What was asked for.
        address: DatabaseAddress,
        /// What the database says.
        error: StoreError,
    },
    /// The folder is none.
    #[error("{} is no folder; give the folder with the tag's files with --assets", .0.display())]
    Assets(PathBuf),
    /// A shop's server could not be believed.
    #[error(transparent)]
    Secret(#[from] SecretError),
}

/// Runs the server until SIGINT or SIGTERM.
///
/// # Errors
/// If it cannot start.
pub fn run(options: Serve) -> Result<(), ServeError> {
    start_log(options.log);
    Runtime::new().map_err(ServeError::Runtime)?.block_on(serve(options))
}

async fn serve(options: Serve) -> Result<(), ServeError> {
    if let Some(folder) = options.assets.as_ref().filter(|folder| !folder.is_dir()) {
        return Err(ServeError::Assets(folder.clone()));
    }
    let secrets = Secrets::load(&options)?;
    // The socket first: a second collector on the same port must not touch the database.
    let listener = TcpListener::bind(options.listen)
        .await
        .map_err(|error| ServeError::Listen {
            address: options.listen,
            error,
        })?;
    let store = Store::open(&options.database)
        .await
        .map_err(|error| ServeError::Database {
            address: options.database.clone(),
            error,
        })?;
    if options.sites.is_empty() {
        tracing::warn!("no --site is given: every site key and every origin is accepted");
    }
    let address = listener.local_addr().unwrap_or(options.listen);
    tracing::info!(address = %address, database = %options.database, "collector ready");
    listen::serve(
        listener,
        http::router(store.clone(), &options, secrets),
        &options,
        stop_signal(),
    )
    .await;
    store.close().await;
    tracing::info!("collector stopped");
    Ok(())
}

fn start_log(form: LogForm) {
    let log = tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_max_level(tracing::Level::INFO)
        .with_target(false);
    // Someone who uses this as a library may have a log already.
    let _ = match form {
        LogForm::Text => log.with_ansi(io::IsTerminal::is_terminal(&io::stderr())).try_init(),
        LogForm::Json => log.json().flatten_event(true).try_init(),
    };
}

/// Done at the first SIGINT or SIGTERM. A signal that cannot be watched ends the process as ever.
async fn stop_signal() {
    let interrupt = async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<Option<()>>();
    tokio::select! {
        () = interrupt => {}
        _ = terminate => {}
    }
}
