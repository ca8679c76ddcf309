//! A progress line on the terminal, for work that takes more than a second.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// The time before the line appears.
const DELAY: Duration = Duration::from_secs(1);

/// The progress line. It is removed when the value is dropped.
pub struct Progress {
    started: Instant,
    is_terminal: bool,
    is_shown: bool,
}

impl Progress {
    /// Starts the clock and shows nothing yet.
    pub fn start() -> Self {
        Self {
            started: Instant::now(),
            is_terminal: io::stderr().is_terminal(),
            is_shown: false,
        }
    }

    /// Shows the current step, once the work has taken more than a second.
    pub fn show(&mut self, step: &str) {
        if self.is_terminal && self.started.elapsed() > DELAY {
            self.is_shown = true;
            self.print(&format!(
                "\r\x1b[K{step} … {} s",
                self.started.elapsed().as_secs()
            ));
        }
    }

    /// Removes the line, so that other text can be printed.
    pub fn clear(&mut self) {
        if std::mem::take(&mut self.is_shown) {
            self.print("\r\x1b[K");
        }
    }

    /// Prints to standard error. Failures are ignored, since progress is not essential.
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
