//! The values that texts of parameters can mean.

use serde_json::Value;

/// Returns the JSON value that a text is, or else the text.
pub(super) fn decode_text(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

/// Returns the objects that texts can mean if keys and values alternate: each value is JSON or its text (`null`, `1`).
pub(super) fn object_candidates(texts: &[String]) -> Vec<Value> {
    /// The largest number of properties whose values are read in both ways.
    const MAX_AMBIGUOUS: u32 = 6;
    let pairs = texts.chunks_exact(2).filter_map(|pair| match pair {
        [key, text] => Some((key, text)),
        _ => None,
    });
    let pairs: Vec<(&String, &String)> = pairs.collect();
    let is_ambiguous = |text: &String| decode_text(text) != *text;
    let ambiguous = pairs.iter().filter(|(_, text)| is_ambiguous(text)).count();
    let count = u32::try_from(ambiguous)
        .unwrap_or(u32::MAX)
        .min(MAX_AMBIGUOUS);
    let candidates = (0..1_u32 << count).map(|choice| {
        let mut bit = 0;
        let members = pairs.iter().map(|(key, text)| {
            if !is_ambiguous(text) {
                return ((*key).clone(), Value::from((*text).clone()));
            }
            let is_text = bit < count && choice >> bit & 1 == 1;
            bit += 1;
            let value = if is_text {
                (*text).clone().into()
            } else {
                decode_text(text)
            };
            ((*key).clone(), value)
        });
        Value::Object(members.collect())
    });
    candidates.collect()
}
