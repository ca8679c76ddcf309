//! Tests of writing generated files.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use observatory_codegen::diag::Code;
use observatory_codegen::files::{
    FileDiff, Files, GENERATED_MARKER, Mode, Ownership, TargetDir, WriteReport, commit_all,
    write_files,
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
    write_file(&root, "src/old.rs", &generated("before"))?;
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
    write_file(&root, "src/a.rs", &generated("before"))?;
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
        assert_eq!(texts, Some((generated("before").as_str(), "after")));
        assert!(!report.is_clean());
    }
    assert_eq!(
        fs::read_to_string(root.join("src/a.rs"))?,
        generated("before")
    );
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
    write_file(&root, "a.rs", &generated("before"))?;
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
    assert_eq!(fs::read_to_string(root.join("a.rs"))?, generated("before"));
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
    let temporary = root.join(".a.0123456789abcdef.tmp-codegen");
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

/// Returns the files of a crate in which every line has the same word.
fn crate_of(word: &str) -> Files {
    let text = generated(&format!("{word}\n").repeat(50));
    let paths: Vec<String> = (0..60).map(|i| format!("src/models/m{i}.rs")).collect();
    let paths: Vec<(&str, &str)> = paths
        .iter()
        .map(|path| (path.as_str(), text.as_str()))
        .collect();
    files(&paths)
}

#[test]
fn concurrent_runs_leave_the_crate_of_one_of_them() -> TestResult {
    for is_new in [true, false] {
        for _ in 0..10 {
            let root = empty_dir("concurrent")?.join("new/crate");
            if !is_new {
                write_files(&crate_of("none"), &root, Mode::Write)?;
            }
            let run = |word: &'static str| {
                let root = root.clone();
                std::thread::spawn(move || write_files(&crate_of(word), &root, Mode::Write).is_ok())
            };
            for thread in ["one", "two", "three"].map(run) {
                assert!(thread.join().is_ok_and(|is_ok| is_ok));
            }
            let mut texts = Vec::new();
            for entry in fs::read_dir(root.join("src/models"))? {
                texts.push(fs::read_to_string(entry?.path())?);
            }
            texts.dedup();
            assert_eq!(texts.len(), 1, "{texts:?}");
            assert_eq!(fs::read_dir(&root)?.count(), 1, "no lock file is left");
        }
    }
    Ok(())
}

/// A run that waited must not write next to one that has locked the new lock file.
#[cfg(unix)]
#[test]
fn waits_for_the_lock_file_that_replaced_another_one() -> TestResult {
    use std::time::Duration;

    let root = empty_dir("replaced-lock")?;
    let path = root.join(".codegen-lock");
    let first = fs::File::create(&path)?;
    first.lock()?;
    let (sender, receiver) = std::sync::mpsc::channel();
    let folder = root.clone();
    std::thread::spawn(move || {
        let result = write_files(&crate_of("one"), &folder, Mode::Write);
        sender.send(result.is_ok())
    });
    std::thread::sleep(Duration::from_millis(300));
    fs::remove_file(&path)?;
    let second = fs::File::create(&path)?;
    second.lock()?;
    drop(first);
    assert!(receiver.recv_timeout(Duration::from_millis(300)).is_err());
    drop(second);
    assert!(receiver.recv_timeout(Duration::from_secs(60))?);
    Ok(())
}

#[test]
fn removes_what_an_interrupted_run_has_left() -> TestResult {
    let root = empty_dir("interrupted")?;
    let temporary = ".0123456789abcdef.tmp-codegen";
    write_file(&root, temporary, "# @gen")?;
    write_file(&root, &format!("src/models/{temporary}"), "// @gen")?;
    write_file(&root, ".codegen-lock", "")?;
    // An earlier version named them so.
    write_file(&root, "src/models/a.rs.tmp-codegen", &generated("a"))?;
    let expected = files(&[("src/models/a.rs", &generated("a"))]);
    write_files(&expected, &root, Mode::Write)?;
    assert_eq!(fs::read_dir(&root)?.count(), 1, "only src");
    assert_eq!(fs::read_dir(root.join("src/models"))?.count(), 1);
    Ok(())
}

#[test]
fn keeps_files_whose_names_resemble_temporary_ones() -> TestResult {
    let root = empty_dir("resembling")?;
    let kept = [
        "mine.tmp-codegen",
        ".123.tmp-codegen",
        ".0123456789abcdeg.tmp-codegen",
        ".0123456789abcdef.tmp",
        "src/notes.tmp-codegen",
    ];
    for path in kept {
        write_file(&root, path, "mine")?;
    }
    write_files(
        &files(&[("src/lib.rs", &generated(""))]),
        &root,
        Mode::Write,
    )?;
    for path in kept {
        assert_eq!(fs::read_to_string(root.join(path))?, "mine", "{path}");
    }
    Ok(())
}

#[test]
fn does_not_overwrite_files_that_were_not_generated() -> TestResult {
    let root = empty_dir("foreign")?;
    let expected = files(&[
        ("Cargo.toml", "# @generated by `a`\n[package]\n"),
        ("README.md", "<!-- @generated by `a` -->\n# A\n"),
        ("rustfmt.toml", "# @generated by `a`\n"),
        ("src/lib.rs", &generated("lib")),
        ("src/new.rs", &generated("new")),
    ]);
    for path in ["Cargo.toml", "README.md", "rustfmt.toml", "src/lib.rs"] {
        fs::remove_dir_all(&root)?;
        write_file(&root, path, "mine")?;
        let error = write_files(&expected, &root, Mode::Write).err();
        let error = error.ok_or("the file is overwritten")?;
        assert_eq!(error.code(), Code::ForeignFile, "{error}");
        assert!(error.to_string().contains(path), "{error}");
        assert_eq!(fs::read_to_string(root.join(path))?, "mine");
        assert!(!root.join("src/new.rs").exists());
        let target = TargetDir {
            root: root.clone(),
            display_path: String::new(),
            files: expected.clone(),
            ownership: Ownership::Overwritten,
        };
        commit_all(&[target], Mode::Write)?;
        // What was generated once is updated.
        write_files(&expected, &root, Mode::Write)?;
    }
    Ok(())
}

#[test]
fn removes_nothing_from_an_edited_folder() -> TestResult {
    let root = empty_dir("edited")?;
    write_file(&root, "src/lib.rs", &generated("of another crate"))?;
    write_file(&root, "notes.md", "mine")?;
    let target = TargetDir {
        root: root.clone(),
        display_path: String::new(),
        files: files(&[("notes.md", "edited")]),
        ownership: Ownership::Edited,
    };
    // The same folder twice, in another spelling.
    let other = TargetDir {
        root: root.join("../edited"),
        files: files(&[("more.md", "more")]),
        ..target.clone()
    };
    commit_all(&[target, other], Mode::Write)?;
    assert_eq!(fs::read_to_string(root.join("notes.md"))?, "edited");
    assert_eq!(fs::read_to_string(root.join("more.md"))?, "more");
    assert!(root.join("src/lib.rs").exists());
    Ok(())
}

#[cfg(unix)]
#[test]
fn writes_through_no_link() -> TestResult {
    let root = empty_dir("planted")?;
    let victim = empty_dir("planted-elsewhere")?.join("victim");
    fs::write(&victim, "precious")?;
    fs::create_dir_all(root.join("src"))?;
    let link = |path: &str| std::os::unix::fs::symlink(&victim, root.join(path));
    link("src/lib.rs.tmp-codegen")?;
    link("src/.0123456789abcdef.tmp-codegen")?;
    let expected = files(&[("src/lib.rs", &generated("lib"))]);
    write_files(&expected, &root, Mode::Write)?;
    assert!(!root.join("src/lib.rs").is_symlink());
    link(".codegen-lock")?;
    assert!(write_files(&expected, &root, Mode::Write).is_err());
    fs::remove_file(root.join(".codegen-lock"))?;
    fs::hard_link(&victim, root.join(".codegen-lock"))?;
    write_files(&expected, &root, Mode::Write)?;
    assert_eq!(fs::read_to_string(&victim)?, "precious");
    Ok(())
}

/// Reading a device would not end, and opening a pipe would wait for its other end.
#[cfg(unix)]
#[test]
fn does_not_read_devices_and_pipes_in_place_of_files() -> TestResult {
    let root = empty_dir("devices")?;
    write_file(&root, "Cargo.toml", "")?;
    fs::create_dir_all(root.join("src"))?;
    std::os::unix::fs::symlink("/dev/zero", root.join("src/lib.rs"))?;
    let pipe = root.join("src/pipe.rs");
    let status = std::process::Command::new("mkfifo").arg(&pipe).status()?;
    assert!(status.success());
    let text = generated("new");
    for path in ["src/lib.rs", "src/pipe.rs"] {
        let error = write_files(&files(&[(path, &text)]), &root, Mode::Write).unwrap_err();
        assert_eq!(error.code(), Code::ForeignFile, "{path}: {error}");
    }
    // Neither is removed as a file that is not generated any more.
    let report = write_files(&files(&[("src/new.rs", &text)]), &root, Mode::Write)?;
    assert_eq!(paths(&report.removed), [] as [&str; 0]);
    Ok(())
}

#[cfg(unix)]
#[test]
fn writes_no_file_through_links_to_folders_and_hard_links() -> TestResult {
    let root = empty_dir("links-to-folders")?;
    let outside = empty_dir("outside-of-links")?;
    let text = generated("new");
    std::os::unix::fs::symlink(&outside, root.join("src"))?;
    let result = write_files(&files(&[("src/models/a.rs", &text)]), &root, Mode::Write);
    assert_eq!(result.unwrap_err().code(), Code::PathOutside);
    assert!(!outside.join("models").exists());
    fs::remove_file(root.join("src"))?;
    // A hard link is replaced, so that the other file keeps its text.
    let before = generated("before");
    write_file(&outside, "victim.rs", &before)?;
    fs::create_dir_all(root.join("src"))?;
    fs::hard_link(outside.join("victim.rs"), root.join("src/lib.rs"))?;
    write_files(&files(&[("src/lib.rs", &text)]), &root, Mode::Write)?;
    assert_eq!(fs::read_to_string(outside.join("victim.rs"))?, before);
    assert_eq!(fs::read_to_string(root.join("src/lib.rs"))?, text);
    Ok(())
}
