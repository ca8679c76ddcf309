//! Plans enums and unions.

use std::collections::BTreeMap;

use super::boxing::is_variant_boxed;
use super::member_names::LockedMembers;
use super::model_plan::{EnumValuePlan, ModelKind, VariantPlan};
use crate::ir::{Enum, EnumValue, Literal, Origin, Tagging, TypeId, TypeRef, Union, Variant};
use crate::plan::casing::{comparison_key, has_words, pascal_case, split_words};
use crate::plan::context::PlanContext;
use crate::plan::docs;
use crate::plan::docs::markdown::inline_code;
use crate::plan::names::inline::{primitive_label, tuple_label};
use crate::plan::rust_type::RustType;
use crate::plan::scope::Scope;

pub(super) fn plan_enum(cx: &PlanContext<'_>, id: TypeId, values: &Enum) -> ModelKind {
    let mut scope = Scope::variants();
    let keys = values.values.iter().map(|value| value.value.to_string());
    let keys: Vec<String> = keys.collect();
    let locked = LockedMembers::reserve(cx, id, &mut scope, keys.iter().map(String::as_str));
    let label = number_label(cx.type_name(id));
    let ty = values.ty;
    let values = values.values.iter().zip(&keys).map(|(value, key)| {
        let name = locked.name(key);
        let name = name.unwrap_or_else(|| claim_value_name(&mut scope, value, key, label));
        let spelling = (!is_spelling(&name, key) && name != number_name(&value.value, label))
            .then(|| format!("Serialized as {}.", inline_code(key)));
        EnumValuePlan {
            name,
            wire_value: value.value.clone(),
            docs: docs::text_with_deprecation(&value.docs, || spelling),
        }
    });
    let values = values.collect();
    ModelKind::Enum {
        ty,
        values,
        fallback: locked.fallback_variant(&mut scope),
    }
}

/// Claims a name for a value: the document's, or else one of the value itself. Where two values have the same name, the
/// second one adds its value.
fn claim_value_name(scope: &mut Scope, value: &EnumValue, key: &str, label: &str) -> String {
    let named = value.name.as_deref().filter(|name| has_words(name));
    match (named, &value.value) {
        (Some(name), _) => scope.claim_named_variant(name, key),
        (None, Literal::Integer(_)) => scope.claim([number_name(&value.value, label)]),
        (None, _) => scope.claim_variant_name(key, label),
    }
}

/// Returns the name of an integer without one; empty for a string.
fn number_name(value: &Literal, label: &str) -> String {
    match value {
        Literal::Integer(number) => {
            let sign = if *number < 0 { " minus" } else { "" };
            pascal_case(&format!("{label}{sign} {}", number.unsigned_abs()))
        }
        _ => String::new(),
    }
}

/// Returns the word before a number that has no name: `Code404` in types that end so, else `Value1`.
fn number_label(type_name: &str) -> &'static str {
    let words = split_words(type_name);
    match words.rsplit(' ').next() {
        Some("code" | "status") => "code",
        _ => "value",
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
    let default_docs = variant
        .is_default
        .then(|| "Any other tag, or none.".to_owned());
    let default_docs = default_docs.or_else(|| {
        (!tags.is_empty() && !is_named_after_tag).then(|| format!("Tag: {}.", tags.join(" or ")))
    });
    VariantPlan {
        docs: docs::text_with_deprecation(&variant.docs, || default_docs),
        name,
        lock_key: key,
        tags: variant.tags.clone(),
        is_default: variant.is_default,
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
        TypeRef::Tuple(items) => tuple_label(items, |item| type_label(cx, union_name, item)),
        TypeRef::Map(value) => match type_label(cx, union_name, value).as_str() {
            "anything" => "map".to_owned(),
            value => format!("{value} map"),
        },
        TypeRef::Nullable(inner) => type_label(cx, union_name, inner),
        TypeRef::Primitive(primitive) => primitive_label(primitive).to_owned(),
    }
}
