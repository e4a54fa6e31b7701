//! The processes of one browser: found once, killed all at once.

use std::{collections::BTreeSet, fs};

use nix::{
    sys::signal::{Signal, kill, killpg},
    unistd::Pid,
};

/// The process groups that a driver and its browser run in. No other process is in them.
pub struct Processes(BTreeSet<i32>);

/// What `/proc/<id>/stat` says of a process.
struct Process {
    id: i32,
    parent: i32,
    group: i32,
}

impl Processes {
    /// The groups of the driver `id`, which leads one, and of all its descendants.
    pub fn started_by(id: i32) -> Processes {
        let all = all();
        let mut family = BTreeSet::from([id]);
        let mut size = 0;
        while size < family.len() {
            size = family.len();
            let children = all.iter().filter(|process| family.contains(&process.parent));
            let children: Vec<i32> = children.map(|process| process.id).collect();
            family.extend(children);
        }
        let groups = all.iter().filter(|process| family.contains(&process.id));
        let mut groups: BTreeSet<i32> = groups.map(|process| process.group).collect();
        // This test's own group would be there if a driver had not been given one of its own.
        groups.remove(&nix::unistd::getpgrp().as_raw());
        Processes(groups)
    }

    /// SIGKILL: no process gets to write anything any more.
    pub fn kill(&self) {
        for group in &self.0 {
            // A group that has ended already is no error.
            let _ = killpg(Pid::from_raw(*group), Signal::SIGKILL);
        }
    }
}

impl Processes {
    /// SIGKILL to those of Chromium's processes that pages run in.
    pub fn kill_renderers(&self) {
        for process in all().iter().filter(|process| self.0.contains(&process.group)) {
            // Written anew by the process itself, with blanks between the arguments.
            let command = fs::read_to_string(format!("/proc/{}/cmdline", process.id)).unwrap_or_default();
            if command.contains("--type=renderer") {
                let _ = kill(Pid::from_raw(process.id), Signal::SIGKILL);
            }
        }
    }
}

fn all() -> Vec<Process> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let id = entry.file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
            // After the name, which is in brackets and may hold anything: state, parent, group.
            let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(1);
            let parent = fields.next()?.parse().ok()?;
            let group = fields.next()?.parse().ok()?;
            Some(Process { id, parent, group })
        })
        .collect()
}
