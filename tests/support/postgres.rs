//! A real PostgreSQL server that a test program starts, and may stop and freeze.

#![allow(dead_code, reason = "each test program uses its own part")]

use std::{
    env,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

/// Where the server's programs are, if they are in no place that this file knows.
const VARIABLE: &str = "POSTGRES_BIN";

/// What makes the server, and takes the words of [`Server::tell`].
const SCRIPT: &str = include_str!("postgres-server.sh");

/// Counts the servers of this program.
static SERVERS: AtomicU32 = AtomicU32::new(1);

/// The server, running as long as this or its program does: the script stops it when this end of its input is closed.
pub struct Server {
    folder: PathBuf,
    script: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

/// What of a server's data may lie on a disk of its own.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// Everything but the write-ahead log.
    Data,
    /// The write-ahead log.
    Log,
}

impl Server {
    /// A new server with an empty database.
    pub fn start() -> Server {
        Server::make(|_| Some(Command::new("env")), "").expect("every machine has it")
    }

    /// A new server with a part of its data on a disk. `disk` makes the disk on an empty folder, as the command whose further arguments are
    /// the program that is to have it; none if it cannot, and then there is no server.
    pub fn start_on_disk(part: Part, disk: impl FnOnce(&Path) -> Option<Command>) -> Option<Server> {
        let name = match part {
            Part::Data => "data",
            Part::Log => "log",
        };
        Server::make(|folder| disk(&folder.join(name)), name)
    }

    fn make(outer: impl FnOnce(&Path) -> Option<Command>, part: &str) -> Option<Server> {
        let number = SERVERS.fetch_add(1, Ordering::Relaxed);
        let folder = env::temp_dir().join(format!("purchase-postgres-{}-{number}", std::process::id()));
        std::fs::create_dir_all(folder.join(part)).expect("a folder for the server");
        let Some(mut outer) = outer(&folder) else {
            std::fs::remove_dir_all(&folder).expect("it is empty");
            return None;
        };
        let mut script = outer
            .args(["sh", "-c", SCRIPT, "postgres-server.sh"])
            .args([&folder, &programs()])
            .arg(part)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let mut server = Server {
            folder,
            input: script.stdin.take(),
            output: BufReader::new(script.stdout.take().expect("its output is a pipe")),
            script,
        };
        server.hear("ready");
        Some(server)
    }

    /// The address of this schema.
    pub fn url(&self, schema: &str) -> String {
        format!(
            "postgres://postgres@localhost/postgres?host={}&options[search_path]={schema}",
            self.folder.display()
        )
    }

    /// Where its socket is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Says a word of the script, and waits until it is done.
    pub fn tell(&mut self, word: &str) {
        let mut input = self.input.as_ref().expect("the script runs");
        writeln!(input, "{word}").expect("the script listens");
        self.hear("done");
    }

    fn hear(&mut self, word: &str) {
        let mut said = String::new();
        self.output.read_line(&mut said).expect("its output is text");
        assert_eq!(
            said.trim_end(),
            word,
            "the PostgreSQL server does not obey; what it said is above"
        );
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.input = None;
        let _ = self.script.wait();
        // The script cannot remove a folder on which it has a disk.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The folder of `initdb` and `pg_ctl`: Debian keeps it off the PATH, one per version; the newest.
pub fn programs() -> PathBuf {
    let named = env::var_os(VARIABLE).map(PathBuf::from);
    let path = env::var_os("PATH").unwrap_or_default();
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<_> = versions.map(|version| version.path().join("bin")).collect();
    debian.sort();
    let folders = named
        .into_iter()
        .chain(debian.into_iter().rev())
        .chain(env::split_paths(&path));
    folders.into_iter().find(|folder| folder.join("initdb").is_file()).unwrap_or_else(|| {
        panic!("these tests need a PostgreSQL server: apt-get install postgresql, or name the folder of initdb in {VARIABLE}")
    })
}
