//! Parameters, and what they share with headers.

use serde_json::{Value, json};

use super::read::Node;
use super::{AT, Cx, Object, node_at, put};
use crate::diag::Code;
use crate::ir::Pointer;

/// Header parameters that OpenAPI says to ignore: they belong to bodies and credentials.
const IGNORED: &[&str] = &["accept", "content-type", "authorization"];

impl<'d> Cx<'d> {
    /// Parameters in order, later ones in the place of earlier ones of the same name and location.
    pub(super) fn parameters(&mut self, nodes: &[Node<'d>]) -> Vec<Value> {
        let mut out: Vec<Value> = Vec::new();
        for node in nodes {
            let Some(parameter) = self.parameter(node) else {
                continue;
            };
            match out.iter_mut().find(|known| same(known, &parameter)) {
                Some(known) => *known = parameter,
                None => out.push(parameter),
            }
        }
        out
    }

    fn parameter(&mut self, node: &Node<'d>) -> Option<Value> {
        let (node, words) = self.deref(node.clone())?;
        self.object(&node, "a parameter")?;
        let name = self.needed(&node, "name", "the parameter");
        let place = self.location(&node);
        let (name, place) = (name?, place?);
        if place == "header" && IGNORED.contains(&name.to_ascii_lowercase().as_str()) {
            return None;
        }
        let mut out = node_at(&node.at);
        out.insert("name".to_owned(), name.into());
        out.insert("in".to_owned(), place.into());
        self.prose(&node, &["description"], &mut out);
        out.extend(words.into_iter().filter(|(key, _)| key == "description"));
        let required = self.flag(&node, "required").unwrap_or(false) || place == "path";
        put(&mut out, "required", required.then_some(true));
        put(
            &mut out,
            "deprecated",
            self.flag(&node, "deprecated").filter(|set| *set),
        );
        self.style(&node, place, &mut out);
        self.value(&node, &mut out);
        Some(Value::Object(out))
    }

    fn location(&self, node: &Node<'d>) -> Option<&'static str> {
        let said = self.needed(node, "in", "the parameter")?;
        let known = ["path", "query", "header", "cookie"];
        let found = known
            .into_iter()
            .find(|place| place.eq_ignore_ascii_case(said.trim()));
        if found.is_none() {
            let help = match said.as_str() {
                "body" | "formData" => "OpenAPI 3 describes bodies in `requestBody`",
                _ => "parameters travel in path, query, header or cookie",
            };
            self.fault(
                Code::WrongType,
                &node.at.join("in"),
                format!("there is no location `{said}`"),
                help,
            );
        }
        found
    }

    /// How a value becomes text. A style that its location does not have gives way to the location's own.
    fn style(&self, node: &Node<'d>, place: &str, out: &mut Object) {
        let mut explode = self.flag(node, "explode");
        let known: &[&str] = match place {
            "path" => &["simple", "label", "matrix"],
            "query" => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
            "header" => &["simple"],
            _ => &["form"],
        };
        let style = self.text(node, "style").filter(|style| !style.is_empty());
        match style {
            Some(style) if known.contains(&style.as_str()) => {
                out.insert("style".to_owned(), style.into());
            }
            // Commas between values are what `simple` means, and in a query that is an unexploded form.
            Some(style) if is_style(&style) => {
                explode = explode.or((place == "query").then_some(false))
            }
            Some(style) => {
                let message = format!("there is no style `{style}`");
                let help = format!("in {place}, the styles are {}", known.join(", "));
                self.fault(Code::WrongType, &node.at.join("style"), message, &help);
            }
            None => {}
        }
        put(out, "explode", explode);
        if place == "query" {
            for key in ["allowReserved", "allowEmptyValue"] {
                put(out, key, self.flag(node, key).filter(|set| *set));
            }
        }
    }

    /// `schema` or `content`; one of the two is always there.
    pub(super) fn value(&mut self, node: &Node<'d>, out: &mut Object) {
        let content = self.content(node);
        if let Some((media_type, media)) = content.into_iter().next() {
            out.insert("content".to_owned(), json!({ media_type: media }));
        } else if let Some(schema) = self.schema_at(node, "schema") {
            out.insert("schema".to_owned(), schema);
        } else {
            // 2.0 had the keywords of the schema beside the name.
            let bare = node.get("type").is_some_and(|kind| kind.value.is_string())
                && node.get("in").is_some();
            let schema = if bare {
                self.flat_schema(node)
            } else {
                string_schema(&node.at)
            };
            out.insert("schema".to_owned(), schema);
        }
    }

    fn flat_schema(&mut self, node: &Node<'d>) -> Value {
        let mut schema = self.schema_in_place(node);
        if let Value::Object(schema) = &mut schema {
            // These are the parameter's own.
            for key in ["description", "deprecated", "required"] {
                schema.remove(key);
            }
        }
        schema
    }
}

/// What a value is that the document says nothing about.
fn string_schema(at: &Pointer) -> Value {
    json!({ "type": "string", AT: at.0 })
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

/// Whether two parameters are the same: headers do not tell case.
fn same(a: &Value, b: &Value) -> bool {
    let place = a.get("in");
    if place != b.get("in") {
        return false;
    }
    let name = |parameter: &Value| {
        parameter
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    match place.and_then(Value::as_str) {
        Some("header") => name(a).eq_ignore_ascii_case(&name(b)),
        _ => name(a) == name(b),
    }
}
