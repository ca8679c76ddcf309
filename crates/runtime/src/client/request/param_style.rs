//! Serializes parameters in the styles of OpenAPI (RFC 6570 and the additional styles).
//!
//! As in RFC 6570, null is omitted, and so is an empty list or object. The items of a list are encoded one by one, and
//! the delimiters between them are not, so that a delimiter inside an item is distinguishable.

use super::encoding::{encode_path, encode_query};
use super::param_value::ParamValue;
use crate::client::spec::{ParamEncoding, ParamStyle};

/// The delimiter of `spaceDelimited`, percent-encoded.
const SPACE: &str = "%20";

/// The delimiter of `pipeDelimited`, percent-encoded.
const PIPE: &str = "%7C";

/// A name and its value, for a query, a form or cookies. Not percent-encoded.
pub(super) struct Pair {
    pub(super) name: String,
    items: Vec<String>,
    delimiter: &'static str,
}

impl Pair {
    fn new(name: impl Into<String>, value: ParamValue) -> Self {
        Self {
            name: name.into(),
            items: vec![value.into_text()],
            delimiter: "",
        }
    }

    /// Returns the items, each encoded by `encode`, joined with the delimiter.
    pub(super) fn encode_value(&self, encode: impl Fn(&str) -> String) -> String {
        let items: Vec<String> = self.items.iter().map(|item| encode(item)).collect();
        items.join(self.delimiter)
    }

    /// Returns the items joined with the delimiter, nothing of it percent-encoded.
    pub(super) fn into_text(self) -> String {
        let delimiter = match self.delimiter {
            SPACE => " ",
            PIPE => "|",
            other => other,
        };
        self.items.join(delimiter)
    }
}

/// Serializes a value to pairs for a query, a form or cookies.
pub(super) fn to_pairs(name: &str, encoding: ParamEncoding, value: ParamValue) -> Vec<Pair> {
    let ParamEncoding { style, explode, .. } = encoding;
    let delimiter = match style {
        ParamStyle::SpaceDelimited => SPACE,
        ParamStyle::PipeDelimited => PIPE,
        _ => ",",
    };
    let delimited = |items: Vec<String>| {
        let name = name.to_owned();
        (!items.is_empty()).then_some(Pair {
            name,
            items,
            delimiter,
        })
    };
    match value {
        ParamValue::Null => Vec::new(),
        ParamValue::List(items) if explode || style == ParamStyle::DeepObject => {
            non_null(items).map(|item| Pair::new(name, item)).collect()
        }
        ParamValue::List(items) => delimited(to_texts(items)).into_iter().collect(),
        ParamValue::Object(fields) if style == ParamStyle::DeepObject => {
            to_deep_object(name, fields)
        }
        ParamValue::Object(fields) if explode => non_null_fields(fields)
            .map(|(key, value)| Pair::new(key, value))
            .collect(),
        ParamValue::Object(fields) => delimited(flatten(fields)).into_iter().collect(),
        value => vec![Pair::new(name, value)],
    }
}

/// Serializes `filter[a][b]=1`, and a list as `filter[a]=1&filter[a]=2`.
fn to_deep_object(name: &str, fields: Vec<(String, ParamValue)>) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (key, value) in non_null_fields(fields) {
        let key = format!("{name}[{key}]");
        match value {
            ParamValue::Object(fields) => pairs.extend(to_deep_object(&key, fields)),
            ParamValue::List(items) => {
                pairs.extend(non_null(items).map(|item| Pair::new(key.as_str(), item)));
            }
            value => pairs.push(Pair::new(key, value)),
        }
    }
    pairs
}

/// Serializes `metadata[a]=1`, a list of scalars as `expand[]=a&expand[]=b`, and any other list with the positions of its
/// items: `lines[0][price]=1`. OpenAPI does not define lists for `deepObject`; this is how servers read forms.
pub(super) fn to_bracketed_pairs(name: &str, value: ParamValue) -> Vec<Pair> {
    match value {
        ParamValue::Null => Vec::new(),
        ParamValue::Object(fields) => fields
            .into_iter()
            .flat_map(|(key, value)| to_bracketed_pairs(&format!("{name}[{key}]"), value))
            .collect(),
        ParamValue::List(items) => {
            let is_nested =
                |item: &ParamValue| matches!(item, ParamValue::List(_) | ParamValue::Object(_));
            let has_nested = items.iter().any(is_nested);
            let key = |index| match has_nested {
                true => format!("{name}[{index}]"),
                false => format!("{name}[]"),
            };
            let items = items.into_iter().enumerate();
            items
                .flat_map(|(index, item)| to_bracketed_pairs(&key(index), item))
                .collect()
        }
        value => vec![Pair::new(name, value)],
    }
}

fn non_null(items: Vec<ParamValue>) -> impl Iterator<Item = ParamValue> {
    items.into_iter().filter(|item| *item != ParamValue::Null)
}

fn non_null_fields(
    fields: Vec<(String, ParamValue)>,
) -> impl Iterator<Item = (String, ParamValue)> {
    fields
        .into_iter()
        .filter(|(_, value)| *value != ParamValue::Null)
}

fn to_texts(items: Vec<ParamValue>) -> Vec<String> {
    non_null(items).map(ParamValue::into_text).collect()
}

/// Returns keys and values alternately.
fn flatten(fields: Vec<(String, ParamValue)>) -> Vec<String> {
    non_null_fields(fields)
        .flat_map(|(key, value)| [key, value.into_text()])
        .collect()
}

/// Serializes the value of a header. Returns `None` if there is none.
pub(super) fn to_header(encoding: ParamEncoding, value: ParamValue) -> Option<String> {
    let items = match value {
        ParamValue::Null => return None,
        ParamValue::List(items) => to_texts(items),
        ParamValue::Object(fields) if encoding.explode => non_null_fields(fields)
            .map(|(key, value)| format!("{key}={}", value.into_text()))
            .collect(),
        ParamValue::Object(fields) => flatten(fields),
        value => vec![value.into_text()],
    };
    (!items.is_empty()).then(|| items.join(","))
}

/// Serializes and encodes a path variable. Returns `None` if the text would change the path: if it is empty, or a dot
/// segment.
pub(super) fn to_path(name: &str, encoding: ParamEncoding, value: ParamValue) -> Option<String> {
    let ParamEncoding { style, explode, .. } = encoding;
    let encode = |text: &str| encode_path(text, encoding);
    let has_keys = matches!(value, ParamValue::Object(_)) && explode;
    let values: Vec<String> = match value {
        ParamValue::Null => return None,
        ParamValue::List(items) => to_texts(items).iter().map(|item| encode(item)).collect(),
        ParamValue::Object(fields) if has_keys => non_null_fields(fields)
            .map(|(key, value)| format!("{}={}", encode(&key), encode(&value.into_text())))
            .collect(),
        ParamValue::Object(fields) => flatten(fields).iter().map(|item| encode(item)).collect(),
        value => vec![encode(&value.into_text())],
    };
    if values.is_empty() {
        return None;
    }
    let text = match (style, explode) {
        (ParamStyle::Label, true) => format!(".{}", values.join(".")),
        (ParamStyle::Label, false) => format!(".{}", values.join(",")),
        (ParamStyle::Matrix, true) if has_keys => {
            values.iter().map(|value| format!(";{value}")).collect()
        }
        (ParamStyle::Matrix, true) => values
            .iter()
            .map(|value| to_matrix_pair(name, value))
            .collect(),
        (ParamStyle::Matrix, false) => to_matrix_pair(name, &values.join(",")),
        _ => values.join(","),
    };
    let has_dot_segment = text.split('/').any(|part| part == "." || part == "..");
    (!text.is_empty() && !has_dot_segment).then_some(text)
}

fn to_matrix_pair(name: &str, value: &str) -> String {
    let name = encode_query(name, false);
    if value.is_empty() {
        format!(";{name}")
    } else {
        format!(";{name}={value}")
    }
}
