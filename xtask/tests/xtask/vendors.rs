//! `spec add` and `spec update`.

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
fn add_drafts_the_configuration_with_reasons() -> TestResult {
    let repo = Repo::new("add")?;
    repo.put("README.md", "# R\n\n| crate | vendor | operations | schemas |\n| --- | --- | ---: | ---: |\n| [`observatory-acme`](crates/acme) | Acme | 9 | 9 |\n\nMore.\n")?;
    repo.put("published.yaml", DOCUMENT)?;
    repo.run(&["spec", "add", "new", "--from", "published.yaml"])?
        .succeeds()
        .prints("new          1 operations, 1 types; ")
        .prints("next: verify the draft in specs/new/vendor.toml");
    let vendor = repo.read("specs/new/vendor.toml")?;
    for line in [
        "# Derived from the folder's name; the document's title is \"Acme\".",
        "title = \"New\"",
        "env = [\"NEW_BASE_URL\"]",
        "# The document lists no server",
        "# The document has no security scheme.",
        "# No parameter of the document selects a page.",
        "sha256 = \"",
    ] {
        assert!(vendor.contains(line), "{line}: {vendor}");
    }
    assert!(repo.read("specs/new/overlay.yaml")?.contains("actions: []"));
    assert!(!repo.read("specs/new/openapi.yaml")?.contains("Prose."));
    assert!(repo.has("crates/new/src/api/thing.rs"));
    assert!(repo.has("specs/new/names.lock"));
    let readme = repo.read("README.md")?;
    assert!(
        readme.contains(
            "| Acme | 9 | 9 |\n| [`observatory-new`](crates/new) | New | 1 | 1 |\n\nMore."
        ),
        "{readme}"
    );
    repo.run(&["codegen", "--check", "new"])?.succeeds();
    repo.run(&["spec", "add", "new", "--from", "published.yaml"])?
        .fails()
        .prints("already exists")
        .prints("cargo xtask spec update new");
    // The row of the other vendor is outdated; `codegen` updates it.
    repo.run(&["codegen"])?
        .succeeds()
        .prints("README.md    table of vendors updated");
    assert!(repo.read("README.md")?.contains("| Acme | 1 | 1 |"));
    repo.run(&["codegen", "--check"])?.succeeds();
    Ok(())
}

#[test]
fn add_drafts_the_configuration_from_the_document() -> TestResult {
    let repo = Repo::new("draft")?;
    let document = "openapi: 3.0.3
info: {title: \"A\\nB\", version: '1'}
servers: [{url: 'https://acme.example'}]
security: [{token: []}]
paths:
  /a:
    get:
      operationId: a
      parameters: [{name: cursor, in: query, schema: {type: string}}]
      responses: {'200': {description: '', headers: {Acme-Request-Id: {schema: {type: string}}}, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}
  /b: {get: {operationId: b, security: [{pair: []}], responses: {'200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}
  /c: {get: {operationId: c, responses: {'200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}
components:
  securitySchemes:
    pair: {type: http, scheme: basic}
    token: {type: apiKey, in: header, name: authorization}
  schemas:
    A: {type: object, required: [data, error], properties: {data: {type: string}, error: {type: string, nullable: true}}}
";
    repo.put("published.yaml", document)?;
    repo.run(&["spec", "add", "my-acme", "--from", "published.yaml"])?
        .succeeds();
    let vendor = repo.read("specs/my-acme/vendor.toml")?;
    for line in [
        "the document's title is \"A B\"",
        "request-id-headers = [\"acme-request-id\"]",
        "# Servers of the document: https://acme.example.",
        "# Used by 2 operations.\n[[credential]]\nscheme = \"token\"\n",
        "env = [\"MY_ACME_API_KEY\"]\nprefix = \"Bearer \"",
        "# Used by 1 operations.\n[[credential]]\nscheme = \"pair\"\n",
        "env = [\"MY_ACME_USERNAME\"]\npassword-env = [\"MY_ACME_PASSWORD\"]",
        "`cursor` (1)",
        "# 3 of 3 JSON responses are `{data, error}` objects.\n[[envelope]]",
    ] {
        assert!(vendor.contains(line), "{line}: {vendor}");
    }
    Ok(())
}

/// Keys must not go to a server on this machine, or to another product, by accident.
#[test]
fn add_ranks_servers_and_credentials_and_finds_their_variables() -> TestResult {
    let repo = Repo::new("draft-ranks")?;
    let document = "openapi: 3.0.3
info: {title: Acme API, version: '1', description: 'Set ACME_SERVICE_KEY, ACME_HOST and OPENAI_API_KEY.'}
servers: [{url: 'http://localhost:5173/api'}, {url: 'http://acme.example'}, {url: 'https://acme.example/api'}]
security: [{Bearer Auth: []}, {API Key: []}, {Tenant ID: []}]
paths:
  /v1/projects: {get: {operationId: list, responses: {'200': {description: ''}}}}
  /v1/me: {get: {operationId: me, security: [{Bearer Auth: []}], responses: {'200': {description: ''}}}}
  /v1/scores: {post: {operationId: score, responses: {'200': {description: ''}}}}
  /v1/traces:
    post:
      operationId: log
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Traces'}}}}
      responses: {'200': {description: ''}}
components:
  securitySchemes:
    Bearer Auth: {type: http, scheme: bearer}
    API Key: {type: apiKey, in: header, name: X-API-Key}
    Tenant ID: {type: apiKey, in: header, name: X-Tenant-Id}
  schemas:
    Traces: {type: object, required: [traces], properties: {traces: {type: array, items: {$ref: '#/components/schemas/Trace'}}}}
    Trace:
      type: object
      required: [start_time, kind]
      properties:
        start_time: {type: string, format: date-time}
        kind: {type: string, enum: [llm, tool]}
        input: {type: string}
";
    repo.put("published.yaml", document)?;
    repo.run(&["spec", "add", "acme-two", "--from", "published.yaml"])?
        .succeeds();
    let vendor = repo.read("specs/acme-two/vendor.toml")?;
    let position = |text: &str| {
        let found = vendor.find(text);
        found.ok_or_else(|| format!("no {text} in {vendor}"))
    };
    let in_order = [
        "[[server]]\nname = \"production\"\nurl = \"https://acme.example/api\"",
        "url = \"http://acme.example\"",
        "name = \"local\"\nurl = \"http://localhost:5173/api\"",
        "[base-url]\nenv = [\"ACME_HOST\"]",
        "scheme = \"API Key\"\n# The text of the document names these variables.\nenv = [\"ACME_SERVICE_KEY\"]",
        "scheme = \"Bearer Auth\"\n# The conventional name of the variable.\nenv = [\"ACME_TWO_BEARER_AUTH\"]",
        "scheme = \"Tenant ID\"\n# The conventional name of the variable.\nenv = [\"ACME_TWO_TENANT_ID\"]",
        "[quick-start]\noperation = \"#/paths/~1v1~1traces/post\"",
    ];
    let mut last = 0;
    for text in in_order {
        let at = position(text)?;
        assert!(at > last, "{text}: {vendor}");
        last = at;
    }
    assert!(!vendor.contains("OPENAI"), "{vendor}");
    let client = repo.read("crates/acme-two/src/client.rs")?;
    assert!(
        client.contains("servers: &[PRODUCTION, SERVER_1, LOCAL]"),
        "{client}"
    );
    let readme = repo.read("crates/acme-two/README.md")?;
    let without_spaces = |text: &str| {
        text.split_whitespace()
            .collect::<String>()
            .replace(",)", ")")
            .replace(",]", "]")
    };
    let call = "client.traces().log(models::Traces::new([models::Trace::new(SystemTime::now(), models::TraceKind::Llm).input(\"input\")])).await?;";
    assert!(
        without_spaces(&readme).contains(&without_spaces(call)),
        "{readme}"
    );
    assert!(readme.lines().all(|line| line.len() <= 130), "{readme}");
    Ok(())
}

/// The document is kept, so that an overlay can correct it.
#[test]
fn add_writes_no_crate_for_a_document_with_gaps() -> TestResult {
    let repo = Repo::new("add-gap")?;
    repo.with_gap()?;
    let gap = repo.read("specs/acme/openapi.yaml")?;
    repo.put("published.yaml", &gap)?;
    repo.run(&["spec", "add", "new", "--from", "published.yaml"])?
        .fails()
        .prints("unused-path-parameter")
        .prints("specs/new is written");
    assert!(repo.has("specs/new/overlay.yaml") && !repo.has("crates/new"));
    repo.put("broken.yaml", "openapi: 3.0.0\n a: b\n")?;
    repo.run(&["spec", "add", "broken", "--from", "broken.yaml"])?
        .fails();
    assert!(!repo.has("specs/broken"));
    Ok(())
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
        for name in ["vendor.toml", "overlay.yaml", "names.lock"] {
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
