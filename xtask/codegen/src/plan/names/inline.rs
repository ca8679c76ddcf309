//! Names of inline schemas: by title, by content, or by place.

use super::component::component_name_candidates;
use super::place::{ordinal, status_words, steps_words, title_words, without_variants_of_items};
use crate::ir::{
    Api, Enum, EnumType, Literal, Origin, Parent, Primitive, RoleStep, Shape, Struct, TypeDef,
    TypeId, TypeRef, Union,
};
use crate::limits::MAX_COMPARED_MEMBERS;
use crate::plan::casing::{split_words, word_list};

/// Returns candidates for the name of an inline schema, best first.
///
/// `owner` is the name of what contains the schema.
pub(super) fn inline_name_candidates(api: &Api, owner: &str, def: &TypeDef) -> Vec<String> {
    let Origin::Inline { parent, role, .. } = &def.origin else {
        return Vec::new();
    };
    let name_by_place = |steps: &[&RoleStep]| {
        let words = std::iter::once(owner.to_owned()).chain(steps_words(steps, owner));
        words
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let mut candidates = Vec::new();
    if let (Some(RoleStep::Variant(index, tag)), Parent::Type(union)) = (role.0.last(), parent) {
        let by_title = title_words(def);
        let tag = tag.as_deref().map(split_words);
        let by_content = || variant_words(api, *union, *index, def);
        let suffixes = by_title.or(tag).into_iter().chain(by_content());
        candidates.extend(suffixes.map(|suffix| format!("{owner} {suffix}")));
    }
    candidates.push(name_by_place(&without_variants_of_items(&role.0)));
    candidates.push(name_by_place(&role.0.iter().collect::<Vec<_>>()));
    // A component may have the usual name of a body.
    match role.0.as_slice() {
        [RoleStep::RequestBody] => candidates.push(format!("{owner} body")),
        [RoleStep::Response(status)] => {
            candidates.push(format!("{owner} {} response", status_words(status)));
        }
        _ => {}
    }
    candidates
}

/// Returns words for a member of a union without tags, best first: a constant, its JSON kind if no other member has it,
/// the property that only it has, or its position.
pub(super) fn variant_words(api: &Api, union: TypeId, index: usize, def: &TypeDef) -> Vec<String> {
    let Shape::Union(union) = &api.types.get(union).shape else {
        return Vec::new();
    };
    let mut words = Vec::new();
    if let Shape::Struct(object) = &def.shape {
        words.extend(constant_words(object));
        if !has_two_objects(api, union) {
            words.push("object".to_owned());
        }
        if union.variants.len() <= MAX_COMPARED_MEMBERS {
            let own = own_property(api, union, object);
            words.extend(own.map(|name| format!("with {}", split_words(name))));
        }
    }
    words.extend(match &def.shape {
        Shape::Enum(values) => Some(enum_label(values).to_owned()),
        Shape::Union(_) => Some("choice".to_owned()),
        Shape::Struct(_) | Shape::Alias(_) => None,
    });
    words.push(format!("{} form", ordinal(index)));
    words
}

/// Returns the words of a constant property.
pub(super) fn constant_words(object: &Struct) -> Option<String> {
    let mut constants = object.constants.iter();
    constants.find_map(|constant| match &constant.value {
        Literal::String(value) => Some(split_words(value)).filter(|words| !words.is_empty()),
        _ => None,
    })
}

fn has_two_objects(api: &Api, union: &Union) -> bool {
    let members = union.variants.iter();
    let mut objects = members.filter(|variant| is_object(api, &variant.ty));
    objects.nth(1).is_some()
}

fn is_object(api: &Api, ty: &TypeRef) -> bool {
    match ty {
        TypeRef::Map(_) => true,
        TypeRef::Named(id) => matches!(api.types.get(*id).shape, Shape::Struct(_)),
        _ => false,
    }
}

/// Returns the first property that no other member of the union has; required ones first.
fn own_property<'a>(api: &Api, union: &Union, object: &'a Struct) -> Option<&'a str> {
    let others: Vec<&Struct> = union
        .variants
        .iter()
        .filter_map(|variant| match &variant.ty {
            TypeRef::Named(id) => match &api.types.get(*id).shape {
                Shape::Struct(other) if other.fields != object.fields => Some(other),
                _ => None,
            },
            _ => None,
        })
        .collect();
    let is_own = |name: &str| {
        others
            .iter()
            .all(|other| other.fields.iter().all(|field| field.wire_name != name))
    };
    let required = object
        .fields
        .iter()
        .filter(|field| field.presence.is_required());
    let optional = object
        .fields
        .iter()
        .filter(|field| !field.presence.is_required());
    let mut names = required
        .chain(optional)
        .map(|field| field.wire_name.as_str());
    names.find(|name| is_own(name))
}

/// Returns a label for a type as a member of a union.
pub(super) fn member_label(api: &Api, ty: &TypeRef) -> String {
    match ty {
        TypeRef::Named(id) => {
            let def = api.types.get(*id);
            match (&def.origin, &def.shape) {
                (Origin::Component(key), _) => component_name_candidates(key)
                    .into_iter()
                    .next()
                    .unwrap_or_default(),
                (
                    Origin::Inline {
                        title: Some(title), ..
                    },
                    _,
                ) => title.clone(),
                (_, Shape::Struct(object)) => {
                    constant_words(object).unwrap_or_else(|| "object".to_owned())
                }
                (_, Shape::Enum(values)) => enum_label(values).to_owned(),
                (_, Shape::Union(union)) => nested_union_label(api, union),
                (_, Shape::Alias(_)) => "choice".to_owned(),
            }
        }
        TypeRef::List(item) => format!("{} list", member_label(api, item)),
        TypeRef::Tuple(items) => tuple_label(items, |item| member_label(api, item)),
        TypeRef::Map(value) => format!("{} map", member_label(api, value)),
        TypeRef::Nullable(inner) => member_label(api, inner),
        TypeRef::Primitive(primitive) => primitive_label(primitive).to_owned(),
    }
}

/// Returns a label for a tuple: that of its only type, or `tuple`.
pub(in crate::plan) fn tuple_label(
    items: &[TypeRef],
    label: impl Fn(&TypeRef) -> String,
) -> String {
    match items.split_first() {
        Some((first, rest)) if rest.iter().all(|item| item == first) => {
            format!("{} array", label(first))
        }
        _ => "tuple".to_owned(),
    }
}

fn enum_label(values: &Enum) -> &'static str {
    match values.ty {
        EnumType::String => "kind",
        EnumType::I64 | EnumType::I128 => "integer",
    }
}

/// Returns a label for a union inside a union: that of its members, if they are few and simple.
fn nested_union_label(api: &Api, union: &Union) -> String {
    let is_union = |ty: &TypeRef| matches!(ty, TypeRef::Named(id) if matches!(api.types.get(*id).shape, Shape::Union(_)));
    if union.variants.len() > 2 || union.variants.iter().any(|variant| is_union(&variant.ty)) {
        return "choice".to_owned();
    }
    match common_member_suffix(api, union).as_slice() {
        [] => {
            let variants = union.variants.iter();
            let labels = variants.map(|variant| member_label(api, &variant.ty));
            labels.collect::<Vec<_>>().join(" or ")
        }
        suffix => suffix.join(" "),
    }
}

/// Returns the words in which the labels of all members of a union end: `content part` for `TextContentPart` and
/// `FileContentPart`.
pub(super) fn common_member_suffix(api: &Api, union: &Union) -> Vec<String> {
    let variants = union.variants.iter();
    let mut labels = variants.map(|variant| word_list(&member_label(api, &variant.ty)));
    let first = labels.next().unwrap_or_default();
    labels.fold(first, |suffix, words| {
        let equal = suffix.iter().rev().zip(words.iter().rev());
        let length = equal.take_while(|(a, b)| a == b).count();
        suffix.into_iter().rev().take(length).rev().collect()
    })
}

/// Returns the word for a primitive type in names.
pub(in crate::plan) fn primitive_label(primitive: &Primitive) -> &'static str {
    match primitive {
        Primitive::Any => "anything",
        Primitive::Null => "null",
        Primitive::Bool => "bool",
        Primitive::Integer(_) => "integer",
        Primitive::Number => "number",
        Primitive::String { .. } => "text",
        Primitive::Secret => "secret",
        Primitive::Timestamp => "timestamp",
        Primitive::Bytes => "bytes",
        Primitive::File => "file",
    }
}
