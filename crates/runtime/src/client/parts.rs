//! The parts of a request, as its value fills them in.

use super::encode::form;
use super::error::Error;
use super::node::Node;
use super::spec::Style;
use super::{multipart, style};
use crate::private::{Wire, encode_json};

/// The parts of a request. Generated code fills them in; the first thing that cannot travel is told when it is sent.
#[derive(Debug, Default)]
pub struct Parts {
    pub(super) path: Vec<(&'static str, String)>,
    pub(super) query: Vec<(String, String, bool)>,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) cookies: Vec<(String, String)>,
    pub(super) content_type: Option<String>,
    pub(super) body: Vec<u8>,
    pub(super) error: Option<Error>,
}

#[doc(hidden)]
impl Parts {
    pub fn path<T: Wire>(&mut self, name: &'static str, style: Style, value: &T) {
        let Some(node) = self.node(name, value) else {
            return;
        };
        match style::path(name, style, node) {
            Some(text) => self.path.push((name, text)),
            None => self.fail(format!(
                "the path parameter `{name}` is empty or would change the path"
            )),
        }
    }

    pub fn query<T: Wire>(&mut self, name: &'static str, style: Style, value: Option<&T>) {
        let Some(value) = self.given(name, style, value) else {
            return;
        };
        if let Some(node) = self.node_as(name, style, value) {
            let pairs = style::pairs(name, style, node);
            self.query.extend(
                pairs
                    .into_iter()
                    .map(|(key, value)| (key, value, style.reserved)),
            );
        }
    }

    pub fn header<T: Wire>(&mut self, name: &'static str, style: Style, value: Option<&T>) {
        let Some(value) = self.given(name, style, value) else {
            return;
        };
        if let Some(node) = self.node_as(name, style, value) {
            self.headers.push((name, style::header(style, node)));
        }
    }

    pub fn cookie<T: Wire>(&mut self, name: &'static str, style: Style, value: Option<&T>) {
        let Some(value) = self.given(name, style, value) else {
            return;
        };
        if let Some(node) = self.node_as(name, style, value) {
            self.cookies.extend(style::pairs(name, style, node));
        }
    }

    pub fn json<T: Wire>(&mut self, media_type: &'static str, value: &T) {
        match encode_json(value) {
            Ok(body) => self.set(media_type.to_owned(), body),
            Err(why) => self.fail(format!("the body cannot be written: {why}")),
        }
    }

    pub fn form<T: Wire>(&mut self, value: &T) {
        if let Some(Node::Object(fields)) = self.node("body", value) {
            let style = Style {
                kind: "form",
                explode: true,
                reserved: false,
                required: false,
            };
            let pairs: Vec<_> = fields
                .into_iter()
                .flat_map(|(name, value)| match value {
                    // A form has no place for objects within it but as JSON.
                    Node::Object(_) => vec![(name, value.into_text())],
                    value => style::pairs(&name, style, value),
                })
                .collect();
            self.set(
                "application/x-www-form-urlencoded".to_owned(),
                form(&pairs).into_bytes(),
            );
        }
    }

    pub fn multipart<T: Wire>(&mut self, value: &T) {
        if let Some(Node::Object(fields)) = self.node("body", value) {
            let (body, media_type) = multipart::encode(fields);
            self.set(media_type, body);
        }
    }

    pub fn text(&mut self, media_type: &'static str, value: &str) {
        self.set(media_type.to_owned(), value.as_bytes().to_vec());
    }

    pub fn bytes(&mut self, media_type: &'static str, value: &crate::Bytes) {
        self.set(media_type.to_owned(), value.as_ref().to_vec());
    }
}

impl Parts {
    fn set(&mut self, media_type: String, body: Vec<u8>) {
        self.content_type = Some(media_type);
        self.body = body;
    }

    fn given<'v, T>(&mut self, name: &str, style: Style, value: Option<&'v T>) -> Option<&'v T> {
        if value.is_none() && style.required {
            self.fail(format!("the parameter `{name}` is required"));
        }
        value
    }

    fn node<T: Wire>(&mut self, name: &str, value: &T) -> Option<Node> {
        match Node::of(value) {
            Ok(node) => Some(node),
            Err(why) => {
                self.fail(format!("`{name}` cannot be written: {why}"));
                None
            }
        }
    }

    /// A parameter whose content is JSON is JSON, down to the quotes around a text.
    fn node_as<T: Wire>(&mut self, name: &str, style: Style, value: &T) -> Option<Node> {
        if style.kind != "json" {
            return self.node(name, value);
        }
        match encode_json(value) {
            Ok(json) => Some(Node::Text(String::from_utf8_lossy(&json).into_owned())),
            Err(why) => {
                self.fail(format!("`{name}` cannot be written: {why}"));
                None
            }
        }
    }

    fn fail(&mut self, message: String) {
        self.error.get_or_insert_with(|| Error::builder(message));
    }
}
