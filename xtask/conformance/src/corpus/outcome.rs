//! What came of every document.

use observatory_codegen::coverage::Gap;
use observatory_codegen::diag::{Code, Error, ErrorKind};

/// What came of a corpus.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// By document, in order.
    pub outcomes: Vec<Outcome>,
    /// How many crates were compiled.
    pub compiled: usize,
}

/// What came of one document.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Its path below the folder.
    pub document: String,
    /// How it ended.
    pub ending: Ending,
}

/// How a document ended.
#[derive(Clone, Debug)]
pub enum Ending {
    /// Every operation and every schema is there.
    Whole {
        /// How many operations.
        operations: usize,
        /// How many types.
        types: usize,
    },
    /// It was refused.
    Refused(Error),
    /// Parts of it could not be expressed.
    Gaps(Vec<Gap>),
    /// Something is missing, and no gap speaks of it.
    Incomplete(String),
    /// The generator panicked.
    Panic(String),
    /// The generator took longer than it may.
    TooSlow,
    /// What was generated does not compile; the first error.
    Broken(String),
}

impl Survey {
    /// The documents that the generator is to blame for.
    pub fn ours(&self) -> impl Iterator<Item = &Outcome> {
        self.outcomes
            .iter()
            .filter(|outcome| outcome.ending.is_ours())
    }

    /// How many documents were generated whole.
    pub fn whole(&self) -> usize {
        let whole = |outcome: &&Outcome| matches!(outcome.ending, Ending::Whole { .. });
        self.outcomes.iter().filter(whole).count()
    }
}

impl Ending {
    /// What it is counted as.
    pub fn cause(&self) -> String {
        match self {
            Self::Whole { .. } => "generated whole".to_owned(),
            Self::Refused(error) => format!("refused: {}", error.code()),
            Self::Gaps(gaps) => {
                let code = gaps
                    .iter()
                    .find(|gap| !blames_document(&gap.code))
                    .or(gaps.first());
                let code = code.map_or("none", |gap| gap.code.as_str());
                format!("gap: {code}")
            }
            Self::Incomplete(_) => "incomplete".to_owned(),
            Self::Panic(_) => "panic".to_owned(),
            Self::TooSlow => "too slow".to_owned(),
            Self::Broken(_) => "does not compile".to_owned(),
        }
    }

    /// Whether it is a fault of the generator, and not of the document.
    pub fn is_ours(&self) -> bool {
        match self {
            Self::Whole { .. } => false,
            Self::Refused(error) => !refusal_blames_document(error),
            Self::Gaps(gaps) => gaps.iter().any(|gap| !blames_document(&gap.code)),
            Self::Incomplete(_) | Self::Panic(_) | Self::TooSlow | Self::Broken(_) => true,
        }
    }

    /// What there is to say of it, in one line; nothing where all is well.
    pub fn reason(&self) -> Option<String> {
        let more = |count: usize| match count {
            0 | 1 => String::new(),
            count => format!(" (and {} more)", count - 1),
        };
        Some(match self {
            Self::Whole { .. } => return None,
            Self::Refused(error) => {
                let text = error.to_string();
                let first = text.lines().next().unwrap_or_default();
                let place = match error.kind() {
                    ErrorKind::Diagnostics {
                        source: Some(source),
                        ..
                    }
                    | ErrorKind::Syntax { source, .. } => source.path.display().to_string(),
                    _ => String::new(),
                };
                let first = first.strip_prefix(&place).unwrap_or(first);
                format!(
                    "{}{}",
                    first.trim_start_matches(':'),
                    more(error.diags().len())
                )
            }
            Self::Gaps(gaps) => {
                let gap = gaps.first()?;
                let Gap {
                    code,
                    pointer,
                    line,
                    message,
                    ..
                } = gap;
                format!("{line}: {code}: {message} ({pointer}){}", more(gaps.len()))
            }
            Self::Incomplete(what) | Self::Panic(what) | Self::Broken(what) => what.clone(),
            Self::TooSlow => "took longer than it may".to_owned(),
        })
    }
}

/// Whether a refusal names a place where the document itself is wrong.
fn refusal_blames_document(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Syntax { .. } => true,
        ErrorKind::Diagnostics { diags, .. } => {
            diags.iter().all(|diag| diag.code != Code::Internal)
        }
        ErrorKind::Message { code, .. } => *code == Code::TooBig,
        ErrorKind::Io { .. } => false,
    }
}

fn blames_document(code: &str) -> bool {
    Code::from_name(code).is_some_and(Code::is_document_error)
}
