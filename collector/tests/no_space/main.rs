//! Disks without any room left (ENOSPC): 503, nothing acknowledged that is not stored, nothing lost on its way to a destination, and
//! recovery by itself once there is room.
//!
//! The disks are small ones in memory that only one program sees. Where the machine does not allow such, these tests say so and
//! pass.

#![cfg(target_os = "linux")]

mod erp;
mod file;
mod server;
mod story;
#[path = "../world/mod.rs"]
mod world;
