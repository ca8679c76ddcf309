use std::borrow::Cow;

use super::body::Body;
use super::encoding::{encode_cookie, encode_query};
use super::form::encode_form_fields;
use super::header_value::header_value;
use super::multipart::{MultipartForm, PartHeader, to_positional_fields};
use super::param_style::{to_header, to_pairs, to_path};
use super::param_value::{ParamValue, ParamValueError};
use crate::client::error::Error;
use crate::client::spec::{ParamEncoding, ParamStyle, PartEncoding};
use crate::private::{Wire, encode_json};
use crate::wire::object_writer::without_read_only;
use crate::{File, Secret};

/// The encoded parameters and body of a request.
///
/// Generated code fills it. The first part that cannot be encoded is reported when the request is sent.
#[derive(Debug, Default)]
pub struct RequestParts {
    pub(crate) path: Vec<(&'static str, String)>,
    /// Encoded pairs: `name=value`.
    pub(crate) query: Vec<String>,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// Encoded pairs: `name=value`.
    pub(crate) cookies: Vec<String>,
    pub(crate) content_type: Option<Cow<'static, str>>,
    pub(crate) body: Body,
    /// The headers of the parts of a multipart body.
    part_headers: Vec<PartHeader>,
    /// The link to a page, from the previous response. Replaces path and query.
    pub(crate) page_link: Option<String>,
    pub(crate) error: Option<Error>,
    /// The secrets in parameters and body.
    pub(crate) secrets: Vec<Secret>,
}

/// The methods that generated code calls: one for each location of a parameter, and one for each kind of body.
#[doc(hidden)]
impl RequestParts {
    pub fn path<T: Wire>(&mut self, name: &'static str, encoding: ParamEncoding, value: &T) {
        let Some(value) = self.serialize_param(name, encoding, value) else {
            return;
        };
        match to_path(name, encoding, value) {
            Some(text) => self.path.push((name, text)),
            None => self.fail(format!(
                "invalid path parameter `{name}`: empty, or a dot segment"
            )),
        }
    }

    pub fn query<T: Wire>(
        &mut self,
        name: &'static str,
        encoding: ParamEncoding,
        value: Option<&T>,
    ) {
        let Some(value) = self.serialize_optional_param(name, encoding, value) else {
            return;
        };
        let pairs = to_pairs(name, encoding, value);
        if pairs.is_empty() {
            self.fail_if_required(name, encoding);
        }
        for pair in pairs {
            let value = pair.encode_value(|item| encode_query(item, encoding.allow_reserved));
            match encoding.style {
                ParamStyle::QueryJson | ParamStyle::QueryText => self.query.push(value),
                _ => self.add_query(&pair.name, &value),
            }
        }
    }

    pub fn header<T: Wire>(
        &mut self,
        name: &'static str,
        encoding: ParamEncoding,
        value: Option<&T>,
    ) {
        if let Some(value) = self.serialize_optional_param(name, encoding, value) {
            let text = to_header(encoding, value);
            if text.is_none() {
                self.fail_if_required(name, encoding);
            }
            self.headers.extend(text.map(|text| (name, text)));
        }
    }

    pub fn cookie<T: Wire>(
        &mut self,
        name: &'static str,
        encoding: ParamEncoding,
        value: Option<&T>,
    ) {
        let Some(value) = self.serialize_optional_param(name, encoding, value) else {
            return;
        };
        let pairs = to_pairs(name, encoding, value);
        if pairs.is_empty() {
            self.fail_if_required(name, encoding);
        }
        for pair in pairs {
            self.add_cookie(&pair.name, &pair.encode_value(encode_cookie));
        }
    }

    pub fn json<T: Wire>(&mut self, media_type: Option<&'static str>, value: &T) {
        match without_read_only(|| encode_json(value)) {
            Ok(body) => self.set_body(media_type.unwrap_or("application/json"), body),
            Err(error) => self.fail(format!("cannot serialize the request body: {error}")),
        }
    }

    /// Sends each value as a line of JSON. A text of `application/json-seq` starts with a record separator (RFC 7464).
    pub fn json_lines<T: Wire>(&mut self, media_type: Option<&'static str>, values: &[T]) {
        let media_type = media_type.unwrap_or("application/x-ndjson");
        let essence = media_type.split(';').next().unwrap_or_default();
        let is_sequence = essence.trim().ends_with("json-seq");
        let mut body = Vec::new();
        for value in values {
            match without_read_only(|| encode_json(value)) {
                Ok(line) => {
                    body.extend_from_slice(if is_sequence { b"\x1e" } else { b"" });
                    body.extend_from_slice(&line);
                    body.push(b'\n');
                }
                Err(error) => {
                    self.fail(format!("cannot serialize the request body: {error}"));
                    return;
                }
            }
        }
        self.set_body(media_type, body);
    }

    pub fn form<T: Wire>(&mut self, value: &T, encodings: &[PartEncoding]) {
        let value = ParamValue::serialize(value).and_then(ParamValue::with_files_as_text);
        let Some(fields) = self.form_fields(value) else {
            return;
        };
        let body = self.ok_or_fail("body", encode_form_fields(fields, encodings));
        if let Some(body) = body {
            self.set_body("application/x-www-form-urlencoded", body.into_bytes());
        }
    }

    /// Adds a header to the part of a multipart body. Must be called before [`multipart`](Self::multipart).
    pub fn part_header<T: Wire>(
        &mut self,
        part: &'static str,
        name: &'static str,
        encoding: ParamEncoding,
        value: Option<&T>,
    ) {
        let value = self.serialize_optional_param(name, encoding, value);
        let Some(text) = value.and_then(|value| to_header(encoding, value)) else {
            return;
        };
        match header_value(name, &text) {
            Ok(_) => self.part_headers.push(PartHeader { part, name, text }),
            Err(error) => _ = self.error.get_or_insert(error),
        }
    }

    pub fn multipart<T: Wire>(
        &mut self,
        media_type: Option<&'static str>,
        value: &T,
        encodings: &[PartEncoding],
    ) {
        let value = ParamValue::serialize(value);
        // A form has names (RFC 7578), other multipart bodies may have none.
        let is_form = media_type.is_none_or(|known| known.starts_with("multipart/form-data"));
        let is_positional = !is_form && matches!(value, Ok(ParamValue::List(_)));
        let fields = match value {
            Ok(ParamValue::List(items)) if is_positional => Some(to_positional_fields(items)),
            value => self.form_fields(value),
        };
        let Some(fields) = fields else { return };
        let headers = std::mem::take(&mut self.part_headers);
        let form = MultipartForm {
            is_positional,
            media_type: media_type.unwrap_or("multipart/form-data"),
            encodings,
            headers: &headers,
            path: String::new(),
        };
        if let Some((body, media_type)) = self.ok_or_fail("body", form.encode(fields)) {
            self.set_body(media_type, body);
        }
    }

    pub fn text(&mut self, media_type: Option<&'static str>, value: &str) {
        let media_type = media_type.unwrap_or("text/plain");
        self.set_body(media_type, value.as_bytes().to_vec());
    }

    /// The content type of the file takes precedence over `media_type`.
    pub fn bytes(&mut self, media_type: Option<&'static str>, value: &File) {
        let own = value.content_type().map(|own| Cow::Owned(own.to_owned()));
        let default = media_type.unwrap_or("application/octet-stream");
        self.set_body(own.unwrap_or(Cow::Borrowed(default)), value);
    }
}

impl RequestParts {
    fn set_body(&mut self, media_type: impl Into<Cow<'static, str>>, body: impl Into<Body>) {
        self.content_type = Some(media_type.into());
        self.body = body.into();
    }

    /// Adds a pair to the query. `value` is encoded already.
    pub(crate) fn add_query(&mut self, name: &str, value: &str) {
        let name = encode_query(name, false);
        self.query.push(format!("{name}={value}"));
    }

    /// Adds a cookie. `value` is encoded already.
    pub(crate) fn add_cookie(&mut self, name: &str, value: &str) {
        let name = encode_query(name, false);
        self.cookies.push(format!("{name}={value}"));
    }

    /// Returns the fields of a form body.
    fn form_fields(
        &mut self,
        value: Result<ParamValue, ParamValueError>,
    ) -> Option<Vec<(String, ParamValue)>> {
        match self.ok_or_fail("body", value)? {
            ParamValue::Object(fields) => Some(fields),
            // An error, because an absent body would have another meaning.
            _ => {
                self.fail("the request body is not an object, which a form requires".to_owned());
                None
            }
        }
    }

    fn serialize_optional_param<T: Wire>(
        &mut self,
        name: &str,
        encoding: ParamEncoding,
        value: Option<&T>,
    ) -> Option<ParamValue> {
        if value.is_none() && encoding.required {
            self.fail(format!("missing required parameter `{name}`"));
        }
        self.serialize_param(name, encoding, value?)
    }

    /// Fails for a required parameter of which nothing would be sent: the server would report it as missing.
    fn fail_if_required(&mut self, name: &str, encoding: ParamEncoding) {
        if encoding.required {
            self.fail(format!("the required parameter `{name}` is empty"));
        }
    }

    /// Serializes a parameter. With JSON content, the value is JSON text: a string keeps its quotes.
    fn serialize_param<T: Wire>(
        &mut self,
        name: &str,
        encoding: ParamEncoding,
        value: &T,
    ) -> Option<ParamValue> {
        let is_json = matches!(encoding.style, ParamStyle::Json | ParamStyle::QueryJson);
        let value = if is_json {
            without_read_only(|| encode_json(value))
                .map(|json| ParamValue::Text(String::from_utf8_lossy(&json).into_owned()))
                .map_err(serde_core::ser::Error::custom)
        } else {
            ParamValue::serialize(value).and_then(ParamValue::with_files_as_text)
        };
        self.ok_or_fail(name, value)
    }

    fn ok_or_fail<V>(&mut self, name: &str, result: Result<V, ParamValueError>) -> Option<V> {
        result
            .map_err(|error| self.fail(format!("cannot serialize `{name}`: {error}")))
            .ok()
    }

    /// Stores the error, unless there is an earlier one.
    fn fail(&mut self, message: String) {
        self.error.get_or_insert_with(|| Error::builder(message));
    }
}
