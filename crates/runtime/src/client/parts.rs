//! The parts of a request, as its value fills them in.

use std::borrow::Cow;

use super::body::Body;
use super::encode::{cookie, form, percent};
use super::error::Error;
use super::node::{Node, NodeError};
use super::spec::Style;
use super::{multipart, style};
use crate::File;
use crate::private::{Wire, encode_json};

/// The parts of a request. Generated code fills them in; the first thing that cannot travel is told when it is sent.
#[derive(Debug, Default)]
pub struct Parts {
    pub(super) path: Vec<(&'static str, String)>,
    /// `name=value`, encoded.
    pub(super) query: Vec<String>,
    pub(super) headers: Vec<(&'static str, String)>,
    /// `name=value`, encoded.
    pub(super) cookies: Vec<String>,
    pub(super) content_type: Option<Cow<'static, str>>,
    pub(super) body: Body,
    /// Where an answer said that the next page is; takes the place of path and query.
    pub(super) link: Option<String>,
    pub(super) error: Option<Error>,
}

#[doc(hidden)]
impl Parts {
    pub fn path<T: Wire>(&mut self, name: &'static str, style: Style, value: &T) {
        let Some(node) = self.node_as(name, style, value) else {
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
            for pair in style::pairs(name, style, node) {
                let value = pair.value(|item| percent(item, style.reserved));
                self.add_query(&pair.name, &value);
            }
        }
    }

    pub fn header<T: Wire>(&mut self, name: &'static str, style: Style, value: Option<&T>) {
        let Some(value) = self.given(name, style, value) else {
            return;
        };
        if let Some(node) = self.node_as(name, style, value) {
            let text = style::header(style, node);
            self.headers.extend(text.map(|text| (name, text)));
        }
    }

    pub fn cookie<T: Wire>(&mut self, name: &'static str, style: Style, value: Option<&T>) {
        let Some(value) = self.given(name, style, value) else {
            return;
        };
        if let Some(node) = self.node_as(name, style, value) {
            for pair in style::pairs(name, style, node) {
                self.add_cookie(&pair.name, &pair.value(cookie));
            }
        }
    }

    pub fn json<T: Wire>(&mut self, media_type: &'static str, value: &T) {
        match encode_json(value) {
            Ok(body) => self.set(media_type, body),
            Err(why) => self.fail(format!("the body cannot be written: {why}")),
        }
    }

    pub fn form<T: Wire>(&mut self, value: &T) {
        let node = self.kept("body", Node::of(value).and_then(Node::without_files));
        let Some(fields) = self.fields(node) else {
            return;
        };
        let style = Style {
            kind: "form",
            explode: true,
            reserved: false,
            required: false,
        };
        let pairs = fields.into_iter().flat_map(|(name, value)| match value {
            // A form has no place for objects within it but as JSON.
            Node::Object(_) => style::pairs(&name, style, Node::Text(value.into_text())),
            value => style::pairs(&name, style, value),
        });
        let pairs: Vec<String> = pairs
            .map(|pair| format!("{}={}", form(&pair.name), pair.value(form)))
            .collect();
        self.set(
            "application/x-www-form-urlencoded",
            pairs.join("&").into_bytes(),
        );
    }

    pub fn multipart<T: Wire>(&mut self, value: &T) {
        let node = self.kept("body", Node::of(value));
        let Some(fields) = self.fields(node) else {
            return;
        };
        if let Some((body, media_type)) = self.kept("body", multipart::encode(fields)) {
            self.set(media_type, body);
        }
    }

    pub fn text(&mut self, media_type: &'static str, value: &str) {
        self.set(media_type, value.as_bytes().to_vec());
    }

    pub fn bytes(&mut self, media_type: &'static str, value: &File) {
        let own = value.content_type().map(|own| Cow::Owned(own.to_owned()));
        self.set(own.unwrap_or(Cow::Borrowed(media_type)), value);
    }
}

impl Parts {
    fn set(&mut self, media_type: impl Into<Cow<'static, str>>, body: impl Into<Body>) {
        self.content_type = Some(media_type.into());
        self.body = body.into();
    }

    fn given<'v, T>(&mut self, name: &str, style: Style, value: Option<&'v T>) -> Option<&'v T> {
        if value.is_none() && style.required {
            self.fail(format!("the parameter `{name}` is required"));
        }
        value
    }

    pub(super) fn add_query(&mut self, name: &str, value: &str) {
        self.query.push(format!("{}={value}", percent(name, false)));
    }

    pub(super) fn add_cookie(&mut self, name: &str, value: &str) {
        self.cookies
            .push(format!("{}={value}", percent(name, false)));
    }

    /// The fields of a form.
    fn fields(&mut self, node: Option<Node>) -> Option<Vec<(String, Node)>> {
        match node? {
            Node::Object(fields) => Some(fields),
            // A form cannot say it, and a request without a body would say something else.
            _ => {
                self.fail("the body is no object, so that it has no fields for a form".to_owned());
                None
            }
        }
    }

    /// The value of a parameter. One whose content is JSON is JSON, down to the quotes around a text.
    fn node_as<T: Wire>(&mut self, name: &str, style: Style, value: &T) -> Option<Node> {
        let node = if style.kind == "json" {
            encode_json(value)
                .map(|json| Node::Text(String::from_utf8_lossy(&json).into_owned()))
                .map_err(serde_core::ser::Error::custom)
        } else {
            Node::of(value).and_then(Node::without_files)
        };
        self.kept(name, node)
    }

    fn kept<V>(&mut self, name: &str, made: Result<V, NodeError>) -> Option<V> {
        made.map_err(|why| self.fail(format!("`{name}` cannot be written: {why}")))
            .ok()
    }

    fn fail(&mut self, message: String) {
        self.error.get_or_insert_with(|| Error::builder(message));
    }
}
