//! Encodes `multipart/form-data` (RFC 7578).

use super::body::{Body, BodyBuilder};
use super::param_value::{ParamValue, ParamValueError};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Returns the body and its media type.
///
/// A list of files, texts or numbers becomes one part for each element. Other lists and objects become one JSON part,
/// in which files must be text.
pub(super) fn encode_multipart(
    fields: Vec<(String, ParamValue)>,
) -> Result<(Body, String), ParamValueError> {
    let boundary = new_boundary();
    let mut body = BodyBuilder::default();
    for (name, value) in fields {
        for value in split_into_parts(value) {
            let value = match value {
                ParamValue::List(_) | ParamValue::Object(_) => value.with_files_as_text()?,
                value => value,
            };
            push_part(&mut body, &boundary, &name, value);
        }
    }
    body.push_bytes(format!("--{boundary}--\r\n").as_bytes());
    Ok((
        body.into(),
        format!("multipart/form-data; boundary={boundary}"),
    ))
}

/// Returns the parts of a field; none for null.
fn split_into_parts(value: ParamValue) -> Vec<ParamValue> {
    match value {
        ParamValue::Null => Vec::new(),
        ParamValue::List(items)
            if !items
                .iter()
                .any(|item| matches!(item, ParamValue::List(_) | ParamValue::Object(_))) =>
        {
            items.into_iter().flat_map(split_into_parts).collect()
        }
        value => vec![value],
    }
}

fn push_part(body: &mut BodyBuilder, boundary: &str, name: &str, value: ParamValue) {
    body.push_bytes(format!("--{boundary}\r\nContent-Disposition: form-data; name=\"").as_bytes());
    body.push_bytes(escape_quoted(name).as_bytes());
    body.push_bytes(b"\"");
    match value {
        ParamValue::File(file) => {
            let name = escape_quoted(file.name().unwrap_or("file"));
            let media_type =
                escape_line_breaks(file.content_type().unwrap_or("application/octet-stream"));
            let head = format!("; filename=\"{name}\"\r\nContent-Type: {media_type}\r\n\r\n");
            body.push_bytes(head.as_bytes());
            body.push_file(&file);
        }
        ParamValue::Text(text) | ParamValue::Scalar(text) => {
            body.push_bytes(b"\r\n\r\n");
            body.push_bytes(text.as_bytes());
        }
        value => {
            body.push_bytes(b"\r\nContent-Type: application/json\r\n\r\n");
            body.push_bytes(value.into_text().as_bytes());
        }
    }
    body.push_bytes(b"\r\n");
}

/// Escapes quotes and line breaks, as browsers do.
fn escape_quoted(text: &str) -> String {
    escape_line_breaks(&text.replace('"', "%22"))
}

/// Escapes line breaks only: a media type may contain quotes.
fn escape_line_breaks(text: &str) -> String {
    text.replace('\r', "%0D").replace('\n', "%0A")
}

/// Returns a boundary that occurs in no part: it is derived from the time and a counter.
fn new_boundary() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map(|since| since.as_nanos())
        .unwrap_or_default();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mixed = (now as u64 ^ count.rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!("observatory-{mixed:016x}-{count:08x}")
}
