//! Servers that are programs of their own: started on loopback for a test, and gone with it.

use std::env;
use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::shared;

/// Prism reads half a megabyte in some five seconds on an idle machine, Phoenix makes a database in ten.
const PATIENCE: Duration = Duration::from_secs(180);

/// A running server; it ends with the value.
pub struct Server {
    child: Child,
    port: u16,
    log: PathBuf,
}

impl Server {
    /// Starts a program that listens on `port`; what it says goes to `target/<name>.log`.
    ///
    /// # Panics
    /// When it ends, or does not listen in time.
    pub fn start(name: &str, port: u16, command: &mut Command) -> Self {
        let log = shared::root().join(format!("target/{name}.log"));
        fs::create_dir_all(log.parent().unwrap()).unwrap();
        let output = File::create(&log).unwrap();
        let child = command
            .stdin(Stdio::null())
            .stderr(output.try_clone().unwrap())
            .stdout(output)
            .spawn()
            .unwrap_or_else(|why| panic!("{name}: {why}"));
        let mut this = Self { child, port, log };
        this.wait(name);
        this
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn wait(&mut self, name: &str) {
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let ended = self.child.try_wait().unwrap();
            let log = || fs::read_to_string(&self.log).unwrap_or_default();
            assert!(ended.is_none(), "{name} ended ({ended:?}):\n{}", log());
            assert!(
                started.elapsed() < PATIENCE,
                "{name} does not listen after {PATIENCE:?}:\n{}",
                log()
            );
            sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Either fails only where it has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that nobody listened on a moment ago.
///
/// # Panics
/// When there is none.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

/// A program that a script installs below `target`, there or on PATH. `None` where it is in neither place, which is said
/// aloud, and which CI does not let pass.
///
/// # Panics
/// When CI has not installed it.
pub fn program(installed: &str, script: &str) -> Option<PathBuf> {
    let own = shared::root().join("target").join(installed);
    let name = Path::new(installed).file_name().unwrap();
    let path = env::var_os("PATH").unwrap_or_default();
    let mut places =
        std::iter::once(own).chain(env::split_paths(&path).map(|folder| folder.join(name)));
    if let Some(found) = places.find(|place| place.is_file()) {
        return Some(found);
    }
    let missing = format!("{} is not installed: {script}", name.display());
    assert!(env::var("CI").as_deref() != Ok("true"), "{missing}");
    shared::say(&format!("SKIPPED: {missing}"));
    None
}
