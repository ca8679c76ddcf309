//! `multipart/form-data`.

use super::node::{Node, NodeError};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// The body and its media type. Lists of files, texts or numbers repeat their name; other lists and objects travel as
/// JSON, in which a file has a place only where it is text.
pub(super) fn encode(fields: Vec<(String, Node)>) -> Result<(Vec<u8>, String), NodeError> {
    let boundary = boundary();
    let mut body = Vec::new();
    for (name, value) in fields {
        for value in parts(value) {
            let value = match value {
                Node::List(_) | Node::Object(_) => value.without_files()?,
                value => value,
            };
            part(&mut body, &boundary, &name, value);
        }
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Ok((body, format!("multipart/form-data; boundary={boundary}")))
}

/// The parts that a field is sent as; null is none.
fn parts(value: Node) -> Vec<Node> {
    match value {
        Node::Null => Vec::new(),
        Node::List(items)
            if !items
                .iter()
                .any(|item| matches!(item, Node::List(_) | Node::Object(_))) =>
        {
            items.into_iter().flat_map(parts).collect()
        }
        value => vec![value],
    }
}

fn part(body: &mut Vec<u8>, boundary: &str, name: &str, value: Node) {
    let mut head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"",
        quoted(name)
    );
    let bytes = match value {
        Node::File {
            name,
            content_type,
            bytes,
        } => {
            let name = name.unwrap_or_else(|| "file".to_owned());
            let content_type =
                content_type.unwrap_or_else(|| "application/octet-stream".to_owned());
            head.push_str(&format!(
                "; filename=\"{}\"\r\nContent-Type: {}",
                quoted(&name),
                one_line(&content_type)
            ));
            bytes
        }
        Node::Text(text) | Node::Plain(text) => text.into_bytes(),
        structured => {
            head.push_str("\r\nContent-Type: application/json");
            structured.into_text().into_bytes()
        }
    };
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(b"\r\n\r\n");
    body.extend_from_slice(&bytes);
    body.extend_from_slice(b"\r\n");
}

/// What would end the quotes or the line is escaped as browsers do it.
fn quoted(text: &str) -> String {
    one_line(&text.replace('"', "%22"))
}

/// A media type keeps its own quotes; what would end the line is escaped all the same.
fn one_line(text: &str) -> String {
    text.replace('\r', "%0D").replace('\n', "%0A")
}

/// A line that stands in no part: time and a count make it differ from every other request's.
fn boundary() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map(|since| since.as_nanos())
        .unwrap_or_default();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mixed = (now as u64 ^ count.rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!("observatory-{mixed:016x}-{count:08x}")
}
