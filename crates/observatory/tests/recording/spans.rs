//! What spans record, and when they end.

use llm_observatory::model::{Cost, Document, Message, Span, SpanKind, Status, UnixNanos, Usage};
use llm_observatory::recording::Payload;
use llm_observatory::testing::Memory;
use serde_json::{Value, json};
use std::fmt;
use std::time::{Duration, SystemTime};

fn recorded(record: impl FnOnce(&llm_observatory::recording::Trace)) -> Span {
    let memory = Memory::new();
    let trace = memory.recorder().trace("request");
    record(&trace);
    drop(trace);
    memory.spans().swap_remove(0)
}

#[test]
fn each_kind_has_a_method() {
    let memory = Memory::new();
    let trace = memory.recorder().trace("request");
    for builder in [
        trace.llm("llm"),
        trace.embedding("embedding"),
        trace.tool("tool"),
        trace.retriever("retriever"),
        trace.agent("agent"),
        trace.workflow("workflow"),
        trace.guardrail("guardrail"),
        trace.evaluator("evaluator"),
        trace.span("span"),
        trace.event("event"),
    ] {
        builder.record();
    }
    let spans = memory.spans();
    assert_eq!(spans.len(), 10);
    for span in spans {
        assert_eq!(span.kind.as_str(), span.name);
    }
}

#[test]
fn fields_are_recorded() {
    let span = recorded(|trace| {
        let document = Document {
            content: "Lima is in Peru.".to_owned(),
            ..Document::default()
        };
        trace
            .llm("chat")
            .model("gpt-4o")
            .response_model("gpt-4o-2024-08-06")
            .response_id("chatcmpl-1")
            .provider("openai")
            .parameter("temperature", 0.5)
            .system("Be brief.")
            .input([Message::user("Where is Lima?")])
            .output(Message::assistant("In Peru."))
            .tools([json!({"name": "search"})])
            .usage(Usage::tokens(3, 4))
            .cost(0.01)
            .documents([document])
            .prompt("geography", 7)
            .tag("beta")
            .metadata("attempt", 2)
            .record();
    });
    assert_eq!(span.model.as_deref(), Some("gpt-4o"));
    assert_eq!(span.response_model.as_deref(), Some("gpt-4o-2024-08-06"));
    assert_eq!(span.response_id.as_deref(), Some("chatcmpl-1"));
    assert_eq!(span.provider.as_deref(), Some("openai"));
    assert_eq!(Value::from(span.parameters), json!({"temperature": 0.5}));
    assert_eq!(span.system, [Message::system("Be brief.")]);
    assert_eq!(span.input_messages, [Message::user("Where is Lima?")]);
    assert_eq!(span.output_messages, [Message::assistant("In Peru.")]);
    assert_eq!(span.tools, [json!({"name": "search"})]);
    assert_eq!(span.usage, Usage::tokens(3, 4));
    assert_eq!(span.cost, Cost::usd(0.01));
    assert_eq!(span.documents[0].content, "Lima is in Peru.");
    let prompt = span.prompt.expect("a prompt");
    assert_eq!(prompt.name, "geography");
    assert_eq!(prompt.version.as_deref(), Some("7"));
    assert_eq!(span.tags, ["beta"]);
    assert_eq!(Value::from(span.metadata), json!({"attempt": 2}));
}

#[test]
fn steps_have_any_json_as_input_and_output() {
    #[derive(serde::Serialize)]
    struct Place {
        city: &'static str,
    }
    let span = recorded(|trace| {
        let input = Payload::json(&Place { city: "Lima" });
        trace
            .tool("weather")
            .input(input)
            .output(json!(21))
            .record();
    });
    assert_eq!(span.input, Some(json!({"city": "Lima"})));
    assert_eq!(span.output, Some(json!(21)));
}

#[test]
fn spans_that_are_dropped_end_then() {
    let memory = Memory::new();
    let trace = memory.recorder().trace("request");
    let call = trace.llm("chat").start();
    assert!(memory.spans().is_empty());
    drop(call);
    let span = memory.span("chat").expect("a span");
    assert_eq!(span.status, Status::Ok);
    assert!(span.end >= span.start);
}

#[test]
fn builders_that_do_not_start_record_nothing() {
    let memory = Memory::new();
    let trace = memory.recorder().trace("request");
    drop(trace.llm("chat"));
    trace.end();
    assert_eq!(memory.spans().len(), 1);
    assert!(memory.spans()[0].completes_trace);
}

#[test]
fn ended_spans_ignore_changes_and_are_recorded_once() {
    let memory = Memory::new();
    let trace = memory.recorder().trace("request");
    let mut call = trace.llm("chat").start();
    call.end();
    call.model("late").end();
    let child = call.tool("after");
    child.record();
    drop(call);
    let spans = memory.spans();
    assert_eq!(spans.len(), 2);
    assert_eq!(spans[0].model, None);
    assert_eq!(spans[1].parent, Some(spans[0].id));
}

#[test]
fn panics_fail_the_spans_they_drop() {
    let memory = Memory::new();
    let recorder = memory.recorder();
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let trace = recorder.trace("request");
        let mut failed = trace.tool("failed").start();
        failed.fail("no such city");
        let _call = trace.llm("chat").start();
        trace.span("over").record();
        panic!("expected by the test");
    }));
    assert!(result.is_err());
    let status = |name: &str| memory.span(name).expect("a span").status;
    for name in ["chat", "request"] {
        let Status::Error { kind, .. } = status(name) else {
            panic!("{name} did not fail");
        };
        assert_eq!(kind.as_deref(), Some("panic"));
    }
    assert_eq!(status("over"), Status::Ok);
    let own = Status::Error {
        kind: None,
        message: "no such city".to_owned(),
    };
    assert_eq!(status("failed"), own);
}

#[test]
fn spans_of_destructors_that_run_during_a_panic_are_not_failed() {
    struct Cleanup(Memory);
    impl Drop for Cleanup {
        fn drop(&mut self) {
            let _trace = self.0.recorder().trace("cleanup");
        }
    }
    let memory = Memory::new();
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _cleanup = Cleanup(memory.clone());
        panic!("expected by the test");
    }));
    assert!(result.is_err());
    assert_eq!(memory.span("cleanup").expect("a span").status, Status::Ok);
}

#[derive(Debug)]
struct Timeout;

impl fmt::Display for Timeout {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("no response in 3 s")
    }
}

impl std::error::Error for Timeout {}

#[derive(Debug)]
struct CallFailed<T>(T);

impl<T> fmt::Display for CallFailed<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the call failed")
    }
}

impl<T: std::error::Error + 'static> std::error::Error for CallFailed<T> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[test]
fn errors_are_recorded_with_type_and_sources() {
    let error = |kind: Option<&str>, message: &str| Status::Error {
        kind: kind.map(str::to_owned),
        message: message.to_owned(),
    };
    let generic = recorded(|trace| {
        trace.llm("chat").error(&CallFailed(Timeout)).record();
    });
    assert_eq!(
        generic.status,
        error(Some("CallFailed"), "the call failed: no response in 3 s")
    );
    let boxed: Box<dyn std::error::Error> = Box::new(Timeout);
    let dynamic = recorded(|trace| {
        trace.llm("chat").start().error(&*boxed).end();
    });
    assert_eq!(dynamic.status, error(None, "no response in 3 s"));
    let text = recorded(|trace| trace.llm("chat").fail("refused").record());
    assert_eq!(text.status, error(None, "refused"));
}

#[test]
fn first_token_is_marked_once() {
    let span = recorded(|trace| {
        let mut call = trace.llm("chat").start();
        call.first_token();
        std::thread::sleep(Duration::from_millis(2));
        call.first_token().end();
    });
    let first = span.first_token.expect("a time");
    assert!(span.start <= first);
    assert!(span.end.since(first) >= Duration::from_millis(2));
}

#[test]
fn events_are_points_in_time() {
    let span = recorded(|trace| {
        let mut event = trace.event("cache miss").start();
        std::thread::sleep(Duration::from_millis(1));
        event.end();
    });
    assert_eq!(span.kind, SpanKind::Event);
    assert_eq!(span.start, span.end);
}

#[test]
fn start_can_be_in_the_past() {
    let past = SystemTime::now() - Duration::from_secs(5);
    let span = recorded(|trace| trace.span("queued").started_at(past).record());
    assert_eq!(span.start, UnixNanos::from(past));
    assert!(span.end.since(span.start) >= Duration::from_secs(4));
    let future = SystemTime::now() + Duration::from_secs(60);
    let span = recorded(|trace| trace.span("queued").started_at(future).record());
    assert_eq!(span.end, span.start);
}
