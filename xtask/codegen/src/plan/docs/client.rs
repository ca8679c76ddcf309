//! Documentation of the client's credentials and environment variables.

use super::markdown::inline_code;
use crate::config::BaseUrl;
use crate::ir::SecuritySchemeKind;
use crate::plan::client::client_plan::SecuritySchemePlan;

/// Returns a list of the environment variables that `from_env` reads.
pub(in crate::plan) fn environment_docs(
    schemes: &[SecuritySchemePlan],
    base_url: &BaseUrl,
) -> Vec<String> {
    let mut lines: Vec<String> = schemes.iter().flat_map(scheme_items).collect();
    if !base_url.env.is_empty() {
        lines.push(format!(
            "- {}: the base URL.",
            join_code(&base_url.env, " or ")
        ));
    }
    if let Some(derived) = &base_url.derive {
        lines.push(format!(
            "- {}: the URL of the console, from which the base URL is derived.",
            join_code(&derived.env, " or ")
        ));
    }
    lines
}

fn scheme_items(scheme: &SecuritySchemePlan) -> Vec<String> {
    let item = match (scheme.env.as_slice(), scheme.password_env.as_slice()) {
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
    };
    let others = scheme.other_headers.iter();
    let others = others.filter(|other| !other.env.is_empty()).map(|other| {
        format!(
            "- {}: the same credential, sent in the header {}.",
            join_code(&other.env, " or "),
            inline_code(&other.name)
        )
    });
    item.into_iter().chain(others).collect()
}

/// Returns a line for each credential that the vendor accepts in several headers.
pub(in crate::plan) fn credential_docs(schemes: &[SecuritySchemePlan], title: &str) -> Vec<String> {
    let lines = schemes.iter().filter_map(|scheme| {
        let SecuritySchemeKind::ApiKey { name, .. } = &scheme.kind else {
            return None;
        };
        let others: Vec<String> = (scheme.other_headers.iter())
            .map(|other| other.name.clone())
            .collect();
        (!others.is_empty()).then(|| {
            format!(
                "The key is sent in the header {}. {title} also accepts {}: select one with `ClientBuilder::auth_header`.",
                inline_code(name),
                join_code(&others, ", "),
            )
        })
    });
    lines.collect()
}

fn join_code(names: &[String], separator: &str) -> String {
    let names: Vec<String> = names.iter().map(|name| inline_code(name)).collect();
    names.join(separator)
}
