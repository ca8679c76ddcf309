//! The reasons for names, presence and tagging.

use crate::config::Config;
use crate::ir::{Operation, Origin, Parent, Presence, RoleStep, Tagging, TypeDef, Usage};
use crate::pipeline::PlannedDocument;
use crate::plan::MethodPlan;

const RENAMED: &str = "from `names.rename` in vendor.toml";

/// Returns where the name of a method comes from.
pub(super) fn operation_name_reason(
    operation: &Operation,
    plan: &MethodPlan,
    config: &Config,
) -> String {
    if config.names.rename.contains_key(&operation.at.0) {
        return RENAMED.to_owned();
    }
    let recorded = config.names.lock.operations.get(&operation.at.0);
    let is_recorded = recorded.is_some_and(|recorded| recorded.name == plan.name);
    derived_operation_name_reason(operation, plan) + lock_note(is_recorded)
}

fn derived_operation_name_reason(operation: &Operation, plan: &MethodPlan) -> String {
    let Some(id) = &operation.id else {
        return "from its HTTP method and its path, since it has no operationId".to_owned();
    };
    let (letters_of_id, letters_of_name) = (letters(id), letters(&plan.name));
    if letters_of_id == letters_of_name {
        format!("from its operationId `{id}`")
    } else if letters_of_name.len() > letters_of_id.len() {
        format!("from its operationId `{id}`, with a word that makes it unique")
    } else if is_subsequence(&letters_of_name, &letters_of_id) {
        format!(
            "from its operationId `{id}`, without the words of its resource, its path and its HTTP method"
        )
    } else {
        format!(
            "a verb for the HTTP method, since its operationId `{id}` only repeats method and path"
        )
    }
}

/// Returns whether all letters of `part` occur in `text`, in this order.
fn is_subsequence(part: &str, text: &str) -> bool {
    let mut letters = text.chars();
    part.chars()
        .all(|letter| letters.any(|other| other == letter))
}

/// Returns where the name of a type comes from.
pub(super) fn type_name_reason(
    planned: &PlannedDocument,
    def: &TypeDef,
    name: &str,
    config: &Config,
) -> String {
    if config.names.rename.contains_key(&def.at.0) {
        return RENAMED.to_owned();
    }
    let mut recorded = config.names.lock.types.values();
    let is_recorded = recorded.any(|recorded| recorded.name == name);
    derived_type_name_reason(planned, def) + lock_note(is_recorded)
}

fn derived_type_name_reason(planned: &PlannedDocument, def: &TypeDef) -> String {
    let Origin::Inline {
        parent,
        role,
        title,
    } = &def.origin
    else {
        let Origin::Component(key) = &def.origin else {
            return String::new();
        };
        return format!("from the schema `{key}`");
    };
    let parent = match parent {
        Parent::Type(id) => {
            let name = planned
                .plan
                .type_names
                .get(id)
                .map_or("a type", String::as_str);
            name.to_owned()
        }
        Parent::Operation(index) => {
            let operation = planned.api.operations.get(*index);
            operation.map_or_else(String::new, |operation| {
                format!("{} {}", operation.method.as_str(), operation.path)
            })
        }
        Parent::Payload(index) => {
            let payload = planned.api.payloads.get(*index);
            payload.map_or_else(String::new, |payload| payload.name.clone())
        }
    };
    let steps: Vec<String> = role.0.iter().map(role_step_text).collect();
    let title = match title {
        Some(title) => format!(", and from its title `{title}`"),
        None => String::new(),
    };
    let steps = steps.join(", ");
    format!("from the location of the inline schema: {steps} of `{parent}`{title}")
}

/// Returns a note that `names.lock` records a name.
fn lock_note(is_recorded: bool) -> &'static str {
    if is_recorded {
        "; recorded in names.lock"
    } else {
        ""
    }
}

/// Returns a name without case and punctuation.
fn letters(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_ascii_alphanumeric());
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

fn role_step_text(step: &RoleStep) -> String {
    match step {
        RoleStep::Property(wire_name) => format!("the property `{wire_name}`"),
        RoleStep::Item => "an item".to_owned(),
        RoleStep::TupleItem(index) => format!("item {index} of the tuple"),
        RoleStep::MapValue => "a value of the map".to_owned(),
        RoleStep::Variant(index, Some(tag)) => format!("variant {index}, tagged `{tag}`,"),
        RoleStep::Variant(index, None) => format!("variant {index}"),
        RoleStep::Param(wire_name) => format!("the parameter `{wire_name}`"),
        RoleStep::RequestBody => "the request body".to_owned(),
        RoleStep::Response(status) => format!("the response {status}"),
        RoleStep::Error(status) => format!("the error response {status}"),
        RoleStep::Payload => "the body of the webhook".to_owned(),
        RoleStep::MediaType(name) => format!("as {name}"),
    }
}

pub(super) fn presence_text(presence: Presence, usage: Usage) -> &'static str {
    let is_sent = usage.request || !usage.response;
    match presence {
        Presence::Required => "required, never null",
        Presence::RequiredNullable => "required, `None` is null",
        Presence::Optional => "optional, `None` is omitted",
        Presence::OptionalNullable if is_sent => {
            "optional and nullable in requests: absent and null are different values"
        }
        Presence::OptionalNullable => {
            "optional and nullable in responses only: `None` is absent or null"
        }
    }
}

pub(super) fn usage_text(usage: Usage) -> &'static str {
    match (usage.request, usage.response) {
        (true, true) => "requests and responses",
        (true, false) => "requests",
        (false, true) => "responses only, so it has no constructor and is non-exhaustive",
        (false, false) => "no operation",
    }
}

/// Returns how the variant of a value is chosen.
pub(super) fn tagging_text(tagging: &Tagging) -> String {
    match tagging {
        Tagging::Property(property) => format!(
            "chosen by the property `{property}`, which is the discriminator or has a different value in every variant"
        ),
        Tagging::Untagged => "chosen by shape, since no property has a different value in every variant: by the kind of \
             JSON, then by required keys, constant values, and the number of known keys"
            .to_owned(),
    }
}
