//! The tests of everything that is stored, on PostgreSQL: `World` sees from this program's name what it runs on.

mod stored;
mod world;
