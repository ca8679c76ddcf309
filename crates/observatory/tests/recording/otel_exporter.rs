//! The exporter for `opentelemetry_sdk`.

use llm_observatory::model::{Message, ScoreValue, Span, SpanKind, Status, Usage};
use llm_observatory::testing::Memory;
use opentelemetry::trace::{
    Link, Span as _, SpanContext, Status as OtelStatus, TraceContextExt, TraceFlags, TraceState,
    Tracer, TracerProvider,
};
use opentelemetry::{Array, Context, KeyValue, Value};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use serde_json::json;

fn export(configure: impl FnOnce(&SdkTracer)) -> Memory {
    let memory = Memory::new();
    let resource = Resource::builder_empty()
        .with_attributes([
            KeyValue::new("service.name", "bot"),
            KeyValue::new("deployment.environment.name", "production"),
            KeyValue::new("service.version", "1.2"),
        ])
        .build();
    let provider = SdkTracerProvider::builder()
        .with_simple_exporter(memory.recorder().span_exporter())
        .with_resource(resource)
        .build();
    configure(&provider.tracer("test"));
    memory
}

fn span(memory: &Memory, name: &str) -> Span {
    memory
        .span(name)
        .unwrap_or_else(|| panic!("no span {name}"))
}

#[test]
fn attributes_and_ids_are_read() {
    let mut ids = None;
    let memory = export(|tracer| {
        tracer.in_span("request", |context| {
            ids = Some((
                context.span().span_context().trace_id().to_string(),
                context.span().span_context().span_id().to_string(),
            ));
            let stop = Array::String(vec!["END".into()]);
            let link = SpanContext::new(
                1_u128.into(),
                2_u64.into(),
                TraceFlags::SAMPLED,
                false,
                TraceState::NONE,
            );
            let mut call = tracer
                .span_builder("chat")
                .with_attributes([
                    KeyValue::new("gen_ai.operation.name", "chat"),
                    KeyValue::new("gen_ai.request.stop_sequences", Value::Array(stop)),
                    KeyValue::new("gen_ai.request.temperature", 0.5),
                    KeyValue::new("gen_ai.request.stream", true),
                    KeyValue::new("gen_ai.usage.input_tokens", 3),
                    KeyValue::new("gen_ai.usage.output_tokens", 4),
                    KeyValue::new("gen_ai.prompt.0.role", "user"),
                    KeyValue::new("gen_ai.prompt.0.content", "Hi"),
                    KeyValue::new("session.id", "s"),
                    KeyValue::new("other", Value::Array(Array::I64(vec![1, 2]))),
                ])
                .with_links(vec![Link::with_context(link)])
                .start(tracer);
            call.add_event(
                "gen_ai.choice",
                vec![KeyValue::new("message", r#"{"content":"Hello"}"#)],
            );
            call.end();
        });
    });
    let (request, call) = (span(&memory, "request"), span(&memory, "chat"));
    let ids = ids.expect("ids");
    assert_eq!((request.trace.id.to_string(), request.id.to_string()), ids);
    assert_eq!(call.parent, Some(request.id));
    assert_eq!(call.trace.id, request.trace.id);
    assert!(request.completes_trace && !call.completes_trace);
    assert_eq!(call.kind, SpanKind::Llm);
    assert_eq!(call.usage, Usage::tokens(3, 4));
    assert_eq!(
        serde_json::Value::from(call.parameters),
        json!({"stop_sequences": ["END"], "temperature": 0.5, "stream": true})
    );
    assert_eq!(call.input_messages, [Message::user("Hi")]);
    assert_eq!(call.output_messages, [Message::assistant("Hello")]);
    assert_eq!(call.metadata["other"], json!([1, 2]));
    assert_eq!(call.metadata["links"][0]["span_id"], "0000000000000002");
    assert_eq!(call.trace.session.as_deref(), Some("s"));
    assert_eq!(call.trace.service.as_deref(), Some("bot"));
    assert_eq!(call.trace.environment.as_deref(), Some("production"));
    assert_eq!(call.trace.release.as_deref(), Some("1.2"));
}

#[test]
fn remote_parents_are_kept() {
    let memory = export(|tracer| {
        let remote = SpanContext::new(
            0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736_u128.into(),
            0x00f0_67aa_0ba9_02b7_u64.into(),
            TraceFlags::SAMPLED,
            true,
            TraceState::NONE,
        );
        let parent = Context::new().with_remote_span_context(remote);
        tracer.start_with_context("back", &parent).end();
    });
    let back = span(&memory, "back");
    assert_eq!(
        back.trace.id.to_string(),
        "4bf92f3577b34da6a3ce929d0e0e4736"
    );
    assert_eq!(
        back.parent.map(|id| id.to_string()).as_deref(),
        Some("00f067aa0ba902b7")
    );
    assert!(back.completes_trace);
}

#[test]
fn status_and_exceptions_are_read() {
    let status = |set: fn(&mut opentelemetry_sdk::trace::Span)| {
        let memory = export(|tracer| {
            let mut call = tracer.start("chat");
            set(&mut call);
            call.end();
        });
        span(&memory, "chat").status
    };
    let error = |kind: Option<&str>, message: &str| Status::Error {
        kind: kind.map(str::to_owned),
        message: message.to_owned(),
    };
    assert_eq!(status(|_| {}), Status::Ok);
    assert_eq!(status(|call| call.set_status(OtelStatus::Ok)), Status::Ok);
    assert_eq!(
        status(|call| call.set_status(OtelStatus::error("refused"))),
        error(None, "refused")
    );
    assert_eq!(
        status(|call| {
            call.set_attribute(KeyValue::new("error.type", "429"));
            call.set_status(OtelStatus::error(""));
        }),
        error(Some("429"), "429")
    );
    let exception = |call: &mut opentelemetry_sdk::trace::Span| {
        call.record_error(&std::io::Error::other("too late"));
    };
    assert_eq!(status(exception), error(None, "too late"));
}

#[test]
fn evaluations_are_scores() {
    let memory = export(|tracer| {
        let mut call = tracer.start("chat");
        call.add_event(
            "gen_ai.evaluation.result",
            vec![
                KeyValue::new("gen_ai.evaluation.name", "relevance"),
                KeyValue::new("gen_ai.evaluation.score.value", 0.5),
            ],
        );
        call.end();
    });
    let scores = memory.scores();
    assert_eq!(scores.len(), 1);
    assert_eq!(scores[0].span_id, Some(span(&memory, "chat").id));
    assert_eq!(scores[0].value, ScoreValue::Number(0.5));
}

#[test]
fn other_spans_can_be_left_out() {
    let memory = Memory::new();
    let exporter = memory.recorder().span_exporter().only_llm_spans();
    let provider = SdkTracerProvider::builder()
        .with_simple_exporter(exporter)
        .build();
    let tracer = provider.tracer("test");
    tracer.in_span("request", |_| {
        let model = KeyValue::new("gen_ai.request.model", "m");
        tracer
            .span_builder("chat")
            .with_attributes([model])
            .start(&tracer)
            .end();
    });
    let names: Vec<_> = memory.spans().into_iter().map(|span| span.name).collect();
    assert_eq!(names, ["chat"]);
}
