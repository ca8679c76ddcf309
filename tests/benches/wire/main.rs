//! Reading and writing JSON with generated types, beside types written by hand with serde's derives and beside
//! `serde_json::Value`.
//!
//! `cargo bench -p observatory-tests --bench wire` prints a table of ratios at the end. The types by hand have the same
//! fields and the same unions, and keep times as text, which is the cheapest that can be done with them.

mod by_hand;
mod pages;
mod ratios;

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use observatory_runtime::private::{ByWire, Wire};
use observatory_tests::json::differences;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use observatory_galileo::models::LogRecordsQueryResponse;
use observatory_helicone::models::OtelTrace;

fn decode<T: DeserializeOwned>(text: &[u8]) -> T {
    serde_json::from_slice(text).expect("a page")
}

/// One page of JSON through types and back: ours as `T`, those by hand as `H`.
fn page<T: Wire + 'static, H: Serialize + DeserializeOwned>(
    criterion: &mut Criterion,
    name: &str,
    text: &str,
) {
    let text = text.as_bytes();
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Bytes(text.len() as u64));

    let page: Value = decode(text);
    let ours: ByWire<T> = decode(text);
    let hand: H = decode(text);
    // Both read all there is, or the comparison means nothing.
    let lost = |text: serde_json::Result<Vec<u8>>| {
        let back = decode(&text.expect("JSON"));
        differences(&page, &back).into_iter().next()
    };
    assert_eq!(
        lost(serde_json::to_vec(&ByWire(&ours.0))),
        None,
        "{name}: generated"
    );
    assert_eq!(lost(serde_json::to_vec(&hand)), None, "{name}: by hand");

    // What is read is dropped outside the measured time.
    group.bench_function("decode/generated", |bencher| {
        bencher.iter_with_large_drop(|| decode::<ByWire<T>>(black_box(text)));
    });
    group.bench_function("decode/by hand", |bencher| {
        bencher.iter_with_large_drop(|| decode::<H>(black_box(text)));
    });
    group.bench_function("decode/Value", |bencher| {
        bencher.iter_with_large_drop(|| decode::<Value>(black_box(text)));
    });
    group.bench_function("encode/generated", |bencher| {
        bencher.iter(|| serde_json::to_vec(&ByWire(black_box(&ours.0))));
    });
    group.bench_function("encode/by hand", |bencher| {
        bencher.iter(|| serde_json::to_vec(black_box(&hand)));
    });
    group.bench_function("encode/Value", |bencher| {
        bencher.iter(|| serde_json::to_vec(black_box(&page)));
    });
    group.finish();
}

const MEGABYTE: usize = 1 << 20;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    page::<LogRecordsQueryResponse, by_hand::Page<by_hand::Record>>(
        &mut criterion,
        "galileo mixed",
        &pages::mixed(MEGABYTE),
    );
    page::<LogRecordsQueryResponse, by_hand::Page<by_hand::Llm>>(
        &mut criterion,
        "galileo llm",
        &pages::llm(MEGABYTE),
    );
    page::<OtelTrace, by_hand::OtelTrace>(&mut criterion, "helicone otel", &pages::otel(MEGABYTE));
    criterion.final_summary();
    ratios::print(&["galileo mixed", "galileo llm", "helicone otel"]);
}
