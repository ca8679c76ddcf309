//! A request as a server reads it, by RFC 3986, RFC 6570 and the HTML form encodings, without code of the runtime.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::shared::lookup::media_type_essence;

/// A request that the client sent.
#[derive(Clone, Debug)]
pub struct SentRequest {
    /// The method, in uppercase.
    pub method: String,
    /// The percent-encoded path.
    pub path: String,
    /// The percent-encoded query, without the question mark.
    pub query: String,
    /// The headers, with lowercase names.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// A request as the program prints it. The characters of the body and of header values are bytes.
#[derive(Debug, Deserialize)]
pub(super) struct RequestText {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl SentRequest {
    pub(super) fn new(text: RequestText) -> Self {
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

    /// Returns the value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Returns the decoded pairs of the query.
    pub(super) fn query_pairs(&self) -> Vec<(String, String)> {
        form_pairs(&self.query)
    }

    /// Decodes a JSON body, or the fields of a form; `None` for every other media type.
    pub(super) fn decode_body(&self) -> Option<Result<Value, String>> {
        let media_type = self.header("content-type")?;
        let essence = media_type_essence(media_type);
        if essence.ends_with("json") {
            return Some(serde_json::from_slice(&self.body).map_err(|error| error.to_string()));
        }
        let body = String::from_utf8_lossy(&self.body);
        match essence.as_str() {
            "application/x-www-form-urlencoded" => Some(Ok(form_object(&body))),
            "multipart/form-data" => Some(multipart_object(media_type, &body)),
            _ => None,
        }
    }

    /// Matches the end of the path with a template; the server's base path may precede it. Returns where the match
    /// starts and the encoded variables.
    pub(super) fn match_path_end(&self, template: &str) -> Option<(usize, Vec<(String, String)>)> {
        let mut slashes = self.path.match_indices('/');
        slashes.find_map(|(start, _)| {
            let variables = match_path(template, self.path.get(start..)?)?;
            Some((start, variables))
        })
    }
}

/// Decodes the pairs of a query or a URL-encoded form.
fn form_pairs(text: &str) -> Vec<(String, String)> {
    let pieces = text.split('&').filter(|piece| !piece.is_empty());
    let pairs = pieces.map(|piece| piece.split_once('=').unwrap_or((piece, "")));
    pairs
        .map(|(name, value)| (decode_form(name), decode_form(value)))
        .collect()
}

/// Decodes `+` as a space, and percent-encoded bytes.
pub(super) fn decode_form(text: &str) -> String {
    percent_decode(&text.replace('+', " "))
}

/// Decodes percent-encoded bytes.
pub(super) fn percent_decode(text: &str) -> String {
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

/// Returns the fields of a URL-encoded form.
fn form_object(body: &str) -> Value {
    let pairs = form_pairs(body).into_iter();
    to_object(pairs.map(|(name, text)| (name, text.into())))
}

/// Returns an object of fields. A repeated name is a list.
fn to_object(fields: impl IntoIterator<Item = (String, Value)>) -> Value {
    let mut object = Map::new();
    for (name, value) in fields {
        match object.get_mut(&name) {
            Some(Value::Array(list)) => list.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
            None => drop(object.insert(name, value)),
        }
    }
    Value::Object(object)
}

/// Returns the contents of the parts of a multipart body by name, or else by position. A part that has parts is an object.
fn multipart_object(media_type: &str, body: &str) -> Result<Value, String> {
    let boundary = media_type
        .split_once("boundary=")
        .ok_or("the media type has no boundary")?
        .1;
    let boundary = boundary.split(';').next().unwrap_or_default();
    let boundary = format!("--{}", boundary.trim_matches('"'));
    // A form without fields has no parts.
    if body.trim_end() == format!("{boundary}--") {
        return Ok(to_object([]));
    }
    let inside = body
        .strip_prefix(&boundary)
        .and_then(|rest| rest.trim_end().strip_suffix(&format!("\r\n{boundary}--")))
        .ok_or("the body does not start and end with the boundary")?;
    let mut fields = Vec::new();
    let delimiter = format!("\r\n{boundary}");
    for (position, part) in inside.split(&delimiter).enumerate() {
        let (head, content) = part
            .strip_prefix("\r\n")
            .and_then(|part| part.split_once("\r\n\r\n"))
            .ok_or("a part has no headers")?;
        let name = head
            .split_once("name=\"")
            .and_then(|(_, rest)| rest.split_once('"'));
        let name = name.map_or_else(|| position.to_string(), |(name, _)| name.to_owned());
        let lines = head.split("\r\n");
        let mut headers = lines.filter_map(|line| line.split_once(": "));
        let own_type = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let own_type = own_type.map_or("", |(_, media_type)| media_type);
        let value = match media_type_essence(own_type).as_str() {
            "application/x-www-form-urlencoded" => form_object(content),
            essence if essence.starts_with("multipart/") => multipart_object(own_type, content)?,
            _ => content.into(),
        };
        fields.push((name, value));
    }
    Ok(to_object(fields))
}

/// Matches a path with a template. Returns the encoded variables by name; `None` if the path does not match. A query or a
/// fragment in the template is not matched.
pub(super) fn match_path(template: &str, path: &str) -> Option<Vec<(String, String)>> {
    let end = template.find(['?', '#']).unwrap_or(template.len());
    let template = template.get(..end).unwrap_or_default();
    let (template, path) = (template.split('/'), path.split('/'));
    if template.clone().count() != path.clone().count() {
        return None;
    }
    let mut found = Vec::new();
    for (pattern, segment) in template.zip(path) {
        match_segment(pattern, segment, &mut found)?;
    }
    Some(found)
}

/// Matches a segment, which may have several variables. A variable ends where the text after it occurs first.
fn match_segment(pattern: &str, segment: &str, found: &mut Vec<(String, String)>) -> Option<()> {
    let Some((prefix, rest)) = pattern.split_once('{') else {
        return (percent_decode(segment) == pattern).then_some(());
    };
    let (name, rest) = rest.split_once('}')?;
    let value = segment.strip_prefix(prefix)?;
    let delimiter = rest.split('{').next().unwrap_or_default();
    let has_more = rest.contains('{');
    let (value, after) = match has_more && !delimiter.is_empty() {
        // The value has a character at least: `-1` may come before the delimiter `-`.
        true => {
            let first = value.chars().next()?.len_utf8();
            let end = first + value.get(first..)?.find(delimiter)?;
            value.split_at_checked(end)?
        }
        false => (value.strip_suffix(rest)?, rest),
    };
    if value.is_empty() {
        return None;
    }
    found.push((name.to_owned(), value.to_owned()));
    match has_more {
        true => match_segment(rest, after, found),
        false => Some(()),
    }
}
