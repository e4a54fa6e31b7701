//! The demo's programs: started, waited for, stopped.

use std::net::{Ipv4Addr, TcpStream};
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// How long a program may take until it answers.
const START: Duration = Duration::from_secs(20);
/// How long a program may take to stop before it is ended: longer than the collector waits for running requests.
const STOP: Duration = Duration::from_secs(12);
/// How often the programs are looked at.
const LOOK: Duration = Duration::from_millis(100);

/// The started programs; they are stopped when this is dropped, whatever the reason.
#[derive(Default)]
pub struct Programs(Vec<(&'static str, Child)>);

impl Programs {
    /// Starts one.
    pub fn start(&mut self, name: &'static str, mut program: Command) -> Result<()> {
        // A group of its own, so that Ctrl-C reaches this program only, which then stops the others in order.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut program, 0);
        self.0.push((
            name,
            program.spawn().with_context(|| format!("{name} cannot be started"))?,
        ));
        Ok(())
    }

    /// Waits until every port answers; `false` if Ctrl-C came first.
    pub fn answer(&mut self, ports: &[u16], stop: &Receiver<()>) -> Result<bool> {
        let late = Instant::now() + START;
        for &port in ports {
            while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
                self.check()?;
                if Instant::now() > late {
                    bail!(
                        "nothing answers on port {port} after {} seconds: the reason is above",
                        START.as_secs()
                    );
                }
                if stop.recv_timeout(LOOK) != Err(RecvTimeoutError::Timeout) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Waits for Ctrl-C; an error if a program ends first.
    pub fn watch(&mut self, stop: &Receiver<()>) -> Result<()> {
        while stop.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
            self.check()?;
        }
        Ok(())
    }

    /// An error if a program has ended.
    fn check(&mut self) -> Result<()> {
        for (name, child) in &mut self.0 {
            if let Some(status) = child.try_wait()? {
                bail!("{name} ended by itself ({status}): the reason is above");
            }
        }
        Ok(())
    }
}

impl Drop for Programs {
    fn drop(&mut self) {
        for (_, child) in &mut self.0 {
            ask_to_stop(child);
        }
        let late = Instant::now() + STOP;
        for (name, child) in &mut self.0 {
            while matches!(child.try_wait(), Ok(None)) {
                if Instant::now() > late {
                    eprintln!("{name} did not stop within {} seconds and is ended.", STOP.as_secs());
                    // An error means that it has just ended.
                    let _ = child.kill();
                    let _ = child.wait();
                    break;
                }
                sleep(LOOK);
            }
        }
    }
}

#[cfg(unix)]
fn ask_to_stop(child: &mut Child) {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;
    // A child that was waited for has no process any more; its number may be another's.
    if let (Ok(None), Ok(process)) = (child.try_wait(), i32::try_from(child.id())) {
        let _ = kill(Pid::from_raw(process), Signal::SIGTERM);
    }
}

#[cfg(not(unix))]
fn ask_to_stop(child: &mut Child) {
    let _ = child.kill();
}
