//! A line on the terminal that says what is going on, for work that takes long enough to wonder.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// Shorter work needs no words.
const PATIENCE: Duration = Duration::from_secs(1);

/// The line; gone when this is.
pub struct Progress {
    started: Instant,
    terminal: bool,
    shown: bool,
}

impl Progress {
    /// Starts the clock; nothing is shown yet.
    pub fn start() -> Self {
        Self {
            started: Instant::now(),
            terminal: io::stderr().is_terminal(),
            shown: false,
        }
    }

    /// Says what comes next, once the whole has taken more than a second.
    pub fn next(&mut self, what: &str) {
        if self.terminal && self.started.elapsed() > PATIENCE {
            self.shown = true;
            self.print(&format!(
                "\r\x1b[K{what} … {} s",
                self.started.elapsed().as_secs()
            ));
        }
    }

    /// Takes the line away, so that something else can be printed.
    pub fn clear(&mut self) {
        if std::mem::take(&mut self.shown) {
            self.print("\r\x1b[K");
        }
    }

    /// A line that cannot be printed is not missed.
    fn print(&self, text: &str) {
        let mut stderr = io::stderr().lock();
        let _ = stderr
            .write_all(text.as_bytes())
            .and_then(|()| stderr.flush());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}
