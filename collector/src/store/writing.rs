//! Write transactions. Each is done whole or not at all, and is on the disk when its caller hears of it.

use std::ops::{Deref, DerefMut};

use sha2::{Digest, Sha256};

use super::{Link, StoreError, sql};

/// Rows of the table `locks` per site: two names share one by chance, and then wait for each other without need.
const LOCKS_PER_SITE: u32 = 1_024;

/// What is to be written: the data, and how to write it.
pub trait Work: Send + Sync + 'static {
    /// What the caller gets when it is on the disk.
    type Output: Send + 'static;

    /// Writes within the transaction. It may run several times until one of them lasts, so it changes nothing but the database.
    ///
    /// Several collectors may write at the same time. A single statement is safe by itself; who decides by what it has read
    /// takes [`Writing::lock`] before reading, by a name that all who may contradict it take as well.
    fn run(&self, writing: &mut Writing<'_>) -> impl Future<Output = Result<Self::Output, StoreError>> + Send;
}

/// A write transaction: statements, see [`Link`], and locks.
#[derive(Debug)]
pub struct Writing<'c> {
    link: Link<'c>,
}

impl<'c> Writing<'c> {
    pub(super) fn new(link: Link<'c>) -> Writing<'c> {
        Writing { link }
    }

    /// Waits until no other transaction holds this name of the site, and holds it to the end of this one. Twice is harmless.
    /// Who needs several takes them in the order checkout, purchase, cart, other; otherwise two may wait for each other, which
    /// the server notices after a second and one of them is run again.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn lock(&mut self, site: &str, name: &str) -> Result<(), StoreError> {
        // The one writer of a file holds everything.
        if matches!(self.link, Link::Sqlite(_)) {
            return Ok(());
        }
        // A row that is changed is held to the end of the transaction by every server that speaks PostgreSQL's language;
        // advisory locks are not.
        let statement = sql("INSERT INTO locks (site, slot, taken) VALUES ($1, $2, 1) \
             ON CONFLICT (site, slot) DO UPDATE SET taken = locks.taken + 1")
        .bind(site)
        .bind(slot(name));
        self.link.execute(statement).await.map(drop)
    }
}

impl<'c> Deref for Writing<'c> {
    type Target = Link<'c>;

    fn deref(&self) -> &Link<'c> {
        &self.link
    }
}

impl<'c> DerefMut for Writing<'c> {
    fn deref_mut(&mut self) -> &mut Link<'c> {
        &mut self.link
    }
}

/// The same for every collector, of whatever version.
fn slot(name: &str) -> i64 {
    let digest = Sha256::digest(name);
    let beginning = digest
        .iter()
        .take(4)
        .fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
    i64::from(beginning % LOCKS_PER_SITE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_stay_where_they_are() {
        // Collectors of two versions run beside each other while one replaces the other.
        assert_eq!([slot("purchase 10023"), slot("cart 558"), slot("")], [73, 389, 66]);
    }
}
