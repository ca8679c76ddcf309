//! Documentation of the client's credentials and environment variables.

use super::markdown::inline_code;
use crate::config::{BaseUrl, Config};
use crate::plan::client::client_plan::SecuritySchemePlan;

/// Returns a list of the environment variables that `from_env` reads.
pub(in crate::plan) fn environment_docs(
    schemes: &[SecuritySchemePlan],
    base_url: &BaseUrl,
) -> Vec<String> {
    let mut lines: Vec<String> = schemes.iter().filter_map(scheme_item).collect();
    for variable in &base_url.env {
        lines.push(format!("- {}: the base URL.", inline_code(variable)));
    }
    if let Some(derived) = &base_url.derive {
        lines.push(format!(
            "- {}: the URL of the console, from which the base URL is derived.",
            inline_code(&derived.env)
        ));
    }
    lines
}

fn scheme_item(scheme: &SecuritySchemePlan) -> Option<String> {
    match (scheme.env.as_slice(), scheme.password_env.as_slice()) {
        ([], _) => None,
        (variables, []) => Some(format!(
            "- {}: the credential for the security scheme {}.",
            join_code(variables, " or "),
            inline_code(&scheme.id)
        )),
        (variables, password) => Some(format!(
            "- {} and {}: the user name and the password.",
            join_code(variables, " or "),
            join_code(password, " or ")
        )),
    }
}

/// Returns a line for each credential that the vendor accepts in several headers.
pub(in crate::plan) fn credential_docs(config: &Config, title: &str) -> Vec<String> {
    let credentials = config.credential.iter();
    let credentials = credentials.filter(|credential| !credential.header_alternatives.is_empty());
    let lines = credentials.map(|credential| {
        format!(
            "The key is sent in the header {}. {title} also accepts {}: select one with `ClientBuilder::auth_header`.",
            inline_code(credential.header.as_deref().unwrap_or("Authorization")),
            join_code(&credential.header_alternatives, ", "),
        )
    });
    lines.collect()
}

fn join_code(names: &[String], separator: &str) -> String {
    let names: Vec<String> = names.iter().map(|name| inline_code(name)).collect();
    names.join(separator)
}
