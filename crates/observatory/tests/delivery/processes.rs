//! Ends of a process: `kill -9`, `exit`, a return from `main`, a fork. Each child process is an ignored test of this binary.

use super::support::{Folder, LONG, Memory, checked, eventually, quick, retry, span, spans};
use llm_observatory::destinations::{BoxFuture, Destination, ItemOutcome, Limits, Outcome};
use llm_observatory::model::{Message, Record, TraceId};
use llm_observatory::{ContentPolicy, DropCause, Observatory, SpoolOptions};
use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

const FOLDER: &str = "LLM_OBSERVATORY_TEST_FOLDER";
const CONTENT: &str = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";

/// Starts a child process that runs one test of this binary.
fn command(test: &str, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args([
            "--exact",
            &format!("processes::{test}"),
            "--ignored",
            "--nocapture",
        ])
        .env(FOLDER, folder)
        .stdout(Stdio::null());
    command
}

fn run(test: &str, folder: &Folder) {
    assert!(command(test, &folder.0).status().unwrap().success());
}

/// The folder that the parent has passed.
fn folder() -> PathBuf {
    std::env::var_os(FOLDER)
        .expect("a child process of another test")
        .into()
}

/// A vendor that survives the process: a file with a line for each record.
struct FileVendor(PathBuf);

impl Destination for FileVendor {
    fn name(&self) -> &str {
        "vendor"
    }

    fn limits(&self) -> Limits {
        Limits {
            records: 50,
            bytes: 1_000_000,
        }
    }

    fn deliver<'a>(&'a self, batch: &'a [Arc<Record>]) -> BoxFuture<'a, Outcome> {
        Box::pin(async move {
            let process = std::process::id();
            let lines: String = batch
                .iter()
                .map(|record| format!("{} {process}\n", record.trace_id()))
                .collect();
            append(&self.0).write_all(lines.as_bytes()).unwrap();
            tokio::time::sleep(Duration::from_millis(1)).await;
            Outcome::Items(vec![ItemOutcome::Acknowledged; batch.len()])
        })
    }
}

fn append(path: &Path) -> File {
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .unwrap()
}

/// The first word of each whole line.
fn read_ids(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let lines = whole.lines().filter_map(|line| line.split(' ').next());
    lines.map(str::to_owned).collect()
}

fn build(folder: &Path) -> Observatory {
    Observatory::builder()
        .to(FileVendor(folder.join("stored")))
        .delivery(quick())
        .spool(SpoolOptions::new(folder.join("spool")).segment_bytes(200_000))
        .build()
        .unwrap()
}

#[test]
#[ignore = "a child process of another test"]
fn child_process_records_until_it_is_killed() {
    let folder = folder();
    let observatory = build(&folder);
    let mut accepted = append(&folder.join("accepted"));
    loop {
        let record = span("a");
        let line = format!("{}\n", record.trace_id());
        observatory.record(record);
        accepted.write_all(line.as_bytes()).unwrap();
    }
}

struct KillOnDrop(Child);

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// `kill -9` in the middle, and a restart: every record that `record` has returned for is delivered.
#[test]
fn loses_no_accepted_record_when_it_is_killed() {
    let folder = Folder::new();
    let child = KillOnDrop(
        command("child_process_records_until_it_is_killed", &folder.0)
            .spawn()
            .unwrap(),
    );
    let size = |path: PathBuf| fs::metadata(path).map_or(0, |metadata| metadata.len());
    eventually(|| {
        size(folder.0.join("accepted")) >= 10_000 * 33 && size(folder.0.join("stored")) > 0
    });
    drop(child);
    let accepted = read_ids(&folder.0.join("accepted"));
    let before = read_ids(&folder.0.join("stored")).len();
    assert!(accepted.len() >= 10_000);
    let observatory = build(&folder.0);
    let report = observatory.flush_blocking(LONG * 3);
    let report = checked(&report, "vendor");
    assert_eq!(report.acknowledged, report.recovered, "{report}");
    assert!(report.recovered > 0);
    let stored = read_ids(&folder.0.join("stored"));
    let unique: HashSet<&String> = stored.iter().collect();
    let missing = accepted.iter().filter(|id| !unique.contains(id)).count();
    assert_eq!(
        missing,
        0,
        "of {} accepted, {before} were stored before",
        accepted.len()
    );
    // A batch can be delivered again whose acknowledgment was not noted.
    assert!(
        stored.len() - unique.len() <= 50,
        "{} repeated",
        stored.len() - unique.len()
    );
}

#[test]
#[ignore = "a child process of another test"]
fn child_process_exits_without_flush() {
    let observatory = build(&folder());
    spans(&observatory, 5);
    std::process::exit(0);
}

#[test]
fn delivers_after_an_exit_without_flush() {
    let folder = Folder::new();
    run("child_process_exits_without_flush", &folder);
    let observatory = build(&folder.0);
    observatory.flush_blocking(LONG);
    let stored: HashSet<_> = read_ids(&folder.0.join("stored")).into_iter().collect();
    assert_eq!(stored.len(), 5);
}

#[test]
#[ignore = "a child process of another test"]
fn child_process_returns_without_flush() {
    let vendor = FileVendor(folder().join("stored"));
    let options = quick().batch_interval(LONG * 10);
    let observatory = Observatory::builder()
        .to(vendor)
        .delivery(options)
        .build()
        .unwrap();
    spans(&observatory, 120);
}

#[test]
fn delivers_when_a_process_returns_without_flush() {
    let folder = Folder::new();
    run("child_process_returns_without_flush", &folder);
    assert_eq!(read_ids(&folder.0.join("stored")).len(), 120);
}

#[cfg(unix)]
#[test]
#[ignore = "a child process of another test"]
fn child_process_forks() {
    let folder = folder();
    let vendor = FileVendor(folder.join("stored"));
    let options = quick().batch_interval(LONG * 10);
    let spool = SpoolOptions::new(folder.join("spool"));
    let observatory = Observatory::builder()
        .to(vendor)
        .delivery(options)
        .spool(spool)
        .build()
        .unwrap();
    spans(&observatory, 5);
    match fork::fork().unwrap() {
        fork::Fork::Child => {
            spans(&observatory, 3);
            let flushed = observatory.flush_blocking(LONG);
            let text = serde_json::to_string(&flushed).unwrap();
            drop(observatory);
            fs::write(folder.join("child"), text).unwrap();
            std::process::exit(0);
        }
        fork::Fork::Parent(child) => {
            fork::waitpid(child).unwrap();
            spans(&observatory, 2);
            assert!(observatory.flush_blocking(LONG).is_delivered());
        }
    }
}

#[cfg(unix)]
#[test]
fn a_forked_child_sends_nothing_of_its_parent() {
    let folder = Folder::new();
    run("child_process_forks", &folder);
    let stored = fs::read_to_string(folder.0.join("stored")).unwrap();
    assert_eq!(stored.lines().count(), 7);
    let processes: HashSet<_> = stored
        .lines()
        .filter_map(|line| line.split(' ').nth(1))
        .collect();
    assert_eq!(processes.len(), 1);
    let report: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(folder.0.join("child")).unwrap()).unwrap();
    let report = &report["destinations"][0];
    assert_eq!(report["accepted"], 3);
    assert_eq!(report["dropped"]["forked"], 3);
    assert_eq!(DropCause::Forked.as_str(), "forked");
}

#[cfg(unix)]
#[test]
#[ignore = "a child process of another test"]
fn child_process_has_small_files() {
    let folder = folder();
    let vendor = Memory::with_script("vendor", |_| retry("503", Some(LONG * 10)));
    let observatory = Observatory::builder()
        .to(vendor)
        .delivery(quick())
        .spool(SpoolOptions::new(folder.join("spool")))
        .shutdown_timeout(Duration::ZERO)
        .build()
        .unwrap();
    spans(&observatory, 200);
    let report = serde_json::to_string(&observatory.report()).unwrap();
    fs::write(folder.join("report"), report).unwrap();
}

/// The operating system writes only a part of a record: a limit of the size of files acts like a full disk.
#[cfg(unix)]
#[test]
fn a_failed_write_damages_no_other_record() {
    let folder = Folder::new();
    let script = r#"trap '' XFSZ; ulimit -f 40; exec "$0" "$@""#;
    let child = command("child_process_has_small_files", &folder.0);
    let mut shell = Command::new("sh");
    shell
        .args(["-c", script])
        .arg(child.get_program())
        .args(child.get_args())
        .env(FOLDER, &folder.0);
    assert!(shell.stdout(Stdio::null()).status().unwrap().success());
    let report = fs::read_to_string(folder.0.join("report")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let report = &report["destinations"][0];
    let (pending, failed) = (
        report["pending"].as_u64().unwrap(),
        &report["dropped"]["spool_failed"],
    );
    assert!(
        failed
            .as_u64()
            .is_some_and(|failed| failed > 0 && failed + pending == 200),
        "{report}"
    );
    let observatory = build(&folder.0);
    let report = observatory.flush_blocking(LONG);
    assert_eq!(checked(&report, "vendor").acknowledged, pending);
    assert_eq!(observatory.errors().try_next(), None);
}

#[test]
#[ignore = "a child process of another test"]
fn child_process_records_content() {
    let text = |policy: Option<ContentPolicy>| {
        let vendor = Memory::new("vendor");
        let mut builder = Observatory::builder().to(vendor.clone());
        if let Some(policy) = policy {
            builder = builder.content(policy);
        }
        let observatory = builder.build().unwrap();
        let mut span = super::support::span_of(TraceId::random(), "chat");
        span.input_messages = vec![Message::user("text")].into();
        observatory.record(span);
        observatory.flush_blocking(LONG);
        let Record::Span(span) = vendor.stored()[0].as_ref().clone() else {
            panic!("no span")
        };
        span.input_messages
            .first()
            .map_or_else(|| "-".to_owned(), Message::text)
    };
    let masked = ContentPolicy::masked(|_| "masked".to_owned());
    let texts = [
        None,
        Some(ContentPolicy::None),
        Some(ContentPolicy::All),
        Some(masked),
    ]
    .map(text);
    fs::write(folder().join("texts"), texts.join(" ")).unwrap();
}

#[test]
fn the_environment_turns_content_on_and_off() {
    for (value, expected) in [
        ("", "- - text masked"),
        ("true", "text - text masked"),
        ("SPAN_AND_EVENT", "text - text masked"),
        ("false", "- - - -"),
        ("NO_CONTENT", "- - - -"),
        ("perhaps", "- - text masked"),
    ] {
        let folder = Folder::new();
        let mut command = command("child_process_records_content", &folder.0);
        assert!(command.env(CONTENT, value).status().unwrap().success());
        assert_eq!(
            fs::read_to_string(folder.0.join("texts")).unwrap(),
            expected,
            "{value:?}"
        );
    }
}

#[test]
#[ignore = "a child process of another test"]
fn child_process_records_three_times_with_sync() {
    record_three_times(true);
}

#[test]
#[ignore = "a child process of another test"]
fn child_process_records_three_times_without_sync() {
    record_three_times(false);
}

fn record_three_times(sync: bool) {
    let folder = folder();
    let observatory = Observatory::builder()
        .to(Memory::with_script("vendor", |_| retry("503", None)))
        .spool(SpoolOptions::new(folder.join("spool")).sync(sync))
        .build()
        .unwrap();
    spans(&observatory, 3);
    std::process::exit(0);
}

/// Returns the number of times that a child process waits for the disk, as Valgrind sees its system calls.
fn count_syncs(test: &str) -> usize {
    let folder = Folder::new();
    let child = command(test, &folder.0);
    let log = folder.0.join("calls");
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--tool=none", "--trace-syscalls=yes"])
        .arg(format!("--log-file={}", log.display()))
        .arg(child.get_program())
        .args(child.get_args())
        .env(FOLDER, &folder.0);
    let output = valgrind.output();
    let output = output.expect("valgrind is not installed: run scripts/install-valgrind.sh");
    assert!(output.status.success(), "{output:?}");
    let calls = fs::read_to_string(log).unwrap();
    assert!(calls.contains("sys_write"), "system calls are traced");
    let is_sync = |line: &&str| line.contains("sys_fsync") || line.contains("sys_fdatasync");
    calls.lines().filter(is_sync).count()
}

/// Without a call for each record, a record would not survive a power failure.
#[test]
#[ignore = "needs Valgrind: scripts/install-valgrind.sh"]
fn sync_waits_for_the_disk_for_each_record() {
    let with = count_syncs("child_process_records_three_times_with_sync");
    assert_eq!(
        with, 5,
        "the folder, the header of the segment and three records"
    );
    let without = count_syncs("child_process_records_three_times_without_sync");
    assert_eq!(without, 0);
}
