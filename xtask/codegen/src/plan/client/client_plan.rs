//! The planned client.

use crate::config::{BaseUrl, OtlpConfig};
use crate::ir::SecuritySchemeKind;
use crate::plan::models::EnumValuePlan;

/// The client.
#[derive(Clone, Debug)]
pub struct ClientPlan {
    /// The servers, the default one first.
    pub servers: Vec<ServerPlan>,
    /// The types of servers whose URLs have variables; empty if none has.
    pub server_types: Vec<ServerTypePlan>,
    /// The environment variables of the base URL.
    pub base_url: BaseUrl,
    /// The security schemes; the first ones are those of `Client::new`.
    pub schemes: Vec<SecuritySchemePlan>,
    /// The arguments of `Client::new`. Empty if there is no such constructor, because there are no credentials.
    pub constructor: Vec<ClientCredential>,
    /// Whether an operation requires a credential.
    pub requires_credential: bool,
    /// The response headers with the id of the request.
    pub request_id_headers: Vec<String>,
    /// Where the API takes traces in the OpenTelemetry protocol.
    pub otlp: Option<OtlpConfig>,
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

/// A type for a server, with a method for each variable of its URL.
#[derive(Clone, Debug)]
pub struct ServerTypePlan {
    /// The function that returns it.
    pub function: String,
    /// Its name.
    pub type_name: String,
    /// Its documentation.
    pub docs: Vec<String>,
    /// The URL.
    pub pieces: Vec<UrlPiece>,
    /// The variables.
    pub variables: Vec<ServerVariablePlan>,
}

/// A piece of a server's URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UrlPiece {
    /// Text.
    Text(String),
    /// A variable, by its position.
    Variable(usize),
}

/// A variable of a server's URL.
#[derive(Clone, Debug)]
pub struct ServerVariablePlan {
    /// The name of its setter.
    pub name: String,
    /// Its documentation.
    pub docs: Vec<String>,
    /// Its type and its default.
    pub kind: VariableKind,
}

/// The type of a server variable.
#[derive(Clone, Debug)]
pub enum VariableKind {
    /// Any text, with its default.
    Text(String),
    /// An enum of the listed values.
    Choice {
        /// The name of the enum.
        type_name: String,
        /// The variant that is the default.
        default: String,
        /// The values.
        values: Vec<EnumValuePlan>,
        /// The name of the variant that keeps any other value.
        fallback: String,
    },
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
    /// Other headers for the same key.
    pub other_headers: Vec<OtherHeaderPlan>,
}

/// Another header for the key of a security scheme.
#[derive(Clone, Debug)]
pub struct OtherHeaderPlan {
    /// The name of its constant.
    pub constant: String,
    /// The header.
    pub name: String,
    /// The environment variables whose key is sent in this header.
    pub env: Vec<String>,
}

/// An argument of `Client::new`, or the two of HTTP Basic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientCredential {
    /// A key.
    Key {
        /// The name of the argument.
        name: String,
        /// The security scheme; `None` for the only key, which is that of the first scheme.
        scheme: Option<String>,
    },
    /// A user name and a password.
    BasicAuth,
}

impl ClientPlan {
    /// Returns whether a client of `Client::new` has the credentials for one of the alternatives.
    pub fn is_authorized(&self, alternatives: &[Vec<String>]) -> bool {
        let (given, others) = self
            .schemes
            .split_at_checked(self.constructor.len())
            .unwrap_or((&self.schemes, &[]));
        let is_bearer = |scheme: &&SecuritySchemePlan| scheme.kind == SecuritySchemeKind::Bearer;
        // One token serves every scheme that sends it.
        let tokens = others.iter().filter(is_bearer);
        let tokens = tokens.filter(|_| given.iter().any(|scheme| is_bearer(&scheme)));
        let given: Vec<&str> = given
            .iter()
            .chain(tokens)
            .map(|scheme| scheme.id.as_str())
            .collect();
        let is_given = |all: &Vec<String>| all.iter().all(|id| given.contains(&id.as_str()));
        alternatives.iter().any(is_given)
    }
}
