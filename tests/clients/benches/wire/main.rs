//! Decoding and encoding of JSON with generated types, with hand-written types that derive serde's traits, and with
//! `serde_json::Value`.
//!
//! `cargo bench -p observatory-client-tests --features benchmark` measures time and prints a table of ratios at the end. `cargo
//! bench -p observatory-client-tests --features benchmark -- instructions` counts instructions with valgrind, independently of
//! other load on the machine. The hand-written types have the same fields and unions. They keep timestamps as text, which
//! costs least.

mod hand_written;
mod instructions;
mod pages;
mod ratios;

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use observatory_galileo::models::LogRecordsQueryResponse;
use observatory_helicone::models::OtelTrace;
use observatory_runtime::private::{SerdeAdapter, Wire};
use observatory_tests::json::differences;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

const MEGABYTE: usize = 1 << 20;

/// The name of a measurement, and the measured function.
type Case = (&'static str, Box<dyn Fn()>);

/// A page of JSON with its measurements.
struct MeasuredPage {
    name: &'static str,
    bytes: usize,
    cases: Vec<Case>,
}

fn decode<T: DeserializeOwned>(text: &[u8]) -> T {
    serde_json::from_slice(text).expect("a valid page")
}

/// Returns the measurements of a page: `T` is the generated type, `H` the hand-written one.
fn new_page<T, H>(name: &'static str, text: String) -> MeasuredPage
where
    T: Wire + 'static,
    H: Serialize + DeserializeOwned + 'static,
{
    let text: &'static [u8] = text.leak().as_bytes();
    let page: Value = decode(text);
    let generated: SerdeAdapter<T> = decode(text);
    let hand_written: H = decode(text);
    // Both must keep every value. Otherwise the comparison is meaningless.
    let first_difference = |text: serde_json::Result<Vec<u8>>| {
        let encoded = decode(&text.expect("JSON"));
        differences(&page, &encoded).into_iter().next()
    };
    let generated = generated.0;
    assert_eq!(
        first_difference(serde_json::to_vec(&SerdeAdapter(&generated))),
        None,
        "{name}: generated"
    );
    assert_eq!(
        first_difference(serde_json::to_vec(&hand_written)),
        None,
        "{name}: hand-written"
    );
    MeasuredPage {
        name,
        bytes: text.len(),
        cases: vec![
            (
                "decode/generated",
                Box::new(|| drop(decode::<SerdeAdapter<T>>(black_box(text)))),
            ),
            (
                "decode/hand-written",
                Box::new(|| drop(decode::<H>(black_box(text)))),
            ),
            (
                "decode/Value",
                Box::new(|| drop(decode::<Value>(black_box(text)))),
            ),
            (
                "encode/generated",
                Box::new(move || drop(serde_json::to_vec(&SerdeAdapter(black_box(&generated))))),
            ),
            (
                "encode/hand-written",
                Box::new(move || drop(serde_json::to_vec(black_box(&hand_written)))),
            ),
            (
                "encode/Value",
                Box::new(move || drop(serde_json::to_vec(black_box(&page)))),
            ),
        ],
    }
}

/// The name of a page, and the function that makes it.
type NamedPage = (&'static str, fn() -> MeasuredPage);

const PAGES: [NamedPage; 3] = [
    ("galileo mixed", || {
        new_page::<Records, hand_written::Page<hand_written::Record>>(
            "galileo mixed",
            pages::mixed(MEGABYTE),
        )
    }),
    ("galileo llm", || {
        new_page::<Records, hand_written::Page<hand_written::Llm>>(
            "galileo llm",
            pages::llm(MEGABYTE),
        )
    }),
    ("helicone otel", || {
        new_page::<OtelTrace, hand_written::OtelTrace>("helicone otel", pages::otel(MEGABYTE))
    }),
];

type Records = LogRecordsQueryResponse;

fn main() {
    if instructions::run_if_requested() {
        return;
    }
    let mut criterion = Criterion::default().configure_from_args();
    for (_, make_page) in PAGES {
        let page = make_page();
        let mut group = criterion.benchmark_group(page.name);
        group.throughput(Throughput::Bytes(page.bytes as u64));
        for (name, case) in &page.cases {
            group.bench_function(*name, |bencher| bencher.iter(case));
        }
        group.finish();
    }
    criterion.final_summary();
    ratios::print_times(&PAGES.map(|(name, _)| name));
}
