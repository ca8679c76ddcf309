//! Tests of references into other files: which are read, and what a loader is asked for.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::support::TestResult;
use observatory_codegen::config::Config;
use observatory_codegen::diag::Error;
use observatory_codegen::loader::Loader;
use observatory_codegen::source::{RawDocument, bundle, parse};
use observatory_codegen::{Generator, Input};
use serde_json::{Value, json};

/// Files in memory, and the paths that were read.
#[derive(Debug, Default)]
struct Memory {
    files: BTreeMap<PathBuf, &'static str>,
    loaded: Mutex<Vec<String>>,
}

impl Memory {
    fn new(files: &[(&str, &'static str)]) -> Self {
        let files = files.iter().map(|(path, text)| (path.into(), *text));
        Self {
            files: files.collect(),
            ..Self::default()
        }
    }

    fn loaded(&self) -> Vec<String> {
        self.loaded.lock().unwrap().clone()
    }
}

impl Loader for Memory {
    fn load(&self, path: &Path) -> Result<Vec<u8>, Error> {
        let name = path.to_string_lossy().into_owned();
        self.loaded.lock().unwrap().push(name);
        match self.files.get(path) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => Err(Error::io_message(path, "not found")),
        }
    }
}

/// Returns the document at `path` with the property `x` for each reference.
fn bundled(path: &str, references: &[&str], loader: &Memory) -> Result<RawDocument, Error> {
    let properties: BTreeMap<String, Value> = references
        .iter()
        .enumerate()
        .map(|(index, reference)| (format!("p{index}"), json!({ "$ref": reference })))
        .collect();
    let document = json!({
        "openapi": "3.1.0",
        "components": { "schemas": { "S": { "properties": properties } } },
    });
    let raw = parse(Path::new(path), document.to_string())?;
    Ok(bundle(raw, loader, &[]))
}

fn reference<'d>(document: &'d RawDocument, property: &str) -> Option<&'d str> {
    let at = format!("/components/schemas/S/properties/{property}/$ref");
    document.value.pointer(&at)?.as_str()
}

#[test]
fn follows_references_to_the_origin_of_a_url() -> TestResult {
    let loader = Memory::new(&[
        ("https://api.example.com/v1/a.yaml", "type: string"),
        (
            "https://api.example.com/b.yaml?raw=1",
            "{B: {type: string}}",
        ),
        ("https://api.example.com/v1/x/c.yaml", "{$ref: ../a.yaml}"),
    ]);
    let document = bundled(
        "https://api.example.com/v1/openapi.yaml",
        &[
            "a.yaml",
            "../b.yaml?raw=1#/B",
            "https://API.example.com:443/v1/x/c.yaml",
            "//api.example.com/v1/./a.yaml",
        ],
        &loader,
    )?;
    let loaded = [
        "https://api.example.com/v1/a.yaml",
        "https://api.example.com/b.yaml?raw=1",
        "https://api.example.com/v1/x/c.yaml",
    ];
    assert_eq!(loader.loaded(), loaded, "each file is read once");
    assert_eq!(reference(&document, "p0"), reference(&document, "p3"));
    assert_eq!(document.unresolved, []);
    Ok(())
}

#[test]
fn never_loads_another_origin_or_scheme() -> TestResult {
    let references = [
        "https://evil.example/a.yaml",
        "http://api.example.com/a.yaml",
        "https://api.example.com:8443/a.yaml",
        "https://api.example.com.evil.example/a.yaml",
        "https://api.example.com@evil.example/a.yaml",
        "//evil.example/a.yaml",
        "file:///etc/passwd",
    ];
    let loader = Memory::default();
    let document = bundled("https://api.example.com/openapi.yaml", &references, &loader)?;
    assert_eq!(loader.loaded(), Vec::<String>::new());
    assert_eq!(document.unresolved.len(), references.len());
    let references = [
        "https://api.example.com/a.yaml",
        "file:///etc/passwd",
        "//host/a",
    ];
    let document = bundled("openapi.yaml", &references, &loader)?;
    assert_eq!(loader.loaded(), Vec::<String>::new());
    assert_eq!(document.unresolved.len(), references.len());
    Ok(())
}

#[test]
fn a_reference_cannot_leave_the_origin_by_its_path() -> TestResult {
    let loader = Memory::default();
    let references = [
        "../../../../x.yaml",
        "/\\evil.example/x.yaml",
        "..//evil.example/y.yaml",
    ];
    bundled(
        "https://api.example.com/v1/openapi.yaml",
        &references,
        &loader,
    )?;
    let loaded = loader.loaded();
    assert_eq!(loaded.len(), 3);
    for url in loaded {
        assert!(url.starts_with("https://api.example.com/"), "{url}");
    }
    Ok(())
}

/// A folder with the document `api/openapi.yaml`, which refers to `shared/type.yaml` and, by a link, to `secret.yaml`.
fn folder_with_neighbor() -> std::io::Result<PathBuf> {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("external_files");
    let _ = std::fs::remove_dir_all(&root);
    for folder in ["api", "shared"] {
        std::fs::create_dir_all(root.join(folder))?;
    }
    let document = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    \
                    S: {type: object, properties: {shared: {$ref: ../shared/type.yaml}, linked: {$ref: link.yaml}}}\n";
    std::fs::write(root.join("api/openapi.yaml"), document)?;
    std::fs::write(root.join("shared/type.yaml"), "type: integer\n")?;
    std::fs::write(root.join("secret.yaml"), "type: integer\n")?;
    #[cfg(unix)]
    std::os::unix::fs::symlink(root.join("secret.yaml"), root.join("api/link.yaml"))?;
    Ok(root)
}

#[test]
#[cfg(unix)]
fn reads_other_folders_only_if_they_are_allowed() {
    let root = folder_with_neighbor().unwrap();
    let document = root.join("api/openapi.yaml");
    let generator = Generator::new(Config::default()).allow_gaps(true);
    let messages = |generator: &Generator| {
        let output = generator.generate(Input::Path(document.clone())).unwrap();
        let messages = output.diagnostics.into_iter().map(|diag| diag.message);
        messages.collect::<Vec<_>>()
    };
    let outside = |reference: &str| format!("`{reference}` is outside the folder of the document");
    assert_eq!(
        messages(&generator),
        [outside("link.yaml"), outside("../shared/type.yaml")]
    );
    let generator = generator.allow_dir(root.join("shared"));
    assert_eq!(messages(&generator), [outside("link.yaml")]);
}

#[test]
fn a_component_that_is_only_a_reference_takes_the_place_of_its_target() -> TestResult {
    let loader = Memory::new(&[
        (
            "schemas.yaml",
            "{Pet: {$ref: pet.yaml}, Name: {type: string}}",
        ),
        (
            "pet.yaml",
            "{properties: {name: {$ref: 'schemas.yaml#/Name'}, self: {$ref: '#'}}}",
        ),
    ]);
    let document = "openapi: 3.1.0\ncomponents: {schemas: {$ref: schemas.yaml}}\nx: 1\n";
    let raw = bundle(parse(Path::new("openapi.yaml"), document)?, &loader, &[]);
    let expected = json!({
        "Pet": { "properties": {
            "name": { "$ref": "#/components/schemas/Name" },
            "self": { "$ref": "#/components/schemas/Pet" },
        } },
        "Name": { "type": "string" },
    });
    assert_eq!(raw.value["components"]["schemas"], expected);
    assert!(raw.value.get("x-external-files").is_none());
    Ok(())
}

#[test]
fn resolves_references_by_the_uri_of_the_document() -> TestResult {
    let loader = Memory::new(&[("common.yaml", "{Name: {type: string}}")]);
    let document = json!({
        "openapi": "3.2.0",
        "$self": "https://example.com/api/openapi.yaml",
        "components": { "schemas": {
            "A": { "properties": {
                "own": { "$ref": "https://example.com/api/openapi.yaml#/components/schemas/B" },
                "other": { "$ref": "https://example.com/api/common.yaml#/Name" },
            } },
            "B": { "type": "integer" },
        } },
    });
    let raw = parse(Path::new("openapi.yaml"), document.to_string())?;
    let raw = bundle(raw, &loader, &[]);
    let properties = &raw.value["components"]["schemas"]["A"]["properties"];
    assert_eq!(properties["own"]["$ref"], "#/components/schemas/B");
    assert_eq!(
        properties["other"]["$ref"],
        "#/x-external-files/common.yaml/Name"
    );
    Ok(())
}
