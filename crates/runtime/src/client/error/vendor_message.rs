//! Extracts the error message of a vendor from the body of a response.

use serde_json::Value;

/// The longest message in characters. Longer ones are truncated.
const MAX_LENGTH: usize = 300;

/// Returns the message in an error body: FastAPI's `detail`, `{error}`, `{error: {message}}`, `{message}`, or plain
/// text. HTML is ignored.
pub(crate) fn extract(body: &[u8]) -> Option<String> {
    let text = match serde_json::from_slice::<Value>(body) {
        Ok(value) => extract_from_json(&value),
        Err(_) => {
            let text = String::from_utf8_lossy(body);
            let text = text.trim_start_matches('\u{feff}').trim().to_owned();
            (!text.is_empty() && !text.starts_with('<')).then_some(text)
        }
    };
    text.map(|text| shorten(&text))
        .filter(|text| !text.is_empty())
}

/// Returns the first non-blank message in a JSON value; the messages of an array are joined.
pub(crate) fn extract_from_json(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => (!text.trim().is_empty()).then(|| text.clone()),
        Value::Object(fields) => {
            if let Some(message) = validation_message(value) {
                return Some(message);
            }
            let keys = [
                "message",
                "detail",
                "error",
                "error_description",
                "errors",
                "title",
                "msg",
            ];
            keys.iter()
                .filter_map(|key| fields.get(*key))
                .find_map(extract_from_json)
        }
        Value::Array(items) => {
            let messages: Vec<String> = items.iter().filter_map(extract_from_json).collect();
            (!messages.is_empty()).then(|| messages.join("; "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// Formats a validation error of FastAPI: `{loc: ["body", "traces", 0], msg: "…"}`.
fn validation_message(value: &Value) -> Option<String> {
    let message = value.get("msg")?.as_str()?;
    let location = value.get("loc")?.as_array()?;
    let location: Vec<String> = location
        .iter()
        .map(|step| {
            step.as_str()
                .map_or_else(|| step.to_string(), str::to_owned)
        })
        .collect();
    Some(format!("{}: {message}", location.join(".")))
}

/// Replaces control characters by spaces, and truncates the text at [`MAX_LENGTH`].
pub(crate) fn shorten(text: &str) -> String {
    let clean: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(MAX_LENGTH + 1)
        .collect();
    match clean.char_indices().nth(MAX_LENGTH) {
        Some((end, _)) => format!("{}…", clean.get(..end).unwrap_or_default()),
        None => clean,
    }
}
