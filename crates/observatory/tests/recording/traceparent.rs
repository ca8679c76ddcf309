//! `traceparent` in and out, and sampling.

use llm_observatory::recording::Traceparent;
use llm_observatory::testing::Memory;

const CALLER: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

#[test]
fn services_continue_the_trace_of_their_caller() {
    let memory = Memory::new();
    let recorder = memory.recorder();
    let trace = recorder.trace("front");
    let call = trace.llm("chat").start();
    let header = call.traceparent();
    let remote = recorder.continue_trace("back", &header).expect("a trace");
    assert_eq!(remote.id(), trace.id());
    drop(remote);
    let back = memory.span("back").expect("a span");
    assert_eq!(back.parent, Some(call.id()));
    assert_eq!(header, format!("00-{}-{}-01", trace.id(), call.id()));
    assert_eq!(back.trace.name, "back");
}

#[test]
fn requests_of_one_continued_trace_count_their_spans_together() {
    let memory = Memory::new();
    let recorder = memory.recorder();
    let first = recorder.continue_trace("first", CALLER).expect("a trace");
    let second = recorder.continue_trace("second", CALLER).expect("a trace");
    drop(first);
    drop(second);
    recorder.continue_trace("third", CALLER).expect("a trace");
    let completing: Vec<_> = memory
        .spans()
        .into_iter()
        .map(|span| span.completes_trace)
        .collect();
    assert_eq!(completing, [false, true, true]);
}

#[test]
fn traces_that_the_caller_does_not_sample_are_not_recorded() {
    let memory = Memory::new();
    let recorder = memory.recorder();
    let header = CALLER.replace("-01", "-00");
    let trace = recorder.continue_trace("back", &header).expect("a trace");
    let mut call = trace.llm("chat").model("gpt-4o").start();
    call.first_token().output("text");
    call.score("helpful", 1);
    trace.score("helpful", 1);
    call.context().tool("search").record();
    assert!(
        call.traceparent()
            .starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-")
    );
    assert!(call.traceparent().ends_with("-00"));
    drop(call);
    trace.session("s").end();
    assert!(memory.records().is_empty());
}

#[test]
fn valid_headers_are_read() {
    let caller: Traceparent = CALLER.parse().expect("a header");
    assert_eq!(caller.to_string(), CALLER);
    let later = "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-09-what-the-future-brings";
    assert_eq!(later.parse(), Ok(caller));
    let flags = CALLER.replace("-01", "-fe").parse::<Traceparent>();
    assert_eq!(flags.map(|caller| caller.is_sampled), Ok(false));
}

#[test]
fn invalid_headers_are_refused() {
    for (header, expected) in [
        ("", "version"),
        (
            "0-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "version",
        ),
        (
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "version",
        ),
        (
            "0x-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "version",
        ),
        (
            " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "version",
        ),
        (
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "trace id",
        ),
        (
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "trace id",
        ),
        (
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
            "trace id",
        ),
        (
            "00-4bf92f3577b34da6a3ce929d0e0e473ü-00f067aa0ba902b7-01",
            "trace id",
        ),
        (
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "parent id",
        ),
        (
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00F067aa0ba902b7-01",
            "parent id",
        ),
        (
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "flags",
        ),
        (
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
            "flags",
        ),
        (
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-+1",
            "flags",
        ),
        (
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 ",
            "flags",
        ),
        (
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
            "after the flags",
        ),
        (
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0100",
            "flags",
        ),
    ] {
        let error = header.parse::<Traceparent>().expect_err(header);
        assert!(error.to_string().contains(expected), "{header}: {error}");
        assert!(
            Memory::new()
                .recorder()
                .continue_trace("x", header)
                .is_err()
        );
    }
}
