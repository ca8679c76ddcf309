//! How parameters are encoded in a request.

use serde_json::Value;

use super::sent_request::{SentRequest, decode_form, percent_decode};
use crate::shared::json_diff::first_difference;
use crate::shared::lookup::media_type_essence;
use observatory_codegen::ir::{ParamLocation, ParamStyle, Pointer};

/// The name of a parameter and its encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ParameterEncoding {
    pub(super) name: String,
    pub(super) location: ParamLocation,
    pub(super) style: ParamStyle,
    pub(super) explode: bool,
}

impl ParameterEncoding {
    /// Reads a parameter object, with the defaults of OpenAPI for `style` and `explode`.
    pub(super) fn from_document(parameter: &Value) -> Option<Self> {
        let text = |key: &str| parameter.get(key).and_then(Value::as_str);
        let location = match text("in")? {
            "path" => ParamLocation::Path,
            "query" | "querystring" => ParamLocation::Query,
            "header" => ParamLocation::Header,
            _ => ParamLocation::Cookie,
        };
        let style = match text("style") {
            _ if text("in") == Some("querystring") => query_string_style(parameter),
            _ if has_json_content(parameter) => ParamStyle::Json,
            Some("label") => ParamStyle::Label,
            Some("matrix") => ParamStyle::Matrix,
            Some("spaceDelimited") => ParamStyle::SpaceDelimited,
            Some("pipeDelimited") => ParamStyle::PipeDelimited,
            Some("deepObject") => ParamStyle::DeepObject,
            Some("form") => ParamStyle::Form,
            None if matches!(location, ParamLocation::Query | ParamLocation::Cookie) => {
                ParamStyle::Form
            }
            _ => ParamStyle::Simple,
        };
        let explode = parameter.get("explode").and_then(Value::as_bool);
        Some(Self {
            name: text("name")?.to_owned(),
            location,
            style,
            // OpenAPI does not define lists for `deepObject`; they are repeated.
            explode: explode.unwrap_or(matches!(style, ParamStyle::Form | ParamStyle::DeepObject)),
        })
    }

    /// Returns the texts that the request has for the parameter, one for each item of a list; `None` if it is absent.
    pub(super) fn find_texts(
        &self,
        request: &SentRequest,
        path_variables: &[(String, String)],
    ) -> Option<Vec<String>> {
        if matches!(self.style, ParamStyle::QueryJson | ParamStyle::QueryText) {
            let query = Some(request.query.as_str()).filter(|query| !query.is_empty());
            return query.map(|query| vec![percent_decode(query)]);
        }
        match self.location {
            ParamLocation::Query if self.explode || self.style == ParamStyle::Json => {
                let found = request.query_pairs().into_iter();
                let found = found.filter(|(name, _)| *name == self.name);
                let found: Vec<String> = found.map(|(_, text)| text).collect();
                (!found.is_empty()).then_some(found)
            }
            ParamLocation::Query => {
                let mut pairs = request
                    .query
                    .split('&')
                    .filter_map(|pair| pair.split_once('='));
                let (_, encoded) = pairs.find(|(name, _)| decode_form(name) == self.name)?;
                let encoded = encoded.replace("%20", " ").replace("%7C", "|");
                let items = encoded.split(delimiter(self.style));
                Some(items.map(decode_form).collect())
            }
            ParamLocation::Path => {
                let is_own = |name: &str| {
                    // The template may repeat the style: `{;name}`, `{.name*}`.
                    let bare = name.trim_start_matches(['+', '.', '/', ';']);
                    name == self.name || bare.trim_end_matches('*') == self.name
                };
                let (_, encoded) = path_variables.iter().find(|(name, _)| is_own(name))?;
                Some(self.path_items(encoded).map(percent_decode).collect())
            }
            ParamLocation::Header => Some(vec![request.header(&self.name)?.to_owned()]),
            ParamLocation::Cookie => {
                let cookies = request
                    .header("cookie")?
                    .split("; ")
                    .filter_map(|pair| pair.split_once('='));
                // An exploded list is a cookie for each item.
                let own = cookies.filter(|(name, _)| *name == self.name);
                let own: Vec<String> = own.map(|(_, encoded)| percent_decode(encoded)).collect();
                (!own.is_empty()).then_some(own)
            }
        }
    }

    /// Splits the encoded value of a path variable into its items.
    fn path_items<'t>(&self, encoded: &'t str) -> impl Iterator<Item = &'t str> {
        let own_name = format!("{}=", self.name);
        let encoded = match self.style {
            ParamStyle::Label => encoded.strip_prefix('.'),
            ParamStyle::Matrix => encoded.strip_prefix(';'),
            _ => None,
        }
        .unwrap_or(encoded);
        let is_matrix = self.style == ParamStyle::Matrix;
        let items = encoded.split(self.delimiter());
        items.map(move |item| match is_matrix {
            true => item.strip_prefix(own_name.as_str()).unwrap_or(item),
            false => item,
        })
    }

    /// Returns the delimiter of the items of a list.
    fn delimiter(&self) -> &'static str {
        match self.style {
            ParamStyle::Label if self.explode => ".",
            ParamStyle::Matrix if self.explode => ";",
            style => delimiter(style),
        }
    }

    /// Returns whether `value` can be sent as this parameter: not `null`, no empty path segment, no path segment of
    /// dots, and only printable ASCII in a header.
    pub(super) fn can_encode(&self, value: &Value) -> bool {
        if value.is_null() {
            return false;
        }
        let texts = match (expected_texts(value, self.style), value) {
            (Some(texts), _) => texts,
            (None, Value::Object(object)) => object.values().filter_map(scalar_text).collect(),
            (None, _) => return true,
        };
        match self.location {
            ParamLocation::Path => {
                texts
                    .iter()
                    .all(|text| !text.is_empty() && text != "." && text != "..")
                    && !texts.is_empty()
            }
            ParamLocation::Header => texts.iter().all(|text| {
                let is_printable = text.chars().all(|c| c.is_ascii_graphic() || c == ' ');
                !text.is_empty() && is_printable && text.trim() == text
            }),
            _ => true,
        }
    }

    /// Returns the text that a value in a path is sent as; `None` for an object.
    pub(super) fn expected_path_text(&self, value: &Value) -> Option<String> {
        Some(expected_texts(value, self.style)?.join(","))
    }

    /// Returns how the parameter in the request differs from `value`.
    pub(super) fn difference(
        &self,
        value: Option<&Value>,
        request: &SentRequest,
        path_variables: &[(String, String)],
    ) -> Option<String> {
        let expected = match value {
            Some(value) => expected_texts(value, self.style)?,
            None => Vec::new(),
        };
        let mut found = self.find_texts(request, path_variables).unwrap_or_default();
        if let (ParamLocation::Header, [_, _, ..], [text]) =
            (self.location, expected.as_slice(), found.as_slice())
        {
            found = text.split(',').map(str::to_owned).collect();
        }
        let is_same = expected.len() == found.len()
            && expected
                .iter()
                .zip(&found)
                .all(|(expected, found)| is_same_text(expected, found));
        // An item may contain the delimiter.
        let delimiter = self.delimiter();
        let is_same_joined = || expected.join(delimiter) == found.join(delimiter);
        (!is_same && !is_same_joined()).then(|| format!("{expected:?} was sent as {found:?}"))
    }
}

/// Returns how a parameter is encoded that is the whole query.
fn query_string_style(parameter: &Value) -> ParamStyle {
    let content = parameter.get("content").and_then(Value::as_object);
    let media_type = content.and_then(|content| content.keys().next());
    let essence = media_type.map(|media_type| media_type_essence(media_type));
    match essence.as_deref() {
        Some("application/x-www-form-urlencoded") => ParamStyle::Form,
        Some(json) if json.ends_with("json") => ParamStyle::QueryJson,
        _ => ParamStyle::QueryText,
    }
}

/// Returns whether a parameter is JSON text. One of another media type is sent as its text.
fn has_json_content(parameter: &Value) -> bool {
    let content = parameter.get("content").and_then(Value::as_object);
    let media_type = content.and_then(|content| content.keys().next());
    media_type.is_some_and(|media_type| media_type_essence(media_type).ends_with("json"))
}

/// Returns the pointer of the schema of a parameter or header.
pub(super) fn schema_pointer(at: &str, parameter: &Value) -> Option<String> {
    let content = parameter.get("content").and_then(Value::as_object);
    match content.and_then(|content| content.keys().next()) {
        Some(media_type) => {
            // A list or an object in another media type than JSON is the caller's text.
            let schema = content.and_then(|content| content.get(media_type)?.get("schema"));
            let kind = schema.and_then(|schema| schema.get("type")?.as_str());
            let is_query = parameter
                .get("in")
                .is_some_and(|place| place == "querystring");
            let is_text = !is_query
                && !media_type.ends_with("json")
                && matches!(kind, Some("array" | "object"));
            let has_schema = schema.is_some() && !is_text;
            let content = Pointer(at.to_owned()).join("content");
            has_schema.then(|| content.join(media_type).join("schema").0)
        }
        None => parameter.get("schema").map(|_| format!("{at}/schema")),
    }
}

/// Returns the delimiter of the items of a list.
fn delimiter(style: ParamStyle) -> &'static str {
    match style {
        ParamStyle::SpaceDelimited => " ",
        ParamStyle::PipeDelimited => "|",
        _ => ",",
    }
}

/// Returns the texts that a value is sent as; `None` for objects, which are not checked.
fn expected_texts(value: &Value, style: ParamStyle) -> Option<Vec<String>> {
    if matches!(style, ParamStyle::Json | ParamStyle::QueryJson) {
        return Some(vec![value.to_string()]);
    }
    match value {
        Value::Object(_) => None,
        Value::Array(items) => {
            let items = items.iter().filter(|item| !item.is_null());
            items.map(scalar_text).collect()
        }
        Value::Null => Some(Vec::new()),
        value => Some(vec![scalar_text(value)?]),
    }
}

fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(_) | Value::Array(_) => None,
        value => Some(value.to_string()),
    }
}

/// Returns whether two texts are equal, or equal as JSON: numbers are compared by value.
fn is_same_text(expected: &str, found: &str) -> bool {
    let is_same_json = || matches!(first_difference(expected, found, &|_, _| false), Ok(None));
    expected == found || is_same_json()
}
