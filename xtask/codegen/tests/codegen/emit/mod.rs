//! The emitter: one rule per test, from a line of a document to the lines of Rust that it becomes.

mod client;
mod files;
mod models;
mod requests;

use observatory_codegen::config::Config;
use observatory_codegen::diag::Error;
use observatory_codegen::files::Files;
use observatory_codegen::plan::{Layout, RuntimeDependency};
use observatory_codegen::{Generator, Input};

type TestResult = Result<(), Error>;

/// A document, in the parts that the tests replace.
struct Document<'a> {
    title: &'a str,
    /// Keys of the root, such as `security`.
    root: &'a str,
    /// Path items, one per line.
    paths: &'a [&'a str],
    /// Component schemas, one per line.
    schemas: &'a [&'a str],
    security_schemes: &'a [&'a str],
}

impl Default for Document<'_> {
    fn default() -> Self {
        Self {
            title: "Acme",
            root: "",
            paths: &["/items: {get: {tags: [item], responses: {'204': {description: ''}}}}"],
            schemas: &[],
            security_schemes: &[],
        }
    }
}

impl Document<'_> {
    fn text(&self) -> String {
        let section = |name: &str, indent: &str, lines: &[&str]| match lines {
            [] => format!("{indent}{name}: {{}}\n"),
            lines => {
                let lines = lines.iter().map(|line| format!("{indent}  {line}\n"));
                format!("{indent}{name}:\n{}", lines.collect::<String>())
            }
        };
        format!(
            "openapi: 3.1.0\ninfo: {{title: {}, version: '1'}}\n{}\n{}components:\n{}{}",
            serde_json::Value::from(self.title),
            self.root,
            section("paths", "", self.paths),
            section("schemas", "  ", self.schemas),
            section("securitySchemes", "  ", self.security_schemes),
        )
    }

    fn files(&self) -> Result<Files, Error> {
        self.files_with(Config::default(), |generator| generator)
    }

    fn files_with(
        &self,
        config: Config,
        options: impl FnOnce(Generator) -> Generator,
    ) -> Result<Files, Error> {
        Ok(options(generator(config)).generate(self.input())?.files)
    }

    fn input(&self) -> Input {
        Input::text("acme.yaml", self.text())
    }
}

fn generator(config: Config) -> Generator {
    Generator::new(config)
        .package("acme")
        .version("1.2.3")
        .command("test")
        .document_name("acme.yaml")
        .runtime(RuntimeDependency::Version("0.9.0".to_owned()))
}

/// Returns a generated file without indentation.
#[track_caller]
fn file(files: &Files, path: &str) -> String {
    let mut files = files.iter();
    let found = files.find(|(known, _)| *known == path);
    let (_, text) = found.unwrap_or_else(|| panic!("{path} is not generated"));
    text.lines()
        .map(|line| format!("{}\n", line.trim_start()))
        .collect()
}

/// Asserts that the file contains these lines, one after the other.
#[track_caller]
fn assert_contains(text: &str, lines: &[&str]) {
    let expected = format!("\n{}\n", lines.join("\n"));
    assert!(
        format!("\n{text}").contains(&expected),
        "{expected}is missing in:\n{text}"
    );
}

/// Returns the configuration with this text of `vendor.toml`.
fn config(text: &str) -> Result<Config, Error> {
    Config::parse(std::path::Path::new("vendor.toml"), text)
}
