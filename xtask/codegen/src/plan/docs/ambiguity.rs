//! Documentation of unions with ambiguous variants.

use super::markdown::inline_code;
use crate::plan::ambiguity::ambiguous_pair::Ambiguity;

/// The maximum number of pairs that the documentation of a type names; `coverage` lists all of them.
const MAX_PAIRS: usize = 3;

/// The maximum length of an example value.
const MAX_VALUE_LENGTH: usize = 100;

/// Returns a paragraph about the ambiguous pairs of a union. `is_complete` is whether all pairs were compared.
pub(in crate::plan) fn ambiguity_docs(pairs: &[Ambiguity], is_complete: bool) -> String {
    let sentences = pairs.iter().take(MAX_PAIRS).map(pair_sentence);
    let mut sentences: Vec<String> = sentences.collect();
    match pairs.len().saturating_sub(MAX_PAIRS) {
        _ if !is_complete => sentences.push(
            "The union has too many variants to compare them all: more pairs may be ambiguous."
                .to_owned(),
        ),
        0 => {}
        1 => sentences.push("One more pair of variants is ambiguous.".to_owned()),
        more => sentences.push(format!("{more} more pairs of variants are ambiguous.")),
    }
    sentences.join(" ")
}

fn pair_sentence(pair: &Ambiguity) -> String {
    let (read_as, other) = (inline_code(&pair.read_as), inline_code(&pair.also_fits));
    let value = pair.instance.to_string();
    let value = if value.len() > MAX_VALUE_LENGTH {
        "A value with only the properties that both have".to_owned()
    } else {
        inline_code(&value)
    };
    format!("{value} matches both {read_as} and {other}, and is read as {read_as}.")
}
