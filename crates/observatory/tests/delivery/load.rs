//! Many records through destinations with random faults: the accounts are right at every moment, record by record.

use super::support::{checked, quick, span};
use llm_observatory::destinations::{BoxFuture, Destination, ItemOutcome, Limits, Outcome};
use llm_observatory::model::{Record, TraceId};
use llm_observatory::{DestinationReport, Observatory, Overflow};
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

/// What a destination has stored and responded, by the id of the record. Not the records: the run must fit into memory.
#[derive(Default)]
struct Responses {
    stored: HashSet<TraceId>,
    /// How often each record was acknowledged.
    acknowledged: HashMap<TraceId, usize>,
    rejected: HashSet<TraceId>,
}

impl Responses {
    fn acknowledge(&mut self, id: TraceId) -> ItemOutcome {
        self.stored.insert(id);
        *self.acknowledged.entry(id).or_default() += 1;
        ItemOutcome::Acknowledged
    }

    fn reject(&mut self, id: TraceId) -> ItemOutcome {
        self.rejected.insert(id);
        ItemOutcome::Rejected {
            reason: "invalid".to_owned(),
        }
    }
}

/// A destination with random faults of every kind. Clones share their state.
#[derive(Clone)]
struct Faulty {
    name: &'static str,
    max_records: usize,
    random: Arc<Random>,
    responses: Arc<Mutex<Responses>>,
}

impl Faulty {
    fn new(name: &'static str, seed: u64, max_records: usize) -> Self {
        Self {
            name,
            max_records,
            random: Arc::new(Random(AtomicU64::new(seed))),
            responses: Arc::default(),
        }
    }

    /// Returns the response, or `None` where it never arrives.
    fn respond(&self, ids: &[TraceId]) -> Option<Outcome> {
        let mut responses = self.responses.lock().unwrap();
        Some(match self.random.below(100) {
            0..=4 => Outcome::Retry {
                reason: "503".to_owned(),
                after: None,
            },
            5 => Outcome::Retry {
                reason: "429".to_owned(),
                after: Some(Duration::from_millis(5)),
            },
            6 => {
                responses.stored.extend(ids);
                return None;
            }
            7..=8 if ids.len() > 20 => Outcome::TooLarge {
                reason: "413".to_owned(),
            },
            9 if ids.len() > 1 && self.random.below(10) == 0 => {
                drop(responses);
                panic!("the destination has a fault")
            }
            10 => {
                responses.rejected.extend(ids);
                Outcome::Rejected {
                    reason: "400".to_owned(),
                }
            }
            11..=30 => Outcome::Items(
                ids.iter()
                    .map(|id| match self.random.below(10) {
                        0 => responses.reject(*id),
                        1 => ItemOutcome::Retry {
                            reason: "busy".to_owned(),
                        },
                        _ => responses.acknowledge(*id),
                    })
                    .collect(),
            ),
            _ => Outcome::Items(ids.iter().map(|id| responses.acknowledge(*id)).collect()),
        })
    }
}

impl Destination for Faulty {
    fn name(&self) -> &str {
        self.name
    }

    fn limits(&self) -> Limits {
        Limits {
            records: self.max_records,
            bytes: 1_000_000,
        }
    }

    fn deliver<'a>(&'a self, batch: &'a [Arc<Record>]) -> BoxFuture<'a, Outcome> {
        let ids: Vec<TraceId> = batch.iter().map(|record| record.trace_id()).collect();
        Box::pin(async move {
            match self.respond(&ids) {
                Some(outcome) => outcome,
                None => std::future::pending().await,
            }
        })
    }
}

/// Records from two threads, while a third checks that the accounts are right.
fn check_load(records: usize, timeout: Duration) {
    let blocking = Faulty::new("blocking", 1, 512);
    let dropping = Faulty::new("dropping", 2, 512);
    let small = Faulty::new("small", 3, 100);
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
        .to_with(small.clone(), options)
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
    let record = |observatory: Arc<Observatory>| {
        thread::spawn(move || {
            let mut ids = Vec::with_capacity(records / 2);
            for _ in 0..records / 2 {
                let record = span("a");
                ids.push(record.trace_id());
                observatory.record(record);
            }
            ids
        })
    };
    let recorders = [
        record(Arc::clone(&observatory)),
        record(Arc::clone(&observatory)),
    ];
    let accepted: HashSet<TraceId> = recorders
        .into_iter()
        .flat_map(|thread| thread.join().unwrap())
        .collect();
    let report = observatory.flush_blocking(timeout);
    stop.store(true, Ordering::Relaxed);
    assert!(checker.join().unwrap() > 10);
    for vendor in [blocking, dropping, small] {
        check_destination(checked(&report, vendor.name), &vendor, &accepted);
    }
    assert_eq!(checked(&report, "blocking").dropped(), 0, "{report}");
    println!("{report}");
}

fn check_destination(report: &DestinationReport, vendor: &Faulty, accepted: &HashSet<TraceId>) {
    let responses = vendor.responses.lock().unwrap();
    assert_eq!(report.accepted, accepted.len() as u64, "{report}");
    assert_eq!(report.pending, 0, "{report}");
    assert_eq!(
        report.acknowledged,
        responses.acknowledged.len() as u64,
        "{report}"
    );
    assert_eq!(report.rejected, responses.rejected.len() as u64, "{report}");
    for (id, times) in &responses.acknowledged {
        assert!(
            responses.stored.contains(id),
            "{id} is acknowledged, but not stored"
        );
        assert_eq!(*times, 1, "{id} was sent again after its acknowledgment");
        assert!(
            !responses.rejected.contains(id),
            "{id} was sent again after its rejection"
        );
    }
    assert!(
        responses.stored.is_subset(accepted),
        "a stored record was not accepted"
    );
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
