//! Scores of traces and spans.

use llm_observatory::model::{ScoreId, ScoreValue, UnixNanos};
use llm_observatory::testing::Memory;
use std::time::{Duration, SystemTime};

#[test]
fn scores_refer_to_their_target() {
    let memory = Memory::new();
    let recorder = memory.recorder();
    let mut trace = recorder.trace("request");
    let call = trace.llm("chat").start();
    trace.score("helpful", 0.9).comment("short and correct");
    call.score("polite", true);
    recorder.score(trace.id(), "feedback", "thumbs up");
    recorder.score((trace.id(), call.id()), "tokens", 7);
    let scores = memory.scores();
    let expected = [
        ("helpful", None, ScoreValue::Number(0.9)),
        ("polite", Some(call.id()), ScoreValue::Boolean(true)),
        (
            "feedback",
            None,
            ScoreValue::Category("thumbs up".to_owned()),
        ),
        ("tokens", Some(call.id()), ScoreValue::Number(7.0)),
    ];
    assert_eq!(scores.len(), expected.len());
    for (score, (name, span_id, value)) in scores.iter().zip(expected) {
        assert_eq!(score.name, name);
        assert_eq!(score.trace_id, trace.id());
        assert_eq!(score.span_id, span_id);
        assert_eq!(score.value, value);
    }
    let root = trace.root().id();
    let roots: Vec<_> = scores.iter().map(|score| score.root_span_id).collect();
    assert_eq!(roots, [Some(root), None, None, None]);
    assert_eq!(scores[0].comment.as_deref(), Some("short and correct"));
    assert_ne!(scores[0].id, scores[1].id);
}

#[test]
fn id_and_time_can_be_given() {
    let memory = Memory::new();
    let id = ScoreId::random();
    let yesterday = SystemTime::now() - Duration::from_secs(86_400);
    let recorder = memory.recorder();
    let trace = recorder.trace("request");
    trace.score("helpful", 1).id(id).scored_at(yesterday);
    let score = memory.scores().swap_remove(0);
    assert_eq!(score.id, id);
    assert_eq!(score.time, UnixNanos::from(yesterday));
}
