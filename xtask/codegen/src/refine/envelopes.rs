//! Answers that come wrapped (`{data, error}`): what is inside becomes the answer.

use crate::config::{Config, EnvelopeRule};
use crate::ir::{
    Api, Docs, Envelope, Literal, Origin, Parent, Presence, Primitive, Response, ResponseContent,
    Role, RoleStep, Shape, Struct, Tagging, TypeDef, TypeId, TypeRef, TypeTable, Union, Variant,
};

/// How deep aliases and unions are followed; real ones nest twice.
const DEPTH: usize = 8;

/// Unwraps every success that a rule of `vendor.toml` fits.
pub(super) fn run(api: &mut Api, vendor: &Config) {
    let types = &mut api.types;
    for rule in &vendor.envelope {
        for (index, operation) in api.operations.iter_mut().enumerate() {
            for response in &mut operation.responses.success {
                open(types, response, Parent::Operation(index), rule);
            }
        }
    }
}

/// Puts what is inside in the place of the envelope, if the answer is one.
fn open(types: &mut TypeTable, response: &mut Response, owner: Parent, rule: &EnvelopeRule) {
    let ResponseContent::Json(TypeRef::Named(id)) = response.content else {
        return;
    };
    if response.envelope.is_some() {
        return;
    }
    let Some(inside) = inside(types, id, rule) else {
        return;
    };
    response.nullable = inside.nullable;
    response.content = ResponseContent::Json(match inside.types.as_slice() {
        // Every member says `data: null`: the answer is that there is nothing to say.
        [] => TypeRef::Primitive(Primitive::Null),
        [one] => one.clone(),
        many => choice(types, id, owner, many),
    });
    response.envelope = Some(Envelope {
        data: rule.data.clone(),
        error: rule.error.clone(),
    });
}

/// What an envelope may hold, each type once.
#[derive(Default)]
struct Inside {
    types: Vec<TypeRef>,
    nullable: bool,
}

/// What an envelope holds; `None` if the type is no envelope.
fn inside(types: &TypeTable, id: TypeId, rule: &EnvelopeRule) -> Option<Inside> {
    let mut members = Vec::new();
    structs(types, id, 0, &mut members)?;
    let mut all = Inside::default();
    for member in members {
        let Some((ty, nullable)) = data_of(member, rule)? else {
            continue;
        };
        all.nullable |= nullable;
        if !all.types.contains(&ty) {
            all.types.push(ty);
        }
    }
    Some(all)
}

/// A union of what several envelopes hold. It takes the place of the union of envelopes if that was written in place,
/// for then nothing else uses it.
fn choice(types: &mut TypeTable, id: TypeId, owner: Parent, many: &[TypeRef]) -> TypeRef {
    let envelope = types.get(id).clone();
    let variants = many.iter().map(|ty| Variant {
        ty: ty.clone(),
        tags: Vec::new(),
        closes_cycle: false,
        title: None,
        docs: Docs::default(),
        at: envelope.at.clone(),
    });
    let shape = Shape::Union(Union {
        variants: variants.collect(),
        tagging: Tagging::Shape,
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

/// The outer `Option`: whether the struct is an envelope. The inner: what it holds, if not only null, and whether
/// that can be null.
fn data_of(object: &Struct, rule: &EnvelopeRule) -> Option<Option<(TypeRef, bool)>> {
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
    Some(Some((field.ty.clone(), nullable)))
}
