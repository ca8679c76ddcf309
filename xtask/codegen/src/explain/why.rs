//! The reasons.

use crate::config::Config;
use crate::ir::{Operation, Origin, Parent, Presence, RoleStep, Tagging, TypeDef, Usage};
use crate::pipeline::PlannedDocument;
use crate::plan::MethodPlan;

/// A name without case and signs.
fn plain(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_ascii_alphanumeric());
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

pub(super) fn method_name(operation: &Operation, plan: &MethodPlan, config: &Config) -> String {
    if config.names.rename.contains_key(&operation.at.0) {
        return "as `names.rename` in vendor.toml says".to_owned();
    }
    let known = config.names.lock.operations.get(&operation.at.0);
    let kept = kept(known.is_some_and(|known| known.name == plan.name));
    natural_name(operation, plan) + kept
}

/// That programs use a name, and it stays.
fn kept(known: bool) -> &'static str {
    if known { "; names.lock keeps it" } else { "" }
}

fn natural_name(operation: &Operation, plan: &MethodPlan) -> String {
    let Some(id) = &operation.id else {
        return "of its verb and its path, since it has no operationId".to_owned();
    };
    let (id_plain, name) = (plain(id), plain(&plan.name));
    if id_plain == name {
        format!("of its operationId `{id}`")
    } else if id_plain.starts_with(&name) {
        format!("of its operationId `{id}`, without the path and the method at its end")
    } else {
        format!("of its operationId `{id}`, and of what tells it from others of that name")
    }
}

pub(super) fn type_name(
    side: &PlannedDocument,
    def: &TypeDef,
    name: &str,
    config: &Config,
) -> String {
    if config.names.rename.contains_key(&def.at.0) {
        return "as `names.rename` in vendor.toml says".to_owned();
    }
    let mut known = config.names.lock.types.values();
    let known = known.any(|known| known.name == name);
    natural_type_name(side, def) + kept(known)
}

fn natural_type_name(side: &PlannedDocument, def: &TypeDef) -> String {
    match &def.origin {
        Origin::Component(key) => format!("of the schema `{key}`"),
        Origin::Inline {
            parent,
            role,
            title,
        } => {
            let steps: Vec<String> = role.0.iter().map(step).collect();
            let place = match parent {
                Parent::Type(id) => {
                    let name = side.plan.names.get(id).map_or("a type", String::as_str);
                    format!("{} of `{name}`", steps.join(", "))
                }
                Parent::Operation(index) => {
                    let operation = side.api.operations.get(*index);
                    let path = operation.map_or_else(String::new, |operation| {
                        format!("{} {}", operation.method.as_str(), operation.path)
                    });
                    format!("{} of `{path}`", steps.join(", "))
                }
            };
            let title = title
                .as_ref()
                .map(|title| format!(", and its title `{title}`"));
            format!(
                "of where it is written in place: {place}{}",
                title.unwrap_or_default()
            )
        }
    }
}

fn step(step: &RoleStep) -> String {
    match step {
        RoleStep::Property(wire) => format!("the property `{wire}`"),
        RoleStep::Item => "an item".to_owned(),
        RoleStep::MapValue => "a value of the map".to_owned(),
        RoleStep::Variant(index, Some(tag)) => format!("member {index}, tagged `{tag}`,"),
        RoleStep::Variant(index, None) => format!("member {index}"),
        RoleStep::Param(wire) => format!("the parameter `{wire}`"),
        RoleStep::RequestBody => "the body".to_owned(),
        RoleStep::Response(status) => format!("the answer {status}"),
        RoleStep::Error(status) => format!("the error {status}"),
    }
}

pub(super) fn presence(presence: Presence, usage: Usage) -> &'static str {
    let sent = usage.request || !usage.response;
    match presence {
        Presence::Required => "required, and never null",
        Presence::RequiredNullable => "required, and `None` is null",
        Presence::Optional => "not required: `None` is left out",
        Presence::OptionalNullable if sent => {
            "not required, may be null, and is sent: absent and null are two things"
        }
        Presence::OptionalNullable => {
            "not required, may be null, and only ever comes back: `None` is either"
        }
    }
}

pub(super) fn usage(usage: Usage) -> &'static str {
    match (usage.request, usage.response) {
        (true, true) => "in requests and in answers",
        (true, false) => "in requests",
        (false, true) => {
            "in answers alone: nobody makes values of it, so it has no constructor and may grow"
        }
        (false, false) => "nowhere: no operation reaches it",
    }
}

pub(super) fn tagging(tagging: &Tagging) -> String {
    match tagging {
        Tagging::Property(property) => format!(
            "by the property `{property}`: it is the discriminator, or has another value in every member"
        ),
        Tagging::Shape => "by shape, since no property has another value in every member: first the kind of JSON, \
             then required keys, fixed values, and the most keys that a member knows"
            .to_owned(),
    }
}
