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
