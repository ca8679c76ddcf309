//! Local servers: a model API, and two vendors.

use llm_observatory::destinations::otlp::OtlpEncoding;
use llm_observatory::destinations::{langfuse, phoenix};
use llm_observatory::{ContentPolicy, Observatory};
use serde_json::{Value, json};
use std::time::Duration;
use tracing::Instrument;
use tracing_subscriber::layer::SubscriberExt;
use wiremock::matchers::{body_partial_json, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// What both vendors received.
pub struct Received {
    langfuse: Vec<Value>,
    phoenix: Vec<Value>,
}

/// Starts a server that responds as OpenAI's chat completions: `gpt-4o` is there, other models are not.
async fn start_model_api() -> MockServer {
    let server = MockServer::start().await;
    let completion = json!({
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_750_000_000,
        "model": "gpt-4o-2024-08-06",
        "choices": [{
            "index": 0,
            "message": {"role": "assistant", "content": "Rayleigh scattering."},
            "finish_reason": "stop",
        }],
        "usage": {
            "prompt_tokens": 24,
            "completion_tokens": 6,
            "total_tokens": 30,
            "prompt_tokens_details": {"cached_tokens": 10},
        },
    });
    let call = || Mock::given(method("POST")).and(path("/v1/chat/completions"));
    call()
        .and(body_partial_json(json!({"model": "gpt-4o"})))
        .respond_with(ResponseTemplate::new(200).set_body_json(completion))
        .mount(&server)
        .await;
    let error = json!({"error": {"message": "no such model", "type": "invalid_request_error", "code": "model_not_found"}});
    call()
        .respond_with(ResponseTemplate::new(404).set_body_json(error))
        .with_priority(9)
        .mount(&server)
        .await;
    server
}

async fn start_vendor() -> MockServer {
    let server = MockServer::start().await;
    let success = ResponseTemplate::new(200).set_body_json(json!({}));
    let any = Mock::given(method("POST")).respond_with(success);
    any.mount(&server).await;
    server
}

/// Calls the model with the URL of its API, within a span of the program. Returns what both vendors received.
pub async fn observe(call: impl AsyncFnOnce(String)) -> Received {
    let (model, langfuse, phoenix) = (
        start_model_api().await,
        start_vendor().await,
        start_vendor().await,
    );
    let client = langfuse::Client::builder().basic_auth("pk-lf-1", "sk-lf-1");
    let client = client.base_url(langfuse.uri()).build().unwrap();
    let phoenix_builder = phoenix::builder().base_url(phoenix.uri());
    let observatory = Observatory::builder()
        .content(ContentPolicy::All)
        .to(langfuse::Langfuse::new(client))
        .to(phoenix_builder
            .encoding(OtlpEncoding::Json)
            .build()
            .unwrap())
        .build()
        .unwrap();
    let subscriber = tracing_subscriber::registry().with(observatory.layer());
    let guard = tracing::subscriber::set_default(subscriber);
    let request = tracing::info_span!("handle request", session.id = "s-1");
    call(model.uri()).instrument(request).await;
    drop(guard);
    let report = observatory.flush(Duration::from_secs(10)).await;
    assert!(report.is_delivered(), "{report}");
    assert_eq!(report.destinations[0].acknowledged, 2, "{report}");
    Received {
        langfuse: spans(&langfuse).await,
        phoenix: spans(&phoenix).await,
    }
}

/// Returns the spans that a vendor received.
async fn spans(vendor: &MockServer) -> Vec<Value> {
    let requests = vendor.received_requests().await.unwrap();
    let mut spans = Vec::new();
    for request in requests {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        for resource in body["resourceSpans"].as_array().unwrap() {
            let scope = &resource["scopeSpans"][0];
            spans.extend(scope["spans"].as_array().unwrap().iter().cloned());
        }
    }
    spans
}

impl Received {
    /// Returns the attributes of a span at Langfuse.
    pub fn langfuse(&self, name: &str) -> Value {
        attributes(find(&self.langfuse, name))
    }

    /// Returns the attributes of a span at Phoenix.
    pub fn phoenix(&self, name: &str) -> Value {
        attributes(find(&self.phoenix, name))
    }

    /// Returns the id of a span, which is the same at both vendors.
    pub fn id(&self, name: &str) -> String {
        self.same(name, "spanId").unwrap()
    }

    /// Returns the id of the parent of a span, which is the same at both vendors.
    pub fn parent(&self, name: &str) -> Option<String> {
        assert!(self.same(name, "traceId").is_some());
        self.same(name, "parentSpanId")
    }

    /// Returns the number of the status of a span, which is the same at both vendors.
    pub fn status(&self, name: &str) -> u64 {
        let status = |spans: &[Value]| find(spans, name)["status"]["code"].as_u64().unwrap();
        assert_eq!(status(&self.langfuse), status(&self.phoenix));
        status(&self.phoenix)
    }

    fn same(&self, name: &str, field: &str) -> Option<String> {
        let value = |spans: &[Value]| find(spans, name)[field].as_str().map(str::to_owned);
        assert_eq!(value(&self.langfuse), value(&self.phoenix), "{field}");
        value(&self.phoenix)
    }
}

/// Returns the span whose name is or begins with this word.
fn find<'s>(spans: &'s [Value], name: &str) -> &'s Value {
    let is_named = |span: &&Value| {
        span["name"]
            .as_str()
            .is_some_and(|full| full.starts_with(name))
    };
    let mut found = spans.iter().filter(is_named);
    let span = found
        .next()
        .unwrap_or_else(|| panic!("no {name} in {spans:#?}"));
    assert!(found.next().is_none(), "two {name}");
    span
}

fn attributes(span: &Value) -> Value {
    let pairs = span["attributes"].as_array().unwrap().iter();
    let pairs = pairs.map(|pair| {
        let (_, value) = pair["value"].as_object().unwrap().iter().next().unwrap();
        // Langfuse's document has numbers where OTLP's JSON has texts.
        let value = match value {
            Value::Number(number) if number.is_u64() => json!(number.to_string()),
            value => value.clone(),
        };
        (pair["key"].as_str().unwrap().to_owned(), value)
    });
    Value::Object(pairs.collect())
}

/// Returns the JSON in a text.
pub fn parsed(text: &Value) -> Value {
    serde_json::from_str(text.as_str().unwrap()).unwrap()
}
