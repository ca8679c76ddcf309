//! Properties with one possible value that a caller may want to leave out.
//!
//! A tag is sent by itself, and so is what must be there or what the document gives as the default. Anything else
//! (`stream: {enum: [true]}`) is a choice, and becomes an ordinary field.

use std::collections::BTreeSet;

use crate::ir::{
    Api, Constant, Constraint, Docs, Field, Integer, Literal, Presence, Primitive, Shape, TypeId,
    TypeRef,
};

pub(super) fn run(api: &mut Api) {
    let members = members(api);
    for id in api.types.ids().filter(|id| !members.contains(id)) {
        let Shape::Struct(object) = &mut api.types.get_mut(id).shape else {
            continue;
        };
        let (sent, chosen): (Vec<_>, Vec<_>) = std::mem::take(&mut object.constants)
            .into_iter()
            .partition(|constant| constant.required || constant.is_default);
        object.constants = sent;
        object.fields.extend(chosen.into_iter().map(field));
    }
}

/// The types among which a union chooses: their constants tell them apart.
fn members(api: &Api) -> BTreeSet<TypeId> {
    let unions = api.types.iter().filter_map(|(_, def)| match &def.shape {
        Shape::Union(union) => Some(union),
        _ => None,
    });
    let mut members = Vec::new();
    for variant in unions.flat_map(|union| &union.variants) {
        super::named(&variant.ty, &mut members);
    }
    members.into_iter().collect()
}

fn field(constant: Constant) -> Field {
    let primitive = match &constant.value {
        Literal::Null => Primitive::Any,
        Literal::Bool(_) => Primitive::Bool,
        Literal::Integer(_) => Primitive::Integer(Integer::I64),
        Literal::String(_) => Primitive::String { format: None },
    };
    Field {
        wire: constant.wire,
        ty: TypeRef::Primitive(primitive),
        presence: Presence::Optional,
        closes_cycle: false,
        default: None,
        constraints: vec![Constraint::Constant(constant.value)],
        read_only: false,
        docs: Docs::default(),
        at: constant.at,
    }
}
