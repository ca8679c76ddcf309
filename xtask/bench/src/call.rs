//! What a call costs, as `tests/load/benches/call.rs` counts it.

use serde_json::{Map, Value};

use super::Bench;
use super::report::{Section, Table, figure};
use super::size::succeed;
use observatory_codegen::diag::{Code, Error};

/// What a call may cost of one by hand.
const CALL: f64 = 1.05;

const PARTS: [&str; 4] = ["build", "encode", "decode", "call"];
const COSTS: [&str; 4] = ["instructions", "allocations", "reallocations", "bytes"];

/// Instructions and allocations of each part of a call.
pub(super) fn section(bench: &Bench) -> Result<Section, Error> {
    let mut section = Section::new(
        "A call",
        "One trace logged over loopback, ours and by hand with reqwest and serde: the request built, encoded, sent, its \
         answer decoded. Instructions by valgrind, allocations by an allocator that counts; the parts by themselves, \
         and the whole. `cargo bench -p observatory-load --bench call` tells the same.",
    );
    let found = measure(bench)?;
    let mut table = Table::new(&["part", "by", COSTS[0], COSTS[1], COSTS[2], COSTS[3]]);
    let cost = |part: &str, who: &str, what: &str| {
        let found = found.get(part).and_then(|costs| costs.get(who)?.get(what));
        found.and_then(Value::as_f64).unwrap_or(f64::NAN)
    };
    for part in PARTS {
        for who in ["ours", "by hand"] {
            let [a, b, c, d] = COSTS.map(|what| match cost(part, who, what) {
                known if known.is_finite() => format!("{known:.0}"),
                _ => "–".to_owned(),
            });
            table.row([part.to_owned(), who.to_owned(), a, b, c, d]);
        }
        let [a, b, c, d] =
            COSTS.map(|what| figure(cost(part, "ours", what) / cost(part, "by hand", what)));
        table.row([part.to_owned(), "ours / by hand".to_owned(), a, b, c, d]);
    }
    section.tables.push(table);
    let ratio = cost("call", "ours", COSTS[0]) / cost("call", "by hand", COSTS[0]);
    section.limit("instructions of a call, ours / by hand", ratio, CALL);
    Ok(section)
}

/// What the benchmark tells.
fn measure(bench: &Bench) -> Result<Map<String, Value>, Error> {
    (bench.progress)("counting what a call costs");
    let mut cargo = bench.cargo();
    cargo
        .args([
            "bench",
            "--quiet",
            "-p",
            "observatory-load",
            "--bench",
            "call",
        ])
        .args(["--", "--json"]);
    parts(&succeed(&mut cargo, &bench.log())?)
}

/// Each part's costs, in what the benchmark says.
pub(super) fn parts(said: &str) -> Result<Map<String, Value>, Error> {
    let found = said.lines().find(|line| line.starts_with('{'));
    let found = found.and_then(|line| serde_json::from_str(line).ok());
    found.ok_or_else(|| {
        let message = format!("the benchmark of a call said: {said}");
        Error::new(Code::Internal, message, None)
    })
}
