//! Removes secrets from recordings.

use http::header::CONTENT_TYPE;
use serde_json::{Map, Value, json};

use crate::client::request::Body;

/// The replacement of a redacted value.
const REDACTED: &str = "redacted";

/// Response headers that are always redacted.
const HEADERS: &[&str] = &["set-cookie", "www-authenticate", "authorization"];

/// Fields that are always redacted.
const FIELDS: &[&str] = &[
    "password",
    "secret",
    "token",
    "access_token",
    "refresh_token",
    "api_key",
    "apikey",
];

/// The values that are removed from a [`Recording`](super::Recording).
///
/// Common names of secrets (`password`, `token`, `api_key` and similar, in any case) are always redacted, in queries
/// and at any depth of JSON, and so are response headers with credentials, such as `Set-Cookie`. Add the names that are
/// specific to your API. Request headers are not recorded at all.
#[derive(Clone, Debug, Default)]
#[must_use = "a redaction has no effect until it is given to a recording"]
pub struct Redaction {
    fields: Vec<String>,
    headers: Vec<String>,
}

impl Redaction {
    /// Creates a redaction of the common secrets.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the name of a field, in queries and in JSON.
    pub fn field(mut self, name: impl Into<String>) -> Self {
        self.fields.push(name.into());
        self
    }

    /// Adds the name of a response header.
    pub fn header(mut self, name: impl Into<String>) -> Self {
        self.headers.push(name.into());
        self
    }

    fn is_redacted_field(&self, name: &str) -> bool {
        let own = self.fields.iter().map(String::as_str);
        own.chain(FIELDS.iter().copied())
            .any(|known| known.eq_ignore_ascii_case(name))
    }

    pub(super) fn redact_header(&self, name: &str, value: String) -> String {
        let mut own = self.headers.iter().map(String::as_str);
        let is_redacted =
            HEADERS.contains(&name) || own.any(|known| known.eq_ignore_ascii_case(name));
        if is_redacted {
            REDACTED.to_owned()
        } else {
            value
        }
    }

    /// Returns path and query.
    pub(super) fn redact_target(&self, uri: &http::Uri) -> String {
        let Some(query) = uri.query() else {
            return uri.path().to_owned();
        };
        let pairs: Vec<String> = query
            .split('&')
            .map(|pair| match pair.split_once('=') {
                Some((name, _)) if self.is_redacted_field(name) => format!("{name}={REDACTED}"),
                _ => pair.to_owned(),
            })
            .collect();
        format!("{}?{}", uri.path(), pairs.join("&"))
    }

    /// Returns the body of a request, or its length if it is read while it is sent. The boundary of a multipart body is
    /// replaced, because it differs in each request.
    pub(super) fn redact_request_body(&self, request: &http::Request<Body>) -> Value {
        let Some(body) = request.body().as_bytes() else {
            return json!({"length": request.body().len()});
        };
        let media_type = request.headers().get(CONTENT_TYPE);
        let boundary = media_type
            .and_then(|media_type| media_type.to_str().ok()?.split_once("; boundary="))
            .map(|(_, boundary)| boundary.as_bytes());
        match boundary {
            Some(boundary) => self.redact_body(&replace_bytes(body, boundary, b"boundary")),
            None => self.redact_body(body),
        }
    }

    /// Returns a body as JSON, as text, or as a list of bytes: the first that is possible.
    pub(super) fn redact_body(&self, body: &[u8]) -> Value {
        if body.is_empty() {
            return Value::Null;
        }
        if let Ok(value) = serde_json::from_slice(body) {
            return json!({"json": self.redact_value(value)});
        }
        match std::str::from_utf8(body) {
            Ok(text) => json!({"text": text}),
            Err(_) => json!({"bytes": body}),
        }
    }

    fn redact_value(&self, value: Value) -> Value {
        match value {
            Value::Object(fields) => {
                let fields = fields.into_iter().map(|(name, value)| {
                    // Null is not a secret, and its presence may matter.
                    let is_redacted = self.is_redacted_field(&name) && !value.is_null();
                    let value = if is_redacted {
                        Value::from(REDACTED)
                    } else {
                        self.redact_value(value)
                    };
                    (name, value)
                });
                Value::Object(fields.collect::<Map<_, _>>())
            }
            Value::Array(items) => items
                .into_iter()
                .map(|item| self.redact_value(item))
                .collect(),
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

/// Replaces all occurrences of `from`.
fn replace_bytes(mut bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
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
