//! A sample of the crates, compiled: one folder that depends on all of them, so that what they share compiles once.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::generate;
use super::options::Corpus;
use super::outcome::{Ending, Survey};
use observatory_codegen::diag::{Code, Error};
use observatory_codegen::files::{Mode, write_files};
use observatory_codegen::plan::Runtime;
use xtask::cargo;

/// Compiles as many crates as were asked for, and notes those that do not.
pub(super) fn sample(asked: &Corpus, survey: &mut Survey) -> Result<(), Error> {
    let chosen = chosen(survey, asked.check_sample);
    if chosen.is_empty() {
        return Ok(());
    }
    let mut crates: BTreeMap<String, usize> = BTreeMap::new();
    for index in chosen {
        let Some(outcome) = survey.outcomes.get(index) else {
            continue;
        };
        let name = crate_name(&outcome.document);
        let document = asked.folder.join(&outcome.document);
        let runtime = Runtime::Path(asked.runtime.display().to_string());
        let made = generate::generated(&document, &name, runtime)?;
        let home = asked.scratch.join("crates").join(&name);
        write_files(&made.files, &home, Mode::Write)?;
        crates.insert(name, index);
    }
    let folder = manifest(asked, crates.keys())?;
    let faults = check(asked, &folder)?;
    survey.compiled = crates.len();
    for (name, message) in faults {
        match crates
            .get(&name)
            .and_then(|index| survey.outcomes.get_mut(*index))
        {
            Some(outcome) => outcome.ending = Ending::Broken(message),
            None => return Err(Error::new(Code::Io, format!("{name}: {message}"), None)),
        }
    }
    Ok(())
}

/// The documents to compile: so many of those that are whole, evenly spread.
fn chosen(survey: &Survey, count: usize) -> Vec<usize> {
    let whole = survey.outcomes.iter().enumerate();
    let whole = whole.filter(|(_, outcome)| matches!(outcome.ending, Ending::Whole { .. }));
    let whole: Vec<usize> = whole.map(|(index, _)| index).collect();
    let count = count.min(whole.len());
    let spread = (0..count).filter_map(|n| whole.get(n * whole.len() / count));
    spread.copied().collect()
}

/// A name for a document's crate: always the same one, so that what has not changed is not compiled again.
fn crate_name(document: &str) -> String {
    // One sign between words: rustc warns of crates called otherwise.
    let plain = document.to_ascii_lowercase();
    let words = plain.split(|sign: char| !sign.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let plain = words.join("-");
    // Names that differ only in signs would be one; the sum of the bytes with their places tells them apart.
    let sum = document.bytes().fold(0_u32, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u32::from(byte))
    });
    let tail: String = plain.chars().rev().take(60).collect();
    let tail: String = tail.chars().rev().collect();
    format!("doc-{}-{sum:08x}", tail.trim_matches('-'))
}

/// Writes the crate that depends on all the others; what they depend on is locked as ours is.
fn manifest<'n>(
    asked: &Corpus,
    names: impl Iterator<Item = &'n String>,
) -> Result<std::path::PathBuf, Error> {
    let folder = asked.scratch.join("all");
    let package = "[package]\nname = \"all\"\nversion = \"0.0.0\"\nedition = \"2024\"\n";
    let dependency = |name: &String| format!("{name} = {{ path = \"../crates/{name}\" }}\n");
    let dependencies: String = names.map(dependency).collect();
    let text = format!("{package}\n[dependencies]\n{dependencies}\n[workspace]\n");
    let write =
        |path: &Path, text: &str| fs::write(path, text).map_err(|why| Error::io(path, &why));
    let source = folder.join("src");
    fs::create_dir_all(&source).map_err(|why| Error::io(&source, &why))?;
    write(&folder.join("Cargo.toml"), &text)?;
    write(&source.join("lib.rs"), "")?;
    let lock = asked.runtime.join("../../Cargo.lock");
    if lock.is_file() {
        fs::copy(&lock, folder.join("Cargo.lock")).map_err(|why| Error::io(&lock, &why))?;
    }
    Ok(folder)
}

/// The first error of every crate that does not compile; a warning is an error.
fn check(asked: &Corpus, folder: &Path) -> Result<BTreeMap<String, String>, Error> {
    let output = cargo::command()
        .args(["check", "--quiet", "--keep-going", "--message-format=json"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", asked.scratch.join("target"))
        .env("RUSTFLAGS", "-D warnings")
        .output()
        .map_err(|why| Error::io(Path::new("cargo"), &why))?;
    let mut faults: BTreeMap<String, String> = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        if message
            .pointer("/message/level")
            .is_some_and(|level| level == "error")
        {
            let text = |at: &str| {
                message
                    .pointer(at)
                    .and_then(Value::as_str)
                    .unwrap_or_default()
            };
            let name = text("/target/name").replace('_', "-");
            let rendered = text("/message/rendered")
                .lines()
                .take(2)
                .collect::<Vec<_>>();
            faults.entry(name).or_insert_with(|| rendered.join(" "));
        }
    }
    if faults.is_empty() && !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(Error::io_message(Path::new("cargo check"), said));
    }
    Ok(faults)
}
