//! The attribute `observe`.

use llm_observatory::model::{Message, Span, SpanKind, Status, Usage};
use llm_observatory::observe;
use llm_observatory::recording::{Context, Recorder};
use llm_observatory::testing::Memory;
use serde_json::{Value, json};
use std::fmt::{self, Debug, Display};
use std::sync::Arc;

fn span(memory: &Memory, name: &str) -> Span {
    memory
        .span(name)
        .unwrap_or_else(|| panic!("no span {name}"))
}

/// Runs code in a trace.
fn in_trace<T>(run: impl FnOnce() -> T) -> (Memory, T) {
    let memory = Memory::new();
    let trace = memory.recorder().trace("request");
    let result = trace.context().in_scope(run);
    drop(trace);
    (memory, result)
}

fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(future)
}

#[observe]
fn plain(a: u8, b: u8) -> u8 {
    a + b
}

#[observe(name = "renamed", kind = "agent")]
async fn outer() -> u8 {
    tokio::task::yield_now().await;
    inner(1).await + plain(1, 2)
}

#[observe(kind = "tool")]
async fn inner(value: u8) -> u8 {
    tokio::task::yield_now().await;
    value
}

#[test]
fn observed_functions_nest() {
    let (memory, result) = in_trace(|| block_on(outer()));
    assert_eq!(result, 4);
    let outer = span(&memory, "renamed");
    assert_eq!(outer.kind, SpanKind::Agent);
    assert_eq!(outer.parent, Some(span(&memory, "request").id));
    for (name, kind) in [("inner", SpanKind::Tool), ("plain", SpanKind::Span)] {
        let child = span(&memory, name);
        assert_eq!(child.parent, Some(outer.id), "{name}");
        assert_eq!(child.kind, kind);
        assert_eq!((child.input, child.output), (None, None));
    }
}

#[test]
fn nothing_is_recorded_without_a_current_span() {
    assert_eq!(plain(1, 2), 3);
    assert_eq!(block_on(outer()), 4);
    assert!(Context::current().is_none());
}

#[test]
fn futures_can_be_spawned_in_a_context() {
    let memory = Memory::new();
    let trace = memory.recorder().trace("request");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .expect("a runtime");
    let context = trace.context();
    runtime.block_on(async {
        let tasks: Vec<_> = (0..20)
            .map(|_| tokio::spawn(context.scope(outer())))
            .collect();
        for task in tasks {
            assert_eq!(task.await.expect("a result"), 4);
        }
    });
    let spans = memory.spans();
    let agents: Vec<_> = spans.iter().filter(|span| span.name == "renamed").collect();
    assert_eq!(agents.len(), 20);
    for agent in agents {
        assert_eq!(agent.parent, Some(context.id()));
        let children = spans.iter().filter(|span| span.parent == Some(agent.id));
        assert_eq!(children.count(), 2);
    }
}

#[derive(Debug)]
struct Refused;

impl Display for Refused {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("refused")
    }
}

impl std::error::Error for Refused {}

/// Displayed differently on request, as `anyhow::Error`, and no `Error` itself.
struct Chain;

impl Display for Chain {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(if out.alternate() {
            "outer: inner"
        } else {
            "outer"
        })
    }
}

#[derive(Debug)]
struct OnlyDebug;

struct Opaque;

type Aliased = Result<u8, Refused>;

#[observe]
fn with_error(fail: bool) -> Aliased {
    let value = if fail { Err(Refused) } else { Ok(1) }?;
    Ok(value)
}

#[observe]
async fn with_display() -> Result<(), Chain> {
    if true {
        return Err(Chain);
    }
    Ok(())
}

#[observe]
fn with_debug() -> Result<(), OnlyDebug> {
    Err(OnlyDebug)
}

#[observe]
fn with_opaque() -> Result<(), Opaque> {
    Err(Opaque)
}

#[observe]
async fn with_impl(fail: bool) -> Result<impl Display, Box<dyn std::error::Error>> {
    if fail {
        Err(Refused)?;
    }
    Ok(7)
}

#[observe]
fn generic<T: Clone, E: std::error::Error>(value: &T, error: Option<E>) -> Result<T, E> {
    match error {
        Some(error) => Err(error),
        None => Ok(value.clone()),
    }
}

#[test]
fn errors_fail_the_span() {
    let status = |run: &dyn Fn()| {
        let memory = in_trace(run).0;
        memory.spans().swap_remove(0).status
    };
    let error = |kind: Option<&str>, message: &str| Status::Error {
        kind: kind.map(str::to_owned),
        message: message.to_owned(),
    };
    assert_eq!(status(&|| assert!(with_error(false).is_ok())), Status::Ok);
    assert_eq!(
        status(&|| assert!(with_error(true).is_err())),
        error(Some("Refused"), "refused")
    );
    assert_eq!(
        status(&|| drop(block_on(with_display()))),
        error(None, "outer: inner")
    );
    assert_eq!(status(&|| drop(with_debug())), error(None, "OnlyDebug"));
    let Status::Error { message, .. } = status(&|| drop(with_opaque())) else {
        panic!("not failed");
    };
    assert!(message.ends_with("Opaque"));
    assert_eq!(
        status(&|| drop(block_on(with_impl(true)))),
        error(None, "refused")
    );
    assert_eq!(
        status(&|| assert!(block_on(with_impl(false)).is_ok())),
        Status::Ok
    );
    assert_eq!(
        status(&|| drop(generic(&1, Some(Refused)))),
        error(Some("Refused"), "refused")
    );
}

#[test]
fn panics_fail_the_span() {
    #[observe]
    fn panics() {
        panic!("expected by the test");
    }
    let (memory, result) = in_trace(|| std::panic::catch_unwind(panics));
    assert!(result.is_err());
    assert!(
        matches!(span(&memory, "panics").status, Status::Error { kind: Some(kind), .. } if kind == "panic")
    );
    assert_eq!(span(&memory, "request").status, Status::Ok);
}

#[derive(serde::Serialize)]
struct Place {
    city: &'static str,
}

#[observe(args, skip(secret))]
fn with_args(
    place: &Place,
    (left, _): (u8, u8),
    debug: OnlyDebug,
    opaque: &Opaque,
    r#type: impl Debug,
    secret: &str,
) -> usize {
    let _ = (place.city, left, debug, opaque, r#type);
    secret.len()
}

#[observe(result)]
fn with_result(fail: bool) -> Result<Vec<u8>, Refused> {
    if fail { Err(Refused) } else { Ok(vec![1, 2]) }
}

#[observe(result)]
async fn with_debug_result() -> Option<OnlyDebug> {
    Some(OnlyDebug)
}

#[test]
fn arguments_and_results_are_recorded_on_request() {
    let (memory, _) = in_trace(|| {
        let place = Place { city: "Lima" };
        with_args(&place, (1, 2), OnlyDebug, &Opaque, "t", "secret");
        let _ = with_result(false);
        block_on(with_debug_result());
    });
    let input = span(&memory, "with_args").input.expect("arguments");
    assert_eq!(input["place"], json!({"city": "Lima"}));
    assert_eq!(input["left"], 1);
    assert_eq!(input["debug"], "OnlyDebug");
    assert!(
        input["opaque"]
            .as_str()
            .is_some_and(|text| text.ends_with("Opaque>"))
    );
    assert_eq!(input["type"], "\"t\"");
    assert_eq!(input.as_object().map(serde_json::Map::len), Some(5));
    assert_eq!(span(&memory, "with_result").output, Some(json!([1, 2])));
    assert_eq!(
        span(&memory, "with_debug_result").output,
        Some(json!("Some(OnlyDebug)"))
    );
    let (memory, _) = in_trace(|| drop(with_result(true)));
    assert_eq!(span(&memory, "with_result").output, None::<Value>);
}

struct Service {
    recorder: Arc<Recorder>,
    calls: u32,
}

impl Service {
    #[observe(root = self.recorder, kind = "workflow")]
    async fn handle(&mut self, mut extra: u32) -> Result<u32, Refused> {
        extra += 1;
        self.calls += extra;
        self.count().await;
        Ok(self.calls)
    }

    #[observe(root = &self.recorder)]
    async fn count(&self) -> u32 {
        self.calls
    }

    #[observe]
    fn consume(self) -> u32 {
        self.calls
    }

    #[observe]
    fn borrow<'s>(&'s self, prefix: &'s str) -> impl Iterator<Item = u32> + 's {
        let count = self.calls;
        prefix.chars().map(move |_| count)
    }
}

#[test]
fn root_begins_a_trace_where_no_span_is_current() {
    let memory = Memory::new();
    let recorder = Arc::new(memory.recorder());
    let mut service = Service { recorder, calls: 0 };
    assert!(matches!(block_on(service.handle(1)), Ok(2)));
    let handle = span(&memory, "handle");
    assert_eq!(handle.parent, None);
    assert_eq!(handle.kind, SpanKind::Workflow);
    assert_eq!(handle.trace.name, "handle");
    assert!(handle.completes_trace);
    assert_eq!(span(&memory, "count").parent, Some(handle.id));
    let (inside, _) = in_trace(|| block_on(service.count()));
    assert_eq!(
        span(&inside, "count").parent,
        Some(span(&inside, "request").id)
    );
    let (inside, sum) = in_trace(|| service.borrow("ab").sum::<u32>() + service.consume());
    assert_eq!(sum, 6);
    assert_eq!(inside.spans().len(), 3);
}

#[test]
fn futures_that_are_dropped_end_their_span() {
    let memory = Memory::new();
    let trace = memory.recorder().trace("request");
    let mut future = Box::pin(trace.context().scope(outer()));
    let mut waker = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(future.as_mut().poll(&mut waker).is_pending());
    assert!(Context::current().is_none());
    assert!(memory.spans().is_empty());
    drop(future);
    assert_eq!(span(&memory, "renamed").status, Status::Ok);
}

#[observe(kind = "llm", root = recorder)]
async fn model_call(recorder: &Recorder) -> u8 {
    let context = Context::current().expect("a context");
    assert!(context.update(|span| {
        span.model("gpt-4o").usage(Usage::tokens(12, 30));
        assert!(!context.update(|_| {}), "a change is running");
    }));
    tokio::task::yield_now().await;
    assert!(context.update(|span| {
        span.output(Message::assistant("Hi"));
    }));
    let child = context.tool("weather").start();
    assert!(
        !child.context().update(|_| {}),
        "not the span of a function"
    );
    1
}

#[tokio::test]
async fn functions_set_values_of_their_span() {
    let memory = Memory::new();
    model_call(&memory.recorder()).await;
    let span = memory.span("model_call").expect("a span");
    assert_eq!(span.model.as_deref(), Some("gpt-4o"));
    assert_eq!(span.usage.total(), Some(42));
    assert_eq!(span.output_messages, [Message::assistant("Hi")]);
    assert_eq!(
        memory.span("weather").expect("a span").parent,
        Some(span.id)
    );
    assert!(Context::current().is_none());
}

#[observe(root = recorder)]
fn leaks_its_context(recorder: &Recorder) -> Context {
    Context::current().expect("a context")
}

#[test]
fn a_function_ends_although_its_context_lives_on() {
    let memory = Memory::new();
    let context = leaks_its_context(&memory.recorder());
    assert!(memory.span("leaks_its_context").is_some());
    assert!(!context.update(|_| {}));
}
