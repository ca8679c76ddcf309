//! `spec add`.

use crate::support::{DOCUMENT, Repo, TestResult};

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
