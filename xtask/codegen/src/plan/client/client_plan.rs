//! The planned client.

use crate::config::BaseUrl;
use crate::ir::SecuritySchemeKind;

/// The client.
#[derive(Clone, Debug)]
pub struct ClientPlan {
    /// The servers, the default one first.
    pub servers: Vec<ServerPlan>,
    /// The environment variables of the base URL.
    pub base_url: BaseUrl,
    /// The security schemes; the first is the one of `Client::new`.
    pub schemes: Vec<SecuritySchemePlan>,
    /// The response headers with the id of the request.
    pub request_id_headers: Vec<String>,
    /// The documentation of the environment variables.
    pub env_docs: Vec<String>,
    /// The documentation of credentials.
    pub auth_docs: Vec<String>,
}

/// A server.
#[derive(Clone, Debug)]
pub struct ServerPlan {
    /// The name of its constant.
    pub constant: String,
    /// Its name.
    pub name: String,
    /// Its base URL.
    pub url: String,
    /// The prefix of API keys that belong to it.
    pub key_prefix: Option<String>,
}

/// A security scheme.
#[derive(Clone, Debug)]
pub struct SecuritySchemePlan {
    /// The name of its constant.
    pub constant: String,
    /// Its key in the document.
    pub id: String,
    /// Its kind.
    pub kind: SecuritySchemeKind,
    /// The text before the key in the header.
    pub prefix: String,
    /// The environment variables of the credential, or of the user name.
    pub env: Vec<String>,
    /// The environment variables of the password.
    pub password_env: Vec<String>,
}

/// The arguments of `Client::new`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientConstructor {
    /// An API key.
    ApiKey,
    /// A user name and a password.
    BasicAuth,
}

impl ClientPlan {
    /// Returns the arguments of `Client::new`; `None` if there is no such constructor, because there are no credentials.
    pub fn constructor(&self) -> Option<ClientConstructor> {
        let kinds = || self.schemes.iter().map(|scheme| &scheme.kind);
        if kinds().any(|kind| {
            !matches!(
                kind,
                SecuritySchemeKind::Basic | SecuritySchemeKind::Other(_)
            )
        }) {
            return Some(ClientConstructor::ApiKey);
        }
        let has_basic = kinds().any(|kind| *kind == SecuritySchemeKind::Basic);
        has_basic.then_some(ClientConstructor::BasicAuth)
    }
}
