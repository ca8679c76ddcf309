//! Tests of the locator and of rendered diagnostics.

use std::path::Path;

use crate::source::support::pointer;
use observatory_codegen::diag::{
    Code, ColorChoice, Diagnostic, Error, SourceText, render, render_diagnostics,
};
use observatory_codegen::locator::Locator;

const YAML: &str = "\
openapi: 3.0.0
paths:
  /a/{b}:
    get:
      tags: [x, y]
      responses:
        200: {$ref: '#/x'}
list:
- one
- k: two
used: &anchor
  deep: 1
again: *anchor
ünï: 'cödé'
";

fn text_at<'a>(text: &'a str, at: &str) -> &'a str {
    let span = Locator::new(Path::new("x"), text).span(&pointer(at));
    text.get(span).unwrap_or("(no such span)")
}

#[test]
fn finds_nodes_in_yaml() {
    assert_eq!(text_at(YAML, "#/openapi"), "openapi: 3.0.0");
    assert_eq!(text_at(YAML, "#/paths/~1a~1{b}"), "/a/{b}");
    assert_eq!(text_at(YAML, "#/paths/~1a~1{b}/get/tags/1"), "y");
    assert_eq!(
        text_at(YAML, "#/paths/~1a~1{b}/get/responses/200/$ref"),
        "$ref: '#/x'"
    );
    assert_eq!(text_at(YAML, "#/list/1/k"), "k: two");
    assert_eq!(text_at(YAML, "#/ünï"), "ünï: 'cödé'");
}

#[test]
fn returns_the_nearest_ancestor_of_a_missing_node() {
    assert_eq!(text_at(YAML, "#/paths/~1a~1{b}/post/responses"), "/a/{b}");
    assert_eq!(text_at(YAML, "#/again/deep"), "again: *anchor");
    assert_eq!(text_at(YAML, "#/nowhere"), "openapi: 3.0.0");
}

#[test]
fn counts_lines_and_columns_from_one() {
    let locator = Locator::new(Path::new("x.yaml"), YAML);
    assert_eq!(locator.line_column(&pointer("#/openapi")), (1, 1));
    assert_eq!(
        locator.line_column(&pointer("#/paths/~1a~1{b}/get/responses/200")),
        (7, 9)
    );
    assert_eq!(locator.line(&pointer("#/ünï")), 14);
}

#[test]
fn finds_nodes_in_json_with_tabs_and_surrogates() {
    let text = "{\n\t\"a\":\t\"\\ud83d\\ude00 \\/ x\",\n\t\"b\": {\"c\":[1,\t2]}\n}";
    assert_eq!(text_at(text, "#/b/c/1"), "2");
    assert_eq!(text_at(text, "#/b/c"), "\"c\":[1,\t2]");
    let upper = "{\"a\": \"\\uD83D\\uDE00\", \"b\": 1}";
    assert_eq!(text_at(upper, "#/b"), "\"b\": 1");
}

#[test]
fn finds_nodes_before_a_syntax_error() {
    assert_eq!(text_at("a: 1\nb: c: d\n", "#/a"), "a: 1");
    assert_eq!(text_at("", "#/a"), "");
}

#[test]
fn renders_diagnostics_with_their_lines() {
    let source = SourceText::new(Path::new("spec.yaml"), YAML);
    let diag = Diagnostic::new(
        Code::DanglingRef,
        &pointer("#/paths/~1a~1{b}/get/responses/200/$ref"),
        "`#/x` does not exist",
    );
    let text = render_diagnostics(&[diag.with_help("add it")], &source, ColorChoice::Never);
    for part in [
        "error[dangling-ref]: `#/x` does not exist",
        "spec.yaml:7:15",
        "$ref: '#/x'",
        "^^^^",
        "help: add it",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    assert!(!text.contains('\u{1b}'), "{text}");
}

/// Terminals act on them as on escape sequences.
#[test]
fn replaces_control_characters_after_ascii() {
    let text = "a: \u{9b}31m\u{85}\n";
    let source = SourceText::new(Path::new("spec.yaml"), text);
    let diag = Diagnostic::new(Code::DanglingRef, &pointer("#/a"), "no \u{9b}2J");
    let text = render_diagnostics(&[diag], &source, ColorChoice::Never);
    assert!(text.contains("31m") && text.contains("2J"), "{text}");
    assert!(!text.contains(['\u{85}', '\u{9b}']), "{text:?}");
}

#[test]
fn renders_colors_only_on_request() {
    let error = Error::new(Code::UnknownVendor, "no vendor `x`", Some("there is `y`"));
    assert!(render(&error, ColorChoice::Always).contains('\u{1b}'));
    // How far the lines are set in is the library's business, and differs between its versions.
    let plain = render(&error, ColorChoice::Never);
    let lines: Vec<&str> = plain.lines().map(str::trim).collect();
    assert_eq!(
        lines,
        [
            "error[unknown-vendor]: no vendor `x`",
            "|",
            "= help: there is `y`"
        ]
    );
}

#[test]
fn cuts_long_lines_around_the_span() {
    let filler = "\"x\": 1, ".repeat(10_000);
    let text = format!(
        "{{{filler}\"bad\": \"here\", \"y\": [{}]}}",
        "1, ".repeat(10_000) + "1"
    );
    let source = SourceText::new(Path::new("spec.json"), text);
    let shown = render_diagnostics(
        &[Diagnostic::new(Code::WrongType, &pointer("#/bad"), "wrong")],
        &source,
        ColorChoice::Never,
    );
    assert!(
        shown.contains("\"bad\": \"here\"") && shown.contains("spec.json:1:80002"),
        "{shown}"
    );
    assert!(shown.len() < 1000, "{shown}");
}

#[test]
fn displays_one_line_per_diagnostic() {
    let diags = vec![
        Diagnostic::new(Code::WrongType, &pointer("#/list"), "second"),
        Diagnostic::new(Code::WrongType, &pointer("#/list"), "second"),
        Diagnostic::new(Code::TooDeep, &pointer("#/again"), "first"),
    ];
    let error =
        Error::from_diagnostics(diags).with_source(SourceText::new(Path::new("s.yaml"), YAML));
    let expected =
        "s.yaml:13:1: too-deep: first (#/again)\ns.yaml:8:1: wrong-type: second (#/list)";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn renders_a_syntax_error_at_the_end_of_a_line() {
    let error = Error::syntax(
        Path::new("x.json"),
        "{\n  \"a\":\n}",
        2,
        99,
        "unexpected end",
    );
    assert!(
        render(&error, ColorChoice::Never).contains("x.json:2:"),
        "{}",
        render(&error, ColorChoice::Never)
    );
}

#[test]
fn every_code_has_a_unique_name_and_a_description() {
    for code in Code::ALL {
        assert_eq!(Code::from_name(code.as_str()), Some(*code));
        assert!(
            code.as_str()
                .chars()
                .all(|c| c.is_ascii_lowercase() || c == '-')
        );
        assert!(code.description().ends_with('.'));
    }
}
