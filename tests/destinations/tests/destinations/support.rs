//! A local server for one vendor, and the validation of what it received.

use llm_observatory::destinations::{Destination, Outcome};
use llm_observatory::model::Record;
use observatory_conformance::DocumentSource;
use observatory_conformance::calls::{
    RequestValidator, SchemaRequestValidator, SentRequest, ValidationResult,
};
use observatory_tests::repository::root;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};
use wiremock::matchers::{method, path_regex};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// A local server that responds to the given operations.
pub struct Vendor {
    server: MockServer,
}

impl Vendor {
    /// Starts a server with one response for each operation: method, pattern of the path, status, body.
    pub async fn start(responses: &[(&str, &str, u16, Value)]) -> Self {
        let vendor = Self {
            server: MockServer::start().await,
        };
        for (verb, pattern, status, body) in responses {
            let response = ResponseTemplate::new(*status).set_body_json(body);
            vendor.respond(verb, pattern, response).await;
        }
        vendor
    }

    /// Adds a response.
    pub async fn respond(&self, verb: &str, pattern: &str, response: ResponseTemplate) {
        let pattern = format!("^{pattern}$");
        let mock = Mock::given(method(verb)).and(path_regex(pattern));
        mock.respond_with(response).mount(&self.server).await;
    }

    /// Adds a response to requests of any shape.
    pub async fn mount(&self, mock: Mock) {
        mock.mount(&self.server).await;
    }

    /// Forgets all responses and requests.
    pub async fn reset(&self) {
        self.server.reset().await;
    }

    /// Returns its base URL.
    pub fn url(&self) -> String {
        self.server.uri()
    }

    /// Returns what it received, in order.
    pub async fn requests(&self) -> Vec<SentRequest> {
        let requests = self.server.received_requests().await.unwrap();
        let header =
            |(name, value): (&wiremock::http::HeaderName, &wiremock::http::HeaderValue)| {
                (name.to_string(), value.to_str().unwrap().to_owned())
            };
        let requests = requests.into_iter().map(|request| SentRequest {
            method: request.method.to_string(),
            path: request.url.path().to_owned(),
            query: request.url.query().unwrap_or_default().to_owned(),
            headers: request.headers.iter().map(header).collect(),
            body: request.body,
        });
        requests.collect()
    }

    /// Returns what it received with this path, as JSON.
    pub async fn bodies(&self, path: &str) -> Vec<Value> {
        let requests = self.requests().await;
        let requests = requests.iter().filter(|request| request.path == path);
        requests.map(json_body).collect()
    }
}

/// Returns the body of a request as JSON.
pub fn json_body(request: &SentRequest) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

/// Sends records and returns the outcome.
pub async fn deliver(destination: &impl Destination, records: &[Record]) -> Outcome {
    let records: Vec<Arc<Record>> = records.iter().cloned().map(Arc::new).collect();
    destination.deliver(&records).await
}

/// The validator of a vendor's document in `specs/`, with its overlay.
struct DocumentValidator {
    validator: Mutex<SchemaRequestValidator>,
    /// Headers that the configuration adds to every request. They are not in documents.
    added_headers: Vec<String>,
}

impl DocumentValidator {
    fn load(vendor: &str) -> Self {
        let document = root().join("specs").join(vendor).join("openapi.yaml");
        let source = DocumentSource::from_path(&document).unwrap();
        let document = source.load_with_overlay().unwrap();
        let validator = SchemaRequestValidator::new(document, &source.config).unwrap();
        let otlp = source.config.otlp.iter();
        let added_headers = otlp.flat_map(|otlp| otlp.headers.keys().cloned());
        Self {
            validator: Mutex::new(validator),
            added_headers: added_headers.collect(),
        }
    }

    /// Validates a request without headers of the transport.
    fn validate(&self, request: &SentRequest) -> ValidationResult {
        let transport = ["host", "accept-encoding"];
        let mut request = request.clone();
        request.headers.retain(|(name, _)| {
            !self.added_headers.contains(name) && !transport.contains(&name.as_str())
        });
        self.validator.lock().unwrap().validate(&request).unwrap()
    }
}

/// The validators that tests have used: loading a document takes longer than all of its requests.
static VALIDATORS: Mutex<BTreeMap<String, Arc<OnceLock<DocumentValidator>>>> =
    Mutex::new(BTreeMap::new());

/// Validates requests by the vendor's document.
///
/// # Panics
/// If a request is invalid.
pub fn assert_valid(vendor: &str, requests: &[SentRequest]) {
    assert!(!requests.is_empty(), "no request");
    let validator = Arc::clone(
        VALIDATORS
            .lock()
            .unwrap()
            .entry(vendor.to_owned())
            .or_default(),
    );
    let validator = validator.get_or_init(|| DocumentValidator::load(vendor));
    for request in requests {
        let result = validator.validate(request);
        assert!(
            result.violations.is_empty(),
            "{} {}: {:#?}\n{:#}",
            request.method,
            request.path,
            result.violations,
            serde_json::from_slice::<Value>(&request.body).unwrap_or(Value::Null)
        );
    }
}

/// Returns the attributes of a span or a resource of OTLP in JSON, as an object.
pub fn attributes(span: &Value) -> Value {
    let pairs = span["attributes"].as_array().unwrap();
    let pairs = pairs.iter().map(|pair| {
        let value = pair["value"].as_object().unwrap();
        assert_eq!(value.len(), 1, "exactly one value: {pair}");
        let (kind, value) = value.iter().next().unwrap();
        let value = match kind.as_str() {
            "arrayValue" => {
                let values = value["values"].as_array().unwrap();
                values
                    .iter()
                    .map(|value| value["stringValue"].clone())
                    .collect()
            }
            _ => value.clone(),
        };
        (pair["key"].as_str().unwrap().to_owned(), value)
    });
    let mut attributes = serde_json::Map::new();
    for (name, value) in pairs {
        let before = attributes.insert(name.clone(), value);
        assert_eq!(before, None, "{name} occurs twice");
    }
    Value::Object(attributes)
}

/// Returns the JSON in a text.
pub fn parsed(text: &Value) -> Value {
    serde_json::from_str(text.as_str().unwrap()).unwrap()
}

/// Returns the item of a list whose property has this value.
pub fn find<'v>(list: &'v Value, name: &str, value: &str) -> &'v Value {
    let items = list.as_array().unwrap();
    let found = items.iter().find(|item| item[name] == json!(value));
    found.unwrap_or_else(|| panic!("no {name} {value} in {list:#}"))
}
