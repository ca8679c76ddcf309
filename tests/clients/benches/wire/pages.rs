//! The measured JSON: pages of a megabyte, as a server sends them.

use serde_json::{Value, json};

/// An object with its keys in the order of the server, which affects the time to decode it.
type Object = Vec<(&'static str, Value)>;

/// Makes an [`Object`]: `object! {"key": value, …}`.
macro_rules! object {
    ($($key:literal: $value:tt),* $(,)?) => { vec![$(($key, json!($value))),*] };
}

fn object_text(object: &Object) -> String {
    let entries = object
        .iter()
        .map(|(key, value)| format!("\"{key}\":{value}"));
    format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
}

/// Returns a list of objects with at least this number of bytes.
fn fill_list(bytes: usize, mut object: impl FnMut(usize) -> Object) -> String {
    let (mut list, mut number) = (String::new(), 0);
    while list.len() < bytes {
        list.push_str(if number == 0 { "" } else { "," });
        list.push_str(&object_text(&object(number)));
        number += 1;
    }
    format!("[{list}]")
}

fn page(records: &str) -> String {
    let head = object_text(&object! {
        "starting_token": 0, "limit": 1000, "paginated": true, "next_starting_token": 1000, "last_row_id": (id(999)),
    });
    format!("{},\"records\":{records}}}", head.trim_end_matches('}'))
}

fn id(number: usize) -> String {
    format!("9f1c2d3e-4b5a-4c6d-8e7f-{number:012}")
}

/// Returns a page of alternating traces, LLM spans and tool spans.
pub fn mixed(bytes: usize) -> String {
    page(&fill_list(bytes, |number| match number % 3 {
        0 => trace(number),
        1 => span(number),
        _ => tool(number),
    }))
}

/// Returns a page of LLM spans.
pub fn llm(bytes: usize) -> String {
    page(&fill_list(bytes, span))
}

fn common(kind: &str, number: usize) -> Object {
    object! {
        "type": (kind), "id": (id(number)), "session_id": (id(number / 10)), "trace_id": (id(number / 4)),
        "project_id": (id(1)), "run_id": (id(2)),
        "created_at": "2026-11-21T09:30:00.123456+00:00", "updated_at": "2026-11-21T09:30:02.5+00:00",
        "name": (format!("step {number}")), "tags": ["prod", "eu-west-1"], "status_code": 200,
        "user_metadata": {"customer": "acme", "plan": "pro", "build": "2026.11.3"},
        "dataset_metadata": {}, "has_children": false, "is_complete": true, "metrics_batch_id": (id(7)),
        "metric_info": {
            "toxicity": {"status_type": "success", "value": 0.0625, "scorer_type": "Luna"},
            "context_adherence": {"status_type": "pending", "metric_key_alias": "context_adherence_luna"},
        },
    }
}

/// Adds fields to a record.
fn extend(mut record: Object, more: Object) -> Object {
    record.extend(more);
    record
}

fn trace(number: usize) -> Object {
    extend(
        common("trace", number),
        object! {
            "input": "Which of our customers in Lyon renewed this quarter, and how do they rate the new invoices?",
            "output": "Three did. Two of them called the new invoices \"easier to read\"; one would like a PDF again.",
            "num_spans": 4, "metrics": {"duration_ns": (1_234_567_890_u64 + number as u64)},
        },
    )
}

fn tool(number: usize) -> Object {
    extend(
        common("tool", number),
        object! {
            "parent_id": (id(number / 4)), "step_number": (number),
            "input": "{\"table\": \"customers\", \"where\": {\"city\": \"Lyon\", \"renewed\": \"2026-Q4\"}}",
            "output": "[{\"id\": 4711}, {\"id\": 4712}, {\"id\": 4799}]",
            "tool_call_id": (format!("call_{number}")),
            "metrics": {"duration_ns": (34_567_890_u64 + number as u64)},
        },
    )
}

fn span(number: usize) -> Object {
    extend(
        common("llm", number),
        object! {
            "parent_id": (id(number / 4)), "step_number": (number),
            "model": "gpt-4o-2024-08-06", "temperature": 0.7, "finish_reason": "stop",
            "input": [
                {"role": "system", "content": "Reply to questions about customers. Use the tools for all facts."},
                {"role": "user", "content": "Which of our customers in Lyon renewed this quarter — and why?\nBe brief."},
            ],
            "output": {
                "role": "assistant",
                "content": "Three did: Soierie Perrin, Atelier Guignol and Bouchon & Cie. All three name the new invoices.",
            },
            "metrics": {
                "duration_ns": (987_654_321_u64 + number as u64), "num_input_tokens": 214, "num_output_tokens": 48,
                "num_total_tokens": 262, "time_to_first_token_ns": 312_000_000,
            },
        },
    )
}

/// Returns spans as the JSON exporter of OpenTelemetry writes them.
pub fn otel(bytes: usize) -> String {
    let spans = fill_list(bytes, |number| {
        object! {
            "traceId": (format!("{number:032x}")), "spanId": (format!("{number:016x}")),
            "parentSpanId": (format!("{:016x}", number / 4)), "name": "openai.chat", "kind": 3,
            "startTimeUnixNano": "1763717400123456789", "endTimeUnixNano": "1763717402623456789",
            "attributes": [
                {"key": "gen_ai.system", "value": {"stringValue": "openai"}},
                {"key": "gen_ai.request.model", "value": {"stringValue": "gpt-4o"}},
                {"key": "gen_ai.request.temperature", "value": {"doubleValue": 0.7}},
                {"key": "gen_ai.usage.input_tokens", "value": {"intValue": 214}},
                {"key": "gen_ai.usage.output_tokens", "value": {"intValue": 48}},
                {"key": "gen_ai.prompt.0.content", "value": {
                    "stringValue": "Which of our customers in Lyon renewed this quarter — and why?",
                }},
                {"key": "gen_ai.streaming", "value": {"boolValue": false}},
            ],
            "droppedAttributesCount": 0, "events": [], "droppedEventsCount": 0, "status": {"code": 1}, "links": [],
            "droppedLinksCount": 0, "flags": 257,
        }
    });
    let resource = json!({
        "attributes": [{"key": "service.name", "value": {"stringValue": "assistant"}}], "droppedAttributesCount": 0,
    });
    let scope = json!({"name": "openai", "version": "1.2.3"});
    format!(
        "{{\"resourceSpans\":[{{\"resource\":{resource},\"scopeSpans\":[{{\"scope\":{scope},\"spans\":{spans}}}]}}]}}"
    )
}
