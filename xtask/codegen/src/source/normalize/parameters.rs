//! Normalizes parameters, and the keywords that they share with headers.

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::canonical::{AT_KEY, Object, canonical_node, insert_some};
use super::node::Node;
use super::normalizer::Normalizer;
use crate::diag::Code;
use crate::http_names::{is_owned_header, is_token};
use crate::ir::Pointer;
use crate::media_type::MediaKind;

/// Header parameters that OpenAPI ignores: they belong to the body and to the security scheme.
const IGNORED_HEADERS: &[&str] = &["accept", "content-type", "authorization"];

impl<'d> Normalizer<'d> {
    /// Returns the canonical parameters in their order. A parameter replaces an earlier one of the same name and
    /// location.
    pub(super) fn normalize_parameters(&mut self, nodes: &[Node<'d>]) -> Vec<Value> {
        let mut out: IndexMap<(String, String), Value> = IndexMap::new();
        for node in nodes {
            if let Some(parameter) = self.normalize_parameter(node) {
                out.insert(parameter_key(&parameter), parameter);
            }
        }
        out.into_values().collect()
    }

    fn normalize_parameter(&mut self, node: &Node<'d>) -> Option<Value> {
        let (node, overrides) = self.dereference(node.clone())?;
        self.expect_object(&node, "a parameter")?;
        let name = self.required_string(&node, "name", "the parameter");
        if node
            .get_value("in")
            .is_some_and(|location| location == "querystring")
        {
            return self.normalize_query_string(&node, name?);
        }
        let location = self.parse_location(&node);
        let (name, location) = (name?, location?);
        if location == "header" && IGNORED_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
            self.add_unused(node.at.clone());
            return None;
        }
        if !self.check_parameter_name(&node, &name, location) {
            return None;
        }
        let mut out = canonical_node(&node.at);
        out.insert("name".to_owned(), name.into());
        out.insert("in".to_owned(), location.into());
        self.copy_strings(&node, &["description"], &mut out);
        out.extend(
            overrides
                .into_iter()
                .filter(|(key, _)| key == "description"),
        );
        let required = self.optional_bool(&node, "required").unwrap_or(false) || location == "path";
        insert_some(&mut out, "required", required.then_some(true));
        self.read_deprecation(&node, &mut out);
        self.normalize_style(&node, location, &mut out);
        self.normalize_value(&node, &mut out);
        Some(Value::Object(out))
    }

    /// Returns whether a client can send a parameter of this name. Reports those that it cannot send.
    fn check_parameter_name(&self, node: &Node<'d>, name: &str, location: &str) -> bool {
        let at = node.at.join("name");
        if location == "header" && is_owned_header(name) {
            let message = format!("the HTTP client sets `{name}` itself; the parameter is ignored");
            self.report(
                Code::IgnoredKeyword,
                &at,
                message,
                "remove the parameter in overlay.yaml",
            );
            return false;
        }
        if matches!(location, "header" | "cookie") && !is_token(name) {
            let shown = name.escape_debug();
            let message = format!("`{shown}` is not a valid name of a {location}");
            let help = "correct the name in overlay.yaml: letters, digits and `-`";
            self.report(Code::InvalidParameterName, &at, message, help);
            return false;
        }
        true
    }

    /// Returns a parameter that is the whole query (`in: querystring` of 3.2). A form is an object whose properties are
    /// parameters; a value of another media type is sent as its text.
    fn normalize_query_string(&mut self, node: &Node<'d>, name: String) -> Option<Value> {
        let content = self.normalize_content(node);
        let Some((media_type, media)) = content.into_iter().next() else {
            let message = "the query has no media type";
            let help = "describe the query by `content`";
            self.report(Code::UnsupportedParameter, &node.at, message, help);
            return None;
        };
        if media.get("encoding").is_some() {
            let at = node.at.join("content").join(&media_type);
            self.add_unused(at.join("encoding"));
        }
        let schema = media.get("schema");
        let is_text =
            schema.is_none_or(|schema| schema.get("type").is_some_and(|ty| ty == "string"));
        let kind = MediaKind::of(&media_type);
        if !(matches!(kind, MediaKind::Form | MediaKind::Json) || is_text) {
            let message = format!("the query is `{media_type}` of a value that is not text");
            let help = "describe the query by JSON, a form, text, or parameters";
            self.report(Code::UnsupportedParameter, &node.at, message, help);
            return None;
        }
        let mut out = canonical_node(&node.at);
        out.insert("name".to_owned(), name.into());
        out.insert("in".to_owned(), "query".into());
        self.copy_strings(node, &["description"], &mut out);
        for key in ["required", "deprecated"] {
            insert_some(
                &mut out,
                key,
                self.optional_bool(node, key).filter(|set| *set),
            );
        }
        match schema.filter(|_| kind == MediaKind::Form) {
            Some(schema) => {
                out.insert("style".to_owned(), "form".into());
                out.insert("explode".to_owned(), true.into());
                out.insert("schema".to_owned(), schema.clone())
            }
            None => {
                out.insert("x-whole-query".to_owned(), true.into());
                out.insert("content".to_owned(), json!({ media_type: media }))
            }
        };
        Some(Value::Object(out))
    }

    fn parse_location(&self, node: &Node<'d>) -> Option<&'static str> {
        let text = self.required_string(node, "in", "the parameter")?;
        let locations = ["path", "query", "header", "cookie"];
        let location = locations
            .into_iter()
            .find(|location| location.eq_ignore_ascii_case(text.trim()));
        if location.is_none() {
            let help = match text.as_str() {
                "body" | "formData" => "describe the body in `requestBody`",
                _ => "use path, query, header or cookie",
            };
            self.report(
                Code::WrongType,
                &node.at.join("in"),
                format!("unknown parameter location `{text}`"),
                help,
            );
        }
        location
    }

    /// Inserts `style`, `explode` and related keywords. A style that the location does not support is replaced by the
    /// default style of the location.
    fn normalize_style(&self, node: &Node<'d>, location: &str, out: &mut Object) {
        let mut explode = self.optional_bool(node, "explode");
        let supported: &[&str] = match location {
            "path" => &["simple", "label", "matrix"],
            "query" => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
            "header" => &["simple"],
            _ => &["form"],
        };
        // Cookies are never percent-encoded more than they have to be, so that the two styles of cookies are one.
        let is_cookie_style = |style: &String| location == "cookie" && style == "cookie";
        let style = self
            .optional_string(node, "style")
            .filter(|style| !style.is_empty() && !is_cookie_style(style));
        match style {
            Some(style) if supported.contains(&style.as_str()) => {
                out.insert("style".to_owned(), style.into());
            }
            // `simple` joins values by commas, as `form` without `explode` does in a query.
            Some(style) if is_style(&style) => {
                if location != "query" || style != "simple" {
                    self.add_unused(node.at.join("style"));
                }
                explode = explode.or((location == "query").then_some(false))
            }
            Some(style) => {
                let message = format!("unknown parameter style `{style}`");
                let help = format!(
                    "use one of the styles of {location}: {}",
                    supported.join(", ")
                );
                self.report(Code::WrongType, &node.at.join("style"), message, &help);
            }
            None => {}
        }
        insert_some(out, "explode", explode);
        if location == "path" {
            let reserved = self.optional_bool(node, "allowReserved");
            insert_some(out, "x-allow-reserved", reserved.filter(|set| *set));
        }
        if location == "query" {
            for key in ["allowReserved", "allowEmptyValue"] {
                insert_some(out, key, self.optional_bool(node, key).filter(|set| *set));
            }
        }
    }

    /// Inserts `schema` or `content`. A parameter without both gets the schema of a string.
    pub(super) fn normalize_value(&mut self, node: &Node<'d>, out: &mut Object) {
        let mut content = self.normalize_content(node).into_iter();
        if let Some((media_type, media)) = content.next() {
            for (other, _) in content {
                self.add_unused(node.at.join("content").join(&other));
            }
            out.insert("content".to_owned(), json!({ media_type: media }));
        } else if let Some(schema) = self.schema_at(node, "schema") {
            out.insert("schema".to_owned(), schema);
        } else {
            // In Swagger 2.0, the keywords of the schema are members of the parameter.
            let is_swagger = node.get("type").is_some_and(|kind| kind.value.is_string())
                && node.get("in").is_some();
            let schema = if is_swagger {
                self.swagger_schema(node)
            } else {
                string_schema(&node.at)
            };
            out.insert("schema".to_owned(), schema);
        }
    }

    /// Returns the schema whose keywords are members of the parameter itself.
    fn swagger_schema(&mut self, node: &Node<'d>) -> Value {
        let mut schema = self.inline_schema(node);
        if let Value::Object(schema) = &mut schema {
            // These belong to the parameter.
            for key in ["description", "deprecated", "required"] {
                schema.remove(key);
            }
        }
        schema
    }
}

/// Returns the schema of a parameter without schema.
fn string_schema(at: &Pointer) -> Value {
    json!({ "type": "string", AT_KEY: at.0 })
}

fn is_style(style: &str) -> bool {
    [
        "simple",
        "label",
        "matrix",
        "form",
        "spaceDelimited",
        "pipeDelimited",
        "deepObject",
    ]
    .contains(&style)
}

/// Returns location and name, which are equal for the same parameter. The names of headers are case-insensitive.
fn parameter_key(parameter: &Value) -> (String, String) {
    let text = |key: &str| {
        let text = parameter.get(key).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    let (location, name) = (text("in"), text("name"));
    match location.as_str() {
        "header" => (location, name.to_ascii_lowercase()),
        _ => (location, name),
    }
}
