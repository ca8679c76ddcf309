//! Tests of writing generated files.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use observatory_codegen::diag::Code;
use observatory_codegen::files::{
    FileDiff, Files, GENERATED_MARKER, Mode, WriteReport, write_files,
};

type TestResult = Result<(), Box<dyn Error>>;

/// Creates an empty folder.
fn empty_dir(name: &str) -> Result<PathBuf, Box<dyn Error>> {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("files")
        .join(name);
    if root.exists() {
        fs::remove_dir_all(&root)?;
    }
    fs::create_dir_all(&root)?;
    Ok(root)
}

fn files(paths: &[(&str, &str)]) -> Files {
    let mut files = Files::default();
    for (path, text) in paths {
        files.insert((*path).to_owned(), *text);
    }
    files
}

fn write_file(root: &Path, path: &str, text: &str) -> TestResult {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap_or(root))?;
    Ok(fs::write(path, text)?)
}

fn paths(changes: &[FileDiff]) -> Vec<&str> {
    changes.iter().map(|change| change.path.as_str()).collect()
}

/// Returns the text of a generated file.
fn generated(rest: &str) -> String {
    format!("{GENERATED_MARKER}cargo xtask codegen a`\n{rest}")
}

#[test]
fn writes_only_files_that_differ() -> TestResult {
    let root = empty_dir("differs")?;
    write_file(&root, "src/lib.rs", "same")?;
    write_file(&root, "src/old.rs", "before")?;
    let old = fs::metadata(root.join("src/lib.rs"))?.modified()?;
    let expected = files(&[
        ("src/lib.rs", "same"),
        ("src/old.rs", "after"),
        ("src/a/new.rs", "new"),
    ]);
    let report = write_files(&expected, &root, Mode::Write)?;
    assert_eq!(
        (paths(&report.written), report.unchanged),
        (vec!["src/a/new.rs", "src/old.rs"], 1)
    );
    assert_eq!(fs::read_to_string(root.join("src/old.rs"))?, "after");
    assert_eq!(fs::read_to_string(root.join("src/a/new.rs"))?, "new");
    assert_eq!(fs::metadata(root.join("src/lib.rs"))?.modified()?, old);
    let again = write_files(&expected, &root, Mode::Write)?;
    assert!(again.is_clean());
    assert_eq!(again.unchanged, 3);
    assert_eq!(
        fs::read_dir(root.join("src"))?.count(),
        3,
        "no temporary file is left"
    );
    Ok(())
}

#[test]
fn check_and_dry_run_change_nothing() -> TestResult {
    let root = empty_dir("looking")?;
    write_file(&root, "src/a.rs", "before")?;
    write_file(&root, "src/orphan.rs", &generated(""))?;
    for mode in [Mode::Check, Mode::DryRun] {
        let report: WriteReport = write_files(
            &files(&[("src/a.rs", "after"), ("b.rs", "new")]),
            &root,
            mode,
        )?;
        assert_eq!(
            (paths(&report.written), paths(&report.removed)),
            (vec!["b.rs", "src/a.rs"], vec!["src/orphan.rs"])
        );
        let texts = report
            .written
            .last()
            .map(|change| (change.before.as_str(), &*change.after));
        assert_eq!(texts, Some(("before", "after")));
        assert!(!report.is_clean());
    }
    assert_eq!(fs::read_to_string(root.join("src/a.rs"))?, "before");
    assert!(root.join("src/orphan.rs").exists() && !root.join("b.rs").exists());
    Ok(())
}

#[test]
fn removes_orphans_and_empty_folders() -> TestResult {
    let root = empty_dir("orphans")?;
    write_file(&root, "src/models/gone/a.rs", &generated("a"))?;
    write_file(&root, "src/models/kept.rs", &generated("kept"))?;
    write_file(&root, "src/models/mine.rs", "// hand-written\n")?;
    write_file(
        &root,
        "src/late.rs",
        &format!("\n{}", generated("the marker is not on the first line")),
    )?;
    for path in ["src/ext/a.rs", "examples/a.rs", "tests/a.rs"] {
        write_file(&root, path, &generated("copied"))?;
    }
    let report = write_files(
        &files(&[("src/models/kept.rs", &generated("kept"))]),
        &root,
        Mode::Write,
    )?;
    assert_eq!(paths(&report.removed), ["src/models/gone/a.rs"]);
    assert!(!root.join("src/models/gone").exists());
    for kept in [
        "src/models/kept.rs",
        "src/models/mine.rs",
        "src/late.rs",
        "src/ext/a.rs",
        "examples/a.rs",
        "tests/a.rs",
    ] {
        assert!(root.join(kept).exists(), "{kept}");
    }
    Ok(())
}

#[test]
fn rejects_paths_outside_the_crate_and_hand_written_paths() -> TestResult {
    let root = empty_dir("outside")?;
    for path in [
        "",
        "/a",
        "../a",
        "a/../../b",
        "./a/..",
        "src/ext/mod.rs",
        "src/ext",
        "examples/a.rs",
        "tests/a.rs",
        "a\\b",
        "c:a",
    ] {
        let expected = files(&[("aaa.rs", "first"), (path, "text")]);
        let code = write_files(&expected, &root, Mode::Write)
            .err()
            .map(|error| error.code());
        assert_eq!(code, Some(Code::PathOutside), "{path}");
    }
    assert_eq!(
        fs::read_dir(&root)?.count(),
        0,
        "nothing is written when anything is refused"
    );
    assert!(write_files(&files(&[("src/extra.rs", "")]), &root, Mode::Write).is_ok());
    Ok(())
}

#[test]
fn changes_nothing_if_a_file_cannot_be_written() -> TestResult {
    let root = empty_dir("half")?;
    write_file(&root, "a.rs", "before")?;
    // The second file has the path of a folder.
    write_file(&root, "b.rs/inside", "")?;
    assert!(
        write_files(
            &files(&[("a.rs", "after"), ("b.rs", "text")]),
            &root,
            Mode::Write
        )
        .is_err()
    );
    // The folder of the second file has the path of a file.
    write_file(&root, "c", "")?;
    assert!(
        write_files(
            &files(&[("a.rs", "after"), ("c/d.rs", "text")]),
            &root,
            Mode::Write
        )
        .is_err()
    );
    assert_eq!(fs::read_to_string(root.join("a.rs"))?, "before");
    assert_eq!(fs::read_dir(&root)?.count(), 3, "no temporary file is left");
    Ok(())
}

#[test]
fn creates_a_new_folder_completely_or_not_at_all() -> TestResult {
    let root = empty_dir("new")?;
    let crate_dir = root.join("a/crate");
    let expected = files(&[
        ("Cargo.toml", "[package]"),
        ("src/lib.rs", "mod a;"),
        ("src/models/a.rs", "a"),
    ]);
    let temporary = root.join("a.tmp-codegen");
    write_file(&temporary, "crate/src/of_last_time.rs", "")?;
    assert_eq!(
        write_files(&expected, &crate_dir, Mode::Write)?
            .written
            .len(),
        3
    );
    assert_eq!(fs::read_to_string(crate_dir.join("src/models/a.rs"))?, "a");
    assert!(!crate_dir.join("src/of_last_time.rs").exists());
    assert!(!temporary.exists());
    // A new folder in an existing crate.
    let more = files(&[("src/api/b.rs", "b"), ("src/api/c/d.rs", "d")]);
    assert_eq!(
        write_files(&more, &crate_dir, Mode::Write)?.written.len(),
        2
    );
    assert_eq!(fs::read_to_string(crate_dir.join("src/api/c/d.rs"))?, "d");
    // A path with `..`.
    let up = root.join("nowhere/../a/other");
    assert_eq!(write_files(&expected, &up, Mode::Write)?.written.len(), 3);
    assert_eq!(
        fs::read_to_string(root.join("a/other/src/lib.rs"))?,
        "mod a;"
    );
    fs::remove_dir(root.join("nowhere"))?;
    // A file and a folder with the same path.
    let other = root.join("other");
    let clash = files(&[("src/a", "file"), ("src/a/b.rs", "below it")]);
    assert!(write_files(&clash, &other, Mode::Write).is_err());
    assert!(!other.exists());
    assert_eq!(fs::read_dir(&root)?.count(), 1, "no temporary file is left");
    Ok(())
}

#[cfg(unix)]
#[test]
fn does_not_follow_symbolic_links() -> TestResult {
    let root = empty_dir("links")?;
    let other = empty_dir("links-elsewhere")?;
    write_file(&other, "linked.rs", &generated("linked"))?;
    fs::create_dir_all(root.join("src"))?;
    std::os::unix::fs::symlink(&other, root.join("src/link"))?;
    let report = write_files(&files(&[("src/lib.rs", "")]), &root, Mode::Write)?;
    assert!(report.removed.is_empty());
    assert!(write_files(&files(&[("src/link/a.rs", "")]), &root, Mode::Write).is_err());
    assert_eq!(fs::read_dir(&other)?.count(), 1);
    Ok(())
}
