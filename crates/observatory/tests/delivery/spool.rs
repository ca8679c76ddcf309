//! The spool: what is accepted survives the process.

use super::support::{
    Folder, LONG, Memory, Reply, checked, eventually, quick, retry, score, span, span_of, spans,
};
use llm_observatory::model::{Message, Record, TraceId, UnixNanos};
use llm_observatory::{
    BuildError, ContentPolicy, DropCause, ErrorKind, Observatory, ObservatoryBuilder, SpoolOptions,
};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::time::{Duration, SystemTime};

fn builder(vendor: &Memory, folder: &Folder) -> ObservatoryBuilder {
    Observatory::builder()
        .to(vendor.clone())
        .delivery(quick())
        .spool(SpoolOptions::new(&folder.0))
        .shutdown_timeout(Duration::ZERO)
}

fn unreachable() -> Memory {
    Memory::with_script("vendor", |_| retry("503", Some(LONG * 10)))
}

/// Leaves records in the spool.
fn leave(folder: &Folder, count: usize) {
    let observatory = builder(&unreachable(), folder).build().unwrap();
    spans(&observatory, count);
    let report = observatory.report();
    assert_eq!(checked(&report, "vendor").pending, count as u64);
}

fn numbers(count: usize) -> Vec<String> {
    (0..count).map(|number| number.to_string()).collect()
}

#[test]
fn delivers_what_an_earlier_process_has_left() {
    let folder = Folder::new();
    leave(&folder, 100);
    let vendor = Memory::new("vendor");
    let observatory = builder(&vendor, &folder).build().unwrap();
    observatory.record(span("new"));
    let report = observatory.flush_blocking(LONG);
    let report = checked(&report, "vendor");
    assert_eq!(
        (report.accepted, report.recovered, report.acknowledged),
        (101, 100, 101)
    );
    let mut names = vendor.stored_names();
    assert_eq!(names.pop().as_deref(), Some("new"));
    assert_eq!(names, numbers(100));
    drop(observatory);
    assert!(folder.files("records").is_empty() && folder.files("done").is_empty());
}

#[test]
fn does_not_deliver_again_what_is_acknowledged() {
    let folder = Folder::new();
    let vendor = Memory::with_script("vendor", |request| match request.number {
        0..=4 => Reply::Acknowledge,
        _ => retry("503", Some(LONG * 10)),
    })
    .limits(10, 1_000_000);
    let observatory = builder(&vendor, &folder).build().unwrap();
    spans(&observatory, 100);
    eventually(|| observatory.report().destinations[0].acknowledged == 50);
    drop(observatory);
    let vendor = Memory::new("vendor");
    let observatory = builder(&vendor, &folder).build().unwrap();
    assert!(observatory.flush_blocking(LONG).is_delivered());
    assert_eq!(vendor.stored_names(), numbers(100)[50..]);
}

#[test]
fn each_destination_has_its_own_position() {
    let folder = Folder::new();
    let (first, second) = (Memory::new("first"), unreachable());
    let observatory = builder(&first, &folder).to(second).build().unwrap();
    spans(&observatory, 10);
    eventually(|| observatory.report().destinations[0].acknowledged == 10);
    drop(observatory);
    // In another order, and with one that was not there.
    let (first, second, third) = (
        Memory::new("first"),
        Memory::new("vendor"),
        Memory::new("third"),
    );
    let observatory = builder(&third, &folder)
        .to(first.clone())
        .to(second.clone())
        .build()
        .unwrap();
    assert!(observatory.flush_blocking(LONG).is_delivered());
    assert_eq!(second.stored_names(), numbers(10));
    assert!(first.stored().is_empty() && third.stored().is_empty());
}

#[test]
fn records_beyond_memory_wait_on_disk() {
    let folder = Folder::new();
    let vendor = Memory::with_script("vendor", |request| match request.number {
        0 => Reply::Hang,
        _ => Reply::Acknowledge,
    });
    let options = quick()
        .max_records(10)
        .attempt_timeout(Duration::from_millis(50));
    let observatory = builder(&vendor, &folder).delivery(options).build().unwrap();
    spans(&observatory, 200);
    let report = observatory.flush_blocking(LONG);
    assert_eq!(report.to_string(), "vendor: 200 accepted, 200 acknowledged");
    let mut names = vendor.stored_names();
    names.sort_by_key(|name| name.parse::<usize>().unwrap());
    names.dedup();
    assert_eq!(names, numbers(200));
}

#[test]
fn whole_traces_are_recovered() {
    let folder = Folder::new();
    let observatory = builder(&unreachable().traces(), &folder).build().unwrap();
    let trace = TraceId::random();
    for name in ["a", "b", "c"] {
        observatory.record(span_of(trace, name));
    }
    drop(observatory);
    let vendor = Memory::new("vendor").traces();
    let observatory = builder(&vendor, &folder).build().unwrap();
    assert!(observatory.flush_blocking(LONG).is_delivered());
    assert_eq!(vendor.requests().len(), 1);
    assert_eq!(vendor.stored_names(), ["a", "b", "c"]);
}

/// A full disk: the budget is reached.
#[test]
fn drops_and_counts_records_beyond_the_budget() {
    let folder = Folder::new();
    let options = SpoolOptions::new(&folder.0).max_bytes(40_000);
    let observatory = builder(&unreachable(), &folder)
        .spool(options)
        .build()
        .unwrap();
    spans(&observatory, 200);
    let report = observatory.report();
    let report = checked(&report, "vendor");
    assert!((20..100).contains(&report.pending), "{report}");
    assert_eq!(report.pending + report.dropped[&DropCause::SpoolFull], 200);
    let bytes: u64 = folder
        .files("records")
        .iter()
        .map(|path| fs::metadata(path).unwrap().len())
        .sum();
    assert!(bytes <= 40_000, "{bytes}");
    let errors = observatory.errors();
    let all: Vec<_> = std::iter::from_fn(|| errors.try_next()).collect();
    assert!(
        all.iter()
            .any(|error| error.kind == ErrorKind::Spool && error.message.contains("40000 bytes"))
    );
}

#[test]
fn frees_the_budget_when_records_are_delivered() {
    let folder = Folder::new();
    let vendor = Memory::new("vendor");
    let options = SpoolOptions::new(&folder.0)
        .max_bytes(40_000)
        .segment_bytes(5_000);
    let observatory = builder(&vendor, &folder).spool(options).build().unwrap();
    for _ in 0..20 {
        spans(&observatory, 20);
        assert!(observatory.flush_blocking(LONG).is_delivered());
    }
    assert!(
        folder.files("records").len() <= 2,
        "{:?}",
        folder.files("records")
    );
}

#[test]
fn recovers_a_torn_segment() {
    let folder = Folder::new();
    leave(&folder, 10);
    let path = &folder.files("records")[0];
    let bytes = fs::read(path).unwrap();
    fs::write(path, &bytes[..bytes.len() - 7]).unwrap();
    let vendor = Memory::new("vendor");
    let observatory = builder(&vendor, &folder).build().unwrap();
    let report = observatory.flush_blocking(LONG);
    assert_eq!(report.to_string(), "vendor: 9 accepted, 9 acknowledged");
    assert_eq!(vendor.stored_names(), numbers(9));
    let error = observatory.errors().try_next().unwrap();
    assert_eq!(error.kind, ErrorKind::Spool);
    assert!(error.message.contains("damaged bytes"), "{error}");
}

/// Every possible torn tail: nothing but the last record is missing, and nothing invalid is delivered.
#[test]
fn recovers_a_segment_torn_at_any_byte() {
    let source = Folder::new();
    leave(&source, 3);
    let bytes = fs::read(&source.files("records")[0]).unwrap();
    let record = (bytes.len() - 64) / 4;
    for length in (0..bytes.len()).step_by(13) {
        let folder = Folder::new();
        fs::write(folder.0.join("0.records"), &bytes[..length]).unwrap();
        let vendor = Memory::new("vendor");
        let observatory = builder(&vendor, &folder).build().unwrap();
        assert!(observatory.flush_blocking(LONG).is_delivered());
        let names = vendor.stored_names();
        assert_eq!(names, numbers(names.len()));
        assert!(
            names.len() + 1 >= (length / record).min(3),
            "{length}: {names:?}"
        );
    }
}

#[test]
fn skips_a_damaged_record() {
    let folder = Folder::new();
    leave(&folder, 10);
    let path = &folder.files("records")[0];
    let mut bytes = fs::read(path).unwrap();
    let place = bytes
        .windows(10)
        .position(|window| window == br#""name":"5""#)
        .unwrap();
    bytes[place + 8] = b'x';
    fs::write(path, bytes).unwrap();
    let vendor = Memory::new("vendor");
    let observatory = builder(&vendor, &folder).build().unwrap();
    observatory.flush_blocking(LONG);
    let mut expected = numbers(10);
    expected.remove(5);
    assert_eq!(vendor.stored_names(), expected);
    let error = observatory.errors().try_next().unwrap();
    assert!(error.message.contains("damaged bytes"), "{error}");
}

#[test]
fn ignores_a_torn_or_damaged_ledger() {
    let folder = Folder::new();
    leave(&folder, 10);
    let segment = folder.files("records")[0].clone();
    let mut ledger = OpenOptions::new()
        .create(true)
        .append(true)
        .open(segment.with_extension("done"))
        .unwrap();
    ledger.write_all(&[7; 40]).unwrap();
    let vendor = Memory::with_script("vendor", |request| match request.number {
        0 => Reply::Acknowledge,
        _ => retry("503", Some(LONG * 10)),
    })
    .limits(4, 1_000_000);
    let observatory = builder(&vendor, &folder).build().unwrap();
    eventually(|| observatory.report().destinations[0].acknowledged == 4);
    drop(observatory);
    let vendor = Memory::new("vendor");
    let observatory = builder(&vendor, &folder).build().unwrap();
    assert!(observatory.flush_blocking(LONG).is_delivered());
    assert_eq!(vendor.stored_names(), numbers(10)[4..]);
}

#[test]
fn keeps_a_segment_that_it_cannot_read() {
    let folder = Folder::new();
    let mut bytes = 5_u32.to_le_bytes().to_vec();
    bytes.extend_from_slice(b"....other");
    fs::write(folder.0.join("3.records"), &bytes).unwrap();
    fs::write(folder.0.join("2.done"), "without a segment").unwrap();
    fs::write(folder.0.join("+7.records"), "of another program").unwrap();
    fs::write(folder.0.join("notes.txt"), "of another program").unwrap();
    let observatory = builder(&Memory::new("vendor"), &folder).build().unwrap();
    assert!(
        observatory
            .errors()
            .try_next()
            .unwrap()
            .message
            .contains("no valid header")
    );
    assert_eq!(fs::read(folder.0.join("3.damaged")).unwrap(), bytes);
    assert!(folder.0.join("notes.txt").exists() && folder.files("done").is_empty());
}

#[test]
fn one_process_owns_the_folder() {
    let folder = Folder::new();
    let first = builder(&Memory::new("vendor"), &folder).build().unwrap();
    let second = builder(&Memory::new("vendor"), &folder).build();
    let error = second.unwrap_err();
    assert!(matches!(error, BuildError::SpoolLocked(_)), "{error}");
    assert!(error.to_string().contains("a folder of its own"));
    drop(first);
    assert!(builder(&Memory::new("vendor"), &folder).build().is_ok());
}

#[test]
fn reports_a_folder_that_cannot_be_used() {
    let folder = Folder::new();
    let file = folder.0.join("file");
    File::create(&file).unwrap();
    let builder = Observatory::builder().spool(SpoolOptions::new(&file));
    assert!(matches!(builder.build(), Err(BuildError::Spool(path, _)) if path == file));
}

#[test]
fn writes_only_masked_content() {
    let folder = Folder::new();
    let policy = ContentPolicy::masked(|text| text.replace("4111", "[card]"));
    let observatory = builder(&unreachable(), &folder)
        .content(policy)
        .build()
        .unwrap();
    let mut span = span_of(TraceId::random(), "chat");
    span.input_messages = vec![Message::user("pay with 4111")].into();
    observatory.record(span);
    let text =
        String::from_utf8_lossy(&fs::read(&folder.files("records")[0]).unwrap()).into_owned();
    assert!(
        text.contains("pay with [card]") && !text.contains("4111"),
        "{text}"
    );
}

#[test]
fn rejected_and_unsupported_records_are_not_delivered_again() {
    use llm_observatory::destinations::Outcome;
    let folder = Folder::new();
    let vendor = Memory::with_script("vendor", |request| {
        if request.has("hung") {
            return Reply::Hang;
        }
        let reason = "400".to_owned();
        Reply::Outcome(Outcome::Rejected { reason })
    })
    .without_scores()
    .limits(1, 1_000_000);
    let observatory = builder(&vendor, &folder).build().unwrap();
    observatory.record(span("rejected"));
    observatory.record(score("unsupported"));
    observatory.record(span("hung"));
    eventually(|| vendor.requests().len() == 2);
    drop(observatory);
    let vendor = Memory::new("vendor").without_scores();
    let observatory = builder(&vendor, &folder).build().unwrap();
    observatory.flush_blocking(LONG);
    assert_eq!(vendor.stored_names(), ["hung"]);
}

#[test]
fn sync_writes_every_record() {
    let folder = Folder::new();
    let options = SpoolOptions::new(&folder.0).sync(true);
    let observatory = builder(&unreachable(), &folder)
        .spool(options)
        .build()
        .unwrap();
    spans(&observatory, 5);
    drop(observatory);
    let vendor = Memory::new("vendor");
    let observatory = builder(&vendor, &folder).build().unwrap();
    assert!(observatory.flush_blocking(LONG).is_delivered());
    assert_eq!(vendor.stored_names(), numbers(5));
}

/// The wall clock was set back between two processes: files and records are from the future. Nothing expires by wall clock.
#[test]
fn a_clock_that_was_set_back_loses_nothing() {
    let folder = Folder::new();
    let observatory = builder(&unreachable(), &folder).build().unwrap();
    let mut future = span_of(TraceId::random(), "future");
    future.start = UnixNanos(u64::MAX - 1);
    future.end = UnixNanos(u64::MAX);
    observatory.record(future);
    drop(observatory);
    let tomorrow = SystemTime::now() + Duration::from_secs(86_400);
    for path in folder.files("records") {
        File::options()
            .write(true)
            .open(path)
            .unwrap()
            .set_modified(tomorrow)
            .unwrap();
    }
    let vendor = Memory::new("vendor");
    let observatory = builder(&vendor, &folder).build().unwrap();
    let mut past = span_of(TraceId::random(), "past");
    past.start = UnixNanos(2);
    past.end = UnixNanos(1);
    observatory.record(Record::from(past));
    assert!(observatory.flush_blocking(LONG).is_delivered());
    assert_eq!(vendor.stored_names(), ["future", "past"]);
}
