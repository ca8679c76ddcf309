//! Parameters and bodies.

use super::{Area, At, Call, Cx, Effect, show};
use crate::ir::{Param, ParamLocation};
use crate::plan::{ParamPlan, RustType};

pub(super) fn body(cx: &mut Cx<'_>, old: &Call<'_>, new: &Call<'_>) {
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

/// The parameters of the path in the order in which they stand there. Their types are those of the arguments.
fn in_path<'a>(call: &Call<'a>) -> Vec<&'a ParamPlan> {
    let variables = call.plan.path.split('{').skip(1);
    let variables = variables.filter_map(|piece| piece.split_once('}'));
    let named = |wire: &str| {
        let mut params = call.plan.params.iter();
        params.find(|param| param.location == ParamLocation::Path && param.wire == wire)
    };
    variables.filter_map(|(wire, _)| named(wire)).collect()
}

/// The names of what stands in the path: nothing travels otherwise, but they are fields of the request.
pub(super) fn path(cx: &mut Cx<'_>, old: &Call<'_>, new: &Call<'_>) {
    for (a, b) in in_path(old).into_iter().zip(in_path(new)) {
        if a.name != b.name {
            let subject = format!("{}.{}", new.name(), b.name);
            let what = format!("was called `{}`", a.name);
            cx.note(
                Area::Operation,
                Effect::Breaking,
                &subject,
                At::New(new.at()),
                what,
            );
        }
    }
}

pub(super) fn params(cx: &mut Cx<'_>, old: &Call<'_>, new: &Call<'_>) {
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
    if a.1.name != b.1.name {
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
