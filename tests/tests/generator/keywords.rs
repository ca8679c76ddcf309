//! KEYWORDS.md against the keyword lists of the specifications in `keywords/`, against the table that `coverage` uses,
//! and against what the generator does.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use observatory_codegen::coverage::{Coverage, ObjectKind, measure};
use observatory_codegen::files::Files;
use observatory_codegen::{Generator, Input, Output, config::Config, source};
use observatory_tests::repository::root;
use serde_json::Value;

/// The specifications in their order, and what each list adds.
const LISTS: &[(&str, &str)] = &[
    ("openapi-3.0.txt", "3.0"),
    ("openapi-3.1.txt", "3.1"),
    ("json-schema-2020-12.txt", "3.1"),
    ("openapi-3.2.txt", "3.2"),
];

/// The fixture with everything that is not generated.
const NOT_GENERATED: &str = "document_not_generated";

/// A row of the page.
struct Row {
    since: String,
    outcome: String,
    fixture: String,
}

impl Row {
    fn is_generated(&self) -> bool {
        !self.outcome.starts_with("Not generated")
    }
}

type Rows = BTreeMap<(String, String), Row>;

/// Returns the rows of the page by object and keyword.
fn page_rows() -> Rows {
    let text = fs::read_to_string(root().join("KEYWORDS.md")).unwrap();
    let mut rows = Rows::new();
    let mut object = String::new();
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            heading.clone_into(&mut object);
        }
        let Some(row) = line.strip_prefix("| `") else {
            continue;
        };
        let cells: Vec<&str> = row.split(" | ").map(str::trim).collect();
        let [keyword, since, outcome, fixture] = cells.as_slice() else {
            panic!("not four cells: {line}");
        };
        let text = |cell: &str| cell.trim_end_matches([' ', '|']).replace('`', "");
        let row = Row {
            since: text(since),
            outcome: text(outcome),
            fixture: text(fixture),
        };
        let known = rows.insert((object.clone(), text(keyword)), row);
        assert!(known.is_none(), "{object} {keyword} is listed twice");
    }
    rows
}

/// Returns the version that introduced each keyword, by object and keyword.
fn listed_keywords() -> BTreeMap<(String, String), String> {
    let mut all = BTreeMap::new();
    for (file, version) in LISTS {
        let text = fs::read_to_string(Path::new("keywords").join(file)).unwrap();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (object, keywords) = line.split_once(": ").unwrap();
            for keyword in keywords.split(' ') {
                let key = (object.to_owned(), keyword.to_owned());
                all.entry(key).or_insert_with(|| (*version).to_owned());
            }
        }
    }
    all
}

fn fixture_path(name: &str) -> PathBuf {
    Path::new("fixtures").join(format!("{name}.yaml"))
}

fn generate(input: impl Into<Input>) -> Result<Output, String> {
    let generator = Generator::new(Config::default()).allow_gaps(true);
    generator.generate(input).map_err(|error| error.to_string())
}

fn fixture_coverage(name: &str) -> (Output, Coverage) {
    let output = generate(fixture_path(name)).unwrap();
    let coverage = measure(name, &output);
    (output, coverage)
}

#[test]
fn page_has_every_keyword_of_the_specifications() {
    let listed = listed_keywords();
    assert!(listed.len() > 200, "{}", listed.len());
    let described: BTreeMap<_, _> = page_rows()
        .into_iter()
        .map(|(key, row)| (key, row.since))
        .collect();
    assert_eq!(described, listed);
}

#[test]
fn page_agrees_with_coverage() {
    let rows = page_rows();
    for kind in ObjectKind::ALL {
        let page: BTreeMap<&str, bool> = rows
            .iter()
            .filter(|((object, _), _)| object == kind.name())
            .map(|((_, keyword), row)| (keyword.as_str(), row.is_generated()))
            .collect();
        let table: BTreeMap<&str, bool> = kind.keywords().collect();
        assert_eq!(page, table, "{}", kind.name());
    }
}

#[test]
fn coverage_reports_what_is_not_generated() {
    let (_, coverage) = fixture_coverage(NOT_GENERATED);
    let parts = coverage.not_generated.iter();
    let reported: BTreeSet<(&str, &str)> = parts
        .map(|part| (part.object, part.keyword.as_str()))
        .collect();
    let kinds = ObjectKind::ALL.iter();
    let mut expected: BTreeSet<(&str, &str)> = kinds
        .flat_map(|kind| {
            kind.keywords()
                .map(|(name, used)| (kind.name(), name, used))
        })
        .filter(|(.., used)| !used)
        .map(|(object, keyword, _)| (object, keyword))
        .collect();
    expected.insert(("Media Type", "text/json"));
    assert_eq!(reported, expected);
}

/// Removes the nodes at the pointers.
fn remove_nodes(document: &mut Value, pointers: impl Iterator<Item = String>) {
    for pointer in pointers {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let key = key.replace("~1", "/").replace("~0", "~");
        let parent = document.pointer_mut(parent.trim_start_matches('#'));
        if let Some(Value::Object(parent)) = parent {
            parent.remove(&key);
        }
    }
}

/// Removes every member with this key, but for names in maps.
fn remove_keyword(value: &mut Value, keyword: &str, has_names: bool) {
    match value {
        Value::Object(object) => {
            if !has_names {
                object.remove(keyword);
            }
            for (key, child) in object {
                let names = ["properties", "$defs", "schemas", "paths", "securitySchemes"];
                remove_keyword(child, keyword, !has_names && names.contains(&key.as_str()));
            }
        }
        Value::Array(items) => {
            for item in items {
                remove_keyword(item, keyword, false);
            }
        }
        _ => {}
    }
}

fn read_fixture(name: &str) -> Value {
    let path = fixture_path(name);
    source::parse(&path, fs::read(&path).unwrap())
        .unwrap()
        .value
}

/// Generates the document of a fixture after a change.
fn generate_changed(name: &str, document: &Value) -> Result<Files, String> {
    let path = fixture_path(name);
    let output = generate(Input::text(path, document.to_string()))?;
    match output.diagnostics.first() {
        Some(diagnostic) => Err(diagnostic.to_string()),
        None => Ok(output.files),
    }
}

#[test]
fn code_does_not_depend_on_what_is_not_generated() {
    let (output, coverage) = fixture_coverage(NOT_GENERATED);
    let places = coverage.not_generated.iter().flat_map(|part| &part.places);
    let mut document = read_fixture(NOT_GENERATED);
    remove_nodes(&mut document, places.map(|place| place.pointer.clone()));
    assert_ne!(document, output.raw.value);
    let files = generate_changed(NOT_GENERATED, &document).unwrap();
    let lines = |files: &Files| -> BTreeSet<String> {
        let lines = files.iter().flat_map(|(_, text)| text.lines());
        lines.map(str::to_owned).collect()
    };
    let (without, with) = (lines(&files), lines(&output.files));
    let changed: Vec<&String> = without.symmetric_difference(&with).collect();
    assert_eq!(changed, Vec::<&String>::new());
    assert_eq!(files, output.files);
}

#[test]
fn code_depends_on_every_keyword_in_the_fixture_that_shows_it() {
    let mut without_effect = Vec::new();
    for ((object, keyword), row) in page_rows() {
        if !row.is_generated() {
            assert_eq!(row.fixture, NOT_GENERATED, "{object} {keyword}");
            continue;
        }
        let document = read_fixture(&row.fixture);
        let mut changed = document.clone();
        remove_keyword(&mut changed, &keyword, false);
        let before = generate_changed(&row.fixture, &document);
        if before == generate_changed(&row.fixture, &changed) {
            without_effect.push(format!("{object} {keyword}: {}", row.fixture));
        }
    }
    assert_eq!(without_effect, Vec::<String>::new());
}
