//! `cargo xtask roundtrip`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use regex::Regex;

use crate::roundtrip::{Counts, Report, Roundtrip, generated, given};
use crate::shared::source::Source;
use observatory_codegen::cli::progress::Progress;
use observatory_codegen::cli::terminal::print_line;
use observatory_codegen::diag::{Code, Error};
use observatory_codegen::loader::read_text_if_exists;

/// Send values through the generated types, and see whether they come back equal.
///
/// Makes instances of every component schema and of every body, all confirmed by a JSON Schema validator; and others
/// that say something new, as a server of a later version might. Fails where a value is refused or changed. Equal is
/// equal JSON, numbers by value and exact; null may become absent in optional and nullable fields of types that only
/// ever come from the server.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask roundtrip --spec petstore.yaml
  cargo xtask roundtrip --spec specs/galileo/openapi.yaml --schemas 'Span$' --count 1000 --seed 7
  cargo xtask roundtrip --spec petstore.yaml --instances pets.jsonl --json

A line of pets.jsonl: {\"pointer\": \"#/components/schemas/Pet\", \"value\": {\"name\": \"Rex\"}}")]
pub(super) struct Args {
    /// The document, YAML or JSON; specs/<vendor>/openapi.yaml brings its overlay and its configuration
    #[arg(long, value_name = "FILE")]
    spec: PathBuf,
    /// Only schemas and bodies whose pointer fits
    #[arg(long, value_name = "REGEX")]
    schemas: Option<Regex>,
    /// Send these values instead of making some: a JSON line each, with `pointer` and `value`
    #[arg(long, value_name = "FILE.jsonl")]
    instances: Option<PathBuf>,
    /// Instances of a schema
    #[arg(long, value_name = "N", default_value_t = 200)]
    count: usize,
    /// Where chance starts from: the same seed makes the same instances
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// For machines
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<bool, Error> {
    let what = what(args)?;
    let mut line = Progress::start();
    let mut progress = |next: &str| line.next(next);
    let report = match &args.instances {
        Some(path) => given(&what, &lines(path)?, &mut progress)?,
        None => generated(&what, &mut progress)?,
    };
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

fn what(args: &Args) -> Result<Roundtrip, Error> {
    Ok(Roundtrip {
        source: Source::of(&args.spec)?,
        schemas: args.schemas.clone(),
        count: args.count,
        seed: args.seed,
    })
}

fn lines(path: &Path) -> Result<String, Error> {
    read_text_if_exists(path)?.ok_or_else(|| Error::io_message(path, "there is no such file"))
}

/// A row a schema, what is whole last and in one line.
fn table(report: &Report) -> Result<(), Error> {
    let share = |counts: Counts| format!("{}/{}/{}", counts.tried, counts.accepted, counts.equal);
    let rows = report.by_schema.iter();
    let bad = rows.filter(|row| !row.valid.is_whole() || !row.forward.is_whole());
    let bad: Vec<_> = bad.collect();
    if !bad.is_empty() {
        let heads = ("tried/accepted/equal", "with news", "schema");
        print_line(format_args!(
            "{:>20}  {:>14}  {}",
            heads.0, heads.1, heads.2
        ))?;
    }
    for row in &bad {
        let (valid, forward) = (share(row.valid), share(row.forward));
        print_line(format_args!("{valid:>20}  {forward:>14}  {}", row.pointer))?;
        for failure in report
            .failures
            .iter()
            .filter(|failure| failure.pointer == row.pointer)
        {
            let (kind, path, message) = (failure.kind, &failure.path, &failure.message);
            print_line(format_args!("    {kind} at {path}: {message}"))?;
            print_line(format_args!("      {}", failure.value))?;
        }
    }
    skipped(report)?;
    let total = Counts {
        tried: report.tried,
        accepted: report.accepted,
        equal: report.equal,
    };
    let (schemas, whole) = (report.schemas, report.schemas - bad.len());
    let line = |name: &str, counts: Counts| {
        let (tried, accepted, equal) = (counts.tried, counts.accepted, counts.equal);
        print_line(format_args!(
            "{name}: {tried} tried, {accepted} accepted, {equal} equal"
        ))
    };
    print_line(format_args!(
        "{schemas} schemas and bodies, {whole} of them whole"
    ))?;
    line("valid values", total)?;
    line("values that say something new", report.forward)
}

/// What was not tried: a line a reason, with an example.
fn skipped(report: &Report) -> Result<(), Error> {
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
    Ok(())
}
