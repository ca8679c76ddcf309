//! Encodes `multipart/form-data` (RFC 7578) and other multipart media types (RFC 2046).

use super::body::{Body, BodyBuilder};
use super::form::{find_encoding, to_styled_pairs};
use super::param_value::{ParamValue, ParamValueError};
use crate::client::spec::PartEncoding;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A header of the parts of one field.
#[derive(Debug)]
pub(super) struct PartHeader {
    pub(super) part: &'static str,
    pub(super) name: &'static str,
    pub(super) text: String,
}

/// How a multipart body is encoded.
pub(super) struct MultipartForm<'e> {
    /// Whether the parts have no names; then they are called by their position.
    pub(super) is_positional: bool,
    /// Without the boundary.
    pub(super) media_type: &'static str,
    pub(super) encodings: &'e [PartEncoding],
    pub(super) headers: Vec<PartHeader>,
}

/// One part: its name, unless it is positional, its value and its media type, if it has one.
struct Part {
    name: Option<String>,
    value: ParamValue,
    media_type: Option<String>,
}

impl MultipartForm<'_> {
    /// Returns the body and its media type.
    ///
    /// A list of files, texts or numbers becomes one part for each element. Other lists and objects become one JSON part,
    /// in which files must be text.
    pub(super) fn encode(
        &self,
        fields: Vec<(String, ParamValue)>,
    ) -> Result<(Body, String), ParamValueError> {
        let boundary = new_boundary();
        let mut body = BodyBuilder::default();
        let mut root_type = None;
        for (name, value) in fields {
            let place = self.place(&name);
            let headers = self.headers.iter().filter(|header| header.part == place);
            let headers: Vec<&PartHeader> = headers.collect();
            for part in self.split_into_parts(name, value)? {
                root_type = root_type.or_else(|| part.media_type.clone());
                push_part(&mut body, &boundary, &part, &headers);
            }
        }
        body.push_bytes(format!("--{boundary}--\r\n").as_bytes());
        let mut media_type = format!("{}; boundary={boundary}", self.media_type);
        // RFC 2387 requires the media type of the first part.
        if self.media_type.eq_ignore_ascii_case("multipart/related")
            && let Some(root) = root_type
        {
            media_type.push_str(&format!("; type=\"{}\"", escape_quoted(&root)));
        }
        Ok((body.into(), media_type))
    }

    /// Returns the parts of a field; none for null.
    fn split_into_parts(
        &self,
        name: String,
        value: ParamValue,
    ) -> Result<Vec<Part>, ParamValueError> {
        let encoding = find_encoding(self.encodings, self.place(&name));
        let own_name = (!self.is_positional).then(|| name.clone());
        if let Some(style) = encoding.and_then(|encoding| encoding.style) {
            let pairs = to_styled_pairs(&name, style, value.with_files_as_text()?);
            let parts = pairs.into_iter().map(|pair| Part {
                name: own_name.as_ref().map(|_| pair.name.clone()),
                value: ParamValue::Text(pair.into_text()),
                media_type: self.default_type("text/plain"),
            });
            return Ok(parts.collect());
        }
        let values = match value {
            ParamValue::Null => Vec::new(),
            value if encoding.is_some_and(PartEncoding::is_json) => {
                vec![ParamValue::Text(value.with_files_as_text()?.to_json())]
            }
            value if self.is_positional => vec![value],
            value => split_list(value),
        };
        let parts = values.into_iter().map(|value| {
            let declared = encoding.and_then(PartEncoding::first_content_type);
            let declared = declared.map(str::to_owned);
            let (value, media_type) = match value {
                ParamValue::File(file) => {
                    let own = file.content_type().map(str::to_owned);
                    let media_type = own.or(declared);
                    let media_type = media_type.or(Some("application/octet-stream".to_owned()));
                    (ParamValue::File(file), media_type)
                }
                value @ (ParamValue::List(_) | ParamValue::Object(_)) => {
                    let json = value.with_files_as_text()?.to_json();
                    let media_type = declared.or(Some("application/json".to_owned()));
                    (ParamValue::Text(json), media_type)
                }
                value => (value, declared.or_else(|| self.default_type("text/plain"))),
            };
            Ok(Part {
                name: own_name.clone(),
                value,
                media_type,
            })
        });
        parts.collect()
    }

    /// Returns the name by which encodings and headers refer to a part: `*` for a position without its own.
    fn place<'n>(&self, name: &'n str) -> &'n str {
        let has_own = || {
            let parts = self.headers.iter().map(|header| header.part);
            let mut known = parts.chain(self.encodings.iter().map(|encoding| encoding.name));
            known.any(|known| known == name)
        };
        if self.is_positional && !has_own() {
            "*"
        } else {
            name
        }
    }

    /// Returns the media type of a part without a declared one. A form leaves it out, as browsers do.
    fn default_type(&self, media_type: &str) -> Option<String> {
        let is_form = self.media_type.eq_ignore_ascii_case("multipart/form-data");
        (!is_form).then(|| media_type.to_owned())
    }
}

/// Returns the items of a list of files, texts or numbers, and any other value as it is; nothing for null.
fn split_list(value: ParamValue) -> Vec<ParamValue> {
    match value {
        ParamValue::Null => Vec::new(),
        ParamValue::List(items)
            if !items
                .iter()
                .any(|item| matches!(item, ParamValue::List(_) | ParamValue::Object(_))) =>
        {
            items.into_iter().flat_map(split_list).collect()
        }
        value => vec![value],
    }
}

fn push_part(body: &mut BodyBuilder, boundary: &str, part: &Part, headers: &[&PartHeader]) {
    body.push_bytes(format!("--{boundary}").as_bytes());
    let file = match &part.value {
        ParamValue::File(file) => Some(escape_quoted(file.name().unwrap_or("file"))),
        _ => None,
    };
    let file = file.map(|name| format!("; filename=\"{name}\""));
    let disposition = match &part.name {
        Some(name) => Some(format!("form-data; name=\"{}\"", escape_quoted(name))),
        None => file.as_ref().map(|_| "attachment".to_owned()),
    };
    if let Some(disposition) = disposition {
        let file = file.unwrap_or_default();
        body.push_bytes(format!("\r\nContent-Disposition: {disposition}{file}").as_bytes());
    }
    if let Some(media_type) = &part.media_type {
        let media_type = escape_line_breaks(media_type);
        body.push_bytes(format!("\r\nContent-Type: {media_type}").as_bytes());
    }
    for header in headers {
        body.push_bytes(format!("\r\n{}: {}", header.name, header.text).as_bytes());
    }
    body.push_bytes(b"\r\n\r\n");
    match &part.value {
        ParamValue::File(file) => body.push_file(file),
        ParamValue::Text(text) | ParamValue::Scalar(text) => body.push_bytes(text.as_bytes()),
        value => body.push_bytes(value.to_json().as_bytes()),
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
