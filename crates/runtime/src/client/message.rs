//! The vendor's own words, lifted out of the body of an error.

use serde_json::Value;

/// Longer messages are cut.
const LONGEST: usize = 300;

/// What the body says went wrong: FastAPI's `detail`, `{error}`, `{error: {message}}`, `{message}`, or plain text.
pub(super) fn lift(body: &[u8]) -> Option<String> {
    let text = match serde_json::from_slice::<Value>(body) {
        Ok(value) => say(&value),
        Err(_) => {
            let text = String::from_utf8_lossy(body);
            let text = text.trim_start_matches('\u{feff}').trim().to_owned();
            (!text.is_empty() && !text.starts_with('<')).then_some(text)
        }
    };
    text.map(|text| shorten(&text))
        .filter(|text| !text.is_empty())
}

pub(super) fn say(value: &Value) -> Option<String> {
    match value {
        // Blank text says nothing; another field may.
        Value::String(text) => (!text.trim().is_empty()).then(|| text.clone()),
        Value::Object(fields) => {
            if let Some(validation) = validation(value) {
                return Some(validation);
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
            keys.iter().filter_map(|key| fields.get(*key)).find_map(say)
        }
        Value::Array(items) => {
            let said: Vec<String> = items.iter().filter_map(say).collect();
            (!said.is_empty()).then(|| said.join("; "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// `{loc: ["body", "traces", 0], msg: "…"}`, as FastAPI says what a field lacks.
fn validation(value: &Value) -> Option<String> {
    let message = value.get("msg")?.as_str()?;
    let place = value.get("loc")?.as_array()?;
    let place: Vec<String> = place
        .iter()
        .map(|step| {
            step.as_str()
                .map_or_else(|| step.to_string(), str::to_owned)
        })
        .collect();
    Some(format!("{}: {message}", place.join(".")))
}

pub(super) fn shorten(text: &str) -> String {
    let clean: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LONGEST + 1)
        .collect();
    match clean.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", clean.get(..end).unwrap_or_default()),
        None => clean,
    }
}
