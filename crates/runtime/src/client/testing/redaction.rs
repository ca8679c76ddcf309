//! What is removed from recordings.

use serde_json::{Value, json};

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
/// The credentials of the client are always redacted, by the API's security schemes (parameters of the query, response
/// headers) and anywhere in a target, a header or a body, in any encoding. So are common names of secrets
/// (`password`, `token`, `api_key` and similar, in any case), in queries, forms and at any depth of JSON, and response
/// headers with credentials, such as `Set-Cookie`. Add the names that are specific to your API. Request headers are not
/// recorded at all.
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

    pub(super) fn is_redacted_field(&self, name: &str) -> bool {
        let own = self.fields.iter().map(String::as_str);
        own.chain(FIELDS.iter().copied())
            .any(|known| known.eq_ignore_ascii_case(name))
    }

    pub(super) fn is_redacted_header(&self, name: &str) -> bool {
        let mut own = self.headers.iter().map(String::as_str);
        own.any(|known| known.eq_ignore_ascii_case(name))
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
