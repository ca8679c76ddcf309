//! Security schemes, the client's constructor, and servers.

use super::change::{Area, Effect};
use super::comparison::{At, Comparison};
use super::describe::{constructor_arguments, credential_location};
use crate::ir::{Pointer, SecurityScheme, SecuritySchemeKind};
use crate::pipeline::PlannedDocument;

pub(super) fn compare_security(comparison: &mut Comparison<'_>) {
    compare_schemes(comparison);
    compare_constructors(comparison);
    compare_servers(comparison);
}

fn schemes_pointer() -> Pointer {
    Pointer::root().join("components").join("securitySchemes")
}

fn compare_schemes(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let mut add = |effect, scheme: &SecurityScheme, is_old: bool, description| {
        let pointer = schemes_pointer().join(&scheme.id);
        let at = if is_old {
            At::Old(&pointer)
        } else {
            At::New(&pointer)
        };
        let subject = format!("`{}`", scheme.id);
        comparison.add(Area::Security, effect, &subject, at, description);
    };
    for before in &old.api.schemes {
        let was = credential_location(&before.kind);
        match new.api.schemes.iter().find(|scheme| scheme.id == before.id) {
            None => {
                let description =
                    format!("the security scheme was removed; the credential was sent {was}");
                add(Effect::Wire, before, true, description);
            }
            Some(after) if before.kind != after.kind => {
                let is = credential_location(&after.kind);
                let description = format!(
                    "the credential is sent {is} instead of {was}{}",
                    configured_location(new, after)
                );
                add(Effect::Wire, after, false, description);
            }
            Some(_) => {}
        }
    }
    for after in &new.api.schemes {
        if !old.api.schemes.iter().any(|scheme| scheme.id == after.id) {
            let is = credential_location(&after.kind);
            let description = format!("new security scheme; the credential is sent {is}");
            add(Effect::Additive, after, false, description);
        }
    }
}

/// Returns a note where `vendor.toml` sends the credential elsewhere than the document specifies, or an empty string.
fn configured_location(planned: &PlannedDocument, scheme: &SecurityScheme) -> String {
    let mut plans = planned.plan.client.schemes.iter();
    let plan = plans.find(|plan| plan.id == scheme.id);
    match plan.map(|plan| &plan.kind) {
        Some(kind @ SecuritySchemeKind::ApiKey { .. }) if *kind != scheme.kind => format!(
            "; vendor.toml sends it {}: check which of the two the server accepts",
            credential_location(kind)
        ),
        _ => String::new(),
    }
}

/// Compares the arguments of `Client::new`, and the scheme that its credential is for.
fn compare_constructors(comparison: &mut Comparison<'_>) {
    let schemes = schemes_pointer();
    let (old, new) = (comparison.old, comparison.new);
    let mut add = |effect, at: &Pointer, description| {
        let at = At::New(at);
        comparison.add(Area::Security, effect, "Client::new", at, description);
    };
    let (was, is) = (&old.plan.client.constructor, &new.plan.client.constructor);
    if was != is {
        let effect = match was.is_empty() {
            true => Effect::Additive,
            false => Effect::Breaking,
        };
        let description = match (was.as_slice(), is.as_slice()) {
            ([], is) => format!("new function; takes {}", constructor_arguments(is)),
            (was, is @ [_, ..]) => {
                let (was, is) = (constructor_arguments(was), constructor_arguments(is));
                format!("takes {is} instead of {was}")
            }
            (_, []) => "was removed: the API has no credential that it could take".to_owned(),
        };
        return add(effect, &schemes, description);
    }
    let default_scheme = |planned: &PlannedDocument| {
        let scheme = planned.plan.client.schemes.first();
        scheme.map(|scheme| scheme.id.clone())
    };
    if let (Some(before), Some(after)) = (default_scheme(old), default_scheme(new))
        && before != after
    {
        let description = format!("takes the credential of `{after}` instead of `{before}`");
        add(Effect::Wire, &schemes.join(&after), description);
    }
}

/// A note about a server that was not in the document before.
const CHECK_SERVER: &str = ": check that it is the vendor's, since credentials are sent to it";

fn compare_servers(comparison: &mut Comparison<'_>) {
    let urls = |planned: &PlannedDocument| -> Vec<String> {
        let servers = planned.api.servers.iter();
        servers.map(|server| server.url.clone()).collect()
    };
    let (before, after) = (urls(comparison.old), urls(comparison.new));
    let configured = configured_server(comparison.new);
    let pointer = Pointer::root().join("servers");
    let mut add = |effect, at, description| {
        comparison.add(Area::Server, effect, "servers", at, description);
    };
    let is_new_host = |url: &String| !has_origin(&before, url);
    if before.first() != after.first() {
        let name = |url: Option<&String>| url.map_or("none".to_owned(), |url| format!("`{url}`"));
        let (was, is) = (name(before.first()), name(after.first()));
        let (effect, check) = match after.first().is_some_and(is_new_host) {
            true => (Effect::Breaking, CHECK_SERVER),
            false => (Effect::Wire, ""),
        };
        let description =
            format!("the document's default server is {is} instead of {was}{check}{configured}");
        add(effect, At::New(&pointer), description);
    }
    for removed in before.iter().skip(1).filter(|url| !after.contains(url)) {
        let description = format!("the document no longer lists the server `{removed}`");
        add(Effect::Wire, At::Old(&pointer), description);
    }
    for added in after.iter().skip(1).filter(|url| !before.contains(url)) {
        let (effect, check) = match is_new_host(added) {
            true => (Effect::Breaking, CHECK_SERVER),
            false => (Effect::Additive, ""),
        };
        let description = format!("the document lists the new server `{added}`{check}");
        add(effect, At::New(&pointer), description);
    }
}

/// Returns whether one of the URLs has the scheme, host and port of `url`. Credentials go to them.
pub(super) fn has_origin(urls: &[String], url: &str) -> bool {
    let origin = |url: &str| -> String {
        let end = url.find("://").map_or(0, |at| at + 3);
        let (scheme, rest) = url.split_at(end);
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        format!("{scheme}{host}").to_ascii_lowercase()
    };
    urls.iter().any(|known| origin(known) == origin(url))
}

/// Returns a note where `vendor.toml` names a default server that the document does not list, or an empty string.
fn configured_server(planned: &PlannedDocument) -> String {
    let is_listed = |url: &str| planned.api.servers.iter().any(|server| server.url == url);
    match planned.plan.client.servers.first() {
        Some(server) if !is_listed(&server.url) => {
            let url = &server.url;
            format!("; the client still sends requests to `{url}`, which vendor.toml names")
        }
        _ => String::new(),
    }
}
