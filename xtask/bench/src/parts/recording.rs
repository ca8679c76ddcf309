//! The cost of recording a span, as `crates/observatory/benches/recording.rs` counts it, and the time to check the crate.

use observatory_codegen::diag::{Code, Error};
use serde_json::{Map, Value};

use crate::context::BenchContext;
use crate::measure::run_checked;
use crate::report::{Section, Table, format_figure};

use super::clean_build::run_in_empty_folder;

/// The implementation that recording is compared with.
pub(crate) const BASELINE: &str = "tracing-opentelemetry";

/// The ways to record, with the largest ratio of their instructions to those of the baseline.
const LIMITS: [(&str, f64); 2] = [("typed API", 0.5), ("layer", 0.8)];

/// The largest number of CPU seconds of checking the crate without destinations.
const MAX_CHECK_SECONDS: f64 = 15.0;

/// The arguments of cargo that count the instructions of recording.
pub(crate) const RECORDING_BENCHMARK: [&str; 8] = [
    "bench",
    "--quiet",
    "-p",
    "llm-observatory",
    "--bench",
    "recording",
    "--",
    "--json",
];

/// Counts the instructions of recording, and measures the check.
pub(super) fn measure_section(context: &BenchContext) -> Result<Section, Error> {
    let mut section = Section::new(
        "Recording",
        "One LLM span of 2 kB is recorded and delivered to a destination that accepts everything, by the typed API and \
         by the layer of `llm-observatory`, and by `tracing-opentelemetry` with its `BatchSpanProcessor`. Valgrind counts \
         the instructions of the whole process. `cargo bench -p llm-observatory --bench recording` prints the same \
         figures. Then `cargo check -p llm-observatory --no-default-features` checks the crate without destinations, with \
         all its dependencies, into an empty folder.",
    );
    (context.progress)("counting the instructions of recording");
    let mut cargo = context.cargo();
    cargo.args(RECORDING_BENCHMARK);
    let counts = parse_counts(&run_checked(&mut cargo, &context.log_path())?)?;
    let count = |name: &str| counts.get(name).and_then(Value::as_f64).unwrap_or(f64::NAN);
    let baseline = count(BASELINE);
    let mut table = Table::new(&["implementation", "instructions", "ratio"]);
    let row = |name: &str| {
        let ratio = format_figure(count(name) / baseline);
        [name.to_owned(), format!("{:.0}", count(name)), ratio]
    };
    table.add_row(row(BASELINE));
    for (name, limit) in LIMITS {
        table.add_row(row(name));
        let label = format!("instructions, {name} / {BASELINE}");
        section.add_limit(&label, count(name) / baseline, limit);
    }
    section.tables.push(table);
    measure_check(context, &mut section)?;
    Ok(section)
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

/// Parses the instructions of each implementation from the output of the benchmark.
pub(crate) fn parse_counts(output: &str) -> Result<Map<String, Value>, Error> {
    let line = output.lines().find(|line| line.starts_with('{'));
    let counts = line.and_then(|line| serde_json::from_str(line).ok());
    counts.ok_or_else(|| {
        let message = format!("the benchmark `recording` printed no JSON: {output}");
        Error::new(
            Code::Internal,
            message,
            Some("run scripts/install-valgrind.sh"),
        )
    })
}
