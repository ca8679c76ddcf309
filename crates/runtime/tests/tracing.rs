//! Tracing spans of calls: their attributes, and that they contain no secrets.
#![cfg(feature = "tracing")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use observatory_runtime::spec::{Api, SchemeKind, SecurityScheme};
use observatory_runtime::{Client, ClientBuilder, Endpoint, Json, TransportErrorKind, Value};
use serde_json::json;
use tracing_core::field::{Field, Visit};
use tracing_core::span::{Attributes, Id, Record};
use tracing_core::{Dispatch, Event, Metadata, Subscriber};

use crate::support::scripted_transport::{ScriptedTransport, Step};
use crate::support::stub_server;

type Fields = BTreeMap<String, String>;

/// Records the fields of spans and events.
#[derive(Clone, Default)]
struct RecordingSubscriber {
    spans: Arc<Mutex<Vec<Fields>>>,
    events: Arc<Mutex<Vec<Fields>>>,
}

struct FieldVisitor<'f>(&'f mut Fields);

impl Visit for FieldVisitor<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }
}

impl Subscriber for RecordingSubscriber {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut fields = Fields::new();
        attributes.record(&mut FieldVisitor(&mut fields));
        let mut spans = self.spans.lock().unwrap();
        spans.push(fields);
        Id::from_u64(spans.len() as u64)
    }

    fn record(&self, id: &Id, values: &Record<'_>) {
        let mut spans = self.spans.lock().unwrap();
        values.record(&mut FieldVisitor(&mut spans[id.into_u64() as usize - 1]));
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::new();
        event.record(&mut FieldVisitor(&mut fields));
        self.events.lock().unwrap().push(fields);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

static API: Api = stub_server::api(&[SecurityScheme {
    id: "query",
    kind: SchemeKind::Query { name: "key" },
    env: &[],
    password_env: &[],
    other_headers: &[],
}]);

#[derive(Endpoint)]
#[endpoint(PUT, "/rows/{id}")]
#[endpoint(output = Json<Value>, auth("query"))]
struct Put {
    client: Client,
    #[in_path]
    id: String,
    #[body(Json)]
    body: Value,
}

/// Makes a call and returns the fields of its span and the number of its events.
async fn record_call_span(url: &str, steps: Vec<Step>) -> (Fields, usize) {
    let script = ScriptedTransport::new(steps);
    let subscriber = RecordingSubscriber::default();
    let _guard = tracing_core::dispatcher::set_default(&Dispatch::new(subscriber.clone()));
    let client: Client = ClientBuilder::new(&API)
        .api_key("s3cr3t-key")
        .base_url(url)
        .transport(script.clone())
        .clock(script)
        .build()
        .unwrap();
    _ = Put::new(&client, "s3cr3t-id", json!("s3cr3t-body")).await;
    let spans = subscriber.spans.lock().unwrap();
    let events = subscriber.events.lock().unwrap();
    let all = format!("{spans:?} {events:?}");
    assert!(!all.contains("s3cr3t"), "{all}");
    assert_eq!(spans.len(), 1, "{all}");
    (spans[0].clone(), events.len())
}

#[tokio::test]
async fn span_uses_opentelemetry_attribute_names() {
    let done = Step::json(200, json!([1, 2]));
    let (span, events) = record_call_span("https://api.example/v1", vec![done]).await;
    let expected = [
        ("http.request.body.size", "13"),
        ("http.request.method", "PUT"),
        ("http.response.body.size", "5"),
        ("http.response.status_code", "200"),
        ("otel.kind", "client"),
        ("otel.name", "PUT /rows/{id}"),
        ("server.address", "api.example"),
        ("server.port", "443"),
        ("url.template", "/rows/{id}"),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!((span, events), (Fields::from(expected), 0));
}

#[tokio::test]
async fn span_contains_attempts_and_error_type() {
    let steps = vec![
        Step::status(503),
        Step::status(429),
        Step::json(200, json!(1)),
    ];
    let (again, events) = record_call_span("http://localhost:8080", steps).await;
    assert_eq!(again["http.request.resend_count"], "2");
    assert_eq!(again["http.response.status_code"], "200");
    assert_eq!((again["server.port"].as_str(), events), ("8080", 2));
    assert!(!again.contains_key("error.type"));
    for (step, kind) in [
        (Step::status(404), "404"),
        (Step::failure(TransportErrorKind::Timeout), "timeout"),
        (Step::failure(TransportErrorKind::Connect), "connect"),
        (Step::failure(TransportErrorKind::Broken), "broken"),
        (Step::failure(TransportErrorKind::TooLarge), "too_large"),
    ] {
        let (span, _) = record_call_span("https://a.b", vec![step]).await;
        assert_eq!(span["error.type"], kind);
        assert_eq!(span["otel.status_code"], "ERROR");
    }
}
