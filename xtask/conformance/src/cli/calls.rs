//! `cargo xtask calls`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use regex::Regex;

use crate::calls::{Calls, Report, Row, SchemaJudge, calls};
use crate::shared::source::Source;
use observatory_codegen::cli::progress::Progress;
use observatory_codegen::cli::terminal::print_line;
use observatory_codegen::diag::{Code, Error};
use observatory_codegen::source;

/// Call every operation through the generated client, and see whether the requests are what the document wants.
///
/// Each is called with generated values, all of its optional ones the first time. What left is held against what was
/// given, and against the document by a JSON Schema validator: method and path, query, headers, credentials, body. An
/// answer made from the document has to be read. Then the request is made bad in one place, in ways that the document
/// forbids, which the judge has to see.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask calls --spec petstore.yaml
  cargo xtask calls --spec specs/galileo/openapi.yaml --operations 'POST /v2/projects' --count 20 --seed 7
  cargo xtask calls --spec specs/galileo/openapi.yaml --judge ../published/galileo.yaml --json")]
pub(super) struct Args {
    /// The document, YAML or JSON; specs/<vendor>/openapi.yaml brings its overlay and its configuration
    #[arg(long, value_name = "FILE")]
    spec: PathBuf,
    /// The document to judge by, as published; the same one, unless given
    #[arg(long, value_name = "FILE")]
    judge: Option<PathBuf>,
    /// Only operations whose `METHOD /path` fits
    #[arg(long, value_name = "REGEX")]
    operations: Option<Regex>,
    /// Calls of an operation
    #[arg(long, value_name = "N", default_value_t = 8)]
    count: usize,
    /// Where chance starts from: the same seed makes the same values
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// For machines
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<bool, Error> {
    let what = Calls {
        source: Source::of(&args.spec)?,
        operations: args.operations.clone(),
        count: args.count,
        seed: args.seed,
    };
    let judged_by = source::load(args.judge.as_ref().unwrap_or(&args.spec))?.value;
    let mut judge = SchemaJudge::new(judged_by, &what.source.vendor)?;
    let mut line = Progress::start();
    let report = calls(&what, &mut judge, &mut |next| line.next(next))?;
    line.clear();
    if args.json {
        let text = serde_json::to_string_pretty(&report)
            .map_err(|why| Error::new(Code::Internal, why.to_string(), None))?;
        print_line(format_args!("{text}"))?;
    } else {
        table(&report)?;
    }
    Ok(report.is_whole())
}

/// A row an operation that is not whole; the rest last and in one line each.
fn table(report: &Report) -> Result<(), Error> {
    let bad = report.operations.iter().filter(|row| !row.tally.is_whole());
    let bad: Vec<&Row> = bad.collect();
    if !bad.is_empty() {
        print_line(format_args!(
            "called/accepted  answers/decoded  spoilt/refused  operation"
        ))?;
    }
    for row in &bad {
        let (tally, operation) = (row.tally, &row.operation);
        let calls = format!("{}/{}", tally.called, tally.accepted);
        let answers = format!("{}/{}", tally.answers, tally.decoded);
        let spoilt = format!("{}/{}", tally.spoilt, tally.refused);
        print_line(format_args!(
            "{calls:>15}  {answers:>15}  {spoilt:>14}  {operation}"
        ))?;
        let failures = report.failures.iter();
        for failure in failures.filter(|failure| failure.operation == *operation) {
            print_line(format_args!("    {}: {}", failure.kind, failure.message))?;
            print_line(format_args!("      {}", failure.request))?;
        }
    }
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for skip in &report.skipped {
        reasons.entry(&skip.why).or_default().push(&skip.pointer);
    }
    for (why, pointers) in reasons {
        let (count, first) = (
            pointers.len(),
            pointers.first().copied().unwrap_or_default(),
        );
        print_line(format_args!("not tried: {count}, {why}: {first}"))?;
    }
    let (all, total) = (report.operations.len(), report.total);
    let whole = all - bad.len();
    print_line(format_args!("{all} operations, {whole} of them whole"))?;
    print_line(format_args!(
        "requests: {} called, {} accepted",
        total.called, total.accepted
    ))?;
    print_line(format_args!(
        "answers: {} given, {} decoded",
        total.answers, total.decoded
    ))?;
    print_line(format_args!(
        "spoilt: {} sent, {} refused",
        total.spoilt, total.refused
    ))
}
