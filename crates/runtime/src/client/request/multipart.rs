//! Encodes `multipart/form-data` (RFC 7578) and other multipart media types (RFC 2046).

use super::body::{Body, BodyBuilder};
use super::form::{encode_form_fields, find_encoding, require_value, to_styled_pairs};
use super::param_value::{ParamValue, ParamValueError};
use crate::client::spec::PartEncoding;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A header of the parts of one field.
#[derive(Debug)]
pub(super) struct PartHeader {
    /// The name of the field; of a part inside another one, both names with a slash between them.
    pub(super) part: &'static str,
    pub(super) name: &'static str,
    pub(super) text: String,
}

/// How a multipart body is encoded.
pub(super) struct MultipartForm<'e> {
    /// Whether the parts have no names; then they are called by their position.
    pub(super) is_positional: bool,
    /// Without the boundary.
    pub(super) media_type: &'e str,
    pub(super) encodings: &'e [PartEncoding],
    pub(super) headers: &'e [PartHeader],
    /// The names of the parts around, each followed by a slash.
    pub(super) path: String,
}

/// One part: its name, unless it is positional, its content, its media type, if it has one, and its other headers.
struct Part<'e> {
    name: Option<String>,
    content: Content<'e>,
    media_type: Option<String>,
    headers: Vec<&'e PartHeader>,
}

/// The content of a part.
enum Content<'e> {
    Value(ParamValue),
    /// Parts inside the part.
    Parts(Parts<'e>),
}

/// The parts of a multipart body, and the boundary between them.
struct Parts<'e> {
    boundary: String,
    list: Vec<Part<'e>>,
}

impl<'e> MultipartForm<'e> {
    /// Returns the body and its media type.
    ///
    /// A list of files, texts or numbers becomes one part for each element. Other lists and objects become one JSON part,
    /// in which files must be text, unless they are multipart themselves.
    pub(super) fn encode(
        &self,
        fields: Vec<(String, ParamValue)>,
    ) -> Result<(Body, String), ParamValueError> {
        let (parts, media_type) = self.make_parts(fields)?;
        let mut body = BodyBuilder::default();
        push_parts(&mut body, &parts);
        Ok((body.into(), media_type))
    }

    /// Returns the parts of the fields, and the media type of the body that they make.
    fn make_parts(
        &self,
        fields: Vec<(String, ParamValue)>,
    ) -> Result<(Parts<'e>, String), ParamValueError> {
        let mut list = Vec::new();
        for (name, value) in fields {
            let path = format!("{}{}", self.path, self.place(&name));
            let headers = self.headers.iter().filter(|header| header.part == path);
            let headers: Vec<&PartHeader> = headers.collect();
            let encoding = find_encoding(self.encodings, self.place(&name));
            let is_null = matches!(value, ParamValue::Null);
            let parts = self.split_into_parts(name, value)?;
            require_value(encoding, is_null || !parts.is_empty())?;
            for mut part in parts {
                part.headers.clone_from(&headers);
                list.push(part);
            }
        }
        let boundary = new_boundary();
        let mut media_type = format!("{}; boundary={boundary}", self.media_type);
        let mut types = list.iter().filter_map(|part| part.media_type.as_deref());
        // RFC 2387 requires the media type of the first part.
        if self.media_type.eq_ignore_ascii_case("multipart/related")
            && let Some(root) = types.next()
        {
            media_type.push_str(&format!("; type=\"{}\"", escape_quoted(root)));
        }
        Ok((Parts { boundary, list }, media_type))
    }

    /// Returns the parts of a field; none for null.
    fn split_into_parts(
        &self,
        name: String,
        value: ParamValue,
    ) -> Result<Vec<Part<'e>>, ParamValueError> {
        let encoding = find_encoding(self.encodings, self.place(&name));
        let own_name = (!self.is_positional).then(|| name.clone());
        if let Some(style) = encoding.and_then(|encoding| encoding.style) {
            let pairs = to_styled_pairs(&name, style, value.with_files_as_text()?);
            let parts = pairs.into_iter().map(|pair| Part {
                name: own_name.as_ref().map(|_| pair.name.clone()),
                content: Content::Value(ParamValue::Text(pair.into_text())),
                media_type: self.default_type("text/plain"),
                headers: Vec::new(),
            });
            return Ok(parts.collect());
        }
        let values = match value {
            ParamValue::Null => Vec::new(),
            value if encoding.is_some_and(PartEncoding::is_json) => {
                vec![ParamValue::Text(value.with_files_as_text()?.to_json())]
            }
            value if self.is_positional || encoding.is_some_and(PartEncoding::is_form) => {
                vec![value]
            }
            value => split_list(value),
        };
        let parts = values.into_iter().map(|value| {
            let (content, media_type) = self.encode_content(&name, encoding, value)?;
            Ok(Part {
                name: own_name.clone(),
                content,
                media_type,
                headers: Vec::new(),
            })
        });
        parts.collect()
    }

    /// Returns the content of a part and its media type.
    fn encode_content(
        &self,
        name: &str,
        encoding: Option<&'e PartEncoding>,
        value: ParamValue,
    ) -> Result<(Content<'e>, Option<String>), ParamValueError> {
        let declared = encoding.and_then(PartEncoding::first_content_type);
        let to_type = |default: &str| Some(declared.unwrap_or(default).to_owned());
        Ok(match value {
            ParamValue::File(file) => {
                let own = file.content_type().map(str::to_owned);
                let media_type = own.or_else(|| to_type("application/octet-stream"));
                (Content::Value(ParamValue::File(file)), media_type)
            }
            value @ (ParamValue::List(_) | ParamValue::Object(_)) => {
                match encoding.filter(|encoding| encoding.is_form()) {
                    Some(encoding) => return self.encode_form(name, encoding, value),
                    None => {
                        let json = value.with_files_as_text()?.to_json();
                        let content = Content::Value(ParamValue::Text(json));
                        (content, to_type("application/json"))
                    }
                }
            }
            value => {
                let declared = declared.map(str::to_owned);
                let media_type = declared.or_else(|| self.default_type("text/plain"));
                (Content::Value(value), media_type)
            }
        })
    }

    /// Returns a part that is a form or multipart itself, and its media type.
    fn encode_form(
        &self,
        name: &str,
        encoding: &'e PartEncoding,
        value: ParamValue,
    ) -> Result<(Content<'e>, Option<String>), ParamValueError> {
        let media_type = encoding.first_content_type().unwrap_or_default();
        let is_positional = matches!(value, ParamValue::List(_));
        let fields = match value {
            ParamValue::List(items) => to_positional_fields(items),
            ParamValue::Object(fields) => fields,
            value => vec![(String::new(), value)],
        };
        if !media_type.to_ascii_lowercase().starts_with("multipart/") {
            let fields = fields.into_iter();
            let fields = fields.map(|(name, value)| Ok((name, value.with_files_as_text()?)));
            let fields: Vec<(String, ParamValue)> = fields.collect::<Result<_, _>>()?;
            let text = encode_form_fields(fields, encoding.nested)?;
            let content = Content::Value(ParamValue::Text(text));
            return Ok((content, Some(media_type.to_owned())));
        }
        let form = MultipartForm {
            is_positional,
            media_type,
            encodings: encoding.nested,
            headers: self.headers,
            path: format!("{}{}/", self.path, self.place(name)),
        };
        let (parts, media_type) = form.make_parts(fields)?;
        Ok((Content::Parts(parts), Some(media_type)))
    }

    /// Returns the name by which encodings and headers refer to a part: `*` for a position without its own.
    fn place<'n>(&self, name: &'n str) -> &'n str {
        let has_own = || {
            let paths = self.headers.iter().map(|header| header.part);
            let parts = paths.filter_map(|path| path.strip_prefix(self.path.as_str()));
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

/// Returns the items of a list, each with its position as name.
pub(super) fn to_positional_fields(items: Vec<ParamValue>) -> Vec<(String, ParamValue)> {
    let items = items.into_iter().enumerate();
    items
        .map(|(position, item)| (position.to_string(), item))
        .collect()
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

fn push_parts(body: &mut BodyBuilder, parts: &Parts<'_>) {
    for part in &parts.list {
        body.push_bytes(format!("--{}", parts.boundary).as_bytes());
        push_part(body, part);
    }
    body.push_bytes(format!("--{}--\r\n", parts.boundary).as_bytes());
}

fn push_part(body: &mut BodyBuilder, part: &Part<'_>) {
    let file = match &part.content {
        Content::Value(ParamValue::File(file)) => {
            Some(escape_quoted(file.name().unwrap_or("file")))
        }
        _ => None,
    };
    let file = file.map(|name| format!("; filename=\"{name}\""));
    let disposition = match &part.name {
        Some(name) => Some(format!("form-data; name=\"{}\"", escape_quoted(name))),
        None => file.as_ref().map(|_| "attachment".to_owned()),
    };
    let has_own = |header: &&PartHeader| header.name.eq_ignore_ascii_case("content-disposition");
    let disposition = disposition.filter(|_| !part.headers.iter().any(has_own));
    if let Some(disposition) = disposition {
        let file = file.unwrap_or_default();
        body.push_bytes(format!("\r\nContent-Disposition: {disposition}{file}").as_bytes());
    }
    if let Some(media_type) = &part.media_type {
        let media_type = escape_line_breaks(media_type);
        body.push_bytes(format!("\r\nContent-Type: {media_type}").as_bytes());
    }
    for header in &part.headers {
        body.push_bytes(format!("\r\n{}: {}", header.name, header.text).as_bytes());
    }
    body.push_bytes(b"\r\n\r\n");
    match &part.content {
        Content::Value(ParamValue::File(file)) => body.push_file(file),
        Content::Value(ParamValue::Text(text) | ParamValue::Scalar(text)) => {
            body.push_bytes(text.as_bytes());
        }
        Content::Value(value) => body.push_bytes(value.to_json().as_bytes()),
        Content::Parts(parts) => push_parts(body, parts),
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
