//! Plans enums of strings and unions.

use std::collections::BTreeMap;

use super::boxing::is_variant_boxed;
use super::member_names::LockedMembers;
use super::model_plan::{EnumValuePlan, ModelKind, VariantPlan};
use crate::ir::{Enum, Literal, Origin, Tagging, TypeId, TypeRef, Union, Variant};
use crate::plan::casing::comparison_key;
use crate::plan::context::PlanContext;
use crate::plan::docs;
use crate::plan::docs::markdown::inline_code;
use crate::plan::names::inline::primitive_label;
use crate::plan::rust_type::RustType;
use crate::plan::scope::Scope;

pub(super) fn plan_enum(cx: &PlanContext<'_>, id: TypeId, values: &Enum) -> ModelKind {
    let mut scope = Scope::variants();
    let keys = values.values.iter().map(|value| value.value.as_str());
    let locked = LockedMembers::reserve(cx, id, &mut scope, keys);
    let values = values.values.iter().map(|value| {
        let name = locked.name(&value.value);
        let name = name.unwrap_or_else(|| scope.claim_variant_name(&value.value, "value"));
        let spelling = (!is_spelling(&name, &value.value))
            .then(|| format!("Serialized as {}.", inline_code(&value.value)));
        EnumValuePlan {
            name,
            wire_value: value.value.clone(),
            docs: docs::text_or_else(&value.docs, || spelling),
        }
    });
    let values = values.collect();
    ModelKind::Enum {
        values,
        fallback: locked.fallback_variant(&mut scope),
    }
}

pub(super) fn plan_union(
    cx: &PlanContext<'_>,
    id: TypeId,
    union_name: &str,
    union: &Union,
) -> ModelKind {
    let mut scope = Scope::variants();
    let variants = union.variants.iter();
    let short = variants.map(|variant| variant_key(cx, union_name, variant));
    let short: Vec<String> = short.collect();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for key in &short {
        *counts.entry(comparison_key(key)).or_default() += 1;
    }
    let keys = short.iter().zip(&union.variants).map(|(key, variant)| {
        // `Global`, and a type of the union itself, `FunctionGlobal`.
        match counts.get(&comparison_key(key)) {
            Some(1) => key.clone(),
            _ => type_label(cx, "", &variant.ty),
        }
    });
    let keys: Vec<String> = keys.collect();
    let locked = LockedMembers::reserve(cx, id, &mut scope, keys.iter().map(String::as_str));
    let variants = union
        .variants
        .iter()
        .zip(keys)
        .map(|(variant, key)| plan_variant(cx, &mut scope, &locked, key, variant))
        .collect();
    let tag = match &union.tagging {
        Tagging::Property(property) => Some(property.clone()),
        Tagging::Untagged => None,
    };
    ModelKind::Union {
        tag,
        variants,
        fallback: locked.fallback_variant(&mut scope),
    }
}

/// Returns whether a name in Rust only differs in case and separators from the text on the wire.
fn is_spelling(name: &str, text: &str) -> bool {
    comparison_key(name) == comparison_key(text)
}

/// Returns the key of a variant: its only tag, or else a name for its type.
fn variant_key(cx: &PlanContext<'_>, union_name: &str, variant: &Variant) -> String {
    // A number or a boolean is a worse name than that of the type.
    match variant.tags.as_slice() {
        [Literal::String(tag)] => tag.clone(),
        _ => type_label(cx, union_name, &variant.ty),
    }
}

fn plan_variant(
    cx: &PlanContext<'_>,
    scope: &mut Scope,
    locked: &LockedMembers,
    key: String,
    variant: &Variant,
) -> VariantPlan {
    let ty = cx.rust_type(&variant.ty);
    let name = locked.name(&key);
    let name = name.unwrap_or_else(|| scope.claim_variant_name(&key, "member"));
    let tags = variant.tags.iter().map(|tag| inline_code(&tag.to_string()));
    let tags: Vec<String> = tags.collect();
    let is_named_after_tag =
        matches!(variant.tags.as_slice(), [Literal::String(tag)] if is_spelling(&name, tag));
    let default_docs =
        (!tags.is_empty() && !is_named_after_tag).then(|| format!("Tag: {}.", tags.join(" or ")));
    VariantPlan {
        docs: docs::text_or_else(&variant.docs, || default_docs),
        name,
        lock_key: key,
        tags: variant.tags.clone(),
        ty: if is_variant_boxed(cx.api, variant) {
            RustType::Box(Box::new(ty))
        } else {
            ty
        },
    }
}

/// Returns a name for a variant by its type. The name of an inline type is used without the prefix of its union.
fn type_label(cx: &PlanContext<'_>, union_name: &str, ty: &TypeRef) -> String {
    match ty {
        TypeRef::Named(id) => {
            let name = cx.type_name(*id);
            let is_inline = matches!(cx.api.types.get(*id).origin, Origin::Inline { .. });
            let suffix = name
                .strip_prefix(union_name)
                .filter(|suffix| is_inline && !suffix.is_empty());
            suffix.unwrap_or(name).to_owned()
        }
        TypeRef::List(item) => format!("{} list", type_label(cx, union_name, item)),
        TypeRef::Map(value) => match type_label(cx, union_name, value).as_str() {
            "anything" => "map".to_owned(),
            value => format!("{value} map"),
        },
        TypeRef::Nullable(inner) => type_label(cx, union_name, inner),
        TypeRef::Primitive(primitive) => primitive_label(primitive).to_owned(),
    }
}
