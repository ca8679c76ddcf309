//! `cargo xtask roundtrip`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use observatory_codegen::cli::progress::Progress;
use observatory_codegen::cli::terminal::print_line;
use observatory_codegen::diag::Error;
use observatory_codegen::loader::read_text_if_exists;
use regex::Regex;

use super::output::{print_json, print_skipped};
use crate::roundtrip::{
    MutantReport, RoundtripOptions, RoundtripReport, SchemaReport, ValueCounts, send_lines,
    send_mutants, send_samples,
};
use crate::shared::source::DocumentSource;

/// Send values of every schema through the generated types and compare them
///
/// Instances of every component schema and of every body are generated, confirmed by a JSON Schema validator, decoded
/// and encoded by the generated types, and compared. More instances have something new, as a newer version of the
/// server may send it. The command fails when a value is rejected or changed. Numbers are compared exactly, by value.
/// `null` may become absent in optional and nullable fields of types that are used in responses only.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask roundtrip --spec petstore.yaml
  cargo xtask roundtrip --spec specs/galileo/openapi.yaml --schemas 'Span$' --count 1000 --seed 7
  cargo xtask roundtrip --spec petstore.yaml --instances pets.jsonl --json
  cargo xtask roundtrip --spec specs/galileo/openapi.yaml --mutants 600

A line of pets.jsonl: {\"pointer\": \"#/components/schemas/Pet\", \"value\": {\"name\": \"Rex\"}}")]
pub(super) struct Args {
    /// The document, YAML or JSON; specs/<vendor>/openapi.yaml is used with its overlay and its configuration
    #[arg(long, value_name = "FILE")]
    spec: PathBuf,
    /// Only schemas and bodies whose JSON pointer matches
    #[arg(long, value_name = "REGEX")]
    schemas: Option<Regex>,
    /// Send the instances of a file instead of generating them: one JSON object with `pointer` and `value` on each line
    #[arg(long, value_name = "FILE.jsonl")]
    instances: Option<PathBuf>,
    /// The number of instances of each schema
    #[arg(long, value_name = "N", default_value_t = 200)]
    count: usize,
    /// The seed of the random number generator: the same seed gives the same instances
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    seed: u64,
    /// Send mutated instances for this time, at least once of each schema: nothing may change but what a type drops
    #[arg(long, value_name = "SECONDS", conflicts_with = "instances")]
    mutants: Option<u64>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command. Returns whether no value was rejected or changed.
pub(super) fn run(args: &Args) -> Result<bool, Error> {
    let options = RoundtripOptions {
        source: DocumentSource::from_path(&args.spec)?,
        schemas: args.schemas.clone(),
        count: args.count,
        seed: args.seed,
    };
    let mut line = Progress::start();
    let mut progress = |step: &str| line.show(step);
    if let Some(seconds) = args.mutants {
        let report = send_mutants(&options, Duration::from_secs(seconds), &mut progress)?;
        line.clear();
        return print_mutants(args, &report);
    }
    let report = match &args.instances {
        Some(path) => send_lines(&options, &read_instances(path)?, &mut progress)?,
        None => send_samples(&options, &mut progress)?,
    };
    line.clear();
    if args.json {
        print_json(&report)?;
    } else {
        print_report(&report)?;
    }
    Ok(report.is_success())
}

/// Prints the result of sending mutants. Returns whether there was no failure.
fn print_mutants(args: &Args, report: &MutantReport) -> Result<bool, Error> {
    if args.json {
        print_json(report)?;
    } else {
        for failure in &report.failures {
            let (kind, path, message) = (failure.kind, &failure.path, &failure.message);
            print_line(format_args!("{}", failure.pointer))?;
            print_line(format_args!("    {kind} at {path}: {message}"))?;
            print_line(format_args!("      {}", failure.value))?;
        }
        print_line(format_args!(
            "mutants: {} sent, {} accepted, {} failures",
            report.sent,
            report.accepted,
            report.failures.len()
        ))?;
    }
    Ok(report.failures.is_empty())
}

fn read_instances(path: &Path) -> Result<String, Error> {
    read_text_if_exists(path)?.ok_or_else(|| Error::io_message(path, "the file does not exist"))
}

/// Prints one row for each schema with a failure, then the totals.
fn print_report(report: &RoundtripReport) -> Result<(), Error> {
    let format_counts =
        |counts: ValueCounts| format!("{}/{}/{}", counts.sent, counts.accepted, counts.equal);
    let rows = report.by_schema.iter();
    let failed = rows.filter(|row| !row.valid.is_success() || !row.newer.is_success());
    let failed: Vec<&SchemaReport> = failed.collect();
    if !failed.is_empty() {
        print_line(format_args!(
            "{:>20}  {:>14}  schema",
            "sent/accepted/equal", "something new"
        ))?;
    }
    for row in &failed {
        let (valid, newer) = (format_counts(row.valid), format_counts(row.newer));
        print_line(format_args!("{valid:>20}  {newer:>14}  {}", row.pointer))?;
        let failures = report.failures.iter();
        for failure in failures.filter(|failure| failure.pointer == row.pointer) {
            let (kind, path, message) = (failure.kind, &failure.path, &failure.message);
            print_line(format_args!("    {kind} at {path}: {message}"))?;
            print_line(format_args!("      {}", failure.value))?;
        }
    }
    print_skipped(&report.skipped)?;
    let (count, succeeded) = (report.schemas, report.schemas - failed.len());
    print_line(format_args!(
        "{count} schemas and bodies, {succeeded} succeeded"
    ))?;
    print_totals("valid instances", report.valid)?;
    print_totals("instances with something new", report.newer)
}

fn print_totals(label: &str, counts: ValueCounts) -> Result<(), Error> {
    let (sent, accepted, equal) = (counts.sent, counts.accepted, counts.equal);
    print_line(format_args!(
        "{label}: {sent} sent, {accepted} accepted, {equal} equal"
    ))
}
