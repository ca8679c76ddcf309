//! What a recording must not hold.

use http::header::CONTENT_TYPE;
use serde_json::{Map, Value, json};

use crate::client::body::Body;

/// What stands in the place of what is redacted.
const REDACTED: &str = "redacted";

/// Headers of answers that prove who somebody is.
const HEADERS: &[&str] = &["set-cookie", "www-authenticate", "authorization"];

/// Fields that hold secrets whatever the API.
const FIELDS: &[&str] = &[
    "password",
    "secret",
    "token",
    "access_token",
    "refresh_token",
    "api_key",
    "apikey",
];

/// What a recording must not hold.
///
/// Headers of requests are not recorded at all. Redacted are, in queries and in JSON at any depth, fields whose names
/// are those of secrets everywhere (`password`, `token`, `api_key` and their like, in any case) and those you name, and
/// headers of answers that prove who somebody is.
#[derive(Clone, Debug, Default)]
#[must_use = "a redaction does nothing until a recording is given it"]
pub struct Redaction {
    fields: Vec<String>,
    headers: Vec<String>,
}

impl Redaction {
    /// What is secret everywhere.
    pub fn new() -> Self {
        Self::default()
    }

    /// And fields of this name, in queries and in JSON.
    pub fn field(mut self, name: impl Into<String>) -> Self {
        self.fields.push(name.into());
        self
    }

    /// And headers of answers of this name.
    pub fn header(mut self, name: impl Into<String>) -> Self {
        self.headers.push(name.into());
        self
    }

    fn hides_field(&self, name: &str) -> bool {
        let own = self.fields.iter().map(String::as_str);
        own.chain(FIELDS.iter().copied())
            .any(|known| known.eq_ignore_ascii_case(name))
    }

    pub(super) fn value_of_header(&self, name: &str, value: String) -> String {
        let mut own = self.headers.iter().map(String::as_str);
        let hidden = HEADERS.contains(&name) || own.any(|known| known.eq_ignore_ascii_case(name));
        if hidden { REDACTED.to_owned() } else { value }
    }

    /// Path and query.
    pub(super) fn target(&self, uri: &http::Uri) -> String {
        let Some(query) = uri.query() else {
            return uri.path().to_owned();
        };
        let pairs: Vec<String> = query
            .split('&')
            .map(|pair| match pair.split_once('=') {
                Some((name, _)) if self.hides_field(name) => format!("{name}={REDACTED}"),
                _ => pair.to_owned(),
            })
            .collect();
        format!("{}?{}", uri.path(), pairs.join("&"))
    }

    /// What was sent. A body that is read as it is sent is its length; in a form of parts, the line between them is the
    /// same one each time.
    pub(super) fn sent(&self, request: &http::Request<Body>) -> Value {
        let Some(body) = request.body().as_bytes() else {
            return json!({"length": request.body().len()});
        };
        let media_type = request.headers().get(CONTENT_TYPE);
        let boundary = media_type
            .and_then(|media_type| media_type.to_str().ok()?.split_once("; boundary="))
            .map(|(_, boundary)| boundary.as_bytes());
        match boundary {
            Some(boundary) => self.body(&replaced(body, boundary, b"boundary")),
            None => self.body(body),
        }
    }

    /// A body: as JSON if it is some, as text otherwise, as a list of bytes if it is neither.
    pub(super) fn body(&self, body: &[u8]) -> Value {
        if body.is_empty() {
            return Value::Null;
        }
        if let Ok(value) = serde_json::from_slice(body) {
            return json!({"json": self.value(value)});
        }
        match std::str::from_utf8(body) {
            Ok(text) => json!({"text": text}),
            Err(_) => json!({"bytes": body}),
        }
    }

    fn value(&self, value: Value) -> Value {
        match value {
            Value::Object(fields) => {
                let fields = fields.into_iter().map(|(name, value)| {
                    // Null is no secret, and somebody may want to know it.
                    let hidden = self.hides_field(&name) && !value.is_null();
                    let value = if hidden {
                        Value::from(REDACTED)
                    } else {
                        self.value(value)
                    };
                    (name, value)
                });
                Value::Object(fields.collect::<Map<_, _>>())
            }
            Value::Array(items) => items.into_iter().map(|item| self.value(item)).collect(),
            value => value,
        }
    }

    pub(super) fn to_json(&self) -> Value {
        json!({"fields": self.fields, "headers": self.headers})
    }

    pub(super) fn from_json(value: &Value) -> Self {
        let names = |key: &str| -> Vec<String> {
            let all = value.get(key).and_then(Value::as_array);
            all.into_iter()
                .flatten()
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect()
        };
        Self {
            fields: names("fields"),
            headers: names("headers"),
        }
    }
}

/// The bytes with some of them replaced wherever they stand.
fn replaced(mut bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    while let Some((first, rest)) = bytes.split_first() {
        if let Some(after) = bytes.strip_prefix(from).filter(|_| !from.is_empty()) {
            out.extend_from_slice(to);
            bytes = after;
        } else {
            out.push(*first);
            bytes = rest;
        }
    }
    out
}
