//! `cargo xtask calls`.

use std::path::PathBuf;

use observatory_codegen::cli::progress::Progress;
use observatory_codegen::cli::terminal::print_line;
use observatory_codegen::diag::Error;
use observatory_codegen::source;
use regex::Regex;

use super::output::{print_json, print_skipped};
use crate::calls::{
    CallOptions, CallReport, OperationReport, SchemaRequestValidator, call_operations,
};
use crate::shared::source::DocumentSource;

/// Call every operation of a generated crate and validate the requests
///
/// Each operation is called with generated values; the first call sends all optional ones. The request is compared with
/// the given values and validated against the document with a JSON Schema validator: method and path, query, headers,
/// credentials and body. The client has to decode a response made from the document. Then the request is made invalid
/// in one place, in several ways, and the validator has to reject it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask calls --spec petstore.yaml
  cargo xtask calls --spec specs/galileo/openapi.yaml --operations 'POST /v2/projects' --count 20 --seed 7
  cargo xtask calls --spec specs/galileo/openapi.yaml --validate-with ../published/galileo.yaml --json")]
pub(super) struct Args {
    /// The document, YAML or JSON; specs/<vendor>/openapi.yaml is used with its overlay and its configuration
    #[arg(long, value_name = "FILE")]
    spec: PathBuf,
    /// The document to validate requests with, for example as the vendor published it [default: that of --spec
    /// with its overlay]
    #[arg(long, value_name = "FILE")]
    validate_with: Option<PathBuf>,
    /// Only operations whose `METHOD /path` matches
    #[arg(long, value_name = "REGEX")]
    operations: Option<Regex>,
    /// The number of calls of each operation
    #[arg(long, value_name = "N", default_value_t = 8)]
    count: usize,
    /// The seed of the random number generator: the same seed gives the same values
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    seed: u64,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command. Returns whether every call succeeded.
pub(super) fn run(args: &Args) -> Result<bool, Error> {
    let options = CallOptions {
        source: DocumentSource::from_path(&args.spec)?,
        operations: args.operations.clone(),
        count: args.count,
        seed: args.seed,
    };
    let reference = match &args.validate_with {
        Some(document) => source::load(document)?.value,
        None => options.source.load_with_overlay()?,
    };
    let mut validator = SchemaRequestValidator::new(reference, &options.source.config)?;
    let mut progress = Progress::start();
    let report = call_operations(&options, &mut validator, &mut |step| progress.show(step))?;
    progress.clear();
    if args.json {
        print_json(&report)?;
    } else {
        print_report(&report)?;
    }
    Ok(report.is_success())
}

/// Prints one row for each operation with a failure, then the totals.
fn print_report(report: &CallReport) -> Result<(), Error> {
    let operations = report.operations.iter();
    let failed = operations.filter(|operation| !operation.counts.is_success());
    let failed: Vec<&OperationReport> = failed.collect();
    if !failed.is_empty() {
        print_line(format_args!(
            "called/accepted  responses/decoded  invalid/rejected  operation"
        ))?;
    }
    for row in &failed {
        let (counts, operation) = (row.counts, &row.operation);
        let calls = format!("{}/{}", counts.called, counts.accepted);
        let responses = format!("{}/{}", counts.responses, counts.decoded);
        let invalid = format!("{}/{}", counts.invalid, counts.rejected);
        print_line(format_args!(
            "{calls:>15}  {responses:>17}  {invalid:>16}  {operation}"
        ))?;
        let failures = report.failures.iter();
        for failure in failures.filter(|failure| failure.operation == *operation) {
            print_line(format_args!("    {}: {}", failure.kind, failure.message))?;
            print_line(format_args!("      {}", failure.request))?;
        }
    }
    print_skipped(&report.skipped)?;
    let (count, total) = (report.operations.len(), report.total);
    let succeeded = count - failed.len();
    print_line(format_args!("{count} operations, {succeeded} succeeded"))?;
    print_line(format_args!(
        "requests: {} called, {} accepted",
        total.called, total.accepted
    ))?;
    print_line(format_args!(
        "responses: {} returned, {} decoded",
        total.responses, total.decoded
    ))?;
    print_line(format_args!(
        "invalid requests and responses: {} sent, {} rejected",
        total.invalid, total.rejected
    ))
}
