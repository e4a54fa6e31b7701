//! `purchase-collector serve`: logs, database, router, socket; then until a signal.

use std::{io, path::PathBuf};

use tokio::{net::TcpListener, runtime::Runtime, signal, sync::watch};

use crate::{
    cli::{LogForm, Serve},
    courier, http, listen,
    passing::{
        Routes,
        client::Client,
        config::{self, ConfigError},
    },
    retention,
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
    /// Purchases could not be passed on.
    #[error(transparent)]
    Destinations(#[from] ConfigError),
    /// Nothing can be sent.
    #[error("the HTTP client cannot be set up: {0}")]
    Client(reqwest::Error),
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
    let passing = options
        .destinations
        .as_deref()
        .map(config::load)
        .transpose()?
        .unwrap_or_default();
    let client = Client::new(passing.delivery.timeout_ms).map_err(ServeError::Client)?;
    // Receiving does not depend on it, and the attempts are made again.
    if !passing.destinations.is_empty()
        && let Err(failure) = client.find_certificates()
    {
        tracing::warn!(
            error = failure.text,
            "purchases are received, but not passed on to https addresses until there are certificates"
        );
    }
    let routes = Routes::new(passing.destinations);
    // The socket first: a second collector on the same port must not touch the database.
    let listener = TcpListener::bind(options.listen)
        .await
        .map_err(|error| ServeError::Listen {
            address: options.listen,
            error,
        })?;
    let store = Store::open(&options.database.address)
        .await
        .map_err(|error| ServeError::Database {
            address: options.database.address.clone(),
            error,
        })?
        .with_routes(routes.clone());
    if options.sites.is_empty() {
        tracing::warn!("no --site is given: every site key and every origin is accepted");
    }
    let address = listener.local_addr().unwrap_or(options.listen);
    tracing::info!(address = %address, database = %options.database.address, "collector ready");
    let erasing = options
        .retention_days
        .map(|days| tokio::spawn(retention::keep_erasing(store.clone(), days)));
    let (stop, stopped) = watch::channel(false);
    let couriers = tokio::spawn(courier::run(store.clone(), routes, client, passing.delivery, stopped));
    listen::serve(
        listener,
        http::router(store.clone(), &options, secrets),
        &options,
        stop_signal(),
    )
    .await;
    if let Some(erasing) = erasing {
        erasing.abort();
    }
    // After the last purchase was received: what is under way is finished, the rest waits in the database.
    let _ = stop.send(true);
    let _ = couriers.await;
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
