//! The cost of a call, as `tests/load/benches/call.rs` counts it.

use observatory_codegen::diag::{Code, Error};
use serde_json::{Map, Value};

use crate::context::BenchContext;
use crate::measure::run_checked;
use crate::report::{Section, Table, format_figure};

/// The largest ratio of the instructions of a call to those of hand-written code.
const MAX_RATIO: f64 = 1.05;

const STEPS: [&str; 4] = ["build", "encode", "decode", "call"];
const IMPLEMENTATIONS: [&str; 2] = ["generated", "hand-written"];
const COSTS: [&str; 4] = ["instructions", "allocations", "reallocations", "bytes"];

/// The arguments of cargo that measure the costs of a call.
pub(crate) const CALL_BENCHMARK: [&str; 8] = [
    "bench",
    "--quiet",
    "-p",
    "observatory-load",
    "--bench",
    "call",
    "--",
    "--json",
];

/// Measures instructions and allocations of each step of a call.
pub(super) fn measure_section(context: &BenchContext) -> Result<Section, Error> {
    let mut section = Section::new(
        "Call",
        "One trace is logged over loopback, by the generated client and by hand-written code with reqwest and serde. \
         The steps of the call are also measured alone: building the request, encoding it, decoding the response. \
         Valgrind counts the instructions, and a counting allocator the allocations. \
         `cargo bench -p observatory-load --bench call` prints the same figures.",
    );
    let costs = measure_costs(context)?;
    let mut table = Table::new(&[
        "step",
        "implementation",
        COSTS[0],
        COSTS[1],
        COSTS[2],
        COSTS[3],
    ]);
    let cost = |step: &str, implementation: &str, kind: &str| {
        let costs = costs.get(step);
        let cost = costs.and_then(|costs| costs.get(implementation)?.get(kind));
        cost.and_then(Value::as_f64).unwrap_or(f64::NAN)
    };
    let ratio = |step: &str, kind: &str| {
        cost(step, IMPLEMENTATIONS[0], kind) / cost(step, IMPLEMENTATIONS[1], kind)
    };
    for step in STEPS {
        for implementation in IMPLEMENTATIONS {
            let [a, b, c, d] = COSTS.map(|kind| match cost(step, implementation, kind) {
                cost if cost.is_finite() => format!("{cost:.0}"),
                _ => "–".to_owned(),
            });
            table.add_row([step.to_owned(), implementation.to_owned(), a, b, c, d]);
        }
        let [a, b, c, d] = COSTS.map(|kind| format_figure(ratio(step, kind)));
        let label = IMPLEMENTATIONS.join(" / ");
        table.add_row([step.to_owned(), label, a, b, c, d]);
    }
    section.tables.push(table);
    section.add_limit(
        "instructions of a call, generated / hand-written",
        ratio("call", COSTS[0]),
        MAX_RATIO,
    );
    Ok(section)
}

fn measure_costs(context: &BenchContext) -> Result<Map<String, Value>, Error> {
    (context.progress)("counting the costs of a call");
    let mut cargo = context.cargo();
    cargo.args(CALL_BENCHMARK);
    parse_costs(&run_checked(&mut cargo, &context.log_path())?)
}

/// Parses the costs of each step from the output of the benchmark.
pub(crate) fn parse_costs(output: &str) -> Result<Map<String, Value>, Error> {
    let line = output.lines().find(|line| line.starts_with('{'));
    let costs = line.and_then(|line| serde_json::from_str(line).ok());
    costs.ok_or_else(|| {
        let message = format!("the benchmark `call` printed no JSON: {output}");
        Error::new(Code::Internal, message, None)
    })
}
