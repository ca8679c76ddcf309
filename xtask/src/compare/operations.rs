//! What can be called.

use std::collections::BTreeMap;

use super::{Area, At, Cx, Effect, show};
use crate::ir::{Operation, Param, ParamLocation, Pointer};
use crate::pipeline::{Understood, shape};
use crate::plan::{MethodPlan, ParamPlan, RustType};

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
fn calls(side: &Understood) -> Calls<'_> {
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
            calls.insert((method, shape(&operation.path)), call);
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
    if old.name() != name {
        let what = format!("was called `{}`", old.name());
        note(Area::Operation, Effect::Breaking, what);
    }
    if a.request != b.request {
        let what = format!("the request is `{}`, no longer `{}`", b.request, a.request);
        note(Area::Operation, Effect::Breaking, what);
    }
    if (a.method, shape(&a.path)) != (b.method, shape(&b.path)) {
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
    auth(cx, old, new);
    body(cx, old, new);
    params(cx, old, new);
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

fn body(cx: &mut Cx<'_>, old: &Call<'_>, new: &Call<'_>) {
    let name = new.name();
    let at = At::New(new.at());
    match (&old.plan.body, &new.plan.body) {
        (None, None) => {}
        (None, Some(_)) => cx.note(
            Area::Operation,
            Effect::Additive,
            &name,
            at,
            "takes a body".to_owned(),
        ),
        (Some(_), None) => {
            cx.note(
                Area::Operation,
                Effect::Breaking,
                &name,
                at,
                "takes no body any more".to_owned(),
            );
        }
        (Some(a), Some(b)) => {
            if a.ty != b.ty && is_optional(&a.ty) && is_optional(&b.ty) {
                let what = format!(
                    "its body is {}, no longer {}",
                    show::ty(&b.ty),
                    show::ty(&a.ty)
                );
                cx.note(Area::Operation, Effect::Breaking, &name, at, what);
            }
            let (is, was) = (show::body(b), show::body(a));
            if is != was {
                let what = format!("its body travels as {is}, no longer as {was}");
                cx.note(Area::Operation, Effect::Wire, &name, at, what);
            }
        }
    }
}

fn is_optional(ty: &RustType) -> bool {
    matches!(ty, RustType::Option(_))
}

/// A parameter: what the document says, and what it became.
type Side<'a> = (&'a Param, &'a ParamPlan);

/// The parameters that do not stand in the path, where only their types matter.
fn listed<'a>(call: &Call<'a>) -> Vec<Side<'a>> {
    let said = call.operation.params.iter().zip(&call.plan.params);
    said.filter(|(said, _)| said.location != ParamLocation::Path)
        .collect()
}

fn params(cx: &mut Cx<'_>, old: &Call<'_>, new: &Call<'_>) {
    let (before, after) = (listed(old), listed(new));
    for a in &before {
        let same = |b: &&Side<'_>| b.0.wire == a.0.wire && b.0.location == a.0.location;
        let elsewhere = |b: &&Side<'_>| b.0.wire == a.0.wire;
        match after
            .iter()
            .find(same)
            .or_else(|| after.iter().find(elsewhere))
        {
            Some(b) => param(cx, new, a, b),
            None => {
                let subject = format!("{}.{}", new.name(), a.1.name);
                let what = format!(
                    "the {} parameter `{}` is gone",
                    show::location(a.0.location),
                    a.0.wire
                );
                cx.note(
                    Area::Operation,
                    Effect::Breaking,
                    &subject,
                    At::Old(&a.0.at),
                    what,
                );
            }
        }
    }
    for b in after
        .iter()
        .filter(|b| !before.iter().any(|a| a.0.wire == b.0.wire))
    {
        let required = b.0.presence.is_required();
        let effect = match (required, b.1.checked) {
            (false, _) => Effect::Additive,
            (true, true) => Effect::Wire,
            (true, false) => Effect::Breaking,
        };
        let must = if required { "required " } else { "" };
        let what = format!(
            "a new {must}{} parameter, `{}`",
            show::location(b.0.location),
            b.0.wire
        );
        let subject = format!("{}.{}", new.name(), b.1.name);
        cx.note(Area::Operation, effect, &subject, At::New(&b.0.at), what);
    }
}

fn param(cx: &mut Cx<'_>, call: &Call<'_>, a: &Side<'_>, b: &Side<'_>) {
    let subject = format!("{}.{}", call.name(), b.1.name);
    let mut note =
        |effect, what| cx.note(Area::Operation, effect, &subject, At::New(&b.0.at), what);
    if a.1.name != b.1.name && is_optional(&a.1.ty) {
        note(Effect::Breaking, format!("was called `{}`", a.1.name));
    }
    if a.1.ty != b.1.ty {
        let what = format!("is {}, no longer {}", show::ty(&b.1.ty), show::ty(&a.1.ty));
        note(Effect::Breaking, what);
    } else if a.1.checked != b.1.checked {
        let what = if b.1.checked {
            "must be there"
        } else {
            "may be left out"
        };
        note(Effect::Wire, what.to_owned());
    }
    if a.0.location != b.0.location {
        let (is, was) = (show::location(b.0.location), show::location(a.0.location));
        note(Effect::Wire, format!("travels in {is}, no longer in {was}"));
    }
    let style = |side: &Side<'_>| show::style(side.0.style, side.0.explode, side.0.allow_reserved);
    if style(a) != style(b) {
        note(
            Effect::Wire,
            format!("travels {}, no longer {}", style(b), style(a)),
        );
    }
    if a.0.default != b.0.default {
        let value = |side: &Side<'_>| {
            side.0
                .default
                .as_ref()
                .map_or("none".to_owned(), ToString::to_string)
        };
        note(
            Effect::Wire,
            format!("its default is {}, no longer {}", value(b), value(a)),
        );
    }
    if a.0.limits != b.0.limits && !b.0.limits.is_empty() {
        note(
            Effect::Wire,
            format!("its limits: {}", b.0.limits.join(", ")),
        );
    }
}
