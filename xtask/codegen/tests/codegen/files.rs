//! Files: written when they differ, removed when nobody makes them, and never where people write.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use observatory_codegen::diag::Code;
use observatory_codegen::files::{
    FileDiff, Files, GENERATED_MARKER, Mode, WriteReport, write_files,
};

type Outcome = Result<(), Box<dyn Error>>;

/// An empty folder.
fn fresh(name: &str) -> Result<PathBuf, Box<dyn Error>> {
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

fn put(root: &Path, path: &str, text: &str) -> Outcome {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap_or(root))?;
    Ok(fs::write(path, text)?)
}

fn paths(changes: &[FileDiff]) -> Vec<&str> {
    changes.iter().map(|change| change.path.as_str()).collect()
}

/// A generated file.
fn generated(rest: &str) -> String {
    format!("{GENERATED_MARKER}cargo xtask codegen a`\n{rest}")
}

#[test]
fn only_what_differs_is_written() -> Outcome {
    let root = fresh("differs")?;
    put(&root, "src/lib.rs", "same")?;
    put(&root, "src/old.rs", "before")?;
    let old = fs::metadata(root.join("src/lib.rs"))?.modified()?;
    let wanted = files(&[
        ("src/lib.rs", "same"),
        ("src/old.rs", "after"),
        ("src/a/new.rs", "new"),
    ]);
    let report = write_files(&wanted, &root, Mode::Write)?;
    assert_eq!(
        (paths(&report.written), report.unchanged),
        (vec!["src/a/new.rs", "src/old.rs"], 1)
    );
    assert_eq!(fs::read_to_string(root.join("src/old.rs"))?, "after");
    assert_eq!(fs::read_to_string(root.join("src/a/new.rs"))?, "new");
    assert_eq!(fs::metadata(root.join("src/lib.rs"))?.modified()?, old);
    let again = write_files(&wanted, &root, Mode::Write)?;
    assert!(again.is_clean());
    assert_eq!(again.unchanged, 3);
    assert_eq!(
        fs::read_dir(root.join("src"))?.count(),
        3,
        "nothing unfinished is left"
    );
    Ok(())
}

#[test]
fn looking_changes_nothing() -> Outcome {
    let root = fresh("looking")?;
    put(&root, "src/a.rs", "before")?;
    put(&root, "src/orphan.rs", &generated(""))?;
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
fn orphans_go_and_with_them_the_folders_they_leave_empty() -> Outcome {
    let root = fresh("orphans")?;
    put(&root, "src/models/gone/a.rs", &generated("a"))?;
    put(&root, "src/models/kept.rs", &generated("kept"))?;
    put(&root, "src/models/mine.rs", "// by hand\n")?;
    put(
        &root,
        "src/late.rs",
        &format!("\n{}", generated("the marker is not on the first line")),
    )?;
    for theirs in ["src/ext/a.rs", "examples/a.rs", "tests/a.rs"] {
        put(&root, theirs, &generated("copied by hand"))?;
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
fn no_path_leads_outside_or_to_where_people_write() -> Outcome {
    let root = fresh("outside")?;
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
        let wanted = files(&[("aaa.rs", "first"), (path, "text")]);
        let code = write_files(&wanted, &root, Mode::Write)
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
fn a_file_that_cannot_be_written_leaves_the_others_as_they_were() -> Outcome {
    let root = fresh("half")?;
    put(&root, "a.rs", "before")?;
    // A folder stands where the second file should go.
    put(&root, "b.rs/inside", "")?;
    assert!(
        write_files(
            &files(&[("a.rs", "after"), ("b.rs", "text")]),
            &root,
            Mode::Write
        )
        .is_err()
    );
    // A file stands where its folder should go.
    put(&root, "c", "")?;
    assert!(
        write_files(
            &files(&[("a.rs", "after"), ("c/d.rs", "text")]),
            &root,
            Mode::Write
        )
        .is_err()
    );
    assert_eq!(fs::read_to_string(root.join("a.rs"))?, "before");
    assert_eq!(
        fs::read_dir(&root)?.count(),
        3,
        "nothing unfinished is left"
    );
    Ok(())
}

#[test]
fn a_new_folder_is_there_whole_or_not_at_all() -> Outcome {
    let root = fresh("new")?;
    let krate = root.join("a/crate");
    let wanted = files(&[
        ("Cargo.toml", "[package]"),
        ("src/lib.rs", "mod a;"),
        ("src/models/a.rs", "a"),
    ]);
    let unfinished = root.join("a.tmp-codegen");
    put(&unfinished, "crate/src/of_last_time.rs", "")?;
    assert_eq!(write_files(&wanted, &krate, Mode::Write)?.written.len(), 3);
    assert_eq!(fs::read_to_string(krate.join("src/models/a.rs"))?, "a");
    assert!(!krate.join("src/of_last_time.rs").exists());
    assert!(!unfinished.exists());
    // A folder that comes later.
    let more = files(&[("src/api/b.rs", "b"), ("src/api/c/d.rs", "d")]);
    assert_eq!(write_files(&more, &krate, Mode::Write)?.written.len(), 2);
    assert_eq!(fs::read_to_string(krate.join("src/api/c/d.rs"))?, "d");
    // A way that leads up again.
    let up = root.join("nowhere/../a/other");
    assert_eq!(write_files(&wanted, &up, Mode::Write)?.written.len(), 3);
    assert_eq!(
        fs::read_to_string(root.join("a/other/src/lib.rs"))?,
        "mod a;"
    );
    fs::remove_dir(root.join("nowhere"))?;
    // Something that cannot be: the same name for a file and for a folder.
    let other = root.join("other");
    let clash = files(&[("src/a", "file"), ("src/a/b.rs", "below it")]);
    assert!(write_files(&clash, &other, Mode::Write).is_err());
    assert!(!other.exists());
    assert_eq!(
        fs::read_dir(&root)?.count(),
        1,
        "nothing unfinished is left"
    );
    Ok(())
}

#[cfg(unix)]
#[test]
fn symbolic_links_are_not_followed() -> Outcome {
    let root = fresh("links")?;
    let other = fresh("links-elsewhere")?;
    put(&other, "theirs.rs", &generated("elsewhere"))?;
    fs::create_dir_all(root.join("src"))?;
    std::os::unix::fs::symlink(&other, root.join("src/link"))?;
    let report = write_files(&files(&[("src/lib.rs", "")]), &root, Mode::Write)?;
    assert!(report.removed.is_empty());
    assert!(write_files(&files(&[("src/link/a.rs", "")]), &root, Mode::Write).is_err());
    assert_eq!(fs::read_dir(&other)?.count(), 1);
    Ok(())
}
