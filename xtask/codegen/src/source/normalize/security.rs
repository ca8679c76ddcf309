//! Security schemes, and which of them an operation asks for.

use serde_json::{Value, json};

use super::read::Node;
use super::{Cx, Object, node_at, put};
use crate::diag::Code;

impl<'d> Cx<'d> {
    /// The alternatives at `security`, if it is there. An empty list is not the same as none.
    pub(super) fn requirements(&self, parent: &Node<'d>) -> Option<Vec<Value>> {
        parent.get("security")?;
        let alternatives = self.list_at(parent, "security");
        Some(
            alternatives
                .iter()
                .filter_map(|alternative| self.requirement(alternative))
                .collect(),
        )
    }

    fn requirement(&self, node: &Node<'d>) -> Option<Value> {
        self.object(node, "a security requirement")?;
        let mut out = Object::new();
        for (scheme, scopes) in node.entries() {
            let scopes = scopes.items().filter(|scope| scope.value.is_string());
            out.insert(
                scheme.to_owned(),
                scopes.map(|scope| scope.value.clone()).collect(),
            );
        }
        Some(Value::Object(out))
    }

    /// The security schemes, if there are any.
    pub(super) fn security_schemes(&self, components: &Node<'d>) -> Option<Object> {
        let said = self.section(components, "securitySchemes")?;
        let mut out = Object::new();
        for (name, scheme) in said.entries() {
            if let Some(scheme) = self.security_scheme(&scheme) {
                out.insert(name.to_owned(), scheme);
            }
        }
        (!out.is_empty()).then_some(out)
    }

    fn security_scheme(&self, node: &Node<'d>) -> Option<Value> {
        let (node, words) = self.deref(node.clone())?;
        self.object(&node, "a security scheme")?;
        let kind = self.needed(&node, "type", "the security scheme")?;
        let mut out = node_at(&node.at);
        self.prose(&node, &["description"], &mut out);
        out.extend(words.into_iter().filter(|(key, _)| key == "description"));
        match kind.to_ascii_lowercase().as_str() {
            "apikey" => {
                let name = self.needed(&node, "name", "the security scheme");
                let place = self.key_location(&node);
                out.insert("type".to_owned(), "apiKey".into());
                out.insert("name".to_owned(), name?.into());
                out.insert("in".to_owned(), place?.into());
            }
            "oauth2" => {
                out.insert("type".to_owned(), "oauth2".into());
                out.insert("flows".to_owned(), self.flows(&node));
            }
            "openidconnect" => {
                let url = self.text(&node, "openIdConnectUrl").unwrap_or_default();
                out.insert("type".to_owned(), "openIdConnect".into());
                out.insert("openIdConnectUrl".to_owned(), url.into());
            }
            "http" => {
                let bearer = self.text(&node, "bearerFormat");
                let scheme = match (self.text(&node, "scheme"), &bearer) {
                    (None, Some(_)) => Some("bearer".to_owned()),
                    (None, None) => self.needed(&node, "scheme", "the security scheme"),
                    (Some(scheme), _) => Some(scheme),
                };
                out.insert("type".to_owned(), "http".into());
                out.insert("scheme".to_owned(), scheme?.to_ascii_lowercase().into());
                put(&mut out, "bearerFormat", bearer);
            }
            // 3.0 knows no other types, but leaves room for schemes that nobody knows: what is written there is told
            // to whoever has to send the credential.
            _ => {
                out.insert("type".to_owned(), "http".into());
                out.insert("scheme".to_owned(), kind.into());
            }
        }
        Some(Value::Object(out))
    }

    fn key_location(&self, node: &Node<'d>) -> Option<&'static str> {
        let said = self.needed(node, "in", "the security scheme")?;
        let found = ["header", "query", "cookie"]
            .into_iter()
            .find(|place| place.eq_ignore_ascii_case(said.trim()));
        if found.is_none() {
            let message = format!("there is no location `{said}`");
            self.fault(
                Code::WrongType,
                &node.at.join("in"),
                message,
                "keys travel in header, query or cookie",
            );
        }
        found
    }

    /// The flows of OAuth 2. A client is handed a token whichever flow it came from, so what is missing is made up.
    fn flows(&self, node: &Node<'d>) -> Value {
        let mut out = Object::new();
        for (flow, said) in self.object_at(node, "flows").iter().flat_map(Node::entries) {
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
                    self.text(&said, url).unwrap_or_default().into(),
                );
            }
            put(&mut entry, "refreshUrl", self.text(&said, "refreshUrl"));
            entry.insert("scopes".to_owned(), json!({}));
            out.insert(flow.to_owned(), Value::Object(entry));
        }
        Value::Object(out)
    }
}
