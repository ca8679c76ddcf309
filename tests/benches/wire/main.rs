//! Reading and writing JSON with generated types, beside types written by hand with serde's derives and beside
//! `serde_json::Value`.
//!
//! `cargo bench -p observatory-tests --bench wire` measures time, and prints a table of ratios at the end;
//! `… --bench wire -- instructions` counts instructions with valgrind, whatever else the machine is doing. The types by
//! hand have the same fields and the same unions, and keep times as text, which is the cheapest that can be done with
//! them.

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

/// A name, and what is done.
type Case = (&'static str, Box<dyn Fn()>);

/// Ways to read and to write a page, by name.
struct Page {
    name: &'static str,
    bytes: usize,
    cases: Vec<Case>,
}

fn decode<T: DeserializeOwned>(text: &[u8]) -> T {
    serde_json::from_slice(text).expect("a page")
}

/// One page of JSON through types and back: ours as `T`, those by hand as `H`.
fn page<T, H>(name: &'static str, text: String) -> Page
where
    T: Wire + 'static,
    H: Serialize + DeserializeOwned + 'static,
{
    let text: &'static [u8] = text.leak().as_bytes();
    let page: Value = decode(text);
    let ours: SerdeAdapter<T> = decode(text);
    let hand: H = decode(text);
    // Both read all there is, or the comparison means nothing.
    let lost = |text: serde_json::Result<Vec<u8>>| {
        let back = decode(&text.expect("JSON"));
        differences(&page, &back).into_iter().next()
    };
    let ours = ours.0;
    assert_eq!(
        lost(serde_json::to_vec(&SerdeAdapter(&ours))),
        None,
        "{name}: generated"
    );
    assert_eq!(lost(serde_json::to_vec(&hand)), None, "{name}: by hand");
    Page {
        name,
        bytes: text.len(),
        cases: vec![
            (
                "decode/generated",
                Box::new(|| drop(decode::<SerdeAdapter<T>>(black_box(text)))),
            ),
            (
                "decode/by hand",
                Box::new(|| drop(decode::<H>(black_box(text)))),
            ),
            (
                "decode/Value",
                Box::new(|| drop(decode::<Value>(black_box(text)))),
            ),
            (
                "encode/generated",
                Box::new(move || drop(serde_json::to_vec(&SerdeAdapter(black_box(&ours))))),
            ),
            (
                "encode/by hand",
                Box::new(move || drop(serde_json::to_vec(black_box(&hand)))),
            ),
            (
                "encode/Value",
                Box::new(move || drop(serde_json::to_vec(black_box(&page)))),
            ),
        ],
    }
}

type Make = fn() -> Page;

/// The pages by name; none is made before it is asked for.
const PAGES: [(&str, Make); 3] = [
    ("galileo mixed", || {
        page::<Records, hand_written::Page<hand_written::Record>>(
            "galileo mixed",
            pages::mixed(MEGABYTE),
        )
    }),
    ("galileo llm", || {
        page::<Records, hand_written::Page<hand_written::Llm>>("galileo llm", pages::llm(MEGABYTE))
    }),
    ("helicone otel", || {
        page::<OtelTrace, hand_written::OtelTrace>("helicone otel", pages::otel(MEGABYTE))
    }),
];

type Records = LogRecordsQueryResponse;

fn main() {
    if instructions::asked() {
        return;
    }
    let mut criterion = Criterion::default().configure_from_args();
    for (_, page) in PAGES {
        let page = page();
        let mut group = criterion.benchmark_group(page.name);
        group.throughput(Throughput::Bytes(page.bytes as u64));
        for (name, case) in &page.cases {
            group.bench_function(*name, |bencher| bencher.iter(case));
        }
        group.finish();
    }
    criterion.final_summary();
    ratios::measured(&PAGES.map(|(name, _)| name));
}
