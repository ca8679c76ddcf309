//! What can be called.

mod answers;
mod params;

use std::collections::BTreeMap;

use self::params::{body, params};
use super::{Area, At, Cx, Effect, show};
use crate::inventory::erase_path_variables;
use crate::ir::{Operation, Pointer};
use crate::lock::OldName;
use crate::pipeline::PlannedDocument;
use crate::plan::MethodPlan;

/// An operation: what the document says, and what it became.
#[derive(Clone, Copy)]
struct Call<'a> {
    module: &'a str,
    plan: &'a MethodPlan,
    operation: &'a Operation,
}

impl Call<'_> {
    /// As callers write it.
    fn name(&self) -> String {
        format!("{}().{}", self.module, self.plan.name)
    }

    fn wire(&self) -> String {
        format!("{} {}", self.plan.method.as_str(), self.plan.path)
    }

    fn at(&self) -> &Pointer {
        &self.operation.at
    }
}

type Calls<'a> = BTreeMap<(&'static str, String), Call<'a>>;

/// Every operation by method and path; what a variable of the path is called tells nobody anything.
fn calls(side: &PlannedDocument) -> Calls<'_> {
    let mut planned = BTreeMap::new();
    for resource in &side.plan.resources {
        for plan in resource.files.iter().flatten() {
            let key = (plan.method.as_str(), plan.path.as_str());
            planned.insert(key, (resource.module.as_str(), plan));
        }
    }
    let mut calls = Calls::new();
    for operation in &side.api.operations {
        let method = operation.method.as_str();
        if let Some((module, plan)) = planned.get(&(method, operation.path.as_str())) {
            let call = Call {
                module,
                plan,
                operation,
            };
            calls.insert((method, erase_path_variables(&operation.path)), call);
        }
    }
    calls
}

pub(super) fn compare(cx: &mut Cx<'_>) {
    let (before, after) = (calls(cx.old), calls(cx.new));
    let mut known = Vec::new();
    for (key, old) in &before {
        // One that goes by the same name elsewhere has moved.
        let moved = || {
            let mut others = after
                .iter()
                .filter(|(other, _)| !before.contains_key(*other));
            others.find(|(_, new)| new.name() == old.name())
        };
        match after.get_key_value(key).or_else(moved) {
            Some((key, new)) => {
                known.push(key);
                pair(cx, old, new);
            }
            None => {
                let what = format!("`{}` is gone", old.wire());
                cx.note(
                    Area::Operation,
                    Effect::Breaking,
                    &old.name(),
                    At::Old(old.at()),
                    what,
                );
            }
        }
    }
    for (_, new) in after.iter().filter(|(key, _)| !known.contains(key)) {
        let what = format!("a new operation, `{}`", new.wire());
        cx.note(
            Area::Operation,
            Effect::Additive,
            &new.name(),
            At::New(new.at()),
            what,
        );
    }
}

fn pair(cx: &mut Cx<'_>, old: &Call<'_>, new: &Call<'_>) {
    let name = new.name();
    let at = At::New(new.at());
    let mut note = |area, effect, what: String| cx.note(area, effect, &name, at, what);
    let (a, b) = (old.plan, new.plan);
    let kept = b.was.iter().any(|was| {
        old.module == new.module && was.name == a.name && was.request.as_ref() == Some(&a.request)
    });
    if kept && old.name() != name {
        let what = format!("was called `{}`; the old name stays for now", old.name());
        note(Area::Operation, Effect::Additive, what);
    } else if old.name() != name {
        let what = format!("was called `{}`", old.name());
        note(Area::Operation, Effect::Breaking, what);
    }
    if a.request != b.request && !kept {
        let what = format!("the request is `{}`, no longer `{}`", b.request, a.request);
        note(Area::Operation, Effect::Breaking, what);
    }
    if (a.method, erase_path_variables(&a.path)) != (b.method, erase_path_variables(&b.path)) {
        let what = format!("goes to `{}`, no longer to `{}`", new.wire(), old.wire());
        note(Area::Operation, Effect::Wire, what);
    }
    if a.base_url != b.base_url {
        let url = |url: &Option<String>| url.clone().unwrap_or_else(|| "the client's".to_owned());
        let what = format!(
            "its base URL is {}, no longer {}",
            url(&b.base_url),
            url(&a.base_url)
        );
        note(Area::Server, Effect::Wire, what);
    }
    signature(cx, old, new);
    answers::pages(cx, old, new);
    auth(cx, old, new);
    body(cx, old, new);
    params::path(cx, old, new);
    params(cx, old, new);
    names_dropped(cx, old, new);
}

/// Deprecated names that are gone in their turn.
fn names_dropped(cx: &mut Cx<'_>, old: &Call<'_>, new: &Call<'_>) {
    for was in &old.plan.was {
        let kept = |known: &OldName| (&known.name, &known.request) == (&was.name, &was.request);
        if new.plan.was.iter().any(kept) {
            continue;
        }
        let subject = format!("{}().{}", old.module, was.name);
        let what = format!("the deprecated name of `{}` is gone", new.name());
        cx.note(
            Area::Operation,
            Effect::Breaking,
            &subject,
            At::New(new.at()),
            what,
        );
    }
}

/// What a method takes and gives.
fn signature(cx: &mut Cx<'_>, old: &Call<'_>, new: &Call<'_>) {
    let name = new.name();
    let at = At::New(new.at());
    let mut note = |area, effect, what: String| cx.note(area, effect, &name, at, what);
    let (a, b) = (old.plan, new.plan);
    let (takes, took) = (show::args(&b.args), show::args(&a.args));
    if takes != took {
        note(
            Area::Operation,
            Effect::Breaking,
            format!("takes {takes}, no longer {took}"),
        );
    } else if !a.args.iter().zip(&b.args).all(|(a, b)| a.name == b.name) && reordered(a, b) {
        let what = format!("takes its arguments in another order: {}", names(b));
        note(Area::Operation, Effect::Wire, what);
    }
    let (gives, gave) = (show::output(&b.output), show::output(&a.output));
    if gives != gave {
        note(
            Area::Operation,
            Effect::Breaking,
            format!("gives {gives}, no longer {gave}"),
        );
    }
    if a.envelope != b.envelope {
        let what = "the answer comes in another envelope".to_owned();
        note(Area::Operation, Effect::Wire, what);
    }
    if a.deprecated != b.deprecated {
        let what = if b.deprecated {
            "is deprecated"
        } else {
            "is deprecated no longer"
        };
        note(Area::Operation, Effect::Additive, what.to_owned());
    }
}

/// Whether the same arguments come in another order, which only their names tell.
fn reordered(a: &MethodPlan, b: &MethodPlan) -> bool {
    let sorted = |plan: &MethodPlan| {
        let mut names: Vec<String> = plan.args.iter().map(|arg| arg.name.clone()).collect();
        names.sort();
        names
    };
    sorted(a) == sorted(b)
}

fn names(plan: &MethodPlan) -> String {
    let names: Vec<&str> = plan.args.iter().map(|arg| arg.name.as_str()).collect();
    names.join(", ")
}

fn auth(cx: &mut Cx<'_>, old: &Call<'_>, new: &Call<'_>) {
    let ways = |call: &Call<'_>| -> Vec<String> {
        let ways = call.plan.auth.iter();
        ways.map(|all| {
            if all.is_empty() {
                "nothing".to_owned()
            } else {
                all.join(" with ")
            }
        })
        .collect()
    };
    let (before, after) = (ways(old), ways(new));
    let show = |ways: &[String]| {
        if ways.is_empty() {
            "nothing".to_owned()
        } else {
            ways.join(" or ")
        }
    };
    if before == after {
        return;
    }
    let kept = before.iter().all(|way| after.contains(way)) && !before.is_empty();
    let open = after.is_empty() || after.iter().any(|way| way == "nothing");
    let effect = if kept || open {
        Effect::Additive
    } else {
        Effect::Wire
    };
    let what = format!("asks for {}, no longer for {}", show(&after), show(&before));
    cx.note(Area::Security, effect, &new.name(), At::New(new.at()), what);
}
