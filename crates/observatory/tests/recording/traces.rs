//! What spans of one trace share, and when a trace is complete.

use llm_observatory::model::{Message, SpanKind, Status};
use llm_observatory::testing::Memory;
use serde_json::{Value, json};
use std::thread;

#[test]
fn spans_share_what_describes_the_trace() {
    let memory = Memory::new();
    let trace = memory
        .recorder()
        .trace("request")
        .session("s-1")
        .user("u-7")
        .tag("beta")
        .tags(["eu", "web"])
        .metadata("plan", "free");
    let id = trace.id();
    trace.llm("chat").record();
    trace.end();
    for span in memory.spans() {
        assert_eq!(span.trace.id, id);
        assert_eq!(span.trace.name, "request");
        assert_eq!(span.trace.session.as_deref(), Some("s-1"));
        assert_eq!(span.trace.user.as_deref(), Some("u-7"));
        assert_eq!(span.trace.tags, ["beta", "eu", "web"]);
        assert_eq!(
            Value::from(span.trace.metadata.clone()),
            json!({"plan": "free"})
        );
    }
}

#[test]
fn later_descriptions_leave_earlier_spans_unchanged() {
    let memory = Memory::new();
    let trace = memory.recorder().trace("request");
    let call = trace.llm("chat").start();
    let trace = trace.session("s-1");
    drop(call);
    drop(trace);
    assert_eq!(memory.span("chat").expect("a span").trace.session, None);
    let root = memory.span("request").expect("a span");
    assert_eq!(root.trace.session.as_deref(), Some("s-1"));
}

#[test]
fn children_refer_to_their_parents() {
    let memory = Memory::new();
    let trace = memory.recorder().trace("request").kind(SpanKind::Agent);
    let call = trace.llm("chat").start();
    let tool = call.tool("search").start();
    tool.retriever("index").record();
    drop((tool, call, trace));
    let span = |name: &str| memory.span(name).expect("a span");
    assert_eq!(span("request").parent, None);
    assert_eq!(span("request").kind, SpanKind::Agent);
    assert_eq!(span("chat").parent, Some(span("request").id));
    assert_eq!(span("search").parent, Some(span("chat").id));
    assert_eq!(span("index").parent, Some(span("search").id));
}

#[test]
fn root_has_input_output_and_status() {
    let memory = Memory::new();
    let mut trace = memory.recorder().trace("request").input("Where is Lima?");
    trace
        .output(Message::assistant("In Peru."))
        .fail("too late");
    trace.root().metadata("attempt", 1);
    drop(trace);
    let root = memory.span("request").expect("a span");
    assert_eq!(root.input, Some(json!("Where is Lima?")));
    assert_eq!(root.output_messages, [Message::assistant("In Peru.")]);
    assert!(matches!(root.status, Status::Error { message, .. } if message == "too late"));
    assert_eq!(root.metadata["attempt"], 1);
}

#[test]
fn last_open_span_completes_the_trace() {
    let memory = Memory::new();
    let trace = memory.recorder().trace("request");
    trace.llm("first").record();
    let late = trace.llm("late").start();
    drop(trace);
    drop(late);
    let completing: Vec<_> = memory
        .spans()
        .into_iter()
        .map(|span| (span.name, span.completes_trace))
        .collect();
    assert_eq!(
        completing,
        [
            ("first".to_owned(), false),
            ("request".to_owned(), false),
            ("late".to_owned(), true)
        ]
    );
}

#[test]
fn one_span_completes_a_trace_of_many_threads() {
    let memory = Memory::new();
    let trace = memory.recorder().trace("request");
    thread::scope(|scope| {
        for _ in 0..8 {
            let trace = &trace;
            scope.spawn(move || {
                for _ in 0..100 {
                    let call = trace.llm("chat").start();
                    call.tool("search").record();
                }
            });
        }
    });
    drop(trace);
    let spans = memory.spans();
    assert_eq!(spans.len(), 1601);
    let completing: Vec<_> = spans.iter().filter(|span| span.completes_trace).collect();
    assert_eq!(completing.len(), 1);
    assert_eq!(completing[0].name, "request");
}

#[test]
fn handles_can_move_to_other_threads() {
    fn check<T: Send + Sync + 'static>() {}
    check::<llm_observatory::recording::Trace>();
    check::<llm_observatory::recording::ActiveSpan>();
    check::<llm_observatory::recording::SpanBuilder>();
    check::<llm_observatory::recording::ScoreBuilder>();
    check::<llm_observatory::recording::Context>();
    check::<llm_observatory::recording::Recorder>();
}
