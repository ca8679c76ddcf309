//! Envelopes (`{data, error}`): their content becomes the content of the response.

use crate::config::{Config, EnvelopeRule};
use crate::ir::{
    Api, Docs, Envelope, Literal, Origin, Parent, Presence, Primitive, Response, ResponseContent,
    Role, RoleStep, Shape, Struct, Tagging, TypeDef, TypeId, TypeRef, TypeTable, Union, Variant,
};

/// The maximum depth of aliases and unions. Those of real documents have a depth of two.
const MAX_DEPTH: usize = 8;

/// Removes the envelope of every success that matches a rule of `vendor.toml`.
pub(super) fn run(api: &mut Api, config: &Config) {
    let types = &mut api.types;
    for rule in &config.envelope {
        for (index, operation) in api.operations.iter_mut().enumerate() {
            for response in &mut operation.responses.success {
                remove_envelope(types, response, Parent::Operation(index), rule);
            }
        }
    }
}

/// Replaces the envelope of a response by its content, if it has one.
fn remove_envelope(
    types: &mut TypeTable,
    response: &mut Response,
    owner: Parent,
    rule: &EnvelopeRule,
) {
    let ResponseContent::Json(TypeRef::Named(id)) = response.content else {
        return;
    };
    if response.envelope.is_some() {
        return;
    }
    let Some(content) = envelope_content(types, id, rule) else {
        return;
    };
    response.nullable = content.nullable;
    response.content = ResponseContent::Json(match content.types.as_slice() {
        // Every member has `data: null`: the response is always null.
        [] => TypeRef::Primitive(Primitive::Null),
        [one] => one.clone(),
        many => content_union(types, id, owner, many),
    });
    response.envelope = Some(Envelope {
        data: rule.data.clone(),
        error: rule.error.clone(),
    });
}

/// The possible contents of an envelope, without duplicates.
#[derive(Default)]
struct EnvelopeContent {
    types: Vec<TypeRef>,
    nullable: bool,
}

/// Returns the content of an envelope; `None` if the type is not an envelope.
fn envelope_content(types: &TypeTable, id: TypeId, rule: &EnvelopeRule) -> Option<EnvelopeContent> {
    let mut members = Vec::new();
    collect_structs(types, id, 0, &mut members)?;
    let mut all = EnvelopeContent::default();
    for member in members {
        let Some((ty, nullable)) = envelope_data(member, rule)? else {
            continue;
        };
        all.nullable |= nullable;
        if !all.types.contains(&ty) {
            all.types.push(ty);
        }
    }
    Some(all)
}

/// Returns a union of the contents of several envelopes. It replaces the union of envelopes if that is inline, because then
/// nothing else uses it.
fn content_union(types: &mut TypeTable, id: TypeId, owner: Parent, many: &[TypeRef]) -> TypeRef {
    let envelope = types.get(id).clone();
    let variants = many.iter().map(|ty| Variant {
        ty: ty.clone(),
        tags: Vec::new(),
        is_default: false,
        closes_cycle: false,
        title: None,
        docs: Docs::default(),
        at: envelope.at.clone(),
    });
    let shape = Shape::Union(Union {
        variants: variants.collect(),
        tagging: Tagging::Untagged,
    });
    if matches!(envelope.origin, Origin::Inline { .. }) {
        types.get_mut(id).shape = shape;
        return TypeRef::Named(id);
    }
    let origin = Origin::Inline {
        parent: owner,
        role: Role(vec![RoleStep::Response("200".to_owned())]),
        title: None,
    };
    TypeRef::Named(types.push(TypeDef {
        origin,
        shape,
        ..envelope
    }))
}

/// Collects the structs that a type can be, through aliases and unions. `None` if it can be something else.
fn collect_structs<'t>(
    types: &'t TypeTable,
    id: TypeId,
    depth: usize,
    found: &mut Vec<&'t Struct>,
) -> Option<()> {
    if depth > MAX_DEPTH {
        return None;
    }
    match &types.get(id).shape {
        Shape::Struct(object) => found.push(object),
        Shape::Alias(TypeRef::Named(target)) => collect_structs(types, *target, depth + 1, found)?,
        Shape::Union(union) => {
            for variant in &union.variants {
                let TypeRef::Named(target) = variant.ty else {
                    return None;
                };
                collect_structs(types, target, depth + 1, found)?;
            }
        }
        Shape::Alias(_) | Shape::Enum(_) => return None,
    }
    Some(())
}

/// Returns the type of the data of an envelope, and whether it can be null. The outer `None` means that the struct is not an
/// envelope, the inner one that its data is always null.
fn envelope_data(object: &Struct, rule: &EnvelopeRule) -> Option<Option<(TypeRef, bool)>> {
    let names = object
        .fields
        .iter()
        .map(|f| &f.wire_name)
        .chain(object.constants.iter().map(|c| &c.wire_name));
    let mut all = names.clone();
    let is_known = |name: &String| *name == rule.data || Some(name) == rule.error.as_ref();
    if object.extra.is_some() || !all.all(is_known) {
        return None;
    }
    let expected = std::iter::once(&rule.data).chain(rule.error.as_ref());
    if !expected
        .into_iter()
        .all(|key| names.clone().any(|name| name == key))
    {
        return None;
    }
    if object
        .constants
        .iter()
        .any(|constant| constant.wire_name == rule.data)
    {
        let is_null = object
            .constants
            .iter()
            .any(|c| c.wire_name == rule.data && c.value == Literal::Null);
        return is_null.then_some(None);
    }
    let field = object
        .fields
        .iter()
        .find(|field| field.wire_name == rule.data)?;
    let nullable = matches!(
        field.presence,
        Presence::RequiredNullable | Presence::OptionalNullable | Presence::Optional
    );
    Some(Some((field.ty.clone(), nullable)))
}
