//! Parameters and request bodies.

use super::super::change::{Area, Effect};
use super::super::comparison::{At, Comparison};
use super::super::describe::{
    NEWLY_REQUIRED, body_encoding, constraints_text, location_name, parameter_style, type_text,
};
use super::call::Call;
use crate::ir::{Param, ParamLocation};
use crate::plan::ParamPlan;

pub(super) fn compare_bodies(comparison: &mut Comparison<'_>, old: &Call<'_>, new: &Call<'_>) {
    let at = At::New(new.at());
    let mut add = |effect, description: String| {
        comparison.add(Area::Operation, effect, &new.name(), at, description);
    };
    match (&old.plan.body, &new.plan.body) {
        (None, None) => {}
        (None, Some(b)) => {
            add(Effect::Additive, "has a request body now".to_owned());
            if b.presence.is_required() {
                add(Effect::Wire, format!("the request body {NEWLY_REQUIRED}"));
            }
        }
        (Some(_), None) => add(Effect::Breaking, "no longer has a request body".to_owned()),
        (Some(a), Some(b)) => {
            if a.ty != b.ty && !a.presence.is_required() && !b.presence.is_required() {
                let (was, is) = (type_text(&a.ty), type_text(&b.ty));
                let description = format!("the request body is {is} instead of {was}");
                add(Effect::Breaking, description);
            }
            if !a.presence.is_required() && b.presence.is_required() {
                add(Effect::Wire, format!("the request body {NEWLY_REQUIRED}"));
            }
            let (was, is) = (body_encoding(a), body_encoding(b));
            if is != was {
                let description = format!("the request body is sent as {is} instead of {was}");
                add(Effect::Wire, description);
            }
        }
    }
}

/// A parameter of the document, with its plan.
#[derive(Clone, Copy)]
struct PlannedParam<'a> {
    param: &'a Param,
    plan: &'a ParamPlan,
}

impl PlannedParam<'_> {
    fn style(&self) -> String {
        let Param {
            style,
            explode,
            allow_reserved,
            allow_slash,
            ..
        } = self.param;
        parameter_style(*style, *explode, *allow_reserved || *allow_slash)
    }

    fn default(&self) -> String {
        let default = self.param.default.as_ref();
        default.map_or("none".to_owned(), ToString::to_string)
    }
}

/// Returns the parameters that are not in the path.
fn params_outside_path<'a>(call: &Call<'a>) -> Vec<PlannedParam<'a>> {
    let params = call.operation.params.iter().zip(&call.plan.params);
    params
        .filter(|(param, _)| param.location != ParamLocation::Path)
        .map(|(param, plan)| PlannedParam { param, plan })
        .collect()
}

/// Returns the parameters of the path, in the order of the path.
fn path_params<'a>(call: &Call<'a>) -> Vec<&'a ParamPlan> {
    let variables = call.plan.path.split('{').skip(1);
    let variables = variables.filter_map(|piece| piece.split_once('}'));
    let param = |wire_name: &str| {
        let mut params = call.plan.params.iter();
        params.find(|param| param.location == ParamLocation::Path && param.wire_name == wire_name)
    };
    variables
        .filter_map(|(wire_name, _)| param(wire_name))
        .collect()
}

/// Compares the names of path variables, which are fields of the request. Their types are those of the arguments.
pub(super) fn compare_path_variables(
    comparison: &mut Comparison<'_>,
    old: &Call<'_>,
    new: &Call<'_>,
) {
    for (a, b) in path_params(old).into_iter().zip(path_params(new)) {
        if a.name != b.name {
            let subject = format!("{}.{}", new.name(), b.name);
            let description = format!("renamed from `{}`", a.name);
            let (effect, at) = (Effect::Breaking, At::New(new.at()));
            comparison.add(Area::Operation, effect, &subject, at, description);
        }
    }
}

pub(super) fn compare_params(comparison: &mut Comparison<'_>, old: &Call<'_>, new: &Call<'_>) {
    let (before, after) = (params_outside_path(old), params_outside_path(new));
    for a in &before {
        let same_name = |b: &&PlannedParam<'_>| b.param.wire_name == a.param.wire_name;
        let same = |b: &&PlannedParam<'_>| same_name(b) && b.param.location == a.param.location;
        let moved = || after.iter().find(same_name);
        match after.iter().find(same).or_else(moved) {
            Some(b) => compare_param(comparison, new, a, b),
            None => {
                let (location, wire_name) = (location_name(a.param.location), &a.param.wire_name);
                let subject = format!("{}.{}", new.name(), a.plan.name);
                let description = format!("the {location} parameter `{wire_name}` was removed");
                let (effect, at) = (Effect::Breaking, At::Old(&a.param.at));
                comparison.add(Area::Operation, effect, &subject, at, description);
            }
        }
    }
    let is_new = |b: &&PlannedParam<'_>| {
        !before
            .iter()
            .any(|a| a.param.wire_name == b.param.wire_name)
    };
    for b in after.iter().filter(is_new) {
        add_new_param(comparison, new, b);
    }
}

fn add_new_param(comparison: &mut Comparison<'_>, call: &Call<'_>, b: &PlannedParam<'_>) {
    let is_required = b.param.presence.is_required();
    // A required parameter that is checked before sending is a setter: code compiles without it.
    let effect = match (is_required, b.plan.required_setter) {
        (false, _) => None,
        (true, true) => Some(Effect::Wire),
        (true, false) => Some(Effect::Breaking),
    };
    let required = if is_required { "required " } else { "" };
    let (location, wire_name) = (location_name(b.param.location), &b.param.wire_name);
    let description = format!("new {required}{location} parameter, `{wire_name}`");
    let subject = format!("{}.{}", call.name(), b.plan.name);
    let at = At::New(&b.param.at);
    match effect {
        None => comparison.add_new(Area::Operation, &subject, at, description),
        Some(effect) => comparison.add(Area::Operation, effect, &subject, at, description),
    }
    if effect == Some(Effect::Breaking) {
        let description = NEWLY_REQUIRED.to_owned();
        comparison.add(Area::Operation, Effect::Wire, &subject, at, description);
    }
}

fn compare_param(
    comparison: &mut Comparison<'_>,
    call: &Call<'_>,
    a: &PlannedParam<'_>,
    b: &PlannedParam<'_>,
) {
    let subject = format!("{}.{}", call.name(), b.plan.name);
    let at = At::New(&b.param.at);
    let mut add = |effect, description| {
        comparison.add(Area::Operation, effect, &subject, at, description);
    };
    if a.plan.name != b.plan.name {
        add(Effect::Breaking, format!("renamed from `{}`", a.plan.name));
    }
    if a.plan.ty != b.plan.ty {
        let (was, is) = (type_text(&a.plan.ty), type_text(&b.plan.ty));
        add(Effect::Breaking, format!("is {is} instead of {was}"));
    } else if a.plan.required_setter != b.plan.required_setter {
        let description = match b.plan.required_setter {
            true => "is required now",
            false => "is optional now",
        };
        add(Effect::Wire, description.to_owned());
    }
    let is_setter = b.plan.required_setter;
    if !a.param.presence.is_required() && b.param.presence.is_required() && !is_setter {
        add(Effect::Wire, NEWLY_REQUIRED.to_owned());
    }
    if a.param.location != b.param.location {
        let was = location_name(a.param.location);
        let is = location_name(b.param.location);
        let description = format!("is sent in the {is} instead of the {was}");
        add(Effect::Wire, description);
    }
    let (was, is) = (a.style(), b.style());
    if was != is {
        let description = format!("has the style {is} instead of {was}");
        add(Effect::Wire, description);
    }
    if a.param.default != b.param.default {
        let (was, is) = (a.default(), b.default());
        add(
            Effect::Wire,
            format!("the default is {is} instead of {was}"),
        );
    }
    if a.param.constraints != b.param.constraints && !b.param.constraints.is_empty() {
        let constraints = constraints_text(&b.param.constraints);
        add(Effect::Wire, format!("has new constraints: {constraints}"));
    }
}
