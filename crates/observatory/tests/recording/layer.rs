//! Which spans of `tracing` are recorded, and how they are connected.

use llm_observatory::model::{Message, ScoreValue, Span, SpanKind, Status};
use llm_observatory::recording::Context;
use llm_observatory::testing::Memory;
use llm_observatory::tracing_layer::TracingLayer;
use serde_json::json;
use std::time::Duration;
use tracing::field::Empty;
use tracing::{Level, debug_span, error, event, info, info_span, trace, warn};
use tracing_subscriber::layer::SubscriberExt;

fn record_with(configure: impl FnOnce(TracingLayer) -> TracingLayer, run: impl FnOnce()) -> Memory {
    let memory = Memory::new();
    let layer = configure(memory.recorder().layer());
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), run);
    memory
}

fn record(run: impl FnOnce()) -> Memory {
    record_with(|layer| layer, run)
}

fn span(memory: &Memory, name: &str) -> Span {
    memory
        .span(name)
        .unwrap_or_else(|| panic!("no span {name}"))
}

fn names(memory: &Memory) -> Vec<String> {
    memory.spans().into_iter().map(|span| span.name).collect()
}

#[test]
fn outermost_span_connects_the_calls_of_a_request() {
    let memory = record(|| {
        let _request = info_span!("request", path = "/chat", attempt = 2).entered();
        let _handler = info_span!("handler", unrelated = 1).entered();
        info_span!("first", gen_ai.request.model = "m").in_scope(|| {});
        info_span!("second", gen_ai.request.model = "m").in_scope(|| {
            info_span!("http").in_scope(|| {
                info_span!("nested", gen_ai.request.model = "m").in_scope(|| {});
            });
        });
    });
    assert_eq!(names(&memory), ["first", "nested", "second", "request"]);
    let request = span(&memory, "request");
    assert_eq!(request.trace.name, "request");
    assert_eq!(request.kind, SpanKind::Span);
    assert_eq!(request.metadata["path"], "/chat");
    assert_eq!(request.metadata["attempt"], 2);
    assert!(request.completes_trace);
    assert!(request.start <= span(&memory, "first").start);
    for child in ["first", "second"] {
        assert_eq!(span(&memory, child).parent, Some(request.id));
    }
    let nested = span(&memory, "nested");
    assert_eq!(nested.parent, Some(span(&memory, "second").id));
    let mut traces: Vec<_> = memory.spans().iter().map(|span| span.trace.id).collect();
    traces.dedup();
    assert_eq!(traces.len(), 1);
}

#[test]
fn spans_without_calls_are_not_recorded() {
    let memory = record(|| {
        let _request = info_span!("request", session.id = "s").entered();
        info_span!("handler").in_scope(|| info!("an event"));
    });
    assert!(memory.records().is_empty());
}

#[test]
fn all_spans_below_a_recorded_one_are_kept_on_request() {
    let run = || {
        let _request = info_span!("request").entered();
        info_span!("before").in_scope(|| {});
        info_span!("call", gen_ai.request.model = "m").in_scope(|| {
            info_span!("http", url = "/v1").in_scope(|| info_span!("dns").in_scope(|| {}));
        });
    };
    assert_eq!(names(&record(run)), ["call", "request"]);
    let memory = record_with(TracingLayer::all_spans, run);
    assert_eq!(names(&memory), ["dns", "http", "call", "request"]);
    assert_eq!(span(&memory, "dns").parent, Some(span(&memory, "http").id));
    assert_eq!(span(&memory, "http").metadata["url"], "/v1");
}

#[test]
fn calls_without_a_span_around_them_are_traces() {
    let memory = record(|| {
        info_span!("one", gen_ai.request.model = "m").in_scope(|| {});
        info_span!("two", gen_ai.request.model = "m").in_scope(|| {});
    });
    let (one, two) = (span(&memory, "one"), span(&memory, "two"));
    assert_ne!(one.trace.id, two.trace.id);
    assert!(one.parent.is_none() && one.completes_trace);
}

#[test]
fn explicit_parents_are_respected() {
    let memory = record(|| {
        let request = info_span!("request");
        let other = info_span!("other").entered();
        let call = info_span!(parent: &request, "call", gen_ai.request.model = "m");
        info_span!(parent: None, "alone", gen_ai.request.model = "m").in_scope(|| {});
        drop((call, other, request));
    });
    assert_eq!(
        span(&memory, "call").parent,
        Some(span(&memory, "request").id)
    );
    assert_eq!(span(&memory, "alone").parent, None);
    assert!(memory.span("other").is_none());
}

#[test]
fn session_and_user_of_spans_in_between_apply_below() {
    let memory = record(|| {
        let _request = info_span!("request").entered();
        let handler = info_span!("handler", session.id = "s", user.id = Empty);
        handler.record("user.id", "u");
        let _handler = handler.entered();
        let _inner = info_span!("inner").entered();
        info_span!("call", gen_ai.request.model = "m").in_scope(|| {
            let _between = info_span!("between", user.id = "v").entered();
            info_span!("nested", gen_ai.request.model = "m").in_scope(|| {});
        });
    });
    let call = span(&memory, "call");
    assert_eq!(call.trace.session.as_deref(), Some("s"));
    assert_eq!(call.trace.user.as_deref(), Some("u"));
    let nested = span(&memory, "nested");
    assert_eq!(nested.trace.session.as_deref(), Some("s"));
    assert_eq!(nested.trace.user.as_deref(), Some("v"));
}

#[test]
fn session_of_the_outermost_span_applies_to_all_even_when_it_comes_late() {
    let memory = record(|| {
        let request = info_span!("request", session.id = Empty);
        let _entered = request.enter();
        info_span!("early", gen_ai.request.model = "m").in_scope(|| {});
        request.record("session.id", "s");
        info_span!("late", gen_ai.request.model = "m").in_scope(|| {});
    });
    assert_eq!(span(&memory, "early").trace.session, None);
    for name in ["late", "request"] {
        assert_eq!(span(&memory, name).trace.session.as_deref(), Some("s"));
    }
}

#[test]
fn values_keep_their_types() {
    let memory = record(|| {
        info_span!(
            "call",
            gen_ai.request.temperature = 0.5,
            gen_ai.request.max_tokens = 7_i64,
            gen_ai.request.seed = u64::MAX,
            gen_ai.request.stream = true,
            gen_ai.request.top_p = f64::NAN,
            gen_ai.usage.input_tokens = 3_u64,
            gen_ai.usage.output_tokens = -1_i64,
            gen_ai.request.model = %"displayed",
            debugged = ?Some(1),
        );
    });
    let call = span(&memory, "call");
    assert_eq!(
        serde_json::Value::from(call.parameters),
        json!({"temperature": 0.5, "max_tokens": 7, "seed": u64::MAX, "stream": true, "top_p": "NaN"})
    );
    assert_eq!(call.usage.input, Some(3));
    assert_eq!(call.usage.output, None);
    assert_eq!(call.model.as_deref(), Some("displayed"));
    assert_eq!(call.metadata["debugged"], "Some(1)");
}

#[test]
fn events_are_recorded_with_their_span() {
    let memory = record(|| {
        let _call = info_span!("call", gen_ai.request.model = "m").entered();
        info!(attempt = 2, "retrying");
        info!(name: "cache.miss", key = "k");
        trace!("too verbose");
        info_span!("http").in_scope(|| info!("of another span"));
    });
    let call = span(&memory, "call");
    let events: Vec<_> = call
        .events
        .iter()
        .map(|event| event.name.as_str())
        .collect();
    assert_eq!(events, ["retrying", "cache.miss"]);
    assert_eq!(call.events[0].attributes["attempt"], 2);
    assert_eq!(call.status, Status::Ok);
}

#[test]
fn error_events_fail_the_span() {
    let timeout = std::io::Error::other("no response");
    let status = |run: fn(&std::io::Error)| {
        let memory =
            record(|| info_span!("call", gen_ai.request.model = "m").in_scope(|| run(&timeout)));
        span(&memory, "call").status
    };
    let error = |message: &str| Status::Error {
        kind: None,
        message: message.to_owned(),
    };
    assert_eq!(status(|_| error!("refused")), error("refused"));
    assert_eq!(
        status(|timeout| warn!(error = timeout as &dyn std::error::Error, "failed")),
        error("no response")
    );
    assert_eq!(
        status(|timeout| warn!(error = %timeout, "failed")),
        error("no response")
    );
    assert_eq!(status(|_| warn!("slow")), Status::Ok);
}

#[test]
fn messages_in_events_are_read() {
    let memory = record(|| {
        let _call = info_span!("call", gen_ai.request.model = "m").entered();
        info!(name: "gen_ai.system.message", content = "Be brief.");
        info!(name: "gen_ai.user.message", content = "Hi");
        info!(name: "gen_ai.assistant.message", tool_calls = r#"[{"id":"c1","function":{"name":"f","arguments":"{}"}}]"#);
        info!(name: "gen_ai.tool.message", id = "c1", content = "found");
        info!(name: "gen_ai.choice", index = 0, finish_reason = "stop", message = r#"{"content":"Hello"}"#);
        event!(name: "exception", Level::INFO, exception.r#type = "Timeout", exception.message = "too late");
    });
    let call = span(&memory, "call");
    assert_eq!(call.input_messages.len(), 4);
    assert_eq!(call.input_messages[0], Message::system("Be brief."));
    assert_eq!(call.input_messages[1], Message::user("Hi"));
    let roles: Vec<_> = call
        .input_messages
        .iter()
        .map(|message| message.role.as_str())
        .collect();
    assert_eq!(roles, ["system", "user", "assistant", "tool"]);
    assert_eq!(call.output_messages[0].text(), "Hello");
    assert_eq!(
        call.output_messages[0].finish_reason.as_deref(),
        Some("stop")
    );
    let expected = Status::Error {
        kind: Some("Timeout".to_owned()),
        message: "too late".to_owned(),
    };
    assert_eq!(call.status, expected);
    let memory = record(|| {
        let _call = info_span!("call", gen_ai.request.model = "m").entered();
        event!(name: "gen_ai.content.prompt", Level::INFO, gen_ai.prompt = "Hi");
        event!(name: "gen_ai.content.completion", Level::INFO, gen_ai.completion = "Hello");
        event!(name: "gen_ai.client.inference.operation.details", Level::INFO, gen_ai.usage.output_tokens = 5);
    });
    let call = span(&memory, "call");
    assert_eq!(call.input_messages, [Message::user("Hi")]);
    assert_eq!(call.output_messages, [Message::assistant("Hello")]);
    assert_eq!(call.usage.output, Some(5));
    assert!(call.events.is_empty());
}

#[test]
fn evaluations_are_scores() {
    let memory = record(|| {
        let _call = info_span!("call", gen_ai.request.model = "m").entered();
        event!(
            name: "gen_ai.evaluation.result",
            Level::INFO,
            gen_ai.evaluation.name = "relevance",
            gen_ai.evaluation.score.value = 0.5,
            gen_ai.evaluation.score.label = "partly",
            gen_ai.evaluation.explanation = "two of four",
        );
        info_span!(
            "result",
            gen_ai.evaluation.name = "tone",
            gen_ai.evaluation.score.label = "polite",
            gen_ai.response.id = "r-1",
        );
    });
    let call = span(&memory, "call");
    assert_eq!(memory.spans().len(), 1);
    assert_eq!(call.response_id, None);
    assert!(call.completes_trace);
    let scores = memory.scores();
    assert_eq!(scores.len(), 2);
    assert!(scores.iter().all(|score| score.span_id == Some(call.id)));
    assert!(scores.iter().all(|score| score.trace_id == call.trace.id));
    assert_eq!(scores[0].value, ScoreValue::Number(0.5));
    assert_eq!(scores[0].comment.as_deref(), Some("partly: two of four"));
    assert_eq!(scores[1].name, "tone");
    assert_eq!(scores[1].value, ScoreValue::Category("polite".to_owned()));
}

#[test]
fn first_token_is_counted_from_the_start() {
    for name in [
        "gen_ai.response.time_to_first_chunk",
        "gen_ai.server.time_to_first_token",
    ] {
        let memory = record(|| {
            let call = info_span!(
                "call",
                gen_ai.response.time_to_first_chunk = Empty,
                gen_ai.server.time_to_first_token = Empty,
            );
            call.record(name, 0.25);
        });
        let call = span(&memory, "call");
        let first = call.first_token.expect("a time");
        assert_eq!(
            first.since(call.start),
            Duration::from_millis(250),
            "{name}"
        );
    }
}

#[test]
fn typed_api_and_tracing_nest_in_each_other() {
    let memory = Memory::new();
    let layer = memory.recorder().layer();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        let trace = memory.recorder().trace("request");
        let tool = trace.tool("tool").start();
        tool.context().in_scope(|| {
            info_span!("between").in_scope(|| {
                info_span!("call", gen_ai.request.model = "m").in_scope(|| {
                    Context::current()
                        .expect("a context")
                        .retriever("search")
                        .record();
                });
            });
        });
        assert!(Context::current().is_none());
    });
    let call = span(&memory, "call");
    assert_eq!(call.parent, Some(span(&memory, "tool").id));
    assert_eq!(span(&memory, "search").parent, Some(call.id));
    assert!(memory.span("between").is_none());
    assert!(span(&memory, "request").completes_trace);
}

#[test]
fn spans_can_be_left_in_any_order() {
    let memory = record(|| {
        let one = info_span!("one", gen_ai.request.model = "m");
        let two = info_span!("two", gen_ai.request.model = "m");
        let (first, second) = (one.enter(), two.enter());
        drop(first);
        let current = Context::current().expect("a context");
        current.tool("inside two").record();
        drop(second);
        assert!(Context::current().is_none());
    });
    let inside = span(&memory, "inside two");
    assert_eq!(inside.parent, Some(span(&memory, "two").id));
}

#[test]
fn levels_limit_what_is_recorded() {
    let run = || {
        let _request = debug_span!("request").entered();
        debug_span!("call", gen_ai.request.model = "m").in_scope(|| {});
        info_span!("other", gen_ai.request.model = "m").in_scope(|| {});
    };
    assert_eq!(names(&record(run)), ["other"]);
    let memory = record_with(|layer| layer.max_level(Level::DEBUG), run);
    assert_eq!(names(&memory), ["call", "other", "request"]);
}

#[test]
fn panics_fail_open_spans() {
    let memory = record(|| {
        let result = std::panic::catch_unwind(|| {
            let _call = info_span!("call", gen_ai.request.model = "m").entered();
            panic!("expected by the test");
        });
        assert!(result.is_err());
    });
    assert!(
        matches!(span(&memory, "call").status, Status::Error { kind: Some(kind), .. } if kind == "panic")
    );
}

/// Records a span while it is formatted.
struct Chatty;

impl std::fmt::Debug for Chatty {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        info!("formatting");
        tracing::Span::current().record("gen_ai.response.id", "r-1");
        out.write_str("chatty")
    }
}

#[test]
fn values_may_use_tracing_while_they_are_formatted() {
    let memory = record(|| {
        let call = info_span!("call", gen_ai.response.id = Empty, value = Empty);
        let _entered = call.enter();
        call.record("value", tracing::field::debug(Chatty));
        info!(value = ?Chatty, "an event");
    });
    let call = span(&memory, "call");
    assert_eq!(call.metadata["value"], "chatty");
    assert_eq!(call.response_id.as_deref(), Some("r-1"));
}
