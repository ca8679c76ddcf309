//! Properties with one possible value that a caller may omit.
//!
//! A tag is always sent, and so is a property that is required or whose value is the default. Any other property
//! (`stream: {enum: [true]}`) is a choice of the caller, and becomes a field.

use std::collections::BTreeSet;

use super::named_types::collect_named_types;
use crate::ir::{
    Api, Constant, Constraint, Docs, Field, Integer, Literal, Presence, Primitive, Shape, TypeId,
    TypeRef,
};

pub(super) fn run(api: &mut Api) {
    let members = union_members(api);
    for id in api.types.ids().filter(|id| !members.contains(id)) {
        let Shape::Struct(object) = &mut api.types.get_mut(id).shape else {
            continue;
        };
        let (always_sent, optional): (Vec<_>, Vec<_>) = std::mem::take(&mut object.constants)
            .into_iter()
            .partition(|constant| constant.required || constant.is_default);
        object.constants = always_sent;
        object
            .fields
            .extend(optional.into_iter().map(constant_field));
    }
}

/// Returns the types that are members of unions: their constants distinguish them.
fn union_members(api: &Api) -> BTreeSet<TypeId> {
    let unions = api.types.iter().filter_map(|(_, def)| match &def.shape {
        Shape::Union(union) => Some(union),
        _ => None,
    });
    let mut members = Vec::new();
    for variant in unions.flat_map(|union| &union.variants) {
        collect_named_types(&variant.ty, &mut members);
    }
    members.into_iter().collect()
}

/// Returns the field of an optional constant.
fn constant_field(constant: Constant) -> Field {
    let primitive = match &constant.value {
        Literal::Null => Primitive::Any,
        Literal::Bool(_) => Primitive::Bool,
        Literal::Integer(_) => Primitive::Integer(Integer::I64),
        Literal::Number(_) => Primitive::Number,
        Literal::String(_) => Primitive::String { format: None },
    };
    Field {
        wire_name: constant.wire_name,
        ty: TypeRef::Primitive(primitive),
        presence: Presence::Optional,
        closes_cycle: false,
        default: None,
        constraints: vec![Constraint::Constant(constant.value)],
        access: constant.access,
        docs: Docs::default(),
        at: constant.at,
    }
}
