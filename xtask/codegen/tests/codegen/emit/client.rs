//! The client: constructors, handles, and the description of the API.

use super::{Document, TestResult, assert_contains, config, file};
use observatory_codegen::config::Config;
use observatory_codegen::diag::Error;

/// Returns `src/client.rs` of a document with one security scheme.
fn client(scheme: &str, config: Config) -> Result<String, Error> {
    let scheme = format!("auth: {scheme}");
    let document = Document {
        root: "servers: [{url: 'https://acme.example'}]\nsecurity: [{auth: []}]",
        security_schemes: &[&scheme],
        ..Document::default()
    };
    let files = document.files_with(config, |generator| generator)?;
    Ok(file(&files, "src/client.rs"))
}

#[test]
fn api_key_constructor_takes_a_key() -> TestResult {
    let text = client("{type: apiKey, in: header, name: X-Key}", Config::default())?;
    assert_contains(
        &text,
        &[
            "pub fn new(api_key: impl Into<Secret>) -> Result<Self, Error> {",
            "Self::builder().api_key(api_key).build()",
        ],
    );
    Ok(())
}

#[test]
fn basic_constructor_takes_user_and_password() -> TestResult {
    let text = client("{type: http, scheme: basic}", Config::default())?;
    assert!(text.contains("pub fn new(\nuser: impl Into<String>,\npassword: impl Into<Secret>,\n) -> Result<Self, Error> {\nSelf::builder().basic_auth(user, password).build()\n"), "{text}");
    Ok(())
}

#[test]
fn client_without_credentials_has_no_constructor() -> TestResult {
    let text = file(&Document::default().files()?, "src/client.rs");
    assert!(!text.contains("pub fn new("), "{text}");
    assert!(!text.contains("Secret"), "{text}");
    assert_contains(&text, &["pub fn from_env() -> Result<Self, Error> {"]);
    Ok(())
}

#[test]
fn scheme_constant_has_location_and_variables() -> TestResult {
    let cases = [
        (
            "{type: apiKey, in: header, name: X-Key}",
            [
                "kind: spec::SchemeKind::Header {",
                "name: \"X-Key\",",
                "prefix: \"\",",
            ],
        ),
        (
            "{type: http, scheme: bearer}",
            [
                "kind: spec::SchemeKind::Bearer,",
                "env: &[\"ACME_KEY\"],",
                "password_env: &[],",
            ],
        ),
    ];
    for (scheme, lines) in cases {
        let config = config("[[credential]]\nscheme = \"auth\"\nenv = [\"ACME_KEY\"]\n")?;
        assert_contains(&client(scheme, config)?, &lines);
    }
    Ok(())
}

#[test]
fn scheme_constant_has_other_headers_and_their_variables() -> TestResult {
    const CREDENTIAL: &str = "[[credential]]\nscheme = \"auth\"\nother-header = [{header = \"X-New\", env = [\"NEW_KEY\"]}]\n";
    let scheme = "{type: apiKey, in: header, name: X-Key}";
    let text = client(scheme, config(CREDENTIAL)?)?;
    for docs in [
        "The key is sent in the header `X-Key`. ",
        " also accepts `X-New`: select one with `ClientBuilder::auth_header`.",
        "- `NEW_KEY`: the same credential, sent in the header `X-New`.",
    ] {
        assert!(text.contains(docs), "{docs} is missing in:\n{text}");
    }
    assert_contains(&text, &["other_headers: &[X_NEW],"]);
    assert_contains(
        &text,
        &[
            "const X_NEW: spec::OtherHeader = spec::OtherHeader {",
            "name: \"X-New\",",
            "env: &[\"NEW_KEY\"],",
            "};",
        ],
    );
    for scheme in [
        "{type: http, scheme: bearer}",
        "{type: http, scheme: basic}",
        "{type: apiKey, in: query, name: key}",
    ] {
        let error = client(scheme, config(CREDENTIAL)?).err();
        let message = error.map(|error| error.to_string()).unwrap_or_default();
        assert!(
            message.contains("a header is for an API key of the security scheme `auth`"),
            "{scheme}: {message}"
        );
    }
    let moved = format!("{CREDENTIAL}header = \"X-Key\"\n");
    client("{type: apiKey, in: query, name: key}", config(&moved)?)?;
    Ok(())
}

#[test]
fn resource_is_a_method_with_its_feature() -> TestResult {
    let text = file(&Document::default().files()?, "src/client.rs");
    assert_contains(
        &text,
        &[
            "#[cfg(feature = \"item\")]",
            "pub fn item(&self) -> crate::api::ItemApi {",
            "crate::api::ItemApi::new(&self.0)",
            "}",
        ],
    );
    Ok(())
}

#[test]
fn server_of_the_document_is_a_constant() -> TestResult {
    let text = client("{type: http, scheme: bearer}", Config::default())?;
    assert!(text.contains("url: \"https://acme.example\","), "{text}");
    assert!(text.contains(": spec::Server = spec::Server {\n"), "{text}");
    Ok(())
}
