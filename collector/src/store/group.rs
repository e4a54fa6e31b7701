//! Group commit: writes that wait at the same time share one transaction, and so one wait for the disk.
//!
//! One task writes. It takes what waits and writes it together; meanwhile the next ones gather. Whoever comes alone waits for
//! nobody. If a group fails, each of it is tried by itself, so that none pays for another.

use std::{future::Future, pin::Pin, sync::Arc};

use prometheus_client::metrics::histogram::Histogram;
use sqlx::{Connection, SqlitePool};
use tokio::sync::{mpsc, oneshot};

use super::{Link, StoreError, Work, Writing};

/// Most writes in one transaction: a group's answers wait for its last one.
pub const GROUP_MAX: usize = 128;

/// Most writes that wait; further ones wait to be let in.
const WAITING_MAX: usize = 1_024;

/// Where writes wait. Clones share it.
#[derive(Clone, Debug)]
pub struct Group {
    waiting: mpsc::Sender<Box<dyn Job>>,
}

/// A write that waits, whatever it answers.
trait Job: Send {
    fn run<'a>(&'a mut self, writing: &'a mut Writing<'_>) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Tells its caller, who may be gone.
    fn finish(self: Box<Self>, result: Result<(), StoreError>);
}

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

struct Waiting<W: Work> {
    work: W,
    output: Option<W::Output>,
    answer: oneshot::Sender<Result<W::Output, StoreError>>,
}

impl<W: Work> Job for Waiting<W> {
    fn run<'a>(&'a mut self, writing: &'a mut Writing<'_>) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.output = Some(self.work.run(writing).await?);
            Ok(())
        })
    }

    fn finish(self: Box<Self>, result: Result<(), StoreError>) {
        let Waiting { output, answer, .. } = *self;
        drop(answer.send(result.and_then(|()| output.ok_or(StoreError::GivenUp))));
    }
}

impl Group {
    /// Begins to write with this pool's one connection, at most `most` writes at a time. Ends with the last clone, or when the
    /// pool is closed. `sizes` counts the writes of each transaction.
    pub fn new(writer: SqlitePool, most: usize, sizes: Histogram) -> Group {
        let (waiting, queue) = mpsc::channel(WAITING_MAX);
        tokio::spawn(write_all(writer, queue, most.max(1), sizes));
        Group { waiting }
    }

    /// # Errors
    /// If the work or the database fails.
    pub async fn write<W: Work>(&self, work: W) -> Result<W::Output, StoreError> {
        let (answer, answered) = oneshot::channel();
        let job = Waiting {
            work,
            output: None,
            answer,
        };
        let waiting = self.waiting.send(Box::new(job)).await;
        waiting.map_err(|_| StoreError::GivenUp)?;
        answered.await.map_err(|_| StoreError::GivenUp)?
    }
}

async fn write_all(writer: SqlitePool, mut queue: mpsc::Receiver<Box<dyn Job>>, most: usize, sizes: Histogram) {
    let mut jobs = Vec::new();
    while queue.recv_many(&mut jobs, most).await > 0 {
        // As many as u32 holds, which is far beyond any group.
        sizes.observe(u32::try_from(jobs.len()).map_or(f64::INFINITY, f64::from));
        let group = write_group(writer.clone(), std::mem::take(&mut jobs));
        // On a task of its own, because a panic in one group must not end all writing.
        if tokio::spawn(group).await.is_err() {
            tracing::error!("a write panicked");
        }
    }
}

async fn write_group(writer: SqlitePool, mut jobs: Vec<Box<dyn Job>>) {
    match in_one_transaction(&writer, &mut jobs).await {
        Ok(()) => jobs.into_iter().for_each(|job| job.finish(Ok(()))),
        Err(Failure::Begin(error)) => {
            let error = Arc::new(error);
            for job in jobs {
                job.finish(Err(StoreError::OfGroup(Arc::clone(&error))));
            }
        }
        Err(Failure::Later(error)) => match <[_; 1]>::try_from(jobs) {
            Ok([job]) => job.finish(Err(error)),
            Err(jobs) => {
                for job in jobs {
                    Box::pin(write_group(writer.clone(), vec![job])).await;
                }
            }
        },
    }
}

enum Failure {
    /// The database does not take any writes.
    Begin(StoreError),
    /// A write failed, or the end of them.
    Later(StoreError),
}

async fn in_one_transaction(writer: &SqlitePool, jobs: &mut [Box<dyn Job>]) -> Result<(), Failure> {
    let mut connection = writer.acquire().await.map_err(|error| Failure::Begin(error.into()))?;
    let result = run(&mut connection, jobs).await;
    if result.is_err() {
        // SQLite ends a transaction by itself when the disk is full or fails. sqlx does not see that, and its connection would
        // refuse every further transaction.
        drop(connection.close().await);
    }
    result
}

async fn run(connection: &mut sqlx::SqliteConnection, jobs: &mut [Box<dyn Job>]) -> Result<(), Failure> {
    let begun = connection.begin_with("BEGIN IMMEDIATE").await;
    let mut transaction = begun.map_err(|error| Failure::Begin(error.into()))?;
    let mut writing = Writing::new(Link::Sqlite(&mut transaction));
    for job in jobs {
        job.run(&mut writing).await.map_err(Failure::Later)?;
    }
    transaction.commit().await.map_err(|error| Failure::Later(error.into()))
}
