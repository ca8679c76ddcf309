//! Normalizes servers.

use serde_json::Value;

use super::canonical::{Object, insert_some};
use super::node::{Node, scalar_to_string};
use super::normalizer::Normalizer;
use crate::diag::Code;
use crate::http_names::has_user_info;
use crate::ir::Pointer;

impl<'d> Normalizer<'d> {
    /// Returns the canonical `servers`, if the key exists.
    pub(super) fn normalize_servers(&self, parent: &Node<'d>) -> Option<Vec<Value>> {
        parent.get("servers")?;
        let servers = self.optional_list(parent, "servers");
        let is_document = parent.at == Pointer::root();
        for (index, server) in servers.iter().enumerate() {
            self.add_unused_server(server, is_document, index);
        }
        Some(
            servers
                .iter()
                .filter_map(|server| self.normalize_server(server))
                .collect(),
        )
    }

    /// Notes what of a server with a relative URL is not generated. The URL of a document is unknown; the first server of an
    /// operation is resolved against the base URL of the client, its variables are not offered.
    fn add_unused_server(&self, server: &Node<'d>, is_document: bool, index: usize) {
        let url = server.get("url");
        let is_relative = |url: &Node<'_>| url.value.as_str().is_some_and(is_relative);
        let Some(url) = url.filter(is_relative) else {
            return;
        };
        if is_document || index > 0 {
            self.add_unused(url.at);
        } else if let Some(variables) = server.get("variables") {
            self.add_unused(variables.at);
        }
    }

    fn normalize_server(&self, node: &Node<'d>) -> Option<Value> {
        if let Value::String(url) = node.value {
            self.check_user_info(&node.at, url)?;
            return Some(serde_json::json!({ "url": url }));
        }
        self.expect_object(node, "a server")?;
        let mut out = Object::new();
        let url = self.required_string(node, "url", "the server")?;
        let has_host = node.at.0.starts_with("#/servers/") && url.starts_with("//");
        let url = if has_host {
            format!("https:{url}")
        } else {
            url
        };
        self.check_user_info(&node.at.join("url"), &url)?;
        out.insert("url".to_owned(), url.clone().into());
        self.copy_strings(node, &["description"], &mut out);
        // The plan names a server by its description, for which 3.2 has a key of its own.
        insert_some(&mut out, "description", self.optional_string(node, "name"));
        let mut variables = Object::new();
        for (name, variable) in self
            .optional_object(node, "variables")
            .iter()
            .flat_map(Node::sorted_entries)
        {
            let values = self.optional_list(&variable, "enum");
            let values: Vec<String> = values
                .iter()
                .filter_map(|value| scalar_to_string(value.value))
                .collect();
            let default = self
                .optional_string(&variable, "default")
                .or_else(|| values.first().cloned());
            for value in values.iter().chain(&default) {
                let url = url.replace(&format!("{{{name}}}"), value);
                self.check_user_info(&variable.at, &url)?;
            }
            let mut entry = Object::new();
            entry.insert(
                "default".to_owned(),
                default.clone().unwrap_or_default().into(),
            );
            if default.is_none() {
                self.report_variable(&variable.at, name);
            }
            insert_some(&mut entry, "enum", (!values.is_empty()).then_some(values));
            self.copy_strings(&variable, &["description"], &mut entry);
            variables.insert(name.to_owned(), Value::Object(entry));
        }
        self.declare_variables(node, &url, &mut variables);
        insert_some(
            &mut out,
            "variables",
            (!variables.is_empty()).then_some(variables),
        );
        Some(Value::Object(out))
    }

    /// Adds the variables of a URL that the server does not declare.
    fn declare_variables(&self, node: &Node<'d>, url: &str, variables: &mut Object) {
        let mut rest = url;
        while let Some((_, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else {
                break;
            };
            rest = after;
            if !variables.contains_key(name) {
                self.report_variable(&node.at.join("url"), name);
                variables.insert(name.to_owned(), serde_json::json!({ "default": "" }));
            }
        }
    }

    fn report_variable(&self, at: &Pointer, name: &str) {
        let message = format!("the variable `{name}` has no default; it is empty unless it is set");
        let help = "declare the variable with a `default`";
        self.report(Code::UndeclaredServerVariable, at, message, help);
    }

    /// Reports a URL with a user name or a password: it would be sent to every server that the caller names.
    fn check_user_info(&self, at: &Pointer, url: &str) -> Option<()> {
        if !has_user_info(url) {
            return Some(());
        }
        let message = "the URL of a server must not have a user name or a password";
        let help = "remove them in overlay.yaml, and declare a security scheme `http` with `scheme: basic`";
        self.report(Code::UnsupportedSecurity, at, message, help);
        None
    }
}

/// Returns whether a URL has no host of its own.
fn is_relative(url: &str) -> bool {
    let has_host = url.contains("://") || url.starts_with("//");
    !has_host && !url.starts_with('{')
}
