//! Calls every operation of a document through the generated client, and has the requests judged: `cargo xtask calls`.
//!
//! A program beside the generated crate (`caller`) makes each request as its users would, from instances of the schemas
//! that a validator confirms. What it sent is read as a server would read it (`wire`), held against what was given, and
//! judged (`judge`); so are requests made bad in one place (`spoil`), which have to be refused.

mod invalid_requests;
mod operation;
mod options;
mod program;
mod report;
mod runner;
mod sent_request;
mod validate;

use serde_json::Value;

use crate::shared::source::mended;
use observatory_codegen::diag::Error;
use operation::{Subject, subjects};
use program::Caller;
use runner::Trial;

pub use options::Calls;
pub use program::Answer;
pub use report::{Failure, Report, Row, Tally};
pub use sent_request::Sent;
pub use validate::{Judge, SchemaJudge, Verdict};

/// The document of some calls as the types come of it: mended by its overlay.
///
/// # Errors
/// When the document or the overlay cannot be read.
pub fn document(what: &Calls) -> Result<Value, Error> {
    mended(&what.source)
}

/// Calls every operation, and has the requests judged; `progress` is told which operation comes next.
///
/// # Errors
/// When the document cannot be read or understood, what is generated does not compile, or the judge cannot be asked.
pub fn calls(
    what: &Calls,
    judge: &mut dyn Judge,
    progress: &mut dyn FnMut(&str),
) -> Result<Report, Error> {
    progress("generating");
    let document = document(what)?;
    let made = what.source.make()?;
    let (subjects, skipped) = subjects(&document, &made);
    progress("compiling");
    let mut report = Report {
        skipped,
        ..Report::default()
    };
    let mut caller = Caller::build(&what.source.name, &made, &subjects)?;
    let mut trial = Trial::new(&document, &made, &mut caller, judge, what)?;
    let chosen = |subject: &Subject| {
        let operations = what.operations.as_ref();
        operations.is_none_or(|wanted| wanted.is_match(&subject.shown()))
    };
    let count = subjects.iter().filter(|subject| chosen(subject)).count();
    let chosen = subjects
        .iter()
        .enumerate()
        .filter(|(_, subject)| chosen(subject));
    for (done, (index, subject)) in chosen.enumerate() {
        progress(&format!("{} ({} of {count})", subject.shown(), done + 1));
        trial.run(index, subject, &mut report)?;
    }
    Ok(report)
}
