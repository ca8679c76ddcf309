//! Answers that come wrapped (`{data, error}`): what is inside becomes the answer.

use crate::config::{EnvelopeRule, Vendor};
use crate::ir::{
    Api, Envelope, Literal, Presence, Primitive, ResponseContent, Shape, Struct, TypeId, TypeRef,
    TypeTable,
};

/// How deep aliases and unions are followed; real ones nest twice.
const DEPTH: usize = 8;

/// Unwraps every success that a rule of `vendor.toml` fits.
pub(super) fn run(api: &mut Api, vendor: &Vendor) {
    for rule in &vendor.envelope {
        for operation in &mut api.operations {
            for response in operation
                .responses
                .success
                .iter_mut()
                .filter(|r| r.envelope.is_none())
            {
                let ResponseContent::Json(TypeRef::Named(id)) = response.content else {
                    continue;
                };
                let Some(inside) = unwrap(&api.types, id, rule) else {
                    continue;
                };
                response.nullable = inside.nullable;
                response.content = ResponseContent::Json(inside.ty);
                response.envelope = Some(Envelope {
                    data: rule.data.clone(),
                    error: rule.error.clone(),
                });
            }
        }
    }
}

struct Inside {
    ty: TypeRef,
    nullable: bool,
}

/// What an envelope holds; `None` if the type is no envelope.
fn unwrap(types: &TypeTable, id: TypeId, rule: &EnvelopeRule) -> Option<Inside> {
    let mut members = Vec::new();
    structs(types, id, 0, &mut members)?;
    let mut found: Option<Inside> = None;
    for member in members {
        let Some(inside) = data_of(member, rule)? else {
            continue;
        };
        match &mut found {
            None => found = Some(inside),
            Some(known) if known.ty == inside.ty => known.nullable |= inside.nullable,
            Some(_) => return None,
        }
    }
    // Every member says `data: null`: the answer is that there is nothing to say.
    Some(found.unwrap_or(Inside {
        ty: TypeRef::Primitive(Primitive::Null),
        nullable: false,
    }))
}

/// The structs a type may be, through aliases and unions.
fn structs<'t>(
    types: &'t TypeTable,
    id: TypeId,
    depth: usize,
    found: &mut Vec<&'t Struct>,
) -> Option<()> {
    if depth > DEPTH {
        return None;
    }
    match &types.get(id).shape {
        Shape::Struct(object) => found.push(object),
        Shape::Alias(TypeRef::Named(target)) => structs(types, *target, depth + 1, found)?,
        Shape::Union(union) => {
            for variant in &union.variants {
                let TypeRef::Named(target) = variant.ty else {
                    return None;
                };
                structs(types, target, depth + 1, found)?;
            }
        }
        Shape::Alias(_) | Shape::Enum(_) => return None,
    }
    Some(())
}

/// The outer `Option`: whether the struct is an envelope. The inner: what it holds, if not only null.
fn data_of(object: &Struct, rule: &EnvelopeRule) -> Option<Option<Inside>> {
    let names = object
        .fields
        .iter()
        .map(|f| &f.wire)
        .chain(object.constants.iter().map(|c| &c.wire));
    let mut all = names.clone();
    let known = |name: &String| *name == rule.data || Some(name) == rule.error.as_ref();
    if object.extra.is_some() || !all.all(known) {
        return None;
    }
    let wants = std::iter::once(&rule.data).chain(rule.error.as_ref());
    if !wants
        .into_iter()
        .all(|want| names.clone().any(|name| name == want))
    {
        return None;
    }
    if object
        .constants
        .iter()
        .any(|constant| constant.wire == rule.data)
    {
        let null = object
            .constants
            .iter()
            .any(|c| c.wire == rule.data && c.value == Literal::Null);
        return null.then_some(None);
    }
    let field = object.fields.iter().find(|field| field.wire == rule.data)?;
    let nullable = matches!(
        field.presence,
        Presence::RequiredNullable | Presence::OptionalNullable | Presence::Optional
    );
    Some(Some(Inside {
        ty: field.ty.clone(),
        nullable,
    }))
}
