//! The server in a process of its own, so that its time is not measured: the program starts itself again.

use std::env;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use crate::server::TraceServer;

/// The argument that starts the program as the server.
const SERVER_ARGUMENT: &str = "--server";

/// A server in a process of its own. It stops when this value is dropped.
#[derive(Debug)]
pub struct ServerProcess {
    process: Child,
    url: String,
}

impl ServerProcess {
    /// Starts the current program again as the server. Its `main` must begin with [`serve_if_requested`].
    pub fn start() -> Self {
        let program = env::current_exe().expect("the path of this program");
        let mut process = Command::new(program)
            .arg(SERVER_ARGUMENT)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a server process");
        let stdout = process.stdout.take().expect("a pipe");
        let mut url = String::new();
        BufReader::new(stdout)
            .read_line(&mut url)
            .expect("the URL of the server");
        let url = url.trim().to_owned();
        Self { process, url }
    }

    /// Returns the URL of the server.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        _ = self.process.wait();
    }
}

/// Runs the server until the parent process closes the pipe, if the program was started as the server. Returns whether
/// it was.
#[allow(clippy::print_stdout, reason = "the parent process reads the URL")]
pub fn serve_if_requested() -> bool {
    if !env::args().any(|argument| argument == SERVER_ARGUMENT) {
        return false;
    }
    let server = TraceServer::start(|_| false);
    println!("{}", server.url());
    _ = std::io::stdin().read(&mut [0]);
    true
}
