//! The document as a whole: version, info, servers, tags, components.

use serde_json::Value;

use super::read::{Node, as_text};
use super::{AT, Cx, Object, node_at, put};
use crate::diag::Code;

/// The version that canonical documents say they are.
const CANONICAL: &str = "3.0.3";

impl<'d> Cx<'d> {
    /// The canonical form of the whole document.
    pub(super) fn document(&mut self) -> Value {
        let root = self.root.clone();
        if self.object(&root, "an OpenAPI document").is_none() || !self.is_supported(&root) {
            return Value::Null;
        }
        let mut out = Object::new();
        out.insert("openapi".to_owned(), CANONICAL.into());
        out.insert("info".to_owned(), self.info(&root));
        put(&mut out, "servers", self.servers(&root));
        put(&mut out, "tags", self.tags(&root));
        put(&mut out, "security", self.requirements(&root));
        out.insert("paths".to_owned(), self.paths(&root));
        out.insert("components".to_owned(), self.components(&root));
        Value::Object(out)
    }

    fn is_supported(&self, root: &Node<'d>) -> bool {
        if let Some(swagger) = root.get("swagger") {
            let version = as_text(swagger.value).unwrap_or_default();
            let help = "convert it to OpenAPI 3 first, for example with `npx swagger2openapi`";
            self.fault(
                Code::UnsupportedVersion,
                &swagger.at,
                format!("this is Swagger {version}"),
                help,
            );
            return false;
        }
        let Some(said) = root.get("openapi") else {
            let help = "an OpenAPI document starts with `openapi: 3.0.x` or `openapi: 3.1.x`";
            self.fault(
                Code::UnsupportedVersion,
                &root.at,
                "the document does not say that it is OpenAPI",
                help,
            );
            return false;
        };
        // YAML reads `openapi: 3.1` as a number.
        let version = as_text(said.value).unwrap_or_default();
        let supported = ["3.0", "3.1"]
            .iter()
            .any(|known| version.trim().starts_with(known))
            || version == "3";
        if !supported {
            let message = format!("OpenAPI {version} is not supported");
            self.fault(
                Code::UnsupportedVersion,
                &said.at,
                message,
                "the generator reads OpenAPI 3.0 and 3.1",
            );
        }
        supported
    }

    fn info(&self, root: &Node<'d>) -> Value {
        let mut out = Object::new();
        let info = self.object_at(root, "info");
        for key in ["title", "version"] {
            let text = info.as_ref().and_then(|info| self.text(info, key));
            out.insert(key.to_owned(), text.unwrap_or_default().into());
        }
        if let Some(info) = &info {
            self.prose(info, &["description"], &mut out);
            // 3.0 has no place for it.
            put(&mut out, "x-summary", self.text(info, "summary"));
        }
        Value::Object(out)
    }

    /// The base URLs at `servers`, if it is there.
    pub(super) fn servers(&self, parent: &Node<'d>) -> Option<Vec<Value>> {
        parent.get("servers")?;
        let servers = self.list_at(parent, "servers");
        Some(
            servers
                .iter()
                .filter_map(|server| self.server(server))
                .collect(),
        )
    }

    fn server(&self, node: &Node<'d>) -> Option<Value> {
        if let Value::String(url) = node.value {
            return Some(serde_json::json!({ "url": url }));
        }
        self.object(node, "a server")?;
        let mut out = Object::new();
        out.insert(
            "url".to_owned(),
            self.needed(node, "url", "the server")?.into(),
        );
        self.prose(node, &["description"], &mut out);
        let mut variables = Object::new();
        for (name, variable) in self
            .object_at(node, "variables")
            .iter()
            .flat_map(Node::entries)
        {
            let values = self.list_at(&variable, "enum");
            let values: Vec<String> = values
                .iter()
                .filter_map(|value| as_text(value.value))
                .collect();
            let default = self
                .text(&variable, "default")
                .or_else(|| values.first().cloned());
            let mut entry = Object::new();
            entry.insert("default".to_owned(), default.unwrap_or_default().into());
            put(&mut entry, "enum", (!values.is_empty()).then_some(values));
            self.prose(&variable, &["description"], &mut entry);
            variables.insert(name.to_owned(), Value::Object(entry));
        }
        put(
            &mut out,
            "variables",
            (!variables.is_empty()).then_some(variables),
        );
        Some(Value::Object(out))
    }

    fn tags(&self, root: &Node<'d>) -> Option<Vec<Value>> {
        let tags = self.list_at(root, "tags");
        let tags = tags
            .iter()
            .filter_map(|tag| self.tag(tag))
            .collect::<Vec<_>>();
        (!tags.is_empty()).then_some(tags)
    }

    fn tag(&self, node: &Node<'d>) -> Option<Value> {
        let mut out = node_at(&node.at);
        match as_text(node.value) {
            Some(name) => out.insert("name".to_owned(), name.into()),
            None => {
                self.object(node, "a tag")?;
                let name = self.needed(node, "name", "the tag")?;
                self.prose(node, &["description"], &mut out);
                out.insert("name".to_owned(), name.into())
            }
        };
        Some(Value::Object(out))
    }

    /// The map at `key`. Nothing in it can be called `$ref`: some write the map itself elsewhere.
    pub(super) fn section(&self, parent: &Node<'d>, key: &str) -> Option<Node<'d>> {
        let node = self.object_at(parent, key)?;
        match node.raw("$ref").filter(|said| said.value.is_string()) {
            Some(reference) => self.target(&reference),
            None => Some(node),
        }
    }

    /// Schemas and security schemes; other components stand where they are used.
    fn components(&mut self, root: &Node<'d>) -> Value {
        let components = self.object_at(root, "components");
        let said = components
            .as_ref()
            .and_then(|components| self.section(components, "schemas"));
        let mut schemas = Object::new();
        for (name, schema) in said.iter().flat_map(Node::entries) {
            schemas.insert(name.to_owned(), self.schema_in_place(&schema));
        }
        // Reading one may ask for others.
        while let Some((name, at)) = self.hoisted.pop() {
            if let Some(value) = self.root.value.pointer(at.0.trim_start_matches('#')) {
                let schema = self.schema_in_place(&Node::new(value, at));
                schemas.insert(name, schema);
            }
        }
        self.check_cycles(&schemas);
        let mut out = Object::new();
        put(
            &mut out,
            "schemas",
            (!schemas.is_empty()).then_some(schemas),
        );
        let schemes = components
            .as_ref()
            .and_then(|components| self.security_schemes(components));
        put(&mut out, "securitySchemes", schemes);
        Value::Object(out)
    }
}

/// Where a canonical node came from.
pub(super) fn place_of(node: &Value) -> Option<&str> {
    node.get(AT).and_then(Value::as_str)
}
