//! The commands of `observatory-codegen`, run as users run them, each in a folder of its own.

#[path = "../../../tests/xtask/support.rs"]
#[allow(dead_code, reason = "each binary uses a part of it")]
mod support;

use serde_json::{Value, json};

use support::{DOCUMENT, Repo, TestResult};

/// The program under test.
fn program() -> &'static str {
    env!("CARGO_BIN_EXE_observatory-codegen")
}

#[test]
fn output_has_no_character_that_terminals_act_on() -> TestResult {
    let repo = Repo::new("control-characters")?;
    let hostile = "\u{1b}]0;pwn\u{7}\u{1b}[31m\u{202e}\r\u{9b}";
    let name = |text: &str| serde_json::Value::from(format!("{text}{hostile}"));
    let document = |kind: &str| {
        format!(
            r#"{{"openapi": "3.1.0", "info": {{"title": {0}, "version": "1"}}, "paths": {{}},
                "components": {{"schemas": {{"S": {{"type": "object", {0}: 1, "properties":
                {{{0}: {{"type": "{kind}"}}}}}}}}}}}}"#,
            name("text")
        )
    };
    repo.put("old.json", &document("string"))?;
    repo.put("new.json", &document("integer"))?;
    for arguments in [
        vec!["coverage", "--spec", "old.json", "--verbose"],
        vec!["coverage", "--spec", "old.json", "--json"],
        vec!["explain", "--spec", "old.json", "S"],
        vec!["diff", "--spec", "old.json", "--to", "new.json"],
        vec![
            "diff", "--spec", "old.json", "--to", "new.json", "--format", "markdown",
        ],
        vec![
            "diff", "--spec", "old.json", "--to", "new.json", "--format", "json",
        ],
        vec![
            "generate", "--spec", "old.json", "--name", "e", "--out", "e",
        ],
    ] {
        let run = repo.run(&arguments)?;
        let output = run.out + &run.err;
        let found = output
            .chars()
            .find(|c| *c != '\n' && (c.is_control() || ('\u{202a}'..='\u{202e}').contains(c)));
        assert_eq!(found, None, "{arguments:?}: {output:?}");
        assert!(!output.is_empty());
    }
    Ok(())
}

#[test]
fn coverage_of_an_empty_document_is_complete() -> TestResult {
    let repo = Repo::new("coverage-empty")?;
    repo.put(
        "other.json",
        r#"{"openapi": "3.1.0", "info": {"title": "O", "version": "1"}, "paths": {}}"#,
    )?;
    repo.run(&["coverage", "--spec", "other.json"])?
        .succeeds()
        .prints("other.json         0/0        0        0/0     0          0");
    Ok(())
}

#[test]
fn coverage_lists_names_by_position() -> TestResult {
    let repo = Repo::new("positional")?;
    let document = |title: &str| {
        format!(
            "openapi: 3.1.0
info: {{title: Either, version: '1'}}
paths: {{}}
components:
  schemas:
    First: {{type: object, properties: {{first: {{type: object, properties: {{a: {{type: string}}}}}}}}}}
    Either:
      anyOf:
        - {{type: object, properties: {{a: {{type: string}}, b: {{type: string}}}}}}
        - {{type: object, {title}properties: {{a: {{type: integer}}, b: {{type: string}}}}}}
"
        )
    };
    repo.put("either.yaml", &document(""))?;
    let run = repo
        .run(&["coverage", "--json", "--spec", "either.yaml"])?
        .succeeds();
    let names = &serde_json::from_str::<Value>(&run.out)?["vendors"][0]["positional_names"];
    let expected = json!([
        { "pointer": "#/components/schemas/Either/anyOf/0", "line": 9, "name": "EitherFirstForm" },
        { "pointer": "#/components/schemas/Either/anyOf/1", "line": 10, "name": "EitherSecondForm" },
    ]);
    assert_eq!(*names, expected);
    repo.run(&["coverage", "--spec", "either.yaml"])?
        .succeeds()
        .prints("either.yaml:10: name: `EitherSecondForm` is named by its position; add a `title` to the schema in overlay.yaml");

    repo.put("either.yaml", &document("title: Counted, "))?;
    let run = repo
        .run(&["coverage", "--json", "--spec", "either.yaml"])?
        .succeeds();
    let names = &serde_json::from_str::<Value>(&run.out)?["vendors"][0]["positional_names"];
    assert_eq!(names.as_array().map(Vec::len), Some(1));
    Ok(())
}

#[test]
fn coverage_lists_ambiguous_unions() -> TestResult {
    let repo = Repo::new("ambiguous")?;
    repo.put(
        "either.yaml",
        "openapi: 3.1.0
info: {title: Either, version: '1'}
paths: {}
components:
  schemas:
    Either: {anyOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}
    A: {type: object, required: [id], properties: {id: {type: string}, a: {type: string}}}
    B: {type: object, required: [id], properties: {id: {type: string}, b: {type: string}}}
",
    )?;
    let run = repo
        .run(&["coverage", "--json", "--spec", "either.yaml"])?
        .succeeds();
    let ambiguities = &serde_json::from_str::<Value>(&run.out)?["vendors"][0]["ambiguities"];
    let expected = json!([{
        "pointer": "#/components/schemas/Either",
        "line": 6,
        "union": "Either",
        "variants": ["A", "B"],
        "instance": {"id": "text"},
    }]);
    assert_eq!(*ambiguities, expected);
    repo.run(&["coverage", "--spec", "either.yaml"])?
        .succeeds()
        .prints("either.yaml:6: ambiguous: {\"id\":\"text\"} matches `Either::A` and `B`");
    Ok(())
}

#[test]
fn generate_warns_of_harmless_faults_and_rejects_them_if_strict() -> TestResult {
    let repo = Repo::new("generate")?;
    repo.put("runtime/Cargo.toml", "")?;
    let args = [
        "generate",
        "--spec",
        "specs/acme/openapi.yaml",
        "--out",
        "made/acme",
        "--name",
        "acme-client",
    ];
    repo.run(&args)?
        .succeeds()
        .prints("acme-client: 1 operations, 1 types; ");
    assert!(
        repo.read("made/acme/Cargo.toml")?
            .contains("observatory-runtime = { version = \"0.1.0\"")
    );
    repo.run(&[&args[..], &["--runtime-path", "runtime"]].concat())?
        .succeeds();
    assert!(
        repo.read("made/acme/Cargo.toml")?
            .contains("observatory-runtime = { path = \"../../runtime\"")
    );
    repo.run(&[&args[..], &["--runtime-path", "nowhere"]].concat())?
        .fails()
        .prints("nowhere");

    repo.with_gap()?;
    let mut elsewhere = args;
    elsewhere[4] = "gap";
    repo.run(&[&elsewhere[..], &["--strict"]].concat())?
        .fails()
        .prints("unused-path-parameter");
    assert!(!repo.has("gap"));
    repo.run(&elsewhere)?
        .succeeds()
        .prints("warning[unused-path-parameter]");
    assert!(repo.has("gap/src/lib.rs"));
    Ok(())
}

#[test]
fn generate_applies_configuration_and_overlay() -> TestResult {
    let repo = Repo::new("generate-config")?;
    let with = |config: &'static str, overlay: &'static str| {
        [
            "generate",
            "--spec",
            "specs/acme/openapi.yaml",
            "--out",
            "made",
            "--name",
            "acme-client",
            "--config",
            config,
            "--overlay",
            overlay,
        ]
    };
    repo.put("more/acme.toml", "title = \"Anvils\"\n")?;
    repo.put(
        "more/overlay.yaml",
        "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions:\n  - target: $.info\n    description: why\n    update: {version: '7.7'}\n",
    )?;
    repo.run(&with("more/acme.toml", "more/overlay.yaml"))?
        .succeeds();
    let library = repo.read("made/src/lib.rs")?;
    let command = "// @generated by `observatory-codegen generate --spec openapi.yaml --name acme-client --config acme.toml --overlay overlay.yaml`\n";
    assert!(library.starts_with(command), "{library}");
    assert!(library.contains("Anvils 7.7"), "{library}");

    repo.put("more/wrong.toml", "titel = \"Anvils\"\n")?;
    for (config, overlay, message) in [
        ("more/wrong.toml", "more/overlay.yaml", "titel"),
        ("nowhere.toml", "more/overlay.yaml", "nowhere.toml"),
        ("more/acme.toml", "nowhere.yaml", "nowhere.yaml"),
    ] {
        repo.run(&with(config, overlay))?.fails().prints(message);
    }
    Ok(())
}

#[test]
fn generate_rejects_foreign_folders_and_invalid_names() -> TestResult {
    let repo = Repo::new("foreign")?;
    repo.put("mine/Cargo.toml", "[package]\n")?;
    let args = |out: &'static str, name: &'static str| {
        [
            "generate",
            "--spec",
            "specs/acme/openapi.yaml",
            "--out",
            out,
            "--name",
            name,
        ]
    };
    repo.run(&args("mine", "acme"))?
        .fails()
        .prints("mine/Cargo.toml is not generated, and would be overwritten")
        .prints("--overwrite");
    assert_eq!(repo.read("mine/Cargo.toml")?, "[package]\n");
    for name in ["", "1a", "a b", "../a", "fn", "self", "é"] {
        repo.run(&args("new", name))?
            .fails()
            .prints("is not a valid crate name");
    }
    assert!(!repo.has("new"));
    Ok(())
}

#[test]
fn diff_reports_changes_as_text_json_and_markdown() -> TestResult {
    let repo = Repo::new("codegen-diff")?;
    repo.put("new.yaml", &DOCUMENT.replace("getThing", "readThing"))?;
    let args = [
        "diff",
        "--spec",
        "specs/acme/openapi.yaml",
        "--to",
        "new.yaml",
    ];
    repo.run(&args)?
        .succeeds()
        .prints("new.yaml: 2 breaking, 0 wire, 0 additive: dependent code may not compile\n")
        .prints("  breaking  thing().read: renamed from `thing().get` (new:5)\n");
    let run = repo
        .run(&[&args[..], &["--format", "json"]].concat())?
        .succeeds();
    let report: Value = serde_json::from_str(&run.out)?;
    assert_eq!(report["effect"], "breaking");
    assert_eq!(report["changes"][0]["subject"], "thing().read");
    assert_eq!(report["package"], Value::Null);
    repo.run(&[&args[..], &["--format", "markdown"]].concat())?
        .succeeds()
        .prints("| breaking | `thing().read` | renamed from `thing().get` | new:5 |");
    Ok(())
}

#[test]
fn diff_applies_the_overlay_to_both_documents() -> TestResult {
    let repo = Repo::new("codegen-diff-overlay")?;
    repo.put("new.yaml", DOCUMENT)?;
    repo.put(
        "overlay.yaml",
        "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions:\n  - target: $.info\n    description: why\n    update: {version: '7.7'}\n",
    )?;
    let args = [
        "diff",
        "--spec",
        "specs/acme/openapi.yaml",
        "--to",
        "new.yaml",
    ];
    repo.run(&[&args[..], &["--overlay", "overlay.yaml"]].concat())?
        .succeeds()
        .prints("document version 7.7\n- No changes that affect dependent code.");
    Ok(())
}

#[test]
fn generate_keeps_the_names_of_the_lock_and_writes_the_version() -> TestResult {
    let repo = Repo::new("generate-lock")?;
    let args = [
        "generate",
        "--spec",
        "specs/acme/openapi.yaml",
        "--out",
        "made",
        "--name",
        "acme-client",
        "--crate-version",
        "1.2.3",
        "--lock",
        "acme.lock",
    ];
    repo.run(&args)?.succeeds();
    assert!(
        repo.read("made/Cargo.toml")?
            .contains("version = \"1.2.3\"")
    );
    assert!(repo.read("acme.lock")?.contains("Thing"));
    let renamed = repo.read("specs/acme/openapi.yaml")?;
    let renamed = renamed.replace("schemas/Thing", "schemas/Item");
    repo.put(
        "specs/acme/openapi.yaml",
        &renamed.replace("    Thing:", "    Item:"),
    )?;
    repo.run(&args)?.succeeds();
    let models = repo.read("made/src/models/shared.rs")?;
    assert!(models.contains("pub type Thing = Item"), "{models}");
    Ok(())
}

#[test]
fn help_of_every_command_shows_an_example() -> TestResult {
    let repo = Repo::new("codegen-help")?;
    for args in [
        &["--help"][..],
        &["coverage", "-h"],
        &["diff", "-h"],
        &["explain", "-h"],
        &["generate", "-h"],
    ] {
        let run = repo.run(args)?.succeeds();
        assert!(run.out.contains("Example"), "{args:?}: {}", run.out);
    }
    Ok(())
}

#[cfg(unix)]
#[test]
fn refuses_devices_and_pipes_as_documents() -> TestResult {
    let repo = Repo::new("device")?;
    // Nothing writes to the pipe, so that reading it would block.
    let pipe = repo.0.join("pipe");
    let status = std::process::Command::new("mkfifo").arg(&pipe).status()?;
    assert!(status.success());
    let args = |spec, config| {
        let args = ["generate", "--out", "new", "--name", "acme", "--spec", spec];
        args.into_iter().chain(config).collect::<Vec<&str>>()
    };
    let document = "specs/acme/openapi.yaml";
    for args in [
        args("/dev/zero", vec![]),
        args(document, vec!["--config", "/dev/zero"]),
        args(document, vec!["--overlay", "/dev/zero"]),
        args(document, vec!["--lock", "/dev/zero"]),
        args("pipe", vec![]),
        args(document, vec!["--config", "pipe"]),
        args(document, vec!["--overlay", "pipe"]),
        args(document, vec!["--lock", "pipe"]),
    ] {
        repo.run(&args)?
            .fails()
            .prints("neither a file nor a folder")
            .prints("help: ");
    }
    Ok(())
}
