//! Calls of every operation through the generated client, with valid values: an independent validator accepts the request,
//! and the client decodes the response. Variants of each request that the document forbids must be rejected.
//! `cargo xtask calls` does the same with more values, more seeds and any document.

use std::fs;
use std::path::Path;

use observatory_codegen::config::Config;
use observatory_codegen::diag::{ColorChoice, Error, render};
use observatory_conformance::DocumentSource;
use observatory_conformance::calls::{
    CallOptions, CallReport, RequestValidator, ResponseText, SchemaRequestValidator, SentRequest,
    ValidationResult, call_operations,
};
use observatory_tests::prism;
use observatory_tests::repository::{print_now, root};
use observatory_tests::server::Server;
use observatory_tests::shared::document;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// A vendor and the number of operations in its document.
struct Case {
    name: &'static str,
    published: &'static str,
    operations: usize,
}

const ADALINE: Case = Case {
    name: "adaline",
    published: "adaline.json",
    operations: 44,
};
const GALILEO: Case = Case {
    name: "galileo",
    published: "galileo.yaml",
    operations: 244,
};
const HELICONE: Case = Case {
    name: "helicone",
    published: "helicone.json",
    operations: 267,
};

const LANGSMITH: Case = Case {
    name: "langsmith",
    published: "langsmith.json",
    operations: 581,
};
const OPIK: Case = Case {
    name: "opik",
    published: "opik.yaml",
    operations: 308,
};
const PHOENIX: Case = Case {
    name: "phoenix",
    published: "phoenix.json",
    // One of its 121 operations has bodies of two media types, and a method for each.
    operations: 122,
};

/// Returns the published document with the overlay's corrections of requests and responses, applied by hand. All other
/// actions of the overlays change only descriptions.
fn corrected_document(case: &Case) -> Value {
    let mut value = observatory_codegen::source::load(&document(case.name, case.published))
        .unwrap()
        .value;
    match case.name {
        "galileo" => {
            let paths = value["paths"].as_object_mut().unwrap();
            let moved = [
                "/projects/{project_id}/traces",
                "/projects/{project_id}/traces/{trace_id}",
                "/projects/{project_id}/spans",
                "/projects/{project_id}/spans/{span_id}",
                "/projects/{project_id}/sessions",
                "/projects/{project_id}/sessions/search",
            ];
            for path in moved {
                let item = paths.remove(path).unwrap();
                paths.insert(format!("/v2{path}"), item);
            }
            // A login needs no token.
            for path in ["/login", "/login/api_key"] {
                let operation = paths[path]["post"].as_object_mut().unwrap();
                assert!(operation.remove("security").is_some(), "{path}");
            }
        }
        "helicone" => {
            // Members of an `allOf` with other properties: closed, they would match no value.
            for name in ["DataOverTimeRequest", "MetricsData"] {
                let schema = &mut value["components"]["schemas"][name];
                let closed = schema.as_object_mut().unwrap();
                assert!(closed.remove("additionalProperties").is_some(), "{name}");
            }
            // The document has no integers, also where it counts.
            let ours = source(case).load_with_overlay().unwrap();
            assert!(take_integers(&mut value, &ours) > 100);
        }
        "langsmith" => {
            let test = &mut value["paths"]["/v1/platform/alerts/{session_id}/test"]["post"];
            remove_parameter(test, "alert_rule_id");
        }
        "opik" => {
            let state = &mut value["paths"]["/v1/private/ollie/state"]["put"];
            remove_parameter(state, "Content-Length");
            // The document has no credentials.
            let header = |name: &str| json!({"type": "apiKey", "in": "header", "name": name});
            value["components"]["securitySchemes"] =
                json!({"Key": header("Authorization"), "Workspace": header("Comet-Workspace")});
            value["security"] = json!([{"Key": [], "Workspace": []}]);
        }
        _ => {}
    }
    value
}

/// Replaces the type of the schemas that are numbers here and integers in `ours`. Returns their number.
fn take_integers(document: &mut Value, ours: &Value) -> usize {
    match (document, ours) {
        (Value::Object(document), Value::Object(ours)) => {
            let is_number = document.get("type").is_some_and(|ty| ty == "number");
            let is_integer = ours.get("type").is_some_and(|ty| ty == "integer");
            if is_number && is_integer {
                document.insert("type".to_owned(), "integer".into());
                // `double`, for which Prism makes up floats. With `int64` it refuses what JavaScript has no number for.
                document.remove("format");
                return 1;
            }
            let children = document.iter_mut();
            let children = children.filter_map(|(key, child)| Some((child, ours.get(key)?)));
            children
                .map(|(child, ours)| take_integers(child, ours))
                .sum()
        }
        (Value::Array(document), Value::Array(ours)) => {
            let items = document.iter_mut().zip(ours);
            items.map(|(item, ours)| take_integers(item, ours)).sum()
        }
        _ => 0,
    }
}

/// Removes a parameter that no request can have.
fn remove_parameter(operation: &mut Value, name: &str) {
    let parameters = operation["parameters"].as_array_mut().unwrap();
    let count = parameters.len();
    parameters.retain(|parameter| parameter["name"] != name);
    assert_eq!(parameters.len(), count - 1, "{name}");
}

fn source(case: &Case) -> DocumentSource {
    let spec = root().join("specs").join(case.name).join("openapi.yaml");
    DocumentSource::from_path(&spec).unwrap()
}

/// Calls every operation and asserts success. `unchecked` are the operations whose bodies the validator ignores.
fn assert_all_calls_succeed(
    case: &Case,
    validator_name: &str,
    validator: &mut dyn RequestValidator,
    count: usize,
    unchecked: &[&str],
) {
    let settings = CallOptions {
        source: source(case),
        operations: None,
        count,
        seed: 20,
    };
    let report = call_operations(&settings, validator, &mut |_| {})
        .unwrap_or_else(|error| panic!("{}", render(&error, ColorChoice::Never)));
    print_counts(case, validator_name, &report);
    let failures = report.failures.iter();
    let failures: Vec<_> = failures
        .map(|failure| (failure.kind, failure.operation.as_str()))
        .collect();
    let expected: Vec<_> = unchecked.iter().map(|path| ("undetected", *path)).collect();
    assert_eq!(failures, expected, "{}: {:#?}", case.name, report.failures);
    assert_eq!(report.skipped, [], "{}", case.name);
    let incomplete = report
        .operations
        .iter()
        .filter(|row| !row.counts.is_success());
    let incomplete: Vec<&str> = incomplete.map(|row| row.operation.as_str()).collect();
    assert_eq!(incomplete, unchecked, "{}", case.name);
    let total = report.total;
    assert_eq!(
        (total.accepted, total.decoded),
        (total.called, total.responses)
    );
    assert_eq!(report.operations.len(), case.operations);
    assert_eq!(report.total.called, case.operations * count);
}

fn print_counts(case: &Case, validator_name: &str, report: &CallReport) {
    let (name, operations, total) = (case.name, report.operations.len(), report.total);
    print_now(&format!(
        "{name}, validated by {validator_name}: {operations} operations; {}/{} requests accepted, {}/{} responses decoded, \
         {}/{} invalid requests rejected",
        total.accepted, total.called, total.decoded, total.responses, total.rejected, total.invalid
    ));
}

fn assert_valid_by_json_schema(case: &Case) {
    let mut validator =
        SchemaRequestValidator::new(corrected_document(case), &source(case).config).unwrap();
    assert_all_calls_succeed(case, "JSON Schema", &mut validator, 4, &[]);
}

#[test]
#[ignore = "compiles generated crates: run scripts/test-all.sh"]
fn adaline_requests_are_valid_by_json_schema() {
    assert_valid_by_json_schema(&ADALINE);
}

#[test]
#[ignore = "compiles generated crates: run scripts/test-all.sh"]
fn galileo_requests_are_valid_by_json_schema() {
    assert_valid_by_json_schema(&GALILEO);
}

#[test]
#[ignore = "compiles generated crates: run scripts/test-all.sh"]
fn helicone_requests_are_valid_by_json_schema() {
    assert_valid_by_json_schema(&HELICONE);
}

#[test]
#[ignore = "compiles generated crates: run scripts/test-all.sh"]
fn langsmith_requests_are_valid_by_json_schema() {
    assert_valid_by_json_schema(&LANGSMITH);
}

#[test]
#[ignore = "compiles generated crates: run scripts/test-all.sh"]
fn opik_requests_are_valid_by_json_schema() {
    assert_valid_by_json_schema(&OPIK);
}

#[test]
#[ignore = "compiles generated crates: run scripts/test-all.sh"]
fn phoenix_requests_are_valid_by_json_schema() {
    assert_valid_by_json_schema(&PHOENIX);
}

/// Prism as the validator. The client also decodes the responses that Prism generates.
struct PrismValidator {
    server: Server,
    runtime: Runtime,
    client: reqwest::Client,
}

impl PrismValidator {
    fn start(case: &Case) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(case.published);
        fs::write(&path, corrected_document(case).to_string()).unwrap();
        Self {
            server: prism::start(&format!("calls-{}", case.name), &path),
            runtime: Runtime::new().unwrap(),
            client: reqwest::Client::new(),
        }
    }

    async fn send(&self, sent: &SentRequest) -> reqwest::Result<ValidationResult> {
        let method = reqwest::Method::from_bytes(sent.method.as_bytes()).unwrap();
        let query = if sent.query.is_empty() { "" } else { "?" };
        let url = format!("{}{}{query}{}", self.server.url(), sent.path, sent.query);
        let mut request = self.client.request(method, url);
        for (name, value) in &sent.headers {
            request = request.header(name, value);
        }
        if sent.header("content-type").is_some() {
            // Prism takes the body `null` for a missing one. Here any value is valid.
            let is_null = sent.path == ANY_BODY && sent.body == b"null";
            let body = if is_null {
                b"{}".to_vec()
            } else {
                sent.body.clone()
            };
            request = request.body(body);
        }
        let response = request.send().await?;
        let status = response.status();
        let header = |name: &str| {
            response
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        let (found, media_type) = (header("sl-violations"), header("content-type"));
        let body = response.text().await?;
        let mut violations = prism::violations(found.as_deref(), &body);
        if !status.is_success() {
            violations.push(format!("{status}: {body}"));
        }
        let response = ResponseText {
            status: status.as_u16(),
            media_type,
            body,
        };
        Ok(ValidationResult {
            response: violations.is_empty().then_some(response),
            violations,
        })
    }
}

impl RequestValidator for PrismValidator {
    fn validate(&mut self, sent: &SentRequest) -> Result<ValidationResult, Error> {
        Ok(self.runtime.block_on(self.send(sent)).unwrap())
    }
}

/// The operation of Helicone whose body is required and can be any value.
const ANY_BODY: &str = "/v1/trace/log-python";

/// Prism does not check bodies with recursive schemas. The JSON Schema validator does.
const UNCHECKED_BY_PRISM: &[&str] = &[
    "POST /v1/prompt-2025",
    "POST /v1/prompt-2025/update",
    "POST /v1/integration",
    "POST /v1/integration/{integrationId}",
    "POST /v1/helicone-dataset/{datasetId}/request/{requestId}",
];

fn assert_valid_by_prism(case: &Case, unchecked: &[&str]) {
    let mut validator = PrismValidator::start(case);
    assert_all_calls_succeed(case, "Prism", &mut validator, 2, unchecked);
}

#[test]
#[ignore = "needs Prism: scripts/install-prism.sh"]
fn adaline_requests_are_valid_by_prism() {
    assert_valid_by_prism(&ADALINE, &[]);
}

#[test]
#[ignore = "needs Prism: scripts/install-prism.sh"]
fn helicone_requests_are_valid_by_prism() {
    assert_valid_by_prism(&HELICONE, UNCHECKED_BY_PRISM);
}

/// Constructs that the vendors' documents lack: parameter styles, headers, cookies, forms, files, bytes, and all kinds of
/// credentials.
#[test]
#[ignore = "compiles generated crates: run scripts/test-all.sh"]
fn requests_with_rare_constructs_are_valid() {
    for name in [
        "operation_parameters",
        "operation_bodies",
        "client_security",
    ] {
        let spec = root().join(format!("tests/fixtures/{name}.yaml"));
        let settings = CallOptions {
            source: DocumentSource::from_path(&spec).unwrap(),
            operations: None,
            count: 40,
            seed: 20,
        };
        let document = observatory_codegen::source::load(&spec).unwrap().value;
        let mut validator = SchemaRequestValidator::new(document, &Config::default()).unwrap();
        let report = call_operations(&settings, &mut validator, &mut |_| {}).unwrap();
        assert!(report.is_success(), "{name}: {:#?}", report.failures);
        assert_eq!(report.skipped, [], "{name}");
    }
}

/// A validator that reports fixed violations.
struct FixedViolations(&'static [&'static str]);

impl RequestValidator for FixedViolations {
    fn validate(&mut self, _: &SentRequest) -> Result<ValidationResult, Error> {
        Ok(ValidationResult {
            violations: self.0.iter().map(|text| (*text).to_owned()).collect(),
            response: None,
        })
    }
}

/// The report reveals a validator that rejects everything and one that accepts everything.
#[test]
#[ignore = "compiles generated crates: run scripts/test-all.sh"]
fn report_reveals_defective_validators() {
    let mut settings = CallOptions {
        source: source(&ADALINE),
        operations: Some("^POST /datasets$".parse().unwrap()),
        count: 1,
        seed: 1,
    };
    let kinds = |settings: &CallOptions, validator: &mut dyn RequestValidator| {
        let report = call_operations(settings, validator, &mut |_| {}).unwrap();
        assert!(!report.is_success());
        let failures = report.failures.into_iter();
        failures.map(|failure| failure.kind).collect::<Vec<_>>()
    };
    assert_eq!(
        kinds(&settings, &mut FixedViolations(&["no"])),
        ["rejected"]
    );
    assert_eq!(kinds(&settings, &mut FixedViolations(&[])), ["undetected"]);

    // Another vendor's document has none of the operations.
    let mut other_vendor =
        SchemaRequestValidator::new(corrected_document(&HELICONE), &Config::default()).unwrap();
    assert_eq!(kinds(&settings, &mut other_vendor), ["rejected"]);
    settings.operations = Some("there is none".parse().unwrap());
    let report = call_operations(&settings, &mut FixedViolations(&[]), &mut |_| {}).unwrap();
    assert_eq!(report.operations.len(), 0);
}
