//! Tokens and cost as providers count them.

use crate::model::{Cost, Usage};
use serde_json::Value;

/// Reads the property `usage` of a response.
///
/// Anthropic counts tokens that were read from the cache or written to it apart from `input_tokens`. Here they are part
/// of the input, as everywhere else.
pub fn read_usage(usage: &Value) -> Usage {
    let count = |names: &[&str]| names.iter().find_map(|name| usage.get(name)?.as_u64());
    let detail = |groups: &[&str], name: &str| {
        groups
            .iter()
            .find_map(|group| usage.get(group)?.get(name)?.as_u64())
    };
    let input_details = ["prompt_tokens_details", "input_tokens_details"];
    let output_details = ["completion_tokens_details", "output_tokens_details"];
    let apart = [
        count(&["cache_read_input_tokens"]),
        count(&["cache_creation_input_tokens"]),
    ];
    let input = count(&["input_tokens", "prompt_tokens"]);
    let input = apart.iter().flatten().fold(input, |sum, tokens| {
        Some(sum.unwrap_or(0).saturating_add(*tokens))
    });
    Usage {
        input,
        output: count(&["output_tokens", "completion_tokens"]),
        cache_read: apart[0].or_else(|| detail(&input_details, "cached_tokens")),
        cache_write: apart[1].or_else(|| detail(&input_details, "cache_write_tokens")),
        reasoning: detail(&output_details, "reasoning_tokens"),
    }
}

/// Reads the cost that some gateways add to the usage.
pub(super) fn read_cost(usage: &Value) -> Cost {
    Cost {
        total: usage.get("cost").and_then(Value::as_f64),
        ..Cost::default()
    }
}

/// Replaces the counts that `later` has: a stream sends them in several events.
pub(super) fn merge_usage(usage: &mut Usage, later: Usage) {
    usage.input = later.input.max(usage.input);
    usage.output = later.output.or(usage.output);
    usage.cache_read = later.cache_read.or(usage.cache_read);
    usage.cache_write = later.cache_write.or(usage.cache_write);
    usage.reasoning = later.reasoning.or(usage.reasoning);
}
