//! Normalizes security schemes and security requirements.

use serde_json::{Value, json};

use super::canonical::{Object, canonical_node, insert_some};
use super::node::Node;
use super::normalizer::Normalizer;
use super::resolve::unescape;
use crate::diag::Code;
use crate::http_names::{is_owned_header, is_token};

impl<'d> Normalizer<'d> {
    /// Returns the canonical `security`, if the key exists. An empty list means that no credentials are needed.
    pub(super) fn normalize_requirements(&self, parent: &Node<'d>) -> Option<Vec<Value>> {
        parent.get("security")?;
        let alternatives = self.optional_list(parent, "security");
        Some(
            alternatives
                .iter()
                .filter_map(|alternative| self.normalize_requirement(alternative))
                .collect(),
        )
    }

    fn normalize_requirement(&self, node: &Node<'d>) -> Option<Value> {
        self.expect_object(node, "a security requirement")?;
        let mut out = Object::new();
        for (scheme, scopes) in node.sorted_entries() {
            let scopes = scopes.items().filter(|scope| scope.value.is_string());
            // Since 3.2, a scheme can be referred to by a URI, too.
            let scheme = scheme
                .strip_prefix("#/components/securitySchemes/")
                .map_or_else(|| scheme.to_owned(), unescape);
            out.insert(scheme, scopes.map(|scope| scope.value.clone()).collect());
        }
        Some(Value::Object(out))
    }

    /// Returns the canonical security schemes, if there are any.
    pub(super) fn normalize_security_schemes(&self, components: &Node<'d>) -> Option<Object> {
        let schemes = self.component_section(components, "securitySchemes")?;
        let mut out = Object::new();
        for (name, scheme) in schemes.sorted_entries() {
            if let Some(scheme) = self.normalize_security_scheme(&scheme) {
                out.insert(name.to_owned(), scheme);
            }
        }
        (!out.is_empty()).then_some(out)
    }

    fn normalize_security_scheme(&self, node: &Node<'d>) -> Option<Value> {
        let (node, overrides) = self.dereference(node.clone())?;
        self.expect_object(&node, "a security scheme")?;
        let kind = self.required_string(&node, "type", "the security scheme")?;
        let mut out = canonical_node(&node.at);
        self.copy_strings(&node, &["description"], &mut out);
        out.extend(
            overrides
                .into_iter()
                .filter(|(key, _)| key == "description"),
        );
        match kind.to_ascii_lowercase().as_str() {
            "apikey" => {
                let name = self.required_string(&node, "name", "the security scheme");
                let location = self.api_key_location(&node);
                let (name, location) = (name?, location?);
                self.check_api_key_name(&node, &name, location)?;
                out.insert("type".to_owned(), "apiKey".into());
                out.insert("name".to_owned(), name.into());
                out.insert("in".to_owned(), location.into());
            }
            "oauth2" => {
                out.insert("type".to_owned(), "oauth2".into());
                out.insert("flows".to_owned(), self.normalize_flows(&node));
            }
            "openidconnect" => {
                let url = self
                    .optional_string(&node, "openIdConnectUrl")
                    .unwrap_or_default();
                out.insert("type".to_owned(), "openIdConnect".into());
                out.insert("openIdConnectUrl".to_owned(), url.into());
            }
            "http" => {
                let bearer = self.optional_string(&node, "bearerFormat");
                let scheme = match (self.optional_string(&node, "scheme"), &bearer) {
                    (None, Some(_)) => Some("bearer".to_owned()),
                    (None, None) => self.required_string(&node, "scheme", "the security scheme"),
                    (Some(scheme), _) => Some(scheme),
                };
                let scheme = scheme?.to_ascii_lowercase();
                if !matches!(scheme.as_str(), "basic" | "bearer") {
                    self.add_unused(node.at.join("scheme"));
                }
                out.insert("type".to_owned(), "http".into());
                out.insert("scheme".to_owned(), scheme.into());
                insert_some(&mut out, "bearerFormat", bearer);
            }
            // 3.0 has no other types, but allows unknown HTTP schemes, whose names are documented for callers.
            _ => {
                self.add_unused(node.at.join("type"));
                out.insert("type".to_owned(), "http".into());
                out.insert("scheme".to_owned(), kind.into());
            }
        }
        Some(Value::Object(out))
    }

    /// Reports an API key that no client can send.
    fn check_api_key_name(&self, node: &Node<'d>, name: &str, location: &str) -> Option<()> {
        let is_valid = match location {
            "header" => is_token(name) && !is_owned_header(name),
            "cookie" => is_token(name),
            _ => true,
        };
        if is_valid {
            return Some(());
        }
        let shown = name.escape_debug();
        let message = format!("an API key cannot be sent in the {location} `{shown}`");
        let help = "correct the name in overlay.yaml: letters, digits and `-`, and no header that HTTP needs itself";
        self.report(
            Code::UnsupportedSecurity,
            &node.at.join("name"),
            message,
            help,
        );
        None
    }

    fn api_key_location(&self, node: &Node<'d>) -> Option<&'static str> {
        let text = self.required_string(node, "in", "the security scheme")?;
        let location = ["header", "query", "cookie"]
            .into_iter()
            .find(|location| location.eq_ignore_ascii_case(text.trim()));
        if location.is_none() {
            let message = format!("unknown location `{text}` of an API key");
            self.report(
                Code::WrongType,
                &node.at.join("in"),
                message,
                "use header, query or cookie",
            );
        }
        location
    }

    /// Returns the canonical OAuth 2 flows. Missing URLs become empty: a client gets a token and never uses the flows.
    fn normalize_flows(&self, node: &Node<'d>) -> Value {
        let mut out = Object::new();
        for (flow, node) in self
            .optional_object(node, "flows")
            .iter()
            .flat_map(Node::sorted_entries)
        {
            let urls: &[&str] = match flow {
                "implicit" => &["authorizationUrl"],
                "password" | "clientCredentials" => &["tokenUrl"],
                "authorizationCode" => &["authorizationUrl", "tokenUrl"],
                _ => continue,
            };
            let mut entry = Object::new();
            for url in urls {
                entry.insert(
                    (*url).to_owned(),
                    self.optional_string(&node, url).unwrap_or_default().into(),
                );
            }
            insert_some(
                &mut entry,
                "refreshUrl",
                self.optional_string(&node, "refreshUrl"),
            );
            entry.insert("scopes".to_owned(), json!({}));
            out.insert(flow.to_owned(), Value::Object(entry));
        }
        Value::Object(out)
    }
}
