//! One LLM call of 2 kB, recorded with fields of `tracing` and with the types of `llm-observatory`.

use llm_observatory::destinations::Destination;
use llm_observatory::model::{Message, SpanKind, Usage};
use llm_observatory::{ContentPolicy, Observatory};
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use std::time::Duration;
use tracing::field::Empty;
use tracing_subscriber::layer::SubscriberExt;

/// The ways to record with `llm-observatory`.
pub const IMPLEMENTATIONS: [&str; 2] = ["typed API", "layer"];

/// How long the destinations of a benchmark may take.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Records calls with `tracing-opentelemetry` and ends the provider.
pub fn record_with_opentelemetry(provider: &SdkTracerProvider, calls: u64) {
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("bench"));
    let subscriber = tracing_subscriber::registry().with(layer);
    tracing::subscriber::with_default(subscriber, || (0..calls).for_each(|_| record_fields()));
    provider.shutdown().expect("a provider that ends");
}

/// Records calls with one of [`IMPLEMENTATIONS`] and delivers them.
pub fn record_with_observatory(destination: impl Destination, implementation: &str, calls: u64) {
    let observatory = Observatory::builder()
        .service("bench")
        .content(ContentPolicy::All)
        .to(destination)
        .build()
        .expect("an observatory");
    if implementation == IMPLEMENTATIONS[0] {
        (0..calls).for_each(|_| record_types(&observatory));
    } else {
        let subscriber = tracing_subscriber::registry().with(observatory.layer());
        tracing::subscriber::with_default(subscriber, || (0..calls).for_each(|_| record_fields()));
    }
    let report = observatory.flush_blocking(TIMEOUT);
    assert!(report.is_delivered(), "{report}");
}

fn question() -> String {
    "Why is the sky blue? ".repeat(57)
}

fn response() -> String {
    "Rayleigh scattering. ".repeat(38)
}

/// Records one span as instrumented libraries do: messages are JSON in fields.
fn record_fields() {
    let question = question();
    let response = response();
    let span = tracing::info_span!(
        "chat",
        gen_ai.operation.name = "chat",
        gen_ai.provider.name = "openai",
        gen_ai.request.model = "gpt-4o",
        gen_ai.response.id = Empty,
        gen_ai.response.model = Empty,
        gen_ai.usage.input_tokens = Empty,
        gen_ai.usage.output_tokens = Empty,
        gen_ai.input.messages = Empty,
        gen_ai.output.messages = Empty,
    );
    let _entered = span.enter();
    let input =
        format!(r#"[{{"role":"user","parts":[{{"type":"text","content":"{question}"}}]}}]"#);
    span.record("gen_ai.input.messages", input);
    span.record("gen_ai.response.id", "chatcmpl-1");
    span.record("gen_ai.response.model", "gpt-4o-2024-08-06");
    span.record("gen_ai.usage.input_tokens", 12_u64);
    span.record("gen_ai.usage.output_tokens", 30_u64);
    let output =
        format!(r#"[{{"role":"assistant","parts":[{{"type":"text","content":"{response}"}}]}}]"#);
    span.record("gen_ai.output.messages", output);
}

/// Records the same span with the typed API: a trace that is one call.
fn record_types(observatory: &Observatory) {
    let mut trace = observatory
        .trace("chat")
        .kind(SpanKind::Llm)
        .input([Message::user(question())]);
    trace
        .root()
        .model("gpt-4o")
        .provider("openai")
        .response_id("chatcmpl-1")
        .response_model("gpt-4o-2024-08-06")
        .output(Message::assistant(response()))
        .usage(Usage::tokens(12, 30));
}
