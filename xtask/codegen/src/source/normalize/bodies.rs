//! Normalizes request bodies and responses.

use serde_json::Value;

use super::canonical::{AT_KEY, Object, canonical_node, insert_some};
use super::node::Node;
use super::normalizer::Normalizer;
use super::resolve::{MAX_REFERENCES, resolve_reference};
use crate::diag::Code;
use crate::media_type::MediaKind;

impl<'d> Normalizer<'d> {
    /// Returns the canonical request body, if the operation has one with content.
    pub(super) fn normalize_request_body(&mut self, operation: &Node<'d>) -> Option<Value> {
        let (node, overrides) = self.dereference(operation.get("requestBody")?)?;
        self.expect_object(&node, "a request body")?;
        let mut out = canonical_node(&node.at);
        self.copy_strings(&node, &["description"], &mut out);
        out.extend(
            overrides
                .into_iter()
                .filter(|(key, _)| key == "description"),
        );
        insert_some(
            &mut out,
            "required",
            self.optional_bool(&node, "required").filter(|set| *set),
        );
        let content = self.normalize_content(&node);
        if content.is_empty() {
            return None;
        }
        out.insert("content".to_owned(), Value::Object(content));
        Some(Value::Object(out))
    }

    /// Returns the canonical responses of an operation, by status.
    pub(super) fn normalize_responses(&mut self, operation: &Node<'d>) -> Value {
        let mut out = Object::new();
        for (status, response) in self
            .optional_object(operation, "responses")
            .iter()
            .flat_map(Node::sorted_entries)
        {
            if status.starts_with("x-") {
                continue;
            }
            let Some(key) = status_key(status) else {
                let message = format!("`{status}` is not a status");
                let help = "use a status such as `200`, `2XX` or `default`";
                self.report(Code::WrongType, &response.at, message, help);
                continue;
            };
            if let Some(response) = self.normalize_response(&response) {
                out.insert(key, response);
            }
        }
        Value::Object(out)
    }

    fn normalize_response(&mut self, node: &Node<'d>) -> Option<Value> {
        let (node, overrides) = self.dereference(node.clone())?;
        let mut out = canonical_node(&node.at);
        // YAML parses `204:` without a value as null.
        if !node.value.is_null() {
            self.expect_object(&node, "a response")?;
        }
        let description = self
            .optional_string(&node, "description")
            .unwrap_or_default();
        out.insert("description".to_owned(), description.into());
        out.extend(
            overrides
                .into_iter()
                .filter(|(key, _)| key == "description"),
        );
        let headers = self.normalize_headers(&node);
        insert_some(
            &mut out,
            "headers",
            (!headers.is_empty()).then_some(headers),
        );
        let content = self.normalize_content(&node);
        insert_some(
            &mut out,
            "content",
            (!content.is_empty()).then_some(content),
        );
        Some(Value::Object(out))
    }

    fn normalize_headers(&mut self, parent: &Node<'d>) -> Object {
        let mut out = Object::new();
        for (name, header) in self
            .optional_object(parent, "headers")
            .iter()
            .flat_map(Node::sorted_entries)
        {
            let Some((node, overrides)) = self.dereference(header) else {
                continue;
            };
            let mut header = canonical_node(&node.at);
            self.copy_strings(&node, &["description"], &mut header);
            header.extend(
                overrides
                    .into_iter()
                    .filter(|(key, _)| key == "description"),
            );
            for key in ["required", "deprecated"] {
                insert_some(
                    &mut header,
                    key,
                    self.optional_bool(&node, key).filter(|set| *set),
                );
            }
            self.normalize_value(&node, &mut header);
            out.insert(name.to_owned(), Value::Object(header));
        }
        out
    }

    /// Returns the canonical `content`, by media type.
    pub(super) fn normalize_content(&mut self, parent: &Node<'d>) -> Object {
        let mut out = Object::new();
        for (media_type, media) in self
            .optional_object(parent, "content")
            .iter()
            .flat_map(Node::sorted_entries)
        {
            if media_type.starts_with("x-") && !media_type.contains('/') {
                continue;
            }
            // References are valid in 3.2.
            let Some((media, _)) = self.dereference(media) else {
                continue;
            };
            if !media.value.is_null() && self.expect_object(&media, "a media type").is_none() {
                continue;
            }
            let mut entry = canonical_node(&media.at);
            insert_some(
                &mut entry,
                "schema",
                self.content_schema(media_type, &media),
            );
            let encoding = self.normalize_encoding(&media);
            let has_parts = matches!(
                MediaKind::of(media_type),
                MediaKind::Form | MediaKind::Multipart
            );
            if !has_parts {
                let keywords = ["encoding", "prefixEncoding", "itemEncoding"].into_iter();
                let unused = keywords.filter(|key| media.get(key).is_some());
                unused.for_each(|key| self.add_unused(media.at.join(key)));
            }
            insert_some(
                &mut entry,
                "encoding",
                (!encoding.is_empty()).then_some(encoding),
            );
            out.insert(media_type.trim().to_owned(), Value::Object(entry));
        }
        out
    }

    /// Returns the schema of a media type. That of a sequential one is the schema of its items: `itemSchema` of 3.2, or
    /// the items of the array that describes the whole sequence. Before 3.2, another schema is that of an item, too.
    fn content_schema(&mut self, media_type: &str, media: &Node<'d>) -> Option<Value> {
        if MediaKind::of(media_type).is_sequence() {
            let items = media
                .get("itemSchema")
                .or_else(|| self.sequence_items(media.get("schema")?));
            if let Some(items) = items {
                return Some(self.schema(&items));
            }
        }
        let is_multipart = MediaKind::of(media_type) == MediaKind::Multipart;
        let mut schema = match media.get("itemSchema").filter(|_| is_multipart) {
            Some(items) => {
                let mut array = canonical_node(&items.at);
                array.insert("type".to_owned(), "array".into());
                array.insert("items".to_owned(), self.schema(&items));
                Some(Value::Object(array))
            }
            None => self.schema_at(media, "schema"),
        };
        if let Some(Value::Object(items)) = schema
            .as_mut()
            .filter(|_| is_multipart)
            .and_then(|schema| schema.get_mut("items"))
            && items.keys().all(|key| key == AT_KEY)
        {
            // A part without a `type` is bytes.
            items.insert("type".to_owned(), "string".into());
            items.insert("format".to_owned(), "binary".into());
        }
        schema
    }

    /// Returns the schema of the items, if a schema, or the one that it refers to, is that of an array without a prefix.
    fn sequence_items(&self, schema: Node<'d>) -> Option<Node<'d>> {
        let mut schema = schema;
        for _ in 0..MAX_REFERENCES {
            let Some(reference) = schema.reference_node() else {
                break;
            };
            let target = resolve_reference(&self.root, reference.value.as_str()?, &reference.at);
            schema = target.ok()?;
        }
        schema
            .get("items")
            .filter(|_| schema.get("prefixItems").is_none())
    }

    /// Returns the canonical `encoding` of a form. Positional parts have their position as name, and `*` if they have no
    /// position of their own (`prefixEncoding` and `itemEncoding` of 3.2).
    fn normalize_encoding(&mut self, media: &Node<'d>) -> Object {
        let mut out = Object::new();
        let by_name = self.optional_object(media, "encoding");
        let by_name = by_name.iter().flat_map(Node::sorted_entries);
        let by_name = by_name.map(|(name, part)| (name.to_owned(), part));
        let prefix = self.optional_list(media, "prefixEncoding").into_iter();
        let prefix = prefix.enumerate();
        let prefix = prefix.map(|(position, part)| (position.to_string(), part));
        let items = self.optional_object(media, "itemEncoding");
        let items = items.map(|part| ("*".to_owned(), part));
        let parts: Vec<(String, Node<'d>)> = by_name.chain(prefix).chain(items).collect();
        for (property, part) in parts {
            out.insert(property, Value::Object(self.normalize_part(&part)));
        }
        out
    }

    /// Returns the canonical encoding of one part. That of the parts inside is its `x-encoding`.
    fn normalize_part(&mut self, part: &Node<'d>) -> Object {
        let mut out = Object::new();
        let content_type = self.optional_string(part, "contentType");
        let kind = content_type.as_deref().map(MediaKind::of);
        insert_some(&mut out, "contentType", content_type);
        self.normalize_encoding_style(part, &mut out);
        let headers = self.normalize_headers(part);
        insert_some(
            &mut out,
            "headers",
            (!headers.is_empty()).then_some(headers),
        );
        let keywords = ["encoding", "prefixEncoding", "itemEncoding"].into_iter();
        let mut keywords = keywords.filter_map(|key| part.get(key));
        if let Some(nested) = keywords.next() {
            if matches!(kind, Some(MediaKind::Multipart | MediaKind::Form)) {
                out.insert(
                    "x-encoding".to_owned(),
                    self.normalize_encoding(part).into(),
                );
            } else {
                let message =
                    "the part has no parts: its `contentType` is neither multipart nor a form";
                let help = "set `contentType` to `multipart/mixed`, or remove the keyword";
                self.report(Code::IgnoredKeyword, &nested.at, message, help);
            }
        }
        out
    }
}

impl<'d> Normalizer<'d> {
    /// Inserts `style`, `explode` and `allowReserved` of a form's field, if one of them is there: then the field is
    /// encoded like a query parameter, and their defaults apply.
    fn normalize_encoding_style(&self, part: &Node<'d>, out: &mut Object) {
        let style = self.optional_string(part, "style");
        let explode = self.optional_bool(part, "explode");
        let allow_reserved = self.optional_bool(part, "allowReserved");
        if style.is_none() && explode.is_none() && allow_reserved.is_none() {
            return;
        }
        let styles = ["form", "spaceDelimited", "pipeDelimited", "deepObject"];
        let style = style.unwrap_or_else(|| "form".to_owned());
        if !styles.contains(&style.as_str()) {
            let message = format!("unknown style `{style}` of a form field");
            let help = format!("use one of {}", styles.join(", "));
            self.report(Code::WrongType, &part.at.join("style"), message, &help);
            return;
        }
        // A delimited list is joined: exploded it would have no delimiter.
        let explode = explode.unwrap_or(style == "form");
        out.insert("style".to_owned(), style.into());
        insert_some(out, "explode", explode.then_some(true));
        insert_some(out, "allowReserved", allow_reserved.filter(|set| *set));
    }
}

/// Returns the canonical spelling of a status: `200`, `2XX` or `default`.
fn status_key(status: &str) -> Option<String> {
    let status = status.trim();
    if status.eq_ignore_ascii_case("default") {
        return Some("default".to_owned());
    }
    let upper = status.to_ascii_uppercase();
    let [class, rest @ ..] = upper.as_bytes() else {
        return None;
    };
    let is_class = (b'1'..=b'9').contains(class);
    let is_code = rest.len() == 2 && (rest.iter().all(u8::is_ascii_digit) || rest == b"XX");
    (is_class && is_code).then_some(upper)
}
