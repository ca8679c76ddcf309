//! Prism as a judge: a server that holds each request against a document, and is none of ours.

use std::env;
use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::shared;

/// It reads half a megabyte in some five seconds on an idle machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running Prism; it ends with the value.
pub struct Prism {
    child: Child,
    port: u16,
    log: PathBuf,
}

impl Prism {
    /// Starts it on a document. `None` where it is not installed, which CI does not let pass.
    pub fn start(vendor: &str, document: &Path) -> Option<Self> {
        let program = program()?;
        let port = free_port();
        let log = shared::root().join(format!("target/prism-{vendor}.log"));
        fs::create_dir_all(log.parent().unwrap()).unwrap();
        let output = File::create(&log).unwrap();
        let child = Command::new(&program)
            // `--errors` refuses whatever it would otherwise only complain of.
            .args(["mock", "--errors", "--host", "127.0.0.1", "--port"])
            .arg(port.to_string())
            .arg(document)
            .stdin(Stdio::null())
            .stderr(output.try_clone().unwrap())
            .stdout(output)
            .spawn()
            .unwrap_or_else(|why| panic!("{}: {why}", program.display()));
        let mut this = Self { child, port, log };
        this.wait();
        Some(this)
    }

    /// Where it listens. It leaves out the base paths of the document's `servers`.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn wait(&mut self) {
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let ended = self.child.try_wait().unwrap();
            let log = || fs::read_to_string(&self.log).unwrap_or_default();
            assert!(ended.is_none(), "Prism ended ({ended:?}):\n{}", log());
            assert!(
                started.elapsed() < PATIENCE,
                "Prism does not listen after {PATIENCE:?}:\n{}",
                log()
            );
            sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Prism {
    fn drop(&mut self) {
        // Either fails only where it has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What Prism finds wrong with a request, a line each: `place: rule`. It says so in a header where the document has an
/// answer for bad requests, and in a body of its own where it has none.
pub fn violations(header: Option<&str>, body: &str) -> Vec<String> {
    let found = match header {
        Some(header) => serde_json::from_str(header).unwrap(),
        None => serde_json::from_str::<Value>(body)
            .map_or(Value::Null, |mut body| body["validation"].take()),
    };
    let mut lines: Vec<String> = found.as_array().into_iter().flatten().map(line).collect();
    lines.sort();
    lines.dedup();
    lines
}

fn line(violation: &Value) -> String {
    // A missing credential has neither place nor code.
    let place = violation["location"].as_array().into_iter().flatten();
    let place: Vec<&str> = place
        .filter_map(Value::as_str)
        .skip_while(|part| matches!(*part, "request" | "body"))
        .collect();
    let rule = violation["code"].as_str().unwrap_or("credential");
    format!("/{}: {rule}", place.join("/"))
}

/// A port that nobody listened on a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

fn program() -> Option<PathBuf> {
    let own = shared::root().join("target/judges/node_modules/.bin/prism");
    let path = env::var_os("PATH").unwrap_or_default();
    let mut places =
        std::iter::once(own).chain(env::split_paths(&path).map(|folder| folder.join("prism")));
    if let Some(found) = places.find(|place| place.is_file()) {
        return Some(found);
    }
    let missing = "Prism is not installed: scripts/install-judges.sh";
    assert!(env::var("CI").as_deref() != Ok("true"), "{missing}");
    shared::say(&format!("SKIPPED: {missing}"));
    None
}
