//! Texts that nobody guesses.

use std::hash::{BuildHasher, RandomState};

/// 32 random hexadecimal digits.
pub fn hex() -> String {
    let half = || RandomState::new().hash_one(0);
    format!("{:016x}{:016x}", half(), half())
}
