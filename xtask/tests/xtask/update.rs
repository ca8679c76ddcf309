//! `spec update`.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::thread;

use crate::support::{DOCUMENT, Repo, TestResult};

/// Returns the text of every file below a folder, by path.
fn files_below(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            let text = fs::read_to_string(&path).unwrap_or_default();
            found.insert(path.to_string_lossy().into_owned(), text);
        }
    }
    found
}

/// Starts a server of one document that supports `If-None-Match`, and returns the document's URL.
fn start_server(document: &'static str) -> Result<String, Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = format!("http://{}/openapi.yaml", listener.local_addr()?);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = vec![0; 4096];
            let read = stream.read(&mut request).unwrap_or_default();
            let request = String::from_utf8_lossy(&request[..read]).to_lowercase();
            let response = if request.contains("get /elsewhere") {
                "HTTP/1.1 302 Found\r\nlocation: http://acme.example/\r\ncontent-length: 0\r\n\r\n"
                    .to_owned()
            } else if let Some((_, rest)) = request.split_once("get /status/") {
                let status = rest.get(..3).unwrap_or_default();
                let length = document.len();
                format!(
                    "HTTP/1.1 {status} Text\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{document}"
                )
            } else if request.contains("if-none-match: \"one\"") {
                "HTTP/1.1 304 Not Modified\r\ncontent-length: 0\r\n\r\n".to_owned()
            } else {
                let length = document.len();
                format!(
                    "HTTP/1.1 200 OK\r\netag: \"one\"\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{document}"
                )
            };
            let _ = stream.write_all(response.as_bytes());
        }
    });
    Ok(address)
}

#[test]
fn update_reports_changes_and_regenerates() -> TestResult {
    let repo = Repo::new("update")?;
    repo.run(&["codegen"])?.succeeds();
    let before = files_below(&repo.0);
    let new = DOCUMENT.replace(
        "Thing: {type: object, properties: {",
        "Thing: {type: object, properties: {size: {type: integer}, ",
    );
    repo.put("new.yaml", &new)?;
    repo.run(&["spec", "update", "acme"])?
        .fails()
        .prints("`--from`");
    repo.run(&["spec", "update", "acme", "--from", "new.yaml", "--dry-run"])?
        .succeeds()
        .prints("models::Thing::size: ")
        .prints(" files to write");
    let mut after = files_below(&repo.0);
    after.retain(|path, _| !path.ends_with("new.yaml"));
    assert!(after == before);
    repo.run(&[
        "spec",
        "update",
        "acme",
        "--from",
        "new.yaml",
        "--write-changelog",
    ])?
    .succeeds()
    .prints("0 breaking, 0 wire, 1 additive")
    .prints(" files written");
    assert!(
        repo.read("crates/acme/src/models/shared.rs")?
            .contains("pub size: Option<i64>")
    );
    assert!(repo.read("CHANGELOG.md")?.contains("models::Thing::size"));
    assert!(
        repo.read("specs/acme/vendor.toml")?
            .contains("origin = \"new.yaml\"")
    );
    repo.run(&["codegen", "--check"])?.succeeds();
    repo.run(&["spec", "update", "acme", "--from", "new.yaml"])?
        .succeeds()
        .prints("No changes that affect dependent code.");
    Ok(())
}

#[test]
fn failed_update_changes_no_file() -> TestResult {
    let repo = Repo::new("update-fails")?;
    let overlay = |target: &str| {
        format!(
            "overlay: 1.0.0\ninfo: {{title: Ours, version: 1.0.0}}\nactions:\n- target: {target}\n  description: The reason why.\n  update: {{description: Words.}}\n"
        )
    };
    repo.put(
        "specs/acme/overlay.yaml",
        &overlay("$.components.schemas.Thing"),
    )?;
    repo.run(&["codegen"])?.succeeds();
    repo.put("gone.yaml", &DOCUMENT.replace("Thing", "Item"))?;
    repo.put(
        "updated.yaml",
        &DOCUMENT.replace(
            "Thing: {type: object,",
            "Thing: {type: object, description: Words.,",
        ),
    )?;
    repo.put("broken.yaml", "openapi: 3.0.0\n a: b\n")?;
    repo.put("empty.yaml", "{}\n")?;
    repo.with_gap_in("gap.yaml")?;
    let before = files_below(&repo.0);
    for (from, expected) in [
        ("gone.yaml", "The reason why."),
        ("gone.yaml", "overlay.yaml:4:3"),
        // The changes are shown although the overlay does not match.
        ("gone.yaml", "models::Item: renamed from `Thing`"),
        (
            "gone.yaml",
            "no files are written until these errors are fixed",
        ),
        ("broken.yaml", "broken.yaml:2"),
        ("empty.yaml", "empty.yaml:1"),
        ("gap.yaml", "unused-path-parameter"),
        ("nowhere.yaml", "nowhere.yaml"),
        (
            "http://acme.example/openapi.json",
            "only https URLs are supported",
        ),
        (
            "http://localhost.acme.example/openapi.json",
            "only https URLs are supported",
        ),
    ] {
        repo.run(&["spec", "update", "acme", "--from", from])?
            .fails()
            .prints(expected);
        assert!(files_below(&repo.0) == before, "{from}");
    }
    // Descriptions are stripped, so an equal description of the vendor does not make an action redundant.
    repo.run(&["spec", "update", "acme", "--from", "updated.yaml"])?
        .succeeds();
    let args = [
        "spec",
        "update",
        "acme",
        "--from",
        "updated.yaml",
        "--keep-docs",
    ];
    repo.run(&args)?
        .fails()
        .prints("the action does not change the document at `$.components.schemas.Thing`")
        .prints("The reason why.");
    Ok(())
}

#[test]
fn update_changes_no_file_if_one_cannot_be_written() -> TestResult {
    let repo = Repo::new("update-blocked")?;
    repo.run(&["codegen"])?.succeeds();
    repo.put("new.yaml", &DOCUMENT.replace("[thing]", "[item]"))?;
    // The path of a new file is that of a folder.
    repo.put("crates/acme/src/api/item.rs/file", "")?;
    let before = files_below(&repo.0);
    repo.run(&["spec", "update", "acme", "--from", "new.yaml"])?
        .fails()
        .prints("item.rs");
    assert!(files_below(&repo.0) == before);
    Ok(())
}

#[test]
fn update_sends_the_recorded_etag() -> TestResult {
    let repo = Repo::new("update-server")?;
    let address = start_server(DOCUMENT)?;
    repo.run(&["spec", "update", "acme", "--from", &address])?
        .succeeds();
    let vendor = repo.read("specs/acme/vendor.toml")?;
    assert!(
        vendor.contains(&format!("origin = \"{address}\"")),
        "{vendor}"
    );
    assert!(
        vendor.contains("etag = '\"one\"'") || vendor.contains("etag = \"\\\"one\\\"\""),
        "{vendor}"
    );
    repo.run(&["spec", "update", "acme"])?
        .succeeds()
        .prints("acme: unchanged; the server still has the document of ");
    assert_eq!(repo.read("specs/acme/vendor.toml")?, vendor);
    // Redirects from this machine to others are not followed.
    let elsewhere = address.replace("openapi.yaml", "elsewhere");
    repo.run(&["spec", "update", "acme", "--from", &elsewhere])?
        .fails();
    Ok(())
}

#[test]
fn update_accepts_no_status_but_200() -> TestResult {
    let repo = Repo::new("update-status")?;
    repo.run(&["codegen"])?.succeeds();
    let address = start_server(DOCUMENT)?;
    let before = files_below(&repo.0);
    for status in [
        "201", "202", "203", "206", "226", "300", "301", "302", "304", "307", "400", "401", "404",
        "429", "500", "503", "599", "999",
    ] {
        let from = address.replace("openapi.yaml", &format!("status/{status}"));
        repo.run(&["spec", "update", "acme", "--from", &from])?
            .fails()
            .prints(&format!("expected status 200 OK, found {status}"));
    }
    assert!(files_below(&repo.0) == before);
    Ok(())
}

#[test]
fn update_contacts_no_other_host_without_https() -> TestResult {
    let repo = Repo::new("update-hosts")?;
    for (from, message) in [
        (
            "http://localhost:1@127.0.0.2/doc",
            "has a user name or a password",
        ),
        (
            "http://127.0.0.1@acme.example/doc",
            "has a user name or a password",
        ),
        (
            "http://[::1]:80@acme.example/doc",
            "has a user name or a password",
        ),
        (
            "https://user:password@acme.example/",
            "has a user name or a password",
        ),
        (
            "http://127.0.0.1.acme.example/",
            "only https URLs are supported",
        ),
        ("HTTP://acme.example/", "only https URLs are supported"),
        ("http://localhost.:1/", "only https URLs are supported"),
        ("http://127.0.0.2/", "only https URLs are supported"),
        ("http:///localhost", "the URL is not valid"),
        ("http://localhost\\@acme.example/", "the URL is not valid"),
        ("ftp://localhost/doc", "only https URLs are supported"),
        ("file:///etc/passwd", "the URL is not valid"),
    ] {
        let run = repo.run(&["spec", "update", "acme", "--from", from])?;
        let run = run.fails().prints(message);
        let shown = format!("{}{}", run.out, run.err);
        assert!(!shown.contains("user:password"), "{shown}");
    }
    Ok(())
}

/// Tests with documents of `../shared`, which are not part of the repository.
mod with_shared {
    use super::*;
    use crate::support::shared;

    #[test]
    #[ignore = "needs ../shared: two versions of Galileo's document"]
    fn update_of_galileo_reports_the_renamed_key_header_first() -> TestResult {
        let old = shared("vendor-docs/history/galileo-2026-07-01.yaml");
        let new = shared("vendor-docs/galileo.yaml");
        let repo = Repo::new("galileo")?;
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs/galileo");
        for name in ["vendor.toml", "overlay.yaml", "names.lock", "guide.md"] {
            let text = fs::read_to_string(own.join(name))?;
            repo.put(&format!("specs/galileo/{name}"), &text)?;
        }
        let (old, new) = (old.display().to_string(), new.display().to_string());
        repo.run(&["spec", "pin", "galileo", "--from", &old])?
            .succeeds();
        let before = files_below(&repo.0);
        let args = ["spec", "update", "galileo", "--from", &new];
        let run = repo.run(&[&args[..], &["--dry-run"]].concat())?.succeeds();
        let first = run
            .out
            .lines()
            .find(|line| line.starts_with("  "))
            .unwrap_or_default();
        assert!(first.contains("Splunk-AO-API-Key"), "{first}");
        assert!(files_below(&repo.0) == before);
        repo.run(&args)?.succeeds();
        // The generated crate equals the one in this repository, and no name has changed.
        let lock = repo.read("specs/galileo/names.lock")?;
        assert!(lock == fs::read_to_string(own.join("names.lock"))?);
        let kept = files_below(&own.join("../../crates/galileo/src/models"));
        assert_eq!(
            files_below(&repo.0.join("crates/galileo/src/models")).len(),
            kept.len()
        );
        repo.run(&["codegen", "--check", "galileo"])?.succeeds();
        Ok(())
    }
}
