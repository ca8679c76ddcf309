//! What is wrong, where, and what to do about it.
//!
//! A [`Diagnostic`] is one fault at one place of a document. Stages that can go on return them beside their result; stages
//! that cannot return an [`Error`]. [`render`] shows either with the lines of the document they are about.

mod code;
mod render;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use code::Code;
pub(crate) use render::line_column;
pub use render::{ColorChoice, render, render_diagnostics};

use crate::ir::Pointer;

/// One fault at one place of a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// Where: a pointer into the document as it was read.
    pub at: Pointer,
    /// What kind of fault.
    pub code: Code,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A fault of kind `code` at `at`.
    pub fn new(code: Code, at: &Pointer, message: impl Into<String>) -> Self {
        Self {
            at: at.clone(),
            code,
            message: message.into(),
            help: None,
        }
    }

    /// Says what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.at, self.code, self.message)
    }
}

/// A file as it was read, for messages that show its lines. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SourceText {
    /// What people know it by.
    pub path: PathBuf,
    /// All of it.
    pub text: Arc<str>,
}

/// Why a stage cannot go on.
#[derive(Clone, Debug)]
pub struct Error(Box<ErrorKind>);

/// What an [`Error`] is made of.
#[derive(Clone, Debug)]
pub enum ErrorKind {
    /// The file system or the network said no.
    Io {
        /// The file or URL.
        path: PathBuf,
        /// Why.
        message: String,
    },
    /// A file is not what its name says.
    Syntax {
        /// The file.
        source: SourceText,
        /// Counted from 1; 0 when it cannot be told.
        line: usize,
        /// Counted from 1, in characters; 0 when it cannot be told.
        column: usize,
        /// What the parser says.
        message: String,
    },
    /// Faults with a place in a document, at least one.
    Diagnostics {
        /// The document, once somebody who knows it has said so.
        source: Option<SourceText>,
        /// The faults, sorted by place and without repetitions.
        diags: Vec<Diagnostic>,
    },
    /// Anything that has no place (`codegen`: no such vendor).
    Message {
        /// What kind of fault.
        code: Code,
        /// What is wrong.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
}

impl Error {
    /// `path` could not be read, written or fetched.
    pub fn io(path: &Path, why: &io::Error) -> Self {
        Self::io_message(path, why.to_string())
    }

    /// `path` could not be read, written or fetched, for a reason that is no [`io::Error`].
    pub fn io_message(path: &Path, message: impl Into<String>) -> Self {
        ErrorKind::Io {
            path: path.into(),
            message: message.into(),
        }
        .into()
    }

    /// The file at `path` is malformed at `line` and `column`, both counted from 1.
    pub fn syntax(
        path: &Path,
        text: &str,
        line: usize,
        column: usize,
        message: impl Into<String>,
    ) -> Self {
        let source = SourceText {
            path: path.into(),
            text: text.into(),
        };
        ErrorKind::Syntax {
            source,
            line,
            column,
            message: message.into(),
        }
        .into()
    }

    /// The file at `path` is malformed at byte `offset`.
    pub fn syntax_at(path: &Path, text: &str, offset: usize, message: impl Into<String>) -> Self {
        let (line, column) = line_column(text, offset);
        Self::syntax(path, text, line, column, message)
    }

    /// Faults with a place. Sorts them and drops repetitions.
    pub fn from_diagnostics(mut diags: Vec<Diagnostic>) -> Self {
        diags.sort();
        diags.dedup();
        ErrorKind::Diagnostics {
            source: None,
            diags,
        }
        .into()
    }

    /// A fault that has no place.
    pub fn new(code: Code, message: impl Into<String>, help: Option<&str>) -> Self {
        ErrorKind::Message {
            code,
            message: message.into(),
            help: help.map(Into::into),
        }
        .into()
    }

    /// Says which document located faults are about, unless that is known already.
    #[must_use]
    pub fn with_source(mut self, path: &Path, text: &Arc<str>) -> Self {
        if let ErrorKind::Diagnostics {
            source: source @ None,
            ..
        } = &mut *self.0
        {
            *source = Some(SourceText {
                path: path.into(),
                text: text.clone(),
            });
        }
        self
    }

    /// Says of every located fault where it stands in another version of the document.
    #[must_use]
    pub fn map_pointers(mut self, original: impl Fn(&Pointer) -> Pointer) -> Self {
        if let ErrorKind::Diagnostics { diags, .. } = &mut *self.0 {
            diags
                .iter_mut()
                .for_each(|diag| diag.at = original(&diag.at));
            diags.sort();
        }
        self
    }

    /// What it is made of.
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// The located faults, if it is made of these.
    pub fn diags(&self) -> &[Diagnostic] {
        match self.kind() {
            ErrorKind::Diagnostics { diags, .. } => diags,
            _ => &[],
        }
    }

    /// What kind of fault it is; of several, the first.
    pub fn code(&self) -> Code {
        match self.kind() {
            ErrorKind::Io { .. } => Code::Io,
            ErrorKind::Syntax { .. } => Code::Syntax,
            ErrorKind::Diagnostics { diags, .. } => {
                diags.first().map_or(Code::Internal, |diag| diag.code)
            }
            ErrorKind::Message { code, .. } => *code,
        }
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }
}

impl From<Diagnostic> for Error {
    fn from(diag: Diagnostic) -> Self {
        Self::from_diagnostics(vec![diag])
    }
}

impl std::error::Error for Error {}

/// One line a fault, `file:line:column: code: message` as far as these are known; [`render`] shows more.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            ErrorKind::Io { path, message } => write!(f, "{}: {message}", path.display()),
            ErrorKind::Syntax {
                source,
                line,
                column,
                message,
            } => {
                write!(f, "{}:{line}:{column}: {message}", source.path.display())
            }
            ErrorKind::Diagnostics { source, diags } => {
                for (i, line) in render::lines(source.as_ref(), diags).enumerate() {
                    write!(f, "{}{line}", if i == 0 { "" } else { "\n" })?;
                }
                Ok(())
            }
            ErrorKind::Message { message, .. } => f.write_str(message),
        }
    }
}
