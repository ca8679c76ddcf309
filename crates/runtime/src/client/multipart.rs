//! `multipart/form-data`.

use super::body::{Body, Pieces};
use super::node::{Node, NodeError};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// The body and its media type. Lists of files, texts or numbers repeat their name; other lists and objects travel as
/// JSON, in which a file has a place only where it is text.
pub(super) fn encode(fields: Vec<(String, Node)>) -> Result<(Body, String), NodeError> {
    let boundary = boundary();
    let mut body = Pieces::default();
    for (name, value) in fields {
        for value in parts(value) {
            let value = match value {
                Node::List(_) | Node::Object(_) => value.without_files()?,
                value => value,
            };
            part(&mut body, &boundary, &name, value);
        }
    }
    body.bytes(format!("--{boundary}--\r\n").as_bytes());
    Ok((
        body.into(),
        format!("multipart/form-data; boundary={boundary}"),
    ))
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

fn part(body: &mut Pieces, boundary: &str, name: &str, value: Node) {
    body.bytes(format!("--{boundary}\r\nContent-Disposition: form-data; name=\"").as_bytes());
    body.bytes(quoted(name).as_bytes());
    body.bytes(b"\"");
    match value {
        Node::File(file) => {
            let name = quoted(file.name().unwrap_or("file"));
            let media_type = one_line(file.content_type().unwrap_or("application/octet-stream"));
            let head = format!("; filename=\"{name}\"\r\nContent-Type: {media_type}\r\n\r\n");
            body.bytes(head.as_bytes());
            body.file(&file);
        }
        Node::Text(text) | Node::Plain(text) => {
            body.bytes(b"\r\n\r\n");
            body.bytes(text.as_bytes());
        }
        structured => {
            body.bytes(b"\r\nContent-Type: application/json\r\n\r\n");
            body.bytes(structured.into_text().as_bytes());
        }
    }
    body.bytes(b"\r\n");
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
