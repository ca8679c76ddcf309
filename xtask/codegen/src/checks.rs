//! Checks between the stages: configuration that refers to nothing, accepted gaps that do not occur, and operations that
//! got lost.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::config::{Acceptance, Config};
use crate::diag::{Code, Diagnostic, Error};
use crate::inventory::{absolute_path, erase_path_variables, list_operations};
use crate::ir::{Api, Operation, ParamLocation, Pointer, SecuritySchemeKind};
use crate::plan::Plan;
use crate::refine;

/// Splits diagnostics into those that the configuration accepts and the others.
///
/// # Errors
/// When an acceptance matches no diagnostic: the gap is closed, and a new one at the same location would go unnoticed.
pub(crate) fn split_accepted(
    diags: Vec<Diagnostic>,
    config: &Config,
) -> Result<(Vec<Diagnostic>, Vec<Diagnostic>), Error> {
    let matches = |rule: &Acceptance, diag: &Diagnostic| {
        diag.code.as_str() == rule.code && diag.at.0 == rule.pointer
    };
    let unused = config
        .accept
        .iter()
        .filter(|rule| !diags.iter().any(|diag| matches(rule, diag)));
    let unused: Vec<Diagnostic> = unused.map(unused_acceptance).collect();
    if !unused.is_empty() {
        return Err(Error::from_diagnostics(unused));
    }
    let is_accepted = |diag: &Diagnostic| config.accept.iter().any(|rule| matches(rule, diag));
    Ok(diags.into_iter().partition(is_accepted))
}

fn unused_acceptance(rule: &Acceptance) -> Diagnostic {
    let message = format!("the accepted gap `{}` does not occur here", rule.code);
    let help = format!(
        "remove it from vendor.toml; its reason was: {}",
        rule.reason
    );
    let at = Pointer(rule.pointer.clone());
    Diagnostic::new(Code::UnusedAcceptance, &at, message).with_help(help)
}

/// Checks that everything the configuration refers to exists. A rule for something absent would go unnoticed, and would
/// be wrong on the day that something appears.
///
/// # Errors
/// When a credential, a rule or a rename refers to something that the document does not have.
pub(crate) fn check_config_references(
    config: &Config,
    document: &Value,
    api: &Api,
) -> Result<(), Error> {
    match dangling_reference(config, document, api) {
        None => Ok(()),
        Some(reference) => Err(Error::new(
            Code::Config,
            format!("vendor.toml: {reference}, which the document does not have"),
            Some("write it as the document with its overlay does, or remove it"),
        )),
    }
}

/// Returns the first security scheme with a configured header that does not send a key in one.
fn find_scheme_without_header<'c>(config: &'c Config, api: &Api) -> Option<&'c str> {
    let mut credentials = config.credential.iter();
    let found = credentials.find(|credential| {
        let mut schemes = api.schemes.iter();
        let scheme = schemes.find(|scheme| scheme.id == credential.scheme);
        match scheme.map(|scheme| &scheme.kind) {
            Some(SecuritySchemeKind::ApiKey { location, .. }) => {
                let is_in_header =
                    *location == ParamLocation::Header || credential.header.is_some();
                !is_in_header && !credential.other_header.is_empty()
            }
            _ => credential.header.is_some() || !credential.other_header.is_empty(),
        }
    });
    found.map(|credential| credential.scheme.as_str())
}

/// Returns the first reference of the configuration to something that does not exist.
fn dangling_reference(config: &Config, document: &Value, api: &Api) -> Option<String> {
    let has_scheme = |id: &String| api.schemes.iter().any(|scheme| scheme.id == *id);
    let mut schemes = config
        .credential
        .iter()
        .map(|credential| &credential.scheme);
    if let Some(scheme) = schemes.find(|scheme| !has_scheme(scheme)) {
        return Some(format!(
            "a credential is for the security scheme `{scheme}`"
        ));
    }
    if let Some(scheme) = find_scheme_without_header(config, api) {
        return Some(format!(
            "a header is for an API key of the security scheme `{scheme}`"
        ));
    }
    if let Some(rule) = refine::pagination::find_unused_rule(api, config) {
        return Some(rule);
    }
    let has_operation = |id: &String| {
        let is_it = |operation: &Operation| operation.id.as_ref() == Some(id);
        api.operations.iter().any(is_it)
    };
    let mut operations = config.retry.iter().flat_map(|rule| &rule.idempotent);
    if let Some(id) = operations.find(|id| !has_operation(id)) {
        return Some(format!("`retry.idempotent` lists the operation `{id}`"));
    }
    let quick_start = config.quick_start.as_ref();
    let called = quick_start.and_then(|start| start.operation.as_ref());
    let is_operation = |pointer: &&String| api.operations.iter().any(|one| one.at.0 == **pointer);
    if let Some(pointer) = called.filter(|pointer| !is_operation(pointer)) {
        return Some(format!("`quick-start.operation` has the pointer {pointer}"));
    }
    let is_absent = |pointer: &&String| document.pointer(pointer.trim_start_matches('#')).is_none();
    let pointer = config.names.rename.keys().find(is_absent)?;
    Some(format!("`names.rename` has the pointer {pointer}"))
}

/// Returns a diagnostic for each operation of the document that is neither planned nor reported. There are none unless
/// the generator has a fault.
pub(crate) fn missing_operations(
    document: &Value,
    plan: &Plan,
    diags: &[Diagnostic],
) -> Vec<Diagnostic> {
    let methods = plan.resources.iter().flat_map(|resource| &resource.methods);
    let mut planned: BTreeMap<(String, String), usize> = BTreeMap::new();
    for method in methods.filter(|method| !method.is_variant) {
        let key = (
            method.http_method.as_str().to_uppercase(),
            erase_path_variables(&method.path),
        );
        *planned.entry(key).or_default() += 1;
    }
    let is_reported = |at: &Pointer| {
        let below = format!("{at}/");
        diags
            .iter()
            .any(|diag| diag.at == *at || diag.at.0.starts_with(&below))
    };
    let mut missing = Vec::new();
    for (path, method, at) in list_operations(document) {
        let key = (
            method.to_uppercase(),
            erase_path_variables(&absolute_path(path)),
        );
        match planned.get_mut(&key) {
            Some(left) if *left > 0 => *left -= 1,
            _ if is_reported(&at) || plan.skipped.contains(&at) => {}
            _ => missing.push(Diagnostic::new(
                Code::Internal,
                &at,
                "the operation is not generated",
            )),
        }
    }
    missing
}
