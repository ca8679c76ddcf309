//! Security schemes.

use serde_json::Value;

use super::convert::{Converter, Object, Source, object};
use crate::ir::Pointer;

impl<'d> Converter<'d> {
    pub(super) fn security_scheme(&mut self, scheme: &Source<'d>, at: &Pointer) -> Object {
        self.mount(at, scheme);
        match scheme.text("type") {
            Some("basic") => {
                let mut out = scheme.without(&["type"]);
                out.insert("type".to_owned(), "http".into());
                out.insert("scheme".to_owned(), "basic".into());
                out
            }
            Some("oauth2") => {
                let moved = ["flow", "authorizationUrl", "tokenUrl", "scopes"];
                let mut out = scheme.without(&moved);
                let flow = self.oauth_flow(scheme, at);
                out.insert("flows".to_owned(), flow.into());
                out
            }
            _ => scheme.without(&[]),
        }
    }

    fn oauth_flow(&mut self, scheme: &Source<'d>, at: &Pointer) -> Object {
        let name = match scheme.text("flow") {
            Some("implicit") => "implicit",
            Some("password") => "password",
            Some("application") => "clientCredentials",
            Some("accessCode") => "authorizationCode",
            other => {
                let message = format!("unknown OAuth 2 flow `{}`", other.unwrap_or_default());
                let help = "use implicit, password, application or accessCode";
                let source = scheme.get("flow").unwrap_or_else(|| scheme.clone());
                self.report(&at.join("flows"), &source, message, help);
                return Object::new();
            }
        };
        let mut flow = Object::new();
        for key in ["authorizationUrl", "tokenUrl", "scopes"] {
            if let Some(value) = scheme.value.get(key) {
                flow.insert(key.to_owned(), value.clone());
            }
        }
        flow.entry("scopes")
            .or_insert_with(|| Value::Object(Object::new()));
        object(name, flow)
    }
}
