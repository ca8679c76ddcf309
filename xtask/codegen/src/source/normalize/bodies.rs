//! What is sent and what comes back.

use serde_json::Value;

use super::read::Node;
use super::{Cx, Object, node_at, put};
use crate::diag::Code;

impl<'d> Cx<'d> {
    /// The body of a request, if the operation has one.
    pub(super) fn request_body(&mut self, operation: &Node<'d>) -> Option<Value> {
        let (node, words) = self.deref(operation.get("requestBody")?)?;
        self.object(&node, "a request body")?;
        let mut out = node_at(&node.at);
        self.prose(&node, &["description"], &mut out);
        out.extend(words.into_iter().filter(|(key, _)| key == "description"));
        put(
            &mut out,
            "required",
            self.flag(&node, "required").filter(|set| *set),
        );
        let content = self.content(&node);
        if content.is_empty() {
            // Nothing can be sent in it.
            return None;
        }
        out.insert("content".to_owned(), Value::Object(content));
        Some(Value::Object(out))
    }

    /// The answers of an operation, by status.
    pub(super) fn responses(&mut self, operation: &Node<'d>) -> Value {
        let mut out = Object::new();
        for (status, response) in self
            .object_at(operation, "responses")
            .iter()
            .flat_map(Node::entries)
        {
            if status.starts_with("x-") {
                continue;
            }
            let Some(key) = status_key(status) else {
                let message = format!("`{status}` is no status");
                let help = "a status is `200`, `2XX` or `default`";
                self.fault(Code::WrongType, &response.at, message, help);
                continue;
            };
            if let Some(response) = self.response(&response) {
                out.insert(key, response);
            }
        }
        Value::Object(out)
    }

    fn response(&mut self, node: &Node<'d>) -> Option<Value> {
        let (node, words) = self.deref(node.clone())?;
        let mut out = node_at(&node.at);
        // `204:` with nothing behind it.
        if !node.value.is_null() {
            self.object(&node, "a response")?;
        }
        let description = self.text(&node, "description").unwrap_or_default();
        out.insert("description".to_owned(), description.into());
        out.extend(words.into_iter().filter(|(key, _)| key == "description"));
        let headers = self.headers(&node);
        put(
            &mut out,
            "headers",
            (!headers.is_empty()).then_some(headers),
        );
        let content = self.content(&node);
        put(
            &mut out,
            "content",
            (!content.is_empty()).then_some(content),
        );
        Some(Value::Object(out))
    }

    fn headers(&mut self, parent: &Node<'d>) -> Object {
        let mut out = Object::new();
        for (name, header) in self
            .object_at(parent, "headers")
            .iter()
            .flat_map(Node::entries)
        {
            let Some((node, words)) = self.deref(header) else {
                continue;
            };
            let mut header = node_at(&node.at);
            self.prose(&node, &["description"], &mut header);
            header.extend(words.into_iter().filter(|(key, _)| key == "description"));
            for key in ["required", "deprecated"] {
                put(&mut header, key, self.flag(&node, key).filter(|set| *set));
            }
            self.value(&node, &mut header);
            out.insert(name.to_owned(), Value::Object(header));
        }
        out
    }

    /// Media types, with what they hold.
    pub(super) fn content(&mut self, parent: &Node<'d>) -> Object {
        let mut out = Object::new();
        for (media_type, media) in self
            .object_at(parent, "content")
            .iter()
            .flat_map(Node::entries)
        {
            if media_type.starts_with("x-") && !media_type.contains('/') {
                continue;
            }
            // 3.2 and some tools let media types be references.
            let Some((media, _)) = self.deref(media) else {
                continue;
            };
            if !media.value.is_null() && self.object(&media, "a media type").is_none() {
                continue;
            }
            let mut entry = node_at(&media.at);
            put(&mut entry, "schema", self.schema_at(&media, "schema"));
            let encoding = self.encoding(&media);
            put(
                &mut entry,
                "encoding",
                (!encoding.is_empty()).then_some(encoding),
            );
            out.insert(media_type.trim().to_owned(), Value::Object(entry));
        }
        out
    }

    /// What is said of the parts of a form.
    fn encoding(&mut self, media: &Node<'d>) -> Object {
        let mut out = Object::new();
        for (property, part) in self
            .object_at(media, "encoding")
            .iter()
            .flat_map(Node::entries)
        {
            let mut entry = Object::new();
            put(&mut entry, "contentType", self.text(&part, "contentType"));
            let known = ["form", "spaceDelimited", "pipeDelimited", "deepObject"];
            let style = self
                .text(&part, "style")
                .filter(|style| known.contains(&style.as_str()));
            put(&mut entry, "style", style);
            for key in ["explode", "allowReserved"] {
                put(&mut entry, key, self.flag(&part, key).filter(|set| *set));
            }
            out.insert(property.to_owned(), Value::Object(entry));
        }
        out
    }
}

/// A status as canonical documents write it.
fn status_key(status: &str) -> Option<String> {
    let status = status.trim();
    if status.eq_ignore_ascii_case("default") {
        return Some("default".to_owned());
    }
    let upper = status.to_ascii_uppercase();
    let [class, rest @ ..] = upper.as_bytes() else {
        return None;
    };
    let known = (b'1'..=b'9').contains(class);
    let code = rest.len() == 2 && (rest.iter().all(u8::is_ascii_digit) || rest == b"XX");
    (known && code).then_some(upper)
}
