//! Operations: their names, signatures, requests and responses.

mod call;
mod pagination;
mod params;

use call::{Call, calls};
use pagination::compare_pagination;
use params::{compare_bodies, compare_params, compare_path_variables};

use super::change::{Area, Effect};
use super::comparison::{At, Comparison};
use super::describe::{argument_types, output_text};
use super::security::has_origin;
use crate::inventory::erase_path_variables;
use crate::plan::{MethodPlan, OldName};

pub(super) fn compare_operations(comparison: &mut Comparison<'_>) {
    let (before, after) = (calls(comparison.old), calls(comparison.new));
    let mut matched = Vec::new();
    for (key, old) in &before {
        // A new method and path under the same name is a move, not a removal.
        let moved = || {
            let mut others = after
                .iter()
                .filter(|(other, _)| !before.contains_key(*other));
            others.find(|(_, new)| new.name() == old.name())
        };
        match after.get_key_value(key).or_else(moved) {
            Some((key, new)) => {
                matched.push(key);
                compare_calls(comparison, old, new);
            }
            None => {
                let description = format!("`{}` was removed", old.request_line());
                let at = At::Old(old.at());
                let effect = Effect::Breaking;
                comparison.add(Area::Operation, effect, &old.name(), at, description);
            }
        }
    }
    for (_, new) in after.iter().filter(|(key, _)| !matched.contains(key)) {
        let description = format!("new operation, `{}`", new.request_line());
        let at = At::New(new.at());
        comparison.add_new(Area::Operation, &new.name(), at, description);
    }
}

fn compare_calls(comparison: &mut Comparison<'_>, old: &Call<'_>, new: &Call<'_>) {
    compare_names(comparison, old, new);
    compare_urls(comparison, old, new);
    compare_signatures(comparison, old, new);
    compare_pagination(comparison, old, new);
    compare_security_requirements(comparison, old, new);
    compare_bodies(comparison, old, new);
    compare_path_variables(comparison, old, new);
    compare_params(comparison, old, new);
    find_removed_aliases(comparison, old, new);
}

fn compare_names(comparison: &mut Comparison<'_>, old: &Call<'_>, new: &Call<'_>) {
    let (was, is) = (old.name(), new.name());
    let (a, b) = (old.plan, new.plan);
    let at = At::New(new.at());
    let mut add = |effect, description| {
        comparison.add(Area::Operation, effect, &is, at, description);
    };
    let is_kept = b.previous_names.iter().any(|previous| {
        old.module == new.module
            && previous.name == a.name
            && previous.request.as_ref() == Some(&a.request_type)
    });
    if is_kept && was != is {
        let description = format!("renamed from `{was}`, which is deprecated");
        add(Effect::Additive, description);
    } else if was != is {
        add(Effect::Breaking, format!("renamed from `{was}`"));
    }
    if a.request_type != b.request_type && !is_kept {
        let description = format!(
            "the request is `{}` instead of `{}`",
            b.request_type, a.request_type
        );
        add(Effect::Breaking, description);
    }
}

fn compare_urls(comparison: &mut Comparison<'_>, old: &Call<'_>, new: &Call<'_>) {
    let (a, b) = (old.plan, new.plan);
    let at = At::New(new.at());
    if (&a.http_method, erase_path_variables(&a.path))
        != (&b.http_method, erase_path_variables(&b.path))
    {
        let (was, is) = (old.request_line(), new.request_line());
        let description = format!("sends `{is}` instead of `{was}`");
        let effect = Effect::Wire;
        comparison.add(Area::Operation, effect, &new.name(), at, description);
    }
    if a.base_url != b.base_url {
        let url = |url: &Option<String>| url.clone().unwrap_or_else(|| "the client's".to_owned());
        let (was, is) = (url(&a.base_url), url(&b.base_url));
        let servers = old_servers(comparison);
        let is_known = |url: &String| has_origin(&servers, url);
        let effect = match b.base_url.as_ref().is_none_or(is_known) {
            true => Effect::Wire,
            false => Effect::Breaking,
        };
        let description = format!("the base URL is {is} instead of {was}");
        comparison.add(Area::Server, effect, &new.name(), at, description);
    }
}

/// Returns the servers that the old document names, for the API and for operations.
fn old_servers(comparison: &Comparison<'_>) -> Vec<String> {
    let (api, plan) = (&comparison.old.api, &comparison.old.plan);
    let servers = api.servers.iter().map(|server| server.url.clone());
    let methods = plan.resources.iter().flat_map(|resource| &resource.methods);
    servers
        .chain(methods.filter_map(|method| method.base_url.clone()))
        .collect()
}

/// Reports deprecated names that were removed.
fn find_removed_aliases(comparison: &mut Comparison<'_>, old: &Call<'_>, new: &Call<'_>) {
    for previous in &old.plan.previous_names {
        let is_kept =
            |kept: &OldName| (&kept.name, &kept.request) == (&previous.name, &previous.request);
        if new.plan.previous_names.iter().any(is_kept) {
            continue;
        }
        let subject = format!("{}().{}", old.module, previous.name);
        let description = format!("the deprecated name of `{}` was removed", new.name());
        let at = At::New(new.at());
        let effect = Effect::Breaking;
        comparison.add(Area::Operation, effect, &subject, at, description);
    }
}

/// Compares arguments, responses and deprecation.
fn compare_signatures(comparison: &mut Comparison<'_>, old: &Call<'_>, new: &Call<'_>) {
    let (a, b) = (old.plan, new.plan);
    let at = At::New(new.at());
    let mut add = |effect, description| {
        comparison.add(Area::Operation, effect, &new.name(), at, description);
    };
    let (was, is) = (argument_types(&a.args), argument_types(&b.args));
    let has_same_names = a.args.iter().zip(&b.args).all(|(a, b)| a.name == b.name);
    if was != is {
        add(Effect::Breaking, format!("takes {is} instead of {was}"));
    } else if !has_same_names && are_reordered(a, b) {
        let names = argument_names(b).join(", ");
        let description = format!("takes its arguments in a different order: {names}");
        add(Effect::Wire, description);
    }
    let (was, is) = (output_text(&a.output), output_text(&b.output));
    if was != is {
        add(Effect::Breaking, format!("returns {is} instead of {was}"));
    }
    for removed in a
        .alternatives
        .iter()
        .filter(|one| !b.alternatives.contains(one))
    {
        let description = format!("`{}` was removed or returns another type", removed.name);
        add(Effect::Breaking, description);
    }
    if a.envelope != b.envelope {
        let description = "the response has a different envelope".to_owned();
        add(Effect::Wire, description);
    }
    if a.deprecated.is_some() != b.deprecated.is_some() {
        let description = match b.deprecated.is_some() {
            true => "is deprecated",
            false => "is no longer deprecated",
        };
        add(Effect::Additive, description.to_owned());
    }
}

/// Returns whether two methods have the same argument names. With equal types and different positions, only the order
/// has changed.
fn are_reordered(a: &MethodPlan, b: &MethodPlan) -> bool {
    let sorted = |plan| {
        let mut names = argument_names(plan);
        names.sort_unstable();
        names
    };
    sorted(a) == sorted(b)
}

fn argument_names(plan: &MethodPlan) -> Vec<&str> {
    plan.args.iter().map(|arg| arg.name.as_str()).collect()
}

fn compare_security_requirements(comparison: &mut Comparison<'_>, old: &Call<'_>, new: &Call<'_>) {
    const NONE: &str = "no credential";
    let alternatives = |call: &Call<'_>| -> Vec<String> {
        let all = call.plan.security.iter();
        all.map(|schemes| match schemes.is_empty() {
            true => NONE.to_owned(),
            false => schemes.join(" with "),
        })
        .collect()
    };
    let (before, after) = (alternatives(old), alternatives(new));
    if before == after {
        return;
    }
    let are_all_kept = before.iter().all(|one| after.contains(one)) && !before.is_empty();
    let is_open = after.is_empty() || after.iter().any(|one| one == NONE);
    let effect = match are_all_kept || is_open {
        true => Effect::Additive,
        false => Effect::Wire,
    };
    let text = |alternatives: &[String]| match alternatives.is_empty() {
        true => NONE.to_owned(),
        false => alternatives.join(" or "),
    };
    let (was, is) = (text(&before), text(&after));
    let description = format!("requires {is} instead of {was}");
    let at = At::New(new.at());
    comparison.add(Area::Security, effect, &new.name(), at, description);
}
