//! Removes secrets from one exchange.

use std::borrow::Cow;
use std::sync::Arc;

use http::header::CONTENT_TYPE;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::redaction::Redaction;
use crate::client::redaction::Redactor;
use crate::client::request::Body;
use crate::client::spec::{Api, SchemeKind, SecurityScheme};
use crate::json::decode_leniently;
use crate::private::decode_json;

/// The replacement of a redacted value.
const REDACTED: &str = "redacted";

/// Response headers that are always redacted.
const HEADERS: &[&str] = &["set-cookie", "www-authenticate", "authorization"];

/// The secrets of a request, as an extension of it. The client adds it for recorders.
#[derive(Clone, Debug)]
pub(crate) struct RequestSecrets {
    pub api: &'static Api,
    pub redactor: Arc<Redactor>,
}

/// What is removed from an exchange: what the recording names, the credentials of the API's security schemes by their
/// location, and all secrets of the request by their value.
pub(super) struct ExchangeRedaction {
    redaction: Arc<Redaction>,
    schemes: &'static [SecurityScheme],
    redactor: Arc<Redactor>,
}

impl ExchangeRedaction {
    pub(super) fn new(redaction: &Arc<Redaction>, request: &http::Request<Body>) -> Self {
        // A transport may send another request than that of the client, with secrets of its own.
        let secrets = request.extensions().get::<RequestSecrets>();
        let redactor = secrets.map_or_else(Arc::default, |secrets| Arc::clone(&secrets.redactor));
        Self {
            redaction: Arc::clone(redaction),
            schemes: secrets.map_or(&[], |secrets| secrets.api.schemes),
            redactor: redactor.with_request(request),
        }
    }

    fn has_scheme(&self, is_match: impl Fn(&SchemeKind) -> bool) -> bool {
        self.schemes.iter().any(|scheme| is_match(&scheme.kind))
    }

    fn is_redacted_parameter(&self, encoded_name: &str) -> bool {
        let name = percent_decode_str(encoded_name).decode_utf8_lossy();
        self.redaction.is_redacted_field(&name)
            || self.has_scheme(
                |kind| matches!(kind, SchemeKind::Query { name: known } if *known == name),
            )
    }

    /// Replaces the secrets of the request in a text.
    fn redact_text(&self, text: &str) -> String {
        self.redactor.redact(text).into_owned()
    }

    /// Returns whether a text contains a secret of the request.
    pub(super) fn is_secret(&self, text: &str) -> bool {
        matches!(self.redactor.redact(text), Cow::Owned(_))
    }

    pub(super) fn redact_header(&self, name: &str, value: &str) -> String {
        let is_scheme = |kind: &SchemeKind| matches!(kind, SchemeKind::Header { name: known, .. } if known.eq_ignore_ascii_case(name));
        let is_redacted = HEADERS.contains(&name)
            || self.redaction.is_redacted_header(name)
            || self.has_scheme(is_scheme);
        if is_redacted {
            REDACTED.to_owned()
        } else {
            self.redact_text(value)
        }
    }

    /// Returns path and query.
    pub(super) fn redact_target(&self, uri: &http::Uri) -> String {
        let path = self.redact_text(uri.path());
        match uri.query() {
            Some(query) => format!("{path}?{}", self.redact_pairs(query)),
            None => path,
        }
    }

    /// Redacts the pairs of a query or a form.
    fn redact_pairs(&self, pairs: &str) -> String {
        let pairs: Vec<String> = pairs
            .split('&')
            .map(|pair| match pair.split_once('=') {
                Some((name, _)) if self.is_redacted_parameter(name) => {
                    format!("{name}={REDACTED}")
                }
                _ => self.redact_text(pair),
            })
            .collect();
        pairs.join("&")
    }

    /// Returns the body of a request, or its length if it is read while it is sent. The boundary of a multipart body is
    /// replaced, because it differs in each request.
    pub(super) fn redact_request_body(&self, request: &http::Request<Body>) -> Value {
        let Some(body) = request.body().as_bytes() else {
            return json!({"length": request.body().len()});
        };
        let media_type = request.headers().get(CONTENT_TYPE);
        let media_type = media_type.and_then(|media_type| media_type.to_str().ok());
        let media_type = media_type.unwrap_or_default();
        if let Some((_, boundary)) = media_type.split_once("; boundary=") {
            let body = replace_bytes(body, boundary.as_bytes(), b"boundary");
            return self.redact_body(&body);
        }
        match std::str::from_utf8(body) {
            Ok(form) if media_type.starts_with("application/x-www-form-urlencoded") => {
                json!({"text": self.redact_pairs(form)})
            }
            _ => self.redact_body(body),
        }
    }

    /// Returns a body as JSON, as text, or as a list of bytes: the first that is possible.
    pub(super) fn redact_body(&self, body: &[u8]) -> Value {
        if body.is_empty() {
            return Value::Null;
        }
        if let Ok(value) = decode(body) {
            return json!({"json": self.redact_value(value)});
        }
        match std::str::from_utf8(body) {
            Ok(text) => {
                let lines: Vec<String> = text
                    .split('\n')
                    .map(|line| self.redact_line(line))
                    .collect();
                // Again as a whole: a secret may be divided by line breaks.
                json!({"text": self.redact_text(&lines.join("\n"))})
            }
            Err(_) => json!({"bytes": self.redactor.redact_bytes(body)}),
        }
    }

    /// Redacts a line, which may be JSON or the data of an event.
    fn redact_line(&self, line: &str) -> String {
        let start = line.find(['{', '[']).unwrap_or(line.len());
        let (before, json) = line.split_at(start);
        match decode(json.as_bytes()) {
            Ok(value) => {
                let redacted = self.redact_value(value.clone());
                let is_unchanged = redacted == value;
                let json = if is_unchanged {
                    json.to_owned()
                } else {
                    redacted.to_string()
                };
                self.redact_text(before) + &json
            }
            Err(_) => self.redact_text(line),
        }
    }

    fn redact_value(&self, value: Value) -> Value {
        match value {
            Value::Object(fields) => {
                let fields = fields.into_iter().map(|(name, value)| {
                    // Null is not a secret, and its presence may matter.
                    let is_redacted = self.redaction.is_redacted_field(&name) && !value.is_null();
                    let value = if is_redacted {
                        Value::from(REDACTED)
                    } else {
                        self.redact_value(value)
                    };
                    (self.redact_text(&name), value)
                });
                Value::Object(fields.collect::<Map<_, _>>())
            }
            Value::Array(items) => items
                .into_iter()
                .map(|item| self.redact_value(item))
                .collect(),
            Value::String(text) => self.redact_text(&text).into(),
            Value::Number(number) => {
                let text = number.to_string();
                let redacted = self.redact_text(&text);
                if redacted == text {
                    Value::Number(number)
                } else {
                    redacted.into()
                }
            }
            value => value,
        }
    }
}

/// Decodes JSON. What cannot be read because of duplicate keys has fields to redact, too.
fn decode(text: &[u8]) -> Result<Value, serde_json::Error> {
    decode_json(text).or_else(|_| decode_leniently(text))
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
