//! Servers that are external programs: each listens on the loopback interface for the duration of a test.

use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::repository::root;

/// On an idle machine Prism needs about 5 seconds to load half a megabyte, and Phoenix 10 to create its database.
const START_TIMEOUT: Duration = Duration::from_secs(180);

/// A running server, killed on drop.
pub struct Server {
    child: Child,
    port: u16,
    log: PathBuf,
}

impl Server {
    /// Starts a program that listens on `port`, and waits until it does. Its output goes to `target/<name>.log`.
    ///
    /// # Panics
    /// If the program exits or does not listen within the timeout.
    pub fn start(name: &str, port: u16, command: &mut Command) -> Self {
        let log = root().join(format!("target/{name}.log"));
        fs::create_dir_all(log.parent().unwrap()).unwrap();
        let output = File::create(&log).unwrap();
        let child = command
            .stdin(Stdio::null())
            .stderr(output.try_clone().unwrap())
            .stdout(output)
            .spawn()
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut server = Self { child, port, log };
        server.wait_until_listening(name);
        server
    }

    /// Returns its base URL.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn wait_until_listening(&mut self, name: &str) {
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let exit = self.child.try_wait().unwrap();
            let log = || fs::read_to_string(&self.log).unwrap_or_default();
            assert!(exit.is_none(), "{name} exited ({exit:?}):\n{}", log());
            assert!(
                started.elapsed() < START_TIMEOUT,
                "{name} does not listen after {START_TIMEOUT:?}:\n{}",
                log()
            );
            sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only if the server has already exited.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns a TCP port that is not in use.
///
/// # Panics
/// If the system has none.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}
