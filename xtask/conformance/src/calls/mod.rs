//! Calls every operation of a document through the generated client and validates the requests: `cargo xtask calls`.
//!
//! A program that uses the generated crate (`program`) makes each request as a user's code would, from valid instances
//! of the schemas. The request is read as a server reads it (`sent_request`), compared with the given values, and
//! validated (`validate`). Requests made invalid in one place (`invalid_requests`) have to be rejected.

pub(crate) mod instances;
mod invalid_requests;
pub(crate) mod operation;
mod options;
mod parameter;
pub(crate) mod program;
mod report;
mod runner;
mod sent_request;
mod text_values;
mod validate;
mod validate_form;

use observatory_codegen::diag::Error;
use operation::{TestedOperation, find_operations};
use program::CallProgram;
use runner::CallRunner;

pub use options::CallOptions;
pub use program::ResponseText;
pub use report::{CallCounts, CallFailure, CallReport, OperationReport};
pub use sent_request::SentRequest;
pub use validate::{RequestValidator, SchemaRequestValidator, ValidationResult};

/// Calls the operations and validates their requests. `progress` is called with each step.
///
/// # Errors
/// When the document cannot be generated, the generated crate does not compile, or the validator fails.
pub fn call_operations(
    options: &CallOptions,
    validator: &mut dyn RequestValidator,
    progress: &mut dyn FnMut(&str),
) -> Result<CallReport, Error> {
    progress("generating");
    let document = options.source.load_with_overlay()?;
    let generated = options.source.generate()?;
    let (operations, skipped) = find_operations(&document, &generated);
    let mut report = CallReport {
        skipped,
        ..CallReport::default()
    };
    let mut program =
        CallProgram::compile(&options.source.name, &generated, &operations, progress)?;
    let mut runner = CallRunner::new(&document, &generated, &mut program, validator, options)?;
    let is_selected = |operation: &TestedOperation| {
        let pattern = options.operations.as_ref();
        pattern.is_none_or(|pattern| pattern.is_match(&operation.label()))
    };
    let count = operations
        .iter()
        .filter(|operation| is_selected(operation))
        .count();
    let selected = operations
        .iter()
        .enumerate()
        .filter(|(_, operation)| is_selected(operation));
    for (done, (index, operation)) in selected.enumerate() {
        progress(&format!("{} ({} of {count})", operation.label(), done + 1));
        runner.run(index, operation, &mut report)?;
    }
    Ok(report)
}
