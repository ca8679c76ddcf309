//! Many records through destinations with random faults: the accounts are right at every moment, record by record.

use super::support::{Memory, Reply, Request, checked, quick, retry, span};
use llm_observatory::destinations::{ItemOutcome, Outcome};
use llm_observatory::model::TraceId;
use llm_observatory::{Observatory, Overflow, Report};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A small generator of random numbers, so that a failure can be repeated.
struct Random(AtomicU64);

impl Random {
    /// Returns a number below `limit`.
    fn below(&self, limit: u64) -> u64 {
        let state = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// The records for which the destination has responded each result, by id.
#[derive(Default)]
struct Responses {
    acknowledged: HashMap<TraceId, usize>,
    rejected: HashSet<TraceId>,
}

/// A destination with random faults of every kind.
fn faulty(name: &str, seed: u64) -> (Memory, Arc<Mutex<Responses>>) {
    let random = Random(AtomicU64::new(seed));
    let responses = Arc::new(Mutex::new(Responses::default()));
    let noted = Arc::clone(&responses);
    let memory = Memory::with_script(name, move |request| reply(request, &random, &noted));
    (memory, responses)
}

fn reply(request: &Request, random: &Random, responses: &Mutex<Responses>) -> Reply {
    let mut responses = responses.lock().unwrap();
    let ids = request.records.iter().map(|record| record.trace_id());
    match random.below(100) {
        0..=4 => retry("503", None),
        5 => retry("429", Some(Duration::from_millis(5))),
        6 => Reply::Hang,
        7..=8 if request.records.len() > 20 => Reply::Outcome(Outcome::TooLarge {
            reason: "413".to_owned(),
        }),
        9 if request.records.len() > 1 => Reply::Panic,
        10 => {
            responses.rejected.extend(ids);
            Reply::Outcome(Outcome::Rejected {
                reason: "400".to_owned(),
            })
        }
        11..=30 => {
            let mut items = Vec::new();
            for id in ids {
                items.push(match random.below(10) {
                    0 => {
                        responses.rejected.insert(id);
                        ItemOutcome::Rejected {
                            reason: "invalid".to_owned(),
                        }
                    }
                    1 => ItemOutcome::Retry {
                        reason: "busy".to_owned(),
                    },
                    _ => {
                        *responses.acknowledged.entry(id).or_default() += 1;
                        ItemOutcome::Acknowledged
                    }
                });
            }
            Reply::Outcome(Outcome::Items(items))
        }
        _ => {
            for id in ids {
                *responses.acknowledged.entry(id).or_default() += 1;
            }
            Reply::Acknowledge
        }
    }
}

fn check_load(records: usize, timeout: Duration) {
    let (blocking, first) = faulty("blocking", 1);
    let (dropping, second) = faulty("dropping", 2);
    let (traces, third) = faulty("traces", 3);
    let options = quick()
        .attempt_timeout(Duration::from_millis(20))
        .max_records(4_000);
    let observatory = Observatory::builder()
        .to_with(
            blocking.clone(),
            options.clone().overflow(Overflow::Block(timeout)),
        )
        .to_with(
            dropping.clone(),
            options.clone().overflow(Overflow::DropOldest),
        )
        .to_with(traces.clone().limits(100, 1_000_000), options)
        .build()
        .unwrap();
    let observatory = Arc::new(observatory);
    let stop = Arc::new(AtomicBool::new(false));
    let checker = thread::spawn({
        let (observatory, stop) = (Arc::clone(&observatory), Arc::clone(&stop));
        move || {
            let mut reports = 0;
            while !stop.load(Ordering::Relaxed) {
                checked(&observatory.report(), "blocking");
                reports += 1;
                thread::sleep(Duration::from_millis(1));
            }
            reports
        }
    });
    let mut accepted = HashSet::new();
    let mut recorders = Vec::new();
    for _ in 0..2 {
        let observatory = Arc::clone(&observatory);
        recorders.push(thread::spawn(move || {
            let mut ids = Vec::with_capacity(records / 2);
            for _ in 0..records / 2 {
                let record = span("a");
                ids.push(record.trace_id());
                observatory.record(record);
            }
            ids
        }));
    }
    for recorder in recorders {
        accepted.extend(recorder.join().unwrap());
    }
    let report = observatory.flush_blocking(timeout);
    stop.store(true, Ordering::Relaxed);
    assert!(checker.join().unwrap() > 10);
    for (memory, responses) in [(blocking, first), (dropping, second), (traces, third)] {
        check_destination(&report, &memory, &responses.lock().unwrap(), &accepted);
    }
    assert_eq!(checked(&report, "blocking").dropped(), 0, "{report}");
}

fn check_destination(
    report: &Report,
    memory: &Memory,
    responses: &Responses,
    accepted: &HashSet<TraceId>,
) {
    let name = memory_name(memory);
    let report = checked(report, &name);
    assert_eq!(report.accepted, accepted.len() as u64, "{report}");
    assert_eq!(report.pending, 0, "{report}");
    let stored: HashSet<TraceId> = memory
        .stored()
        .iter()
        .map(|record| record.trace_id())
        .collect();
    assert_eq!(
        report.acknowledged,
        responses.acknowledged.len() as u64,
        "{report}"
    );
    // A panic of a destination is a response too: the single record that caused it is rejected.
    assert!(
        report.rejected >= responses.rejected.len() as u64,
        "{report}"
    );
    for (id, times) in &responses.acknowledged {
        assert!(stored.contains(id), "{id} is acknowledged, but not stored");
        assert_eq!(*times, 1, "{id} was sent again after its acknowledgment");
        assert!(
            !responses.rejected.contains(id),
            "{id} was sent again after its rejection"
        );
    }
    assert!(
        stored.is_subset(accepted),
        "a stored record was not accepted"
    );
}

fn memory_name(memory: &Memory) -> String {
    use llm_observatory::destinations::Destination;
    memory.name().to_owned()
}

#[test]
fn accounts_for_20_000_records_with_random_faults() {
    check_load(20_000, super::support::LONG * 6);
}

#[test]
#[ignore = "a million records take minutes without optimization; scripts/test-all.sh runs it"]
fn accounts_for_a_million_records_with_random_faults() {
    check_load(1_000_000, Duration::from_secs(1_200));
}
