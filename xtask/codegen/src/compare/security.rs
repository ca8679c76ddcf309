//! Credentials and servers.

use super::{Area, At, Cx, Effect, show};
use crate::ir::{Pointer, SchemeKind, SecurityScheme};
use crate::pipeline::PlannedDocument;

pub(super) fn compare(cx: &mut Cx<'_>) {
    schemes(cx);
    default_scheme(cx);
    servers(cx);
}

fn place(scheme: &SecurityScheme) -> Pointer {
    let components = Pointer::root().join("components");
    components.join("securitySchemes").join(&scheme.id)
}

fn schemes(cx: &mut Cx<'_>) {
    let (old, new) = (cx.old, cx.new);
    for before in &old.api.schemes {
        let subject = format!("`{}`", before.id);
        let Some(after) = new.api.schemes.iter().find(|scheme| scheme.id == before.id) else {
            let what = format!(
                "the security scheme is gone; it travelled {}",
                show::scheme(&before.kind)
            );
            cx.note(
                Area::Security,
                Effect::Wire,
                &subject,
                At::Old(&place(before)),
                what,
            );
            continue;
        };
        if before.kind != after.kind {
            let (was, is) = (show::scheme(&before.kind), show::scheme(&after.kind));
            let what = format!(
                "the credential travels {is}, no longer {was}{}",
                overridden(new, after)
            );
            cx.note(
                Area::Security,
                Effect::Wire,
                &subject,
                At::New(&place(after)),
                what,
            );
        }
    }
    for after in &new.api.schemes {
        if !old.api.schemes.iter().any(|scheme| scheme.id == after.id) {
            let what = format!(
                "a new security scheme; it travels {}",
                show::scheme(&after.kind)
            );
            let subject = format!("`{}`", after.id);
            cx.note(
                Area::Security,
                Effect::Additive,
                &subject,
                At::New(&place(after)),
                what,
            );
        }
    }
}

/// What our own configuration makes of a scheme, where it does not take the document's word.
fn overridden(side: &PlannedDocument, scheme: &SecurityScheme) -> String {
    let planned = side
        .plan
        .client
        .schemes
        .iter()
        .find(|plan| plan.id == scheme.id);
    match planned.map(|plan| &plan.kind) {
        Some(kind @ SchemeKind::ApiKey { .. }) if *kind != scheme.kind => format!(
            "; vendor.toml sends it {}: ask the server which of the two it takes",
            show::scheme(kind)
        ),
        _ => String::new(),
    }
}

/// What `Client::new` takes, and the scheme whose credential that is.
fn default_scheme(cx: &mut Cx<'_>) {
    let schemes = Pointer::root().join("components").join("securitySchemes");
    let (was, is) = (
        cx.old.plan.client.constructor(),
        cx.new.plan.client.constructor(),
    );
    if was != is {
        let effect = was.map_or(Effect::Additive, |_| Effect::Breaking);
        let what = match (was, is) {
            (None, Some(is)) => format!("is there now, and takes {}", show::constructor(is)),
            (Some(was), Some(is)) => {
                let (was, is) = (show::constructor(was), show::constructor(is));
                format!("takes {is}, no longer {was}")
            }
            (_, None) => "is gone: there is no credential that it could take".to_owned(),
        };
        return cx.note(
            Area::Security,
            effect,
            "Client::new",
            At::New(&schemes),
            what,
        );
    }
    let first = |side: &PlannedDocument| {
        side.plan
            .client
            .schemes
            .first()
            .map(|scheme| scheme.id.clone())
    };
    if let (Some(before), Some(after)) = (first(cx.old), first(cx.new))
        && before != after
    {
        let what = format!("takes the credential of `{after}`, no longer that of `{before}`");
        let at = schemes.join(&after);
        cx.note(
            Area::Security,
            Effect::Wire,
            "Client::new",
            At::New(&at),
            what,
        );
    }
}

fn servers(cx: &mut Cx<'_>) {
    let urls = |side: &PlannedDocument| -> Vec<String> {
        side.api
            .servers
            .iter()
            .map(|server| server.url.clone())
            .collect()
    };
    let (before, after) = (urls(cx.old), urls(cx.new));
    let at = Pointer::root().join("servers");
    let (first_before, first_after) = (before.first(), after.first());
    if first_before != first_after {
        let named = |url: Option<&String>| url.map_or("none".to_owned(), |url| format!("`{url}`"));
        let ours = own_servers(cx.new);
        let what = format!(
            "the document's default server is {}, no longer {}{ours}",
            named(first_after),
            named(first_before)
        );
        cx.note(Area::Server, Effect::Wire, "servers", At::New(&at), what);
    }
    for gone in before.iter().skip(1).filter(|url| !after.contains(url)) {
        let what = format!("the document names `{gone}` no longer");
        cx.note(Area::Server, Effect::Wire, "servers", At::Old(&at), what);
    }
    for new in after.iter().skip(1).filter(|url| !before.contains(url)) {
        cx.note(
            Area::Server,
            Effect::Additive,
            "servers",
            At::New(&at),
            format!("the document names `{new}`"),
        );
    }
}

fn own_servers(side: &PlannedDocument) -> String {
    let told = |url: &str| side.api.servers.iter().any(|server| server.url == url);
    match side.plan.client.servers.first() {
        Some(server) if !told(&server.url) => {
            format!(
                "; vendor.toml names `{}`, to which requests still go",
                server.url
            )
        }
        _ => String::new(),
    }
}
