//! Fixtures: each is a small document of one construct. A snapshot holds the generated code and the diagnostics.
//!
//! To add one:
//! 1. Write `fixtures/<name>.yaml`, and if needed `<name>.toml` (configuration) and `<name>.lock` (existing names).
//! 2. Add `<name>` to the list at the end of this file.
//! 3. Run `INSTA_UPDATE=always cargo test -p observatory-tests <name>` and review the snapshot it writes.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use observatory_codegen::diag::{ColorChoice, render, render_diagnostics};
use observatory_codegen::files::{Mode, write_files};
use observatory_codegen::pipeline::Output;
use observatory_codegen::plan::RuntimeDependency;
use observatory_tests::fixtures::{Fixture, all_fixtures};
use observatory_tests::json::reversed;
use observatory_tests::repository::root;
use observatory_tests::scratch::Scratch;

/// Defines one test a fixture for each guarantee, so that one failing fixture does not hide the others.
macro_rules! fixtures {
    ($($name:ident)*) => {
        const NAMES: &[&str] = &[$(stringify!($name)),*];

        mod matches_snapshot {
            $(#[test] fn $name() { super::assert_matches_snapshot(stringify!($name)); })*
        }

        mod has_outcome_of_its_name {
            $(#[test] fn $name() { super::assert_outcome(stringify!($name)); })*
        }

        mod ignores_key_order {
            $(#[test] fn $name() { super::assert_key_order_is_ignored(stringify!($name)); })*
        }
    };
}

fn assert_matches_snapshot(name: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, snapshot(&Fixture::named(name))));
}

/// A fixture `refused_*` is rejected, a fixture `gap_*` has gaps, a fixture `warns_*` has warnings only, and all others
/// have none of them.
fn assert_outcome(name: &str) {
    let result = Fixture::named(name).generate();
    let is_expected = match name.split('_').next() {
        Some("refused") => result.is_err(),
        Some("gap") => result.is_ok_and(|output| !output.diagnostics.is_empty()),
        Some("warns") => {
            result.is_ok_and(|output| output.diagnostics.is_empty() && !output.warnings.is_empty())
        }
        _ => result.is_ok_and(|output| output.diagnostics.is_empty() && output.warnings.is_empty()),
    };
    assert!(is_expected, "{name}");
}

fn assert_key_order_is_ignored(name: &str) {
    let fixture = Fixture::named(name);
    let Ok(output) = fixture.generate() else {
        return;
    };
    let document = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.json"));
    fs::write(&document, reversed(&output.raw.value).to_string()).unwrap();
    let again = fixture
        .generate_from(&document, RuntimeDependency::Workspace)
        .unwrap();
    assert_eq!(output.files, again.files);
}

#[test]
fn every_fixture_is_listed() {
    let files: BTreeSet<String> = all_fixtures().into_iter().map(|it| it.name).collect();
    let listed: BTreeSet<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(files, listed, "complete the list in {}", file!());
}

/// Without this test a snapshot whose fixture was removed would stay forever.
#[test]
fn every_snapshot_has_its_fixture() {
    let orphans: Vec<String> = fs::read_dir("tests/snapshots")
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|file| {
            let name = file.strip_suffix(".snap");
            !name.is_some_and(|name| NAMES.contains(&name))
        })
        .collect();
    assert_eq!(orphans, Vec::<String>::new());
}

/// The generated code compiles without a warning, with gaps or without.
#[test]
#[ignore = "compiles generated crates: run scripts/test-all.sh"]
fn fixtures_compile() {
    let scratch = Scratch::new("fixtures");
    let mut names = Vec::new();
    for fixture in all_fixtures() {
        let runtime = RuntimeDependency::Path(runtime().display().to_string());
        let Ok(output) = fixture.generate_from(&fixture.document, runtime) else {
            continue;
        };
        write_files(
            &output.files,
            &scratch.crate_folder(&fixture.package()),
            Mode::Write,
        )
        .unwrap();
        names.push(fixture.package());
    }
    scratch.check(&names);
}

fn runtime() -> PathBuf {
    root().join("crates/runtime")
}

fn snapshot(fixture: &Fixture) -> String {
    match fixture.generate() {
        Err(error) => render(&error, ColorChoice::Never),
        Ok(output) => {
            let source = output.raw.source();
            let render = |diags| render_diagnostics(diags, &source, ColorChoice::Never);
            let faults = render(&output.diagnostics) + &render(&output.warnings);
            faults + &relevant_code(fixture, &output)
        }
    }
}

/// Returns the files that show the construct. The client and the manifest are shown only for fixtures about them.
fn relevant_code(fixture: &Fixture, output: &Output) -> String {
    let is_about = |kinds: &[&str]| kinds.iter().any(|kind| fixture.name.starts_with(kind));
    let is_relevant = |path: &str| match path {
        "src/client.rs" | "src/server.rs" => is_about(&[
            "client",
            "document_openapi",
            "names_nested",
            "operation_servers",
            "swagger",
            "text",
        ]),
        "Cargo.toml" => is_about(&[
            "features",
            "names_nested",
            "text",
            "document_empty",
            "document_webhooks",
        ]),
        "README.md" => is_about(&["text", "document_webhooks"]),
        "src/lib.rs" | "rustfmt.toml" => false,
        path if path.starts_with("src/api/") => !is_about(&["schema", "union", "recursion"]),
        path => !path.ends_with("mod.rs") || is_about(&["features"]),
    };
    let files = output.files.iter().filter(|(path, _)| is_relevant(path));
    files
        .map(|(path, text)| format!("=== {path}\n{}\n", without_header(path, text)))
        .collect()
}

/// Removes the first two lines of a Rust file: they name its origin, which is the same in all.
fn without_header<'t>(path: &str, text: &'t str) -> &'t str {
    let is_rust = Path::new(path)
        .extension()
        .is_some_and(|extension| extension == "rs");
    let header = text.match_indices('\n').nth(2).filter(|_| is_rust);
    header
        .and_then(|(end, _)| text.get(end + 1..))
        .unwrap_or(text)
}

fixtures! {
    client_basic
    client_configured
    client_keys
    client_security
    client_servers
    document_empty_version
    document_no_operations
    document_not_generated
    document_openapi_32
    document_webhooks
    document_yaml_anchors
    envelope
    envelope_of_several
    external_files
    features_shared
    gap_components_elsewhere
    gap_cyclic_schemas
    gap_dangling
    gap_external_files
    gap_hostile_help
    gap_invalid_schemas
    gap_ref_to_parameter
    gap_swagger
    gap_wrong_types
    names_api
    names_case_only
    names_fields
    names_inline
    names_locked
    names_long_tags
    names_nested
    names_not_identifiers
    names_operations
    names_paths
    names_reserved
    operation_additional_methods
    operation_alternatives
    operation_bodies
    operation_deprecated
    operation_form_encoding
    operation_media_types
    operation_labels
    operation_large_response
    operation_methods
    operation_nested_parts
    operation_parameters
    operation_parameters_32
    operation_path_relative
    operation_path_variable_otherwise_spelled
    operation_path_variable_undeclared
    operation_positional_parts
    operation_references
    operation_responses
    operation_sequences
    operation_servers
    operation_untyped
    paging_plain
    paging_rules
    recursion
    recursion_alias
    recursion_all_of
    recursion_endless
    refused_duplicate_key
    refused_empty
    refused_json
    refused_not_openapi
    refused_paging
    refused_swagger_version
    refused_version
    refused_yaml
    schema_all_of
    schema_all_of_without_type
    schema_conditional
    schema_defaults
    schema_dialects_mixed
    schema_dynamic_references
    schema_identifiers
    schema_integer_enum
    schema_keywords
    schema_null_spellings_30
    schema_null_spellings_31
    schema_objects
    schema_one_value
    schema_presence
    schema_read_only
    schema_ref_with_siblings
    schema_required_undeclared
    schema_response_only
    schema_scalars
    schema_string_enum
    schema_tuple
    swagger
    text_hostile
    text_lists
    text_markdown
    text_prose
    text_title_api
    union_ambiguous
    union_by_constant
    union_by_kind
    union_by_shape
    union_by_values
    union_default_mapping
    union_discriminator_by_name
    union_discriminator_lying
    union_discriminator_mapped
    union_discriminator_mapping
    union_discriminator_numeric
    union_discriminator_parent
    union_inline_names
    union_nested
    union_of_scalars
    union_one_type_twice
    union_requires_one_of
    union_with_properties
    warns_all_of_contradiction
    warns_enum_names
    warns_long_tuple
    warns_misplaced_keywords
    warns_next_to_ref
    warns_path_parameter
    warns_server_variable
    warns_undefined_security
}
