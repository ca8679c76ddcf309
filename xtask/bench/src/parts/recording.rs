//! The cost of recording and of delivering spans, as `tests/load/benches/recording.rs` and `deliver.rs` count it, and the
//! time to check the crate.

use observatory_codegen::diag::{Code, Error};
use serde_json::{Map, Value};
use std::process::Command;

use crate::context::BenchContext;
use crate::measure::run_checked;
use crate::report::{Section, Table, format_figure};

use super::clean_build::run_in_empty_folder;

/// A benchmark that counts the instructions of `llm-observatory` and of other code for the same work.
pub(crate) struct Comparison {
    /// What is compared, as the budget names it.
    pub(crate) name: &'static str,
    /// The benchmark of `observatory-load`.
    benchmark: &'static str,
    /// The other code.
    pub(crate) baseline: &'static str,
    /// The ways to record, with the largest ratio of their instructions to those of the baseline.
    limits: [(&'static str, f64); 2],
}

/// Recording a span and passing it to a destination that accepts everything.
pub(crate) const RECORDING: Comparison = Comparison {
    name: "recording",
    benchmark: "recording",
    baseline: "tracing-opentelemetry",
    limits: [("typed API", 0.5), ("layer", 0.8)],
};

/// Sending a batch of spans.
pub(crate) const DELIVERY: Comparison = Comparison {
    name: "delivery",
    benchmark: "deliver",
    baseline: "opentelemetry-otlp",
    limits: [("typed API", 1.0), ("layer", 1.0)],
};

/// The largest number of CPU seconds of checking the crate without destinations.
const MAX_CHECK_SECONDS: f64 = 15.0;

/// Counts the instructions of recording, and measures the check.
pub(super) fn measure_section(context: &BenchContext) -> Result<Section, Error> {
    let mut section = Section::new(
        "Recording",
        "One LLM span of 2 kB is recorded and delivered to a destination that accepts everything, by the typed API and \
         by the layer of `llm-observatory`, and by `tracing-opentelemetry` with its `BatchSpanProcessor`. Valgrind counts \
         the instructions of the whole process. `cargo bench -p observatory-load --features tracer --bench recording` \
         prints the same figures. Then `cargo check -p llm-observatory --no-default-features` checks the crate without \
         destinations, with all its dependencies, into an empty folder.",
    );
    RECORDING.measure(context, &mut section)?;
    measure_check(context, &mut section)?;
    Ok(section)
}

/// Counts the instructions of delivery.
pub(super) fn measure_delivery(context: &BenchContext) -> Result<Section, Error> {
    let mut section = Section::new(
        "Delivery",
        "512 LLM spans of 2 kB are sent in one request of OTLP over HTTP, in protobuf, to a server in another process, by \
         the OTLP destination of `llm-observatory` and by the exporter of `opentelemetry-otlp`. The spans were recorded \
         before, by the typed API or by fields of `tracing`; the messages that the layer kept as text are parsed here. \
         Valgrind counts the instructions. `cargo bench -p observatory-load --features tracer --bench deliver` prints the \
         same figures.",
    );
    DELIVERY.measure(context, &mut section)?;
    Ok(section)
}

impl Comparison {
    /// Runs the benchmark with a cargo command, and returns the ratio of each implementation to the baseline.
    pub(crate) fn count(
        &self,
        cargo: &mut Command,
        run: impl FnOnce(&mut Command) -> Result<String, Error>,
    ) -> Result<Map<String, Value>, Error> {
        cargo.args(["bench", "--quiet", "-p", "observatory-load"]);
        cargo.args(["--features", "tracer", "--bench", self.benchmark]);
        parse_counts(&run(cargo.args(["--", "--json"]))?)
    }

    fn measure(&self, context: &BenchContext, section: &mut Section) -> Result<(), Error> {
        (context.progress)(&format!("counting the instructions of {}", self.name));
        let counts = self.count(&mut context.cargo(), |cargo| {
            run_checked(cargo, &context.log_path())
        })?;
        let count = |name: &str| counts.get(name).and_then(Value::as_f64).unwrap_or(f64::NAN);
        let baseline = count(self.baseline);
        let mut table = Table::new(&["implementation", "instructions", "ratio"]);
        let row = |name: &str| {
            let ratio = format_figure(count(name) / baseline);
            [name.to_owned(), format!("{:.0}", count(name)), ratio]
        };
        table.add_row(row(self.baseline));
        for (name, limit) in self.limits {
            table.add_row(row(name));
            let label = format!("instructions, {name} / {}", self.baseline);
            section.add_limit(&label, count(name) / baseline, limit);
        }
        section.tables.push(table);
        Ok(())
    }
}

/// Checks the crate without destinations into an empty folder.
fn measure_check(context: &BenchContext, section: &mut Section) -> Result<(), Error> {
    let target = context.work.join("observatory-check");
    (context.progress)("checking llm-observatory in an empty folder");
    let arguments = [
        "check",
        "--quiet",
        "-p",
        "llm-observatory",
        "--no-default-features",
    ];
    let label = "check without destinations";
    let (table, cpu) = run_in_empty_folder(context, &target, label, &arguments)?;
    section.tables.push(table);
    let label = "checking llm-observatory without destinations, CPU s";
    section.add_limit(label, cpu, MAX_CHECK_SECONDS);
    context.move_to_trash(&target)
}

/// Parses the instructions of each implementation from the output of a benchmark.
fn parse_counts(output: &str) -> Result<Map<String, Value>, Error> {
    let line = output.lines().find(|line| line.starts_with('{'));
    let counts = line.and_then(|line| serde_json::from_str(line).ok());
    counts.ok_or_else(|| {
        let message = format!("the benchmark printed no JSON: {output}");
        Error::new(
            Code::Internal,
            message,
            Some("run scripts/install-valgrind.sh"),
        )
    })
}
