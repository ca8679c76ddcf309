//! Finds items by name or pointer.

use std::borrow::Cow;

use strsim::osa_distance;

use crate::ir::{Operation, Origin, Pointer, Shape, TypeId};
use crate::pipeline::PlannedDocument;
use crate::plan::{FieldEncoding, MethodPlan, ModelKind, ModelPlan, ResourcePlan};

/// An item that can be explained.
#[derive(Clone, Copy)]
pub(super) enum Item<'a> {
    /// An operation.
    Operation(&'a Operation, &'a ResourcePlan, &'a MethodPlan),
    /// A type.
    Type(TypeId, &'a ModelPlan),
    /// A field, a value or a variant of a type, by its Rust name.
    Member(TypeId, &'a ModelPlan, &'a str),
}

/// Returns every item of that name.
pub(super) fn find_items<'a>(planned: &'a PlannedDocument, name: &str) -> Vec<Item<'a>> {
    if name.starts_with('#') {
        return items_at(planned, &Pointer(name.to_owned()));
    }
    let rust_name = name.strip_prefix("models::").unwrap_or(name);
    let (type_name, member) = rust_name
        .split_once("::")
        .map_or((rust_name, None), |(type_name, member)| {
            (type_name, Some(member))
        });
    let operations = operations(planned);
    let mut found: Vec<Item<'a>> = operations
        .filter(|item| is_operation_named(item, name))
        .collect();
    for (id, plan) in types(planned) {
        let component = match &planned.api.types.get(id).origin {
            Origin::Component(key) => key.as_str(),
            Origin::Inline { .. } => "",
        };
        match member {
            None if plan.name == type_name || component == name => {
                found.push(Item::Type(id, plan));
            }
            Some(member) if plan.name == type_name => {
                let known = members(plan).into_iter().find(|(name, _)| *name == member);
                found.extend(known.map(|(name, _)| Item::Member(id, plan, name)));
            }
            _ => {}
        }
    }
    found
}

fn is_operation_named(item: &Item<'_>, name: &str) -> bool {
    let Item::Operation(operation, resource, method) = item else {
        return false;
    };
    let names = [
        format!("{}().{}", resource.path, method.name),
        format!("{} {}", method.http_method.as_str(), method.path),
        method.name.clone(),
        method.request_type.clone(),
    ];
    operation.id.as_deref() == Some(name) || names.iter().any(|known| known == name)
}

/// Returns every operation.
fn operations(planned: &PlannedDocument) -> impl Iterator<Item = Item<'_>> {
    planned.plan.resources.iter().flat_map(move |resource| {
        let methods = resource.methods.iter();
        methods.filter_map(move |method| {
            let mut operations = planned.api.operations.iter();
            let is_planned_as = |operation: &&Operation| operation.at == method.at;
            Some(Item::Operation(
                operations.find(is_planned_as)?,
                resource,
                method,
            ))
        })
    })
}

/// Returns every type.
fn types(planned: &PlannedDocument) -> Vec<(TypeId, &ModelPlan)> {
    let plans = planned.plan.models.iter().flat_map(|file| &file.types);
    let plans: std::collections::BTreeMap<&str, &ModelPlan> =
        plans.map(|plan| (plan.name.as_str(), plan)).collect();
    let names = planned.plan.type_names.iter();
    names
        .filter_map(|(id, name)| Some((*id, *plans.get(name.as_str())?)))
        .collect()
}

/// Returns the fields, values or variants of a type: the Rust name, and the name in JSON, or an empty string.
pub(super) fn members(plan: &ModelPlan) -> Vec<(&str, Cow<'_, str>)> {
    match &plan.kind {
        ModelKind::Alias(_) => Vec::new(),
        ModelKind::Struct { fields, .. } => fields
            .iter()
            .map(|field| match &field.encoding {
                FieldEncoding::Named { name, .. } | FieldEncoding::Fixed { name, .. } => {
                    (field.name.as_str(), name.as_str().into())
                }
                FieldEncoding::Extra => (field.name.as_str(), "".into()),
            })
            .collect(),
        ModelKind::Enum { values, .. } => values
            .iter()
            .map(|value| (value.name.as_str(), value.wire_value.to_string().into()))
            .collect(),
        ModelKind::Union { variants, .. } => variants
            .iter()
            .map(|variant| (variant.name.as_str(), "".into()))
            .collect(),
    }
}

/// Returns the location of a member in the document.
pub(super) fn member_pointer(
    planned: &PlannedDocument,
    id: TypeId,
    plan: &ModelPlan,
    member: &str,
) -> Pointer {
    let def = planned.api.types.get(id);
    let known = members(plan);
    let index = known.iter().position(|(name, _)| *name == member);
    let wire_name = index.and_then(|index| known.get(index));
    let wire_name = wire_name.map(|(_, wire_name)| &**wire_name);
    let at = match &def.shape {
        Shape::Struct(object) => {
            let fields = object
                .fields
                .iter()
                .map(|field| (&field.wire_name, &field.at));
            let constants = object.constants.iter();
            let constants = constants.map(|constant| (&constant.wire_name, &constant.at));
            let mut all = fields.chain(constants);
            all.find(|(known, _)| Some(known.as_str()) == wire_name)
                .map(|(_, at)| at)
        }
        Shape::Union(union) => index
            .and_then(|index| union.variants.get(index))
            .map(|variant| &variant.at),
        Shape::Alias(_) | Shape::Enum(_) => None,
    };
    at.unwrap_or(&def.at).clone()
}

/// Returns the items at a pointer, or the nearest ones that contain it.
fn items_at<'a>(planned: &'a PlannedDocument, pointer: &Pointer) -> Vec<Item<'a>> {
    let contains = |at: &Pointer| {
        let rest = pointer.0.strip_prefix(at.0.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let mut found = items_with_pointers(planned);
    found.retain(|(at, _)| contains(at) || contains(&planned.moves.original(at)));
    let longest = found.iter().map(|(at, _)| at.0.len()).max();
    found.retain(|(at, _)| Some(at.0.len()) == longest);
    // A variant can have the pointer of its type. Only the type is meant then.
    let has_type = found.iter().any(|(_, item)| matches!(item, Item::Type(..)));
    if has_type && !pointer.0.contains("/properties/") {
        found.retain(|(_, item)| !matches!(item, Item::Member(..)));
    }
    found.into_iter().map(|(_, item)| item).collect()
}

/// Returns every operation, type, field and union variant with its pointer.
fn items_with_pointers(planned: &PlannedDocument) -> Vec<(Pointer, Item<'_>)> {
    let mut found: Vec<(Pointer, Item<'_>)> = Vec::new();
    for item in operations(planned) {
        if let Item::Operation(operation, ..) = item {
            found.push((operation.at.clone(), item));
        }
    }
    for (id, plan) in types(planned) {
        let pointer = planned.api.types.get(id).at.clone();
        found.push((pointer, Item::Type(id, plan)));
        if matches!(
            plan.kind,
            ModelKind::Struct { .. } | ModelKind::Union { .. }
        ) {
            for (member, _) in members(plan) {
                let pointer = member_pointer(planned, id, plan, member);
                found.push((pointer, Item::Member(id, plan, member)));
            }
        }
    }
    found
}

/// The number of similar names that are suggested.
const MAX_SIMILAR: usize = 5;

/// Returns the names that are most like `name`, without regard to case and punctuation: equal ones, those with few typing
/// errors, and those that contain it, in this order.
pub(super) fn similar_names(planned: &PlannedDocument, name: &str) -> Vec<String> {
    let expected = letters(name);
    if expected.is_empty() {
        return Vec::new();
    }
    let max_distance = expected.chars().count().div_ceil(4);
    let rank = |known: &String| {
        let known = letters(known);
        let distance = osa_distance(&expected, &known).min(max_distance + 1);
        let is_similar = distance <= max_distance || known.contains(&expected);
        is_similar.then_some((distance, known.len()))
    };
    let names = known_names(planned).into_iter();
    let mut ranked: Vec<_> = names
        .filter_map(|name| Some((rank(&name)?, name)))
        .collect();
    ranked.sort();
    ranked.dedup();
    let names = ranked.into_iter().map(|(_, name)| name);
    names.take(MAX_SIMILAR).collect()
}

/// Returns what users can ask for: types, and operations by method, `operationId` and request line.
fn known_names(planned: &PlannedDocument) -> Vec<String> {
    let mut names: Vec<String> = (types(planned).into_iter())
        .map(|(_, plan)| plan.name.clone())
        .collect();
    for item in operations(planned) {
        if let Item::Operation(operation, resource, method) = item {
            names.push(format!("{}().{}", resource.path, method.name));
            names.push(format!("{} {}", method.http_method.as_str(), method.path));
            names.extend(operation.id.clone());
        }
    }
    names
}

/// Returns the letters and digits of a name, in lower case.
fn letters(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
