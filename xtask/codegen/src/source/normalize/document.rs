//! Normalizes the root of the document: version, info, servers, tags, components.

use serde_json::Value;

use super::canonical::{Object, canonical_node, insert_some};
use super::node::{Node, scalar_to_string};
use super::normalizer::Normalizer;
use crate::diag::Code;

/// The OpenAPI version of canonical documents.
const CANONICAL_VERSION: &str = "3.0.3";

impl<'d> Normalizer<'d> {
    /// Returns the canonical document, if its version is supported.
    pub(super) fn normalize_document(&mut self) -> Option<Value> {
        let root = self.root.clone();
        if self.expect_object(&root, "an OpenAPI document").is_none() || !self.check_version(&root)
        {
            return None;
        }
        let mut out = Object::new();
        out.insert("openapi".to_owned(), CANONICAL_VERSION.into());
        out.insert("info".to_owned(), self.normalize_info(&root));
        insert_some(&mut out, "servers", self.normalize_servers(&root));
        insert_some(&mut out, "tags", self.normalize_tags(&root));
        insert_some(&mut out, "security", self.normalize_requirements(&root));
        out.insert("paths".to_owned(), self.normalize_paths(&root));
        self.collect_webhooks(&root);
        let payloads = std::mem::take(&mut self.payloads);
        insert_some(
            &mut out,
            "x-payloads",
            (!payloads.is_empty()).then_some(payloads),
        );
        out.insert("components".to_owned(), self.normalize_components(&root));
        let unused = self.unused_parts.take();
        let unused: Vec<String> = unused.into_iter().map(|at| at.0).collect();
        insert_some(
            &mut out,
            "x-unused-parts",
            (!unused.is_empty()).then_some(unused),
        );
        Some(Value::Object(out))
    }

    /// Returns whether the version is supported. Reports other versions.
    fn check_version(&mut self, root: &Node<'d>) -> bool {
        if let Some(swagger) = root.get("swagger") {
            let version = scalar_to_string(swagger.value).unwrap_or_default();
            let help = "convert the document to OpenAPI 3, for example with `npx swagger2openapi`";
            self.report(
                Code::UnsupportedVersion,
                &swagger.at,
                format!("Swagger {version} is not supported"),
                help,
            );
            return false;
        }
        let Some(openapi) = root.get("openapi") else {
            let help = "start an OpenAPI document with `openapi: 3.0.x`, `3.1.x` or `3.2.x`";
            self.report(
                Code::UnsupportedVersion,
                &root.at,
                "the document has no OpenAPI version",
                help,
            );
            return false;
        };
        // YAML parses `openapi: 3.1` as a number.
        let version = scalar_to_string(openapi.value).unwrap_or_default();
        let is_supported = ["3.0", "3.1", "3.2"]
            .iter()
            .any(|known| version.trim().starts_with(known))
            || version == "3";
        self.is_v32 = version.trim().starts_with("3.2");
        self.is_v30 = version.trim().starts_with("3.0");
        if !is_supported {
            let message = format!("OpenAPI {version} is not supported");
            self.report(
                Code::UnsupportedVersion,
                &openapi.at,
                message,
                "use OpenAPI 3.0, 3.1 or 3.2",
            );
        }
        is_supported
    }

    fn normalize_info(&self, root: &Node<'d>) -> Value {
        let mut out = Object::new();
        let info = self.optional_object(root, "info");
        for key in ["title", "version"] {
            let text = info
                .as_ref()
                .and_then(|info| self.optional_string(info, key));
            out.insert(key.to_owned(), text.unwrap_or_default().into());
        }
        if let Some(info) = &info {
            self.copy_strings(info, &["description"], &mut out);
            // `info.summary` does not exist in 3.0.
            insert_some(&mut out, "x-summary", self.optional_string(info, "summary"));
        }
        Value::Object(out)
    }

    fn normalize_tags(&self, root: &Node<'d>) -> Option<Vec<Value>> {
        let tags = self.optional_list(root, "tags");
        let tags = tags
            .iter()
            .filter_map(|tag| self.normalize_tag(tag))
            .collect::<Vec<_>>();
        (!tags.is_empty()).then_some(tags)
    }

    fn normalize_tag(&self, node: &Node<'d>) -> Option<Value> {
        let mut out = canonical_node(&node.at);
        match scalar_to_string(node.value) {
            Some(name) => out.insert("name".to_owned(), name.into()),
            None => {
                self.expect_object(node, "a tag")?;
                let name = self.required_string(node, "name", "the tag")?;
                self.copy_strings(node, &["description"], &mut out);
                for key in ["kind", "parent", "summary"] {
                    let text = self.optional_string(node, key).filter(|_| self.is_v32);
                    insert_some(&mut out, &format!("x-{key}"), text);
                }
                out.insert("name".to_owned(), name.into())
            }
        };
        Some(Value::Object(out))
    }

    /// Returns the map at `key`. Some documents replace the whole map by a reference.
    pub(super) fn component_section(&self, parent: &Node<'d>, key: &str) -> Option<Node<'d>> {
        let node = self.optional_object(parent, key)?;
        match node.reference_node().filter(|node| node.value.is_string()) {
            Some(reference) => self.resolve_target(&reference),
            None => Some(node),
        }
    }

    /// Returns schemas and security schemes. Other components are inlined where they are used.
    fn normalize_components(&mut self, root: &Node<'d>) -> Value {
        let components = self.optional_object(root, "components");
        let source_schemas = components
            .as_ref()
            .and_then(|components| self.component_section(components, "schemas"));
        let mut schemas = Object::new();
        for (name, schema) in source_schemas.iter().flat_map(Node::sorted_entries) {
            schemas.insert(name.to_owned(), self.inline_schema(&schema));
        }
        // A hoisted schema may refer to other ones.
        while let Some((name, at)) = self.hoisted.next_schema() {
            if let Some(value) = at.value_in(self.root.value) {
                let schema = self.inline_schema(&Node::new(value, at));
                schemas.insert(name, schema);
            }
        }
        schemas.extend(std::mem::take(&mut self.parent_components));
        schemas.sort_keys();
        self.break_cycles(&mut schemas);
        let mut out = Object::new();
        insert_some(
            &mut out,
            "schemas",
            (!schemas.is_empty()).then_some(schemas),
        );
        let schemes = components
            .as_ref()
            .and_then(|components| self.normalize_security_schemes(components));
        insert_some(&mut out, "securitySchemes", schemes);
        Value::Object(out)
    }
}
