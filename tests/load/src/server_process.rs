//! The server in a process of its own, so that its time is not counted: the program starts itself once more.

use std::env;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use crate::Server;

const SERVE: &str = "--server";

/// A server in a process of its own, until this is dropped.
#[derive(Debug)]
pub struct Elsewhere {
    process: Child,
    url: String,
}

impl Elsewhere {
    /// Starts the program that is running once more; its `main` begins with [`serve_if_asked`].
    pub fn start() -> Self {
        let program = env::current_exe().expect("this program has a path");
        let mut process = Command::new(program)
            .arg(SERVE)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let said = process.stdout.take().expect("it is piped");
        let mut url = String::new();
        BufReader::new(said)
            .read_line(&mut url)
            .expect("it says where it is");
        let url = url.trim().to_owned();
        Self { process, url }
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        _ = self.process.wait();
    }
}

/// Serves until the one who asked hangs up; `false` if nobody asked.
#[allow(clippy::print_stdout, reason = "that is how the other learns where")]
pub fn serve_if_asked() -> bool {
    if !env::args().any(|argument| argument == SERVE) {
        return false;
    }
    let server = Server::start(|_| false);
    println!("{}", server.url());
    _ = std::io::stdin().read(&mut [0]);
    true
}
