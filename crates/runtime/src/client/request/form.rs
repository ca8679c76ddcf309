//! Encodes `application/x-www-form-urlencoded`, and what it shares with multipart: the encoding of a field.

use serde_core::ser::Error as _;

use super::encoding::{encode_form, encode_query};
use super::param_style::{Pair, to_bracketed_pairs, to_pairs};
use super::param_value::{ParamValue, ParamValueError};
use crate::client::spec::{ParamEncoding, ParamStyle, PartEncoding};

/// Returns the encoded fields of a form.
pub(super) fn encode_form_fields(
    fields: Vec<(String, ParamValue)>,
    encodings: &[PartEncoding],
) -> Result<String, ParamValueError> {
    let mut encoded = Vec::new();
    for (name, value) in fields {
        let encoding = find_encoding(encodings, &name);
        let style = encoding.and_then(|encoding| encoding.style);
        let allow_reserved = style.is_some_and(|style| style.allow_reserved);
        let encode_item = |item: &str| match allow_reserved {
            true => encode_query(item, true),
            false => encode_form(item),
        };
        let is_null = matches!(value, ParamValue::Null);
        let pairs = to_field_pairs(&name, encoding, value);
        require_value(encoding, is_null || !pairs.is_empty())?;
        for pair in pairs {
            let name = encode_form(&pair.name);
            encoded.push(format!("{name}={}", pair.encode_value(encode_item)));
        }
    }
    Ok(encoded.join("&"))
}

/// Fails for a required field of which nothing would be sent: the server would report it as missing.
pub(super) fn require_value(
    encoding: Option<&PartEncoding>,
    has_value: bool,
) -> Result<(), ParamValueError> {
    match encoding.filter(|encoding| encoding.is_required && !has_value) {
        Some(PartEncoding { name, .. }) => Err(ParamValueError::custom(format!(
            "the required field `{name}` is empty"
        ))),
        None => Ok(()),
    }
}

/// Returns the encoding of a field, if the description has one.
pub(super) fn find_encoding<'e>(
    encodings: &'e [PartEncoding],
    name: &str,
) -> Option<&'e PartEncoding> {
    encodings.iter().find(|encoding| encoding.name == name)
}

/// Serializes a field. By default a list becomes a pair for each item, and an object JSON text.
fn to_field_pairs(name: &str, encoding: Option<&PartEncoding>, value: ParamValue) -> Vec<Pair> {
    if let Some(style) = encoding.and_then(|encoding| encoding.style) {
        return to_styled_pairs(name, style, value);
    }
    let is_json = encoding.is_some_and(PartEncoding::is_json);
    let value = match value {
        ParamValue::Null => return Vec::new(),
        value if is_json => ParamValue::Text(value.to_json()),
        // A form has no representation of nested objects but JSON.
        value @ ParamValue::Object(_) => ParamValue::Text(value.into_text()),
        value => value,
    };
    to_pairs(name, ParamEncoding::QUERY, value)
}

/// Serializes a field in a declared style. In a form, `deepObject` applies to lists and to nested values too.
pub(super) fn to_styled_pairs(name: &str, style: ParamEncoding, value: ParamValue) -> Vec<Pair> {
    match style.style {
        ParamStyle::DeepObject => to_bracketed_pairs(name, value),
        _ => to_pairs(name, style, value),
    }
}
