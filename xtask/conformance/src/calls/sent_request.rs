//! A request as it left, read as a server would: by what RFC 3986, RFC 6570 and HTML say, with nothing of the runtime's.

use serde_json::{Map, Value};

use super::operation::Way;
use super::program::SentText;
use crate::shared::json_diff::difference;
use observatory_codegen::ir::{ParamLocation, ParamStyle};

/// A request as it left.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The method, in capitals.
    pub method: String,
    /// The path, encoded.
    pub path: String,
    /// The query, encoded, without the question mark.
    pub query: String,
    /// The headers, names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Sent {
    pub(super) fn new(text: SentText) -> Self {
        let rest = text
            .url
            .split_once("://")
            .map_or(text.url.as_str(), |(_, rest)| rest);
        let target = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self {
            method: text.method,
            path: path.to_owned(),
            query: query.to_owned(),
            headers: text.headers,
            body: text
                .body
                .chars()
                .map(|c| u8::try_from(c).unwrap_or(b'?'))
                .collect(),
        }
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The pairs of the query, decoded.
    pub(super) fn pairs(&self) -> Vec<(String, String)> {
        pairs(&self.query)
    }

    /// The body, read as its media type says: JSON, or the fields of a form. `None` for others.
    pub(super) fn value(&self) -> Option<Result<Value, String>> {
        let media = self.header("content-type")?;
        let essence = crate::shared::lookup::essence(media);
        if essence.ends_with("json") {
            return Some(serde_json::from_slice(&self.body).map_err(|why| why.to_string()));
        }
        let fields = match essence.as_str() {
            "application/x-www-form-urlencoded" => Ok(pairs(&String::from_utf8_lossy(&self.body))),
            "multipart/form-data" => parts(media, &self.body),
            _ => return None,
        };
        Some(fields.map(|fields| {
            let mut object = Map::new();
            for (name, text) in fields {
                // A name that comes again is one of a list.
                match object.get_mut(&name) {
                    Some(Value::Array(list)) => list.push(text.into()),
                    Some(first) => *first = Value::Array(vec![first.take(), text.into()]),
                    None => drop(object.insert(name, text.into())),
                }
            }
            Value::Object(object)
        }))
    }
}

/// The pairs of a query or of a form.
fn pairs(text: &str) -> Vec<(String, String)> {
    let pieces = text.split('&').filter(|piece| !piece.is_empty());
    let pairs = pieces.map(|piece| piece.split_once('=').unwrap_or((piece, "")));
    pairs
        .map(|(name, value)| (form_decoded(name), form_decoded(value)))
        .collect()
}

fn form_decoded(text: &str) -> String {
    decoded(&text.replace('+', " "))
}

/// Text, its percent signs read.
pub(super) fn decoded(text: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        let ahead = &mut bytes.clone();
        match (byte, digit(ahead.next()), digit(ahead.next())) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                bytes = ahead.clone();
            }
            _ => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The parts of a form, their bytes as text.
fn parts(media: &str, body: &[u8]) -> Result<Vec<(String, String)>, String> {
    let boundary = media
        .split_once("boundary=")
        .ok_or("the media type names no boundary")?
        .1;
    let boundary = format!("--{}", boundary.trim_matches('"'));
    let body = String::from_utf8_lossy(body);
    let inside = body
        .strip_prefix(&boundary)
        .and_then(|rest| rest.trim_end().strip_suffix(&format!("\r\n{boundary}--")))
        .ok_or("the parts do not stand between boundaries")?;
    let mut fields = Vec::new();
    for part in inside.split(&format!("\r\n{boundary}")) {
        let (head, content) = part
            .strip_prefix("\r\n")
            .and_then(|part| part.split_once("\r\n\r\n"))
            .ok_or("a part has no head")?;
        let name = head
            .split_once("name=\"")
            .and_then(|(_, rest)| rest.split_once('"'));
        let (name, _) = name.ok_or("a part has no name")?;
        fields.push((name.to_owned(), content.to_owned()));
    }
    Ok(fields)
}

/// The variables of a path, by what a template calls them; `None` where it does not fit.
pub(super) fn variables(template: &str, path: &str) -> Option<Vec<(String, String)>> {
    let (template, path) = (template.split('/'), path.split('/'));
    if template.clone().count() != path.clone().count() {
        return None;
    }
    let mut found = Vec::new();
    for (wanted, given) in template.zip(path) {
        let Some((before, rest)) = wanted.split_once('{') else {
            if decoded(given) != wanted {
                return None;
            }
            continue;
        };
        // What is more than one variable to a segment is read as a whole.
        let (name, after) = rest.split_once('}')?;
        let inside = given.strip_prefix(before)?;
        let inside = if after.contains('{') {
            inside
        } else {
            inside.strip_suffix(after)?
        };
        if inside.is_empty() {
            return None;
        }
        found.push((name.to_owned(), inside.to_owned()));
    }
    Some(found)
}

/// What stands between the items of a list.
pub(super) fn between(style: ParamStyle) -> &'static str {
    match style {
        ParamStyle::SpaceDelimited => " ",
        ParamStyle::PipeDelimited => "|",
        _ => ",",
    }
}

/// The texts that a parameter came as, one an item of a list; `None` where it did not come.
pub(super) fn arrived(
    way: &Way,
    sent: &Sent,
    variables: &[(String, String)],
) -> Option<Vec<String>> {
    let Way::Param {
        name,
        location,
        style,
        explode,
    } = way
    else {
        return None;
    };
    let between = between(*style);
    match location {
        ParamLocation::Query if *explode || *style == ParamStyle::Json => {
            let found = sent.pairs().into_iter().filter(|(known, _)| known == name);
            let found: Vec<String> = found.map(|(_, text)| text).collect();
            (!found.is_empty()).then_some(found)
        }
        ParamLocation::Query => {
            let raw = sent
                .query
                .split('&')
                .filter_map(|piece| piece.split_once('='));
            let (_, raw) = raw
                .into_iter()
                .find(|(known, _)| form_decoded(known) == *name)?;
            let raw = raw.replace("%20", " ").replace("%7C", "|");
            Some(raw.split(between).map(form_decoded).collect())
        }
        ParamLocation::Path => {
            let (_, raw) = variables.iter().find(|(known, _)| known == name)?;
            Some(raw.split(',').map(decoded).collect())
        }
        ParamLocation::Header => Some(vec![sent.header(name)?.to_owned()]),
        ParamLocation::Cookie => {
            let mut cookies = sent
                .header("cookie")?
                .split("; ")
                .filter_map(|pair| pair.split_once('='));
            Some(vec![decoded(cookies.find(|(known, _)| known == name)?.1)])
        }
    }
}

/// The texts that a value should come as. `None` where this reader does not know: objects.
pub(super) fn expected(value: &Value, style: ParamStyle) -> Option<Vec<String>> {
    if style == ParamStyle::Json {
        return Some(vec![value.to_string()]);
    }
    match value {
        Value::Object(_) => None,
        Value::Array(items) => {
            let items = items.iter().filter(|item| !item.is_null());
            items.map(scalar).collect()
        }
        Value::Null => Some(Vec::new()),
        value => Some(vec![scalar(value)?]),
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(_) | Value::Array(_) => None,
        value => Some(value.to_string()),
    }
}

/// Whether a text came as another: numbers by value.
pub(super) fn is_same(expected: &str, arrived: &str) -> bool {
    let is_json = || matches!(difference(expected, arrived, &|_, _| false), Ok(None));
    expected == arrived || is_json()
}
