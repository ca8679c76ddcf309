//! Tests of what a document or `vendor.toml` describes and no client can send or no file system can hold.

use std::path::Path;

use observatory_codegen::config::Config;
use observatory_codegen::diag::{Code, Error, Severity};
use observatory_codegen::files::Files;
use observatory_codegen::{Generator, Input, PlannedDocument};

type TestResult = Result<(), Error>;

fn plan_document(rest: &str) -> Result<PlannedDocument, Error> {
    let text = format!("openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\n{rest}");
    let generator = Generator::new(Config::default());
    Ok(generator.plan(Input::text("spec.yaml", text))?)
}

/// Plans an operation with one parameter.
fn plan_parameter(location: &str, name: &str) -> Result<PlannedDocument, Error> {
    let parameter = serde_json::json!({"in": location, "name": name, "schema": {"type": "string"}});
    plan_document(&format!(
        "paths: {{/a: {{get: {{operationId: a, parameters: [{parameter}], responses: {{'204': {{description: d}}}}}}}}}}"
    ))
}

/// Returns severity, code and pointer of every diagnostic. Each must have help.
fn faults(planned: &PlannedDocument) -> Vec<(Severity, Code, &str)> {
    let diags = planned.diags.iter();
    diags
        .map(|diag| {
            assert!(diag.help.is_some(), "{diag}");
            (diag.severity, diag.code, diag.at.0.as_str())
        })
        .collect()
}

#[test]
fn reports_names_that_no_header_and_no_cookie_can_have() -> TestResult {
    for (location, name) in [
        ("header", "X\r\nY"),
        ("header", "X Y"),
        ("header", "X:"),
        ("header", "Schlüssel"),
        ("header", "\u{0}"),
        ("cookie", "a=b"),
        ("cookie", "a; b"),
    ] {
        let planned = plan_parameter(location, name)?;
        let at = "#/paths/~1a/get/parameters/0/name";
        let expected = (Severity::Error, Code::InvalidParameterName, at);
        assert_eq!(faults(&planned), [expected], "{name:?}");
        assert!(planned.api.operations[0].params.is_empty());
    }
    assert!(faults(&plan_parameter("query", "a b\r\n")?).is_empty());
    Ok(())
}

#[test]
fn warns_of_headers_that_http_owns() -> TestResult {
    for name in [
        "Host",
        "content-length",
        "Transfer-Encoding",
        "CONNECTION",
        "Upgrade",
        "TE",
        "Trailer",
        "Keep-Alive",
    ] {
        let planned = plan_parameter("header", name)?;
        let at = "#/paths/~1a/get/parameters/0/name";
        let expected = (Severity::Warning, Code::IgnoredKeyword, at);
        assert_eq!(faults(&planned), [expected], "{name}");
        assert!(planned.api.operations[0].params.is_empty());
    }
    Ok(())
}

#[test]
fn reports_api_keys_that_cannot_be_sent() -> TestResult {
    for (location, name) in [("header", "X\r\nY"), ("header", "Host"), ("cookie", "a;b")] {
        let scheme = serde_json::json!({"type": "apiKey", "in": location, "name": name});
        let planned = plan_document(&format!(
            "paths: {{}}\ncomponents: {{securitySchemes: {{key: {scheme}}}}}"
        ))?;
        let at = "#/components/securitySchemes/key/name";
        let expected = (Severity::Error, Code::UnsupportedSecurity, at);
        assert_eq!(faults(&planned), [expected], "{name:?}");
        assert!(planned.api.schemes.is_empty());
    }
    Ok(())
}

#[test]
fn reports_servers_with_a_user_or_a_password() -> TestResult {
    for (servers, at) in [
        (
            "[{url: 'https://user:password@host/v1'}]",
            "#/servers/0/url",
        ),
        ("['https://user@host']", "#/servers/0"),
        ("[{url: '//user@host'}]", "#/servers/0/url"),
        (
            "[{url: 'https://{host}/', variables: {host: {default: 'a:b@c'}}}]",
            "#/servers/0/variables/host",
        ),
        (
            "[{url: 'https://{host}/', variables: {host: {default: c, enum: [c, 'a@c']}}}]",
            "#/servers/0/variables/host",
        ),
    ] {
        let planned = plan_document(&format!("servers: {servers}\npaths: {{}}"))?;
        let expected = (Severity::Error, Code::UnsupportedSecurity, at);
        assert_eq!(faults(&planned), [expected], "{servers}");
        assert!(planned.api.servers.is_empty());
    }
    let planned = plan_document("servers: [{url: 'https://host/@user?a=b@c'}]\npaths: {}")?;
    assert!(faults(&planned).is_empty());
    Ok(())
}

#[test]
fn a_path_needs_no_slash() -> TestResult {
    for path in ["'a/{id}'", "'{id}'", "'?a=b'", "''", "' '", "a"] {
        let planned = plan_document(&format!(
            "paths: {{{path}: {{parameters: [{{in: path, name: id, required: true, schema: {{type: string}}}}], get: {{operationId: a, responses: {{'204': {{description: d}}}}}}}}}}"
        ))?;
        let has_internal_fault = planned.diags.iter().any(|diag| diag.code == Code::Internal);
        assert!(!has_internal_fault, "{path}: {:?}", planned.diags);
        assert!(planned.api.operations[0].path.starts_with('/'), "{path}");
    }
    Ok(())
}

fn config_error(text: &str) -> String {
    let error = Config::parse(Path::new("vendor.toml"), text).err();
    error.map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn rejects_credentials_and_servers_in_the_configuration_that_cannot_be_sent() {
    for (keys, message) in [
        ("header = \"X\\r\\nY\"", "the header `X\\r\\nY`"),
        ("header = \"X Y\"", "the header `X Y`"),
        ("header = \"Host\"", "the header `Host`"),
        (
            "other-header = [{header = \"a:b\", env = [\"A\"]}]",
            "the header `a:b`",
        ),
        (
            "other-header = [{header = \"\", env = [\"A\"]}]",
            "the header ``",
        ),
        (
            "other-header = [{header = \"a\", env = [\"A B\"]}]",
            "`A B`",
        ),
        ("prefix = \"a\\r\\nb\"", "`prefix`"),
        ("env = [\"A=B\"]", "`A=B`"),
        ("password-env = [\"\"]", "``"),
    ] {
        let error = config_error(&format!("\n[[credential]]\nscheme = \"key\"\n{keys}\n"));
        assert!(error.starts_with("vendor.toml:2:"), "{error}");
        assert!(error.contains(message), "{error}");
    }
    for text in [
        "request-id-headers = [\"X\\nY\"]",
        "[[server]]\nname = \"a\"\nurl = \"https://a:b@c\"",
        "[base-url.derive]\nenv = [\"A\"]\n[[base-url.derive.rule]]\nurl = \"https://a@c\"",
    ] {
        assert!(config_error(text).starts_with("vendor.toml:1:"), "{text}");
    }
}

#[test]
fn names_no_file_as_windows_names_devices() -> TestResult {
    let devices = ["con", "AUX", "Nul", "prn", "com1", "LPT9"];
    // Names that become those of devices, or have an extension.
    let similar = ["com²", "ＣＯＮ", "con.txt", "aux.h", "nul.", "prn-"];
    let names = [devices, similar].concat();
    let paths: String = names
        .iter()
        .map(|name| {
            format!("  /{name}: {{get: {{operationId: '{name}', tags: ['{name}'], responses: {{'200': {{description: d, content: {{application/json: {{schema: {{$ref: '#/components/schemas/{name}'}}}}}}}}}}}}}}\n")
        })
        .collect();
    let schemas: String = names
        .iter()
        .map(|name| format!("    {name}: {{type: object, properties: {{a: {{type: string}}}}}}\n"))
        .collect();
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths:\n{paths}components:\n  schemas:\n{schemas}"
    );
    let generator = Generator::new(Config::default());
    let files: Files = generator.generate(Input::text("spec.yaml", text))?.files;
    assert!(
        files.iter().any(|(path, _)| path.contains("com1_")),
        "{files:?}"
    );
    for (path, _) in files.iter() {
        for part in path.split('/') {
            assert!(
                part.is_ascii() && part.trim_end_matches(['.', ' ']) == part,
                "{path}"
            );
            let stem = part.split('.').next().unwrap_or_default().to_lowercase();
            assert!(
                !devices.iter().any(|name| name.to_lowercase() == stem),
                "{path}"
            );
        }
    }
    Ok(())
}

#[test]
fn rejects_crates_with_names_of_devices_on_windows() {
    for name in ["con", "CON", "aux", "Com1", "lpt9", "nul", "prn"] {
        let generator = Generator::new(Config::default()).package(name);
        let text = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n";
        let result = generator.generate(Input::text("spec.yaml", text));
        let error = result.err().map(|error| Error::from(error).to_string());
        let error = error.unwrap_or_default();
        assert!(
            error.contains("is not a valid crate name"),
            "{name}: {error}"
        );
    }
}

#[test]
fn rejects_otlp_endpoints_that_cannot_be_called() {
    let valid = "path = \"/v1/traces\"\nencoding = \"json\"\nconventions = [\"gen-ai\"]";
    assert_eq!(config_error(&format!("[otlp]\n{valid}")), "");
    for (keys, message) in [
        ("path = \"v1/traces\"", "`path`"),
        ("path = \"/v1/traces?a=b\"", "`path`"),
        ("path = \"/v1/ä\"", "`path`"),
        ("encoding = \"xml\"", "xml"),
        ("conventions = []", "`conventions`"),
        ("conventions = [\"other\"]", "other"),
        ("max-bytes = 0", "`max-bytes`"),
        ("headers = { \"X Y\" = \"1\" }", "`headers`: `X Y`"),
        ("headers = { Host = \"1\" }", "`headers`: `Host`"),
        ("headers = { a = \"1\\r\\nb: 2\" }", "`headers`: `a`"),
    ] {
        let (key, _) = keys.split_once(' ').unwrap_or_default();
        let others = valid.lines().filter(|line| !line.starts_with(key));
        let others: Vec<&str> = others.collect();
        let text = format!("\n[otlp]\n{keys}\n{}", others.join("\n"));
        let error = config_error(&text);
        assert!(error.contains(message), "{keys}: {error}");
        assert!(error.starts_with("vendor.toml:"), "{error}");
    }
}
