//! Every document in `../shared/vendor-docs`, generated whole and compiled without a warning; those that are broken as
//! published are refused with the place.

use std::path::Path;
use std::time::Instant;

use observatory_codegen::cli::document::DocumentArgs;
use observatory_codegen::cli::generate::{Args as Generate, generate};
use observatory_codegen::coverage::measure;
use observatory_codegen::diag::{ColorChoice, Error, render};
use observatory_codegen::pipeline::Output;
use observatory_tests::scratch::Scratch;
use observatory_tests::shared::{self, say};

/// A colon where a value cannot have one, and six references to nothing.
const BROKEN: &[&str] = &["openlit.yaml", "lunary.json"];

fn make(document: &Path, name: &str) -> Result<Output, Error> {
    generate(&Generate {
        document: DocumentArgs {
            spec: document.to_path_buf(),
            ..DocumentArgs::default()
        },
        out: scratch().home(name),
        name: name.to_owned(),
        runtime_path: Some(shared::root().join("crates/runtime")),
        ..Generate::default()
    })
}

fn scratch() -> Scratch {
    Scratch::new("vendor-docs")
}

/// What generating the document says when it is refused, as people see it.
fn refusal(document: &Path) -> String {
    let error = make(document, "refused")
        .map(|_| "it was generated")
        .unwrap_err();
    assert!(!scratch().home("refused").exists(), "nothing is written");
    render(&error, ColorChoice::Never)
}

#[test]
fn broken_yaml_is_refused_with_its_place() {
    let Some(document) = shared::find("vendor-docs/openlit.yaml") else {
        return;
    };
    let text = refusal(&document);
    let place = format!("{}:796:55", document.display());
    assert!(
        text.starts_with("error[syntax]: mapping values are not allowed"),
        "{text}"
    );
    assert!(text.contains(&place), "{text}");
    assert!(text.contains("(#/components/securitySchemes/"), "{text}");
}

#[test]
fn dangling_references_are_refused_with_their_places() {
    let Some(document) = shared::find("vendor-docs/lunary.json") else {
        return;
    };
    let text = refusal(&document);
    let all = [
        (
            "3353:21",
            "~1v1~1playground-endpoints/get/responses/200/content/application~1json/schema/items",
        ),
        (
            "3372:17",
            "~1v1~1playground-endpoints/post/requestBody/content/application~1json/schema",
        ),
        (
            "3383:19",
            "~1v1~1playground-endpoints/post/responses/201/content/application~1json/schema",
        ),
        (
            "3415:19",
            "~1v1~1playground-endpoints~1{id}/get/responses/200/content/application~1json/schema",
        ),
        (
            "3447:17",
            "~1v1~1playground-endpoints~1{id}/put/requestBody/content/application~1json/schema",
        ),
        (
            "3458:19",
            "~1v1~1playground-endpoints~1{id}/put/responses/200/content/application~1json/schema",
        ),
    ];
    assert_eq!(
        text.matches("error[dangling-ref]").count(),
        all.len(),
        "{text}"
    );
    for (line, pointer) in all {
        assert!(
            text.contains(&format!("{}:{line}\n", document.display())),
            "{line}: {text}"
        );
        assert!(
            text.contains(&format!("(#/paths/{pointer}/$ref)")),
            "{pointer}: {text}"
        );
    }
}

/// Generates the document; gives the crate's name.
fn generated(document: &Path) -> String {
    let stem = document.file_stem().unwrap().to_string_lossy();
    let name = format!("gen-{}", stem.replace('.', "-"));
    let made = make(document, &name)
        .unwrap_or_else(|error| panic!("{}", render(&error, ColorChoice::Never)));
    let coverage = measure(&name, &made);
    assert!(coverage.gaps.is_empty(), "{name}: {:?}", coverage.gaps);
    let (operations, schemas) = (coverage.operations, coverage.schemas);
    assert_eq!(
        operations.document, operations.generated,
        "{name}: operations"
    );
    assert_eq!(schemas.document, schemas.generated, "{name}: schemas");
    name
}

#[test]
fn every_document_compiles_without_warnings() {
    let Some(folder) = shared::find("vendor-docs") else {
        return;
    };
    let started = Instant::now();
    let mut documents = shared::files(&folder, "yaml");
    documents.extend(shared::files(&folder, "json"));
    documents.retain(|path| !BROKEN.iter().any(|broken| path.ends_with(broken)));
    assert!(documents.len() >= 16, "{documents:?}");
    let names: Vec<String> = documents.iter().map(|path| generated(path)).collect();
    let seconds = || started.elapsed().as_secs();
    say(&format!(
        "{} vendor documents generated in {} s; compiling, which takes minutes the first time",
        names.len(),
        seconds()
    ));
    scratch().check(&names);
    say(&format!(
        "{} vendor documents compiled after {} s",
        names.len(),
        seconds()
    ));
}
