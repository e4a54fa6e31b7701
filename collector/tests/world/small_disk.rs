//! Small disks in memory that only the processes see that are started on them (Linux: a mount namespace of their own).

use std::{
    path::Path,
    process::{Command, Stdio},
};

/// Mounts a disk of `$2` on the folder `$1`, and becomes what follows. Any user may write to it.
const MOUNT: &str = r#"mount -t tmpfs -o size="$2",mode=1777 tmpfs "$1" && shift 2 && exec "$@""#;

/// How a user gets a mount namespace: root by itself, others as the root of a user namespace.
const WAYS: [&[&str]; 2] = [&["--mount"], &["--mount", "--map-root-user"]];

/// How the root of a user namespace becomes an ordinary user again: a PostgreSQL server refuses to run as root.
const UNMAP: [&str; 4] = ["unshare", "--user", "--map-user=1000", "--map-group=1000"];

/// A command whose further arguments are a program that has a disk of this size (as `mount` takes it, `16m`) on the empty folder. None
/// if this machine does not allow it, which is said.
pub fn command(folder: &Path, size: &str) -> Option<Command> {
    let on_disk = |way: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(way).args(["sh", "-c", MOUNT, "sh"]).arg(folder).arg(size);
        if way.len() > 1 {
            command.args(UNMAP);
        }
        command
    };
    let works = |way: &&&[&str]| {
        let tried = on_disk(way)
            .args(["touch"])
            .arg(folder.join("tried"))
            .stderr(Stdio::null())
            .status();
        tried.is_ok_and(|status| status.success())
    };
    let Some(way) = WAYS.iter().find(works) else {
        eprintln!(
            "not tested here: this machine does not let its users mount a disk for one program (unshare --mount)"
        );
        return None;
    };
    Some(on_disk(way))
}
