//! Printing to standard output and standard error.

use std::fmt;
use std::io::{self, Write as _};
use std::path::Path;

use crate::diag::{ColorChoice, Error, is_control_char, render};

/// Prints a line to standard output. A closed pipe is not an error.
///
/// Control characters, and those that change the direction of text, are escaped as in JSON: the line may quote an untrusted
/// document.
///
/// # Errors
/// When standard output cannot be written.
pub fn print_line(line: fmt::Arguments<'_>) -> Result<(), Error> {
    let line = escape_control_chars(&line.to_string());
    match writeln!(io::stdout().lock(), "{line}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::io(Path::new("standard output"), &error))
        }
        _ => Ok(()),
    }
}

fn escape_control_chars(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if is_control_char(c) {
            escaped.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// Prints an error to standard error.
pub fn print_error(error: &Error) {
    print_warning(&render(error, ColorChoice::for_stderr()));
}

/// Prints a text to standard error. Failures are ignored, since there is no way to report them.
pub fn print_warning(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", text.trim_end());
}
