//! The tests of everything that is stored, on SQLite.

mod stored;
mod world;
