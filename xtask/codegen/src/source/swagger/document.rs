//! The root of the document: servers, components, paths.

use serde_json::Value;

use super::convert::{Converter, Object, Source, object, strings};
use super::parameter::Kind;
use crate::ir::Pointer;

/// Keys of the root that are converted.
const CONVERTED: &[&str] = &[
    "swagger",
    "host",
    "basePath",
    "schemes",
    "consumes",
    "produces",
    "paths",
    "definitions",
    "parameters",
    "responses",
    "securityDefinitions",
];

impl<'d> Converter<'d> {
    /// Returns the document as OpenAPI 3.0.
    pub(super) fn convert_document(&mut self) -> Value {
        let root = Source {
            value: self.root,
            at: Pointer::root(),
        };
        let mut out = object("openapi", "3.0.3");
        out.extend(root.without(CONVERTED));
        let servers = self.servers(&root, &Pointer::root());
        if !servers.is_empty() {
            out.insert("servers".to_owned(), servers.into());
        }
        let paths = self.paths(&root);
        out.insert("paths".to_owned(), paths.into());
        let components = self.components(&root);
        out.insert("components".to_owned(), components.into());
        Value::Object(out)
    }

    /// Returns the servers for the schemes of the document or of an operation. https comes first.
    pub(super) fn servers(&mut self, node: &Source<'d>, at: &Pointer) -> Vec<Value> {
        let text = |key| self.root.get(key).and_then(Value::as_str);
        let path = text("basePath").unwrap_or_default().trim_end_matches('/');
        let Some(host) = text("host") else {
            return match path {
                "" => Vec::new(),
                path => vec![object("url", path).into()],
            };
        };
        let mut schemes = strings(node.value.get("schemes")).unwrap_or_default();
        if schemes.is_empty() {
            schemes.push("https");
        }
        schemes.sort_by_key(|scheme| *scheme != "https");
        let mut servers = Vec::new();
        for scheme in schemes {
            if !matches!(scheme, "http" | "https") {
                let message = format!("the scheme `{scheme}` is not supported");
                let source = node.get("schemes").unwrap_or_else(|| node.clone());
                self.report(&at.join("servers"), &source, message, "use http or https");
                continue;
            }
            servers.push(object("url", format!("{scheme}://{host}{path}")).into());
        }
        servers
    }

    fn paths(&mut self, root: &Source<'d>) -> Object {
        let mut out = Object::new();
        let Some(paths) = root.get("paths") else {
            return out;
        };
        for (path, item) in paths.members() {
            let at = Pointer::root().join("paths").join(path);
            let converted = match item.value.is_object() {
                true => self.path_item(&item, &at).into(),
                false => item.value.clone(),
            };
            out.insert(path.to_owned(), converted);
        }
        out
    }

    fn components(&mut self, root: &Source<'d>) -> Object {
        let mut out = Object::new();
        let components = Pointer::root().join("components");
        if let Some(definitions) = root.get("definitions") {
            self.mount(&components.join("schemas"), &definitions);
            out.insert("schemas".to_owned(), definitions.value.clone());
        }
        let mut parameters = Object::new();
        for (name, parameter) in root.get("parameters").iter().flat_map(Source::members) {
            let at = components.join("parameters").join(name);
            // Others become part of the request bodies of the operations that refer to them.
            if self.kind(&parameter) == Kind::Parameter {
                let converted = self.parameter(&parameter, &at);
                parameters.insert(name.to_owned(), converted);
            }
        }
        let mut responses = Object::new();
        for (name, response) in root.get("responses").iter().flat_map(Source::members) {
            let at = components.join("responses").join(name);
            let produces = strings(root.value.get("produces"));
            let converted = self.response(&response, produces.as_deref(), &at);
            responses.insert(name.to_owned(), converted);
        }
        let mut schemes = Object::new();
        for (name, scheme) in root
            .get("securityDefinitions")
            .iter()
            .flat_map(Source::members)
        {
            let at = components.join("securitySchemes").join(name);
            let converted = self.security_scheme(&scheme, &at);
            schemes.insert(name.to_owned(), converted.into());
        }
        for (key, section) in [
            ("parameters", parameters),
            ("responses", responses),
            ("securitySchemes", schemes),
        ] {
            if !section.is_empty() {
                out.insert(key.to_owned(), section.into());
            }
        }
        out
    }
}
