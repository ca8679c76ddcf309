//! The documents in `../shared/vendor-docs`: each is generated completely and compiles without a warning. Those that are
//! invalid as published are rejected with the location. Fixtures guard the same: `refused_yaml`, `refused_dangling`.

mod with_shared {
    use std::path::Path;
    use std::time::Instant;

    use observatory_codegen::cli::document::DocumentArgs;
    use observatory_codegen::cli::generate::{Args as Generate, generate};
    use observatory_codegen::coverage::measure;
    use observatory_codegen::diag::{ColorChoice, Error, render, render_diagnostics};
    use observatory_codegen::pipeline::Output;
    use observatory_tests::repository::{files, print_now, root};
    use observatory_tests::scratch::Scratch;
    use observatory_tests::shared;

    /// Documents with a syntax error and with dangling references.
    const INVALID: &[&str] = &["openlit.yaml", "lunary.json"];

    fn generate_crate(document: &Path, name: &str, allow_gaps: bool) -> Result<Output, Error> {
        generate(&Generate {
            document: DocumentArgs {
                spec: document.to_path_buf(),
                ..DocumentArgs::default()
            },
            allow_gaps,
            out: scratch().crate_folder(name),
            name: name.to_owned(),
            runtime_path: Some(root().join("crates/runtime")),
            ..Generate::default()
        })
    }

    fn scratch() -> Scratch {
        Scratch::new("vendor-docs")
    }

    /// Returns the rendered error of a document that must be rejected.
    fn rejection(document: &Path) -> String {
        let error = generate_crate(document, "rejected", false)
            .map(|_| "it was generated")
            .unwrap_err();
        let folder = scratch().crate_folder("rejected");
        assert!(!folder.exists(), "no files are written");
        render(&error, ColorChoice::Never)
    }

    #[test]
    #[ignore = "needs ../shared: published documents"]
    fn rejects_syntax_error_with_its_location() {
        let document = shared::find("vendor-docs/openlit.yaml");
        let text = rejection(&document);
        let location = format!("{}:796:55", document.display());
        assert!(
            text.starts_with("error[syntax]: mapping values are not allowed"),
            "{text}"
        );
        assert!(text.contains(&location), "{text}");
        assert!(text.contains("(#/components/securitySchemes/"), "{text}");
    }

    #[test]
    #[ignore = "needs ../shared: published documents"]
    fn rejects_dangling_references_with_their_locations() {
        let document = shared::find("vendor-docs/lunary.json");
        let output = generate_crate(&document, "dangling", false)
            .unwrap_or_else(|error| panic!("{}", render(&error, ColorChoice::Never)));
        let folder = scratch().crate_folder("dangling");
        assert!(!folder.exists(), "no files are written");
        let source = output.raw.source();
        let text = render_diagnostics(&output.diagnostics, &source, ColorChoice::Never);
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

    /// Generates a crate with all operations and schemas of the document, and returns its name.
    fn generate_completely(document: &Path) -> String {
        let stem = document.file_stem().unwrap().to_string_lossy();
        let name = format!("gen-{}", stem.replace('.', "-"));
        let output = generate_crate(document, &name, true)
            .unwrap_or_else(|error| panic!("{}", render(&error, ColorChoice::Never)));
        let coverage = measure(&name, &output);
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
    #[ignore = "needs ../shared: published documents"]
    fn every_document_compiles_without_warnings() {
        let folder = shared::find("vendor-docs");
        let started = Instant::now();
        let mut documents = files(&folder, "yaml");
        documents.extend(files(&folder, "json"));
        documents.retain(|path| !INVALID.iter().any(|invalid| path.ends_with(invalid)));
        assert!(documents.len() >= 16, "{documents:?}");
        let names: Vec<String> = documents
            .iter()
            .map(|path| generate_completely(path))
            .collect();
        let seconds = || started.elapsed().as_secs();
        print_now(&format!(
            "{} documents generated in {} s; compiling them takes minutes",
            names.len(),
            seconds()
        ));
        scratch().check(&names);
        print_now(&format!(
            "{} documents compiled after {} s",
            names.len(),
            seconds()
        ));
    }
}
