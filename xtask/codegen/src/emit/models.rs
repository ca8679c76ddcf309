//! `src/models`: one module for each resource, with its types.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Field, File, Item, Variant};

use super::attributes::{
    cfg_feature, deprecated, docs, inner, inner_docs, list, lists_within_width, literal_tokens,
    path_attribute,
};
use super::idents::ident;
use super::imports::{import, map_import, sort_like_rustfmt};
use super::items::{
    deprecated_alias, enum_item, file_of_items, parse_file, public_field, struct_item, type_alias,
    variant,
};
use super::rust_file::insert_rust_file;
use super::types::{named_type, rust_type};
use super::width::DOC_CONDITION_WIDTH;
use crate::files::Files;
use crate::ir::EnumType;
use crate::plan::casing::compare_as_rustfmt;
use crate::plan::{
    EnumValuePlan, FieldAccess, FieldEncoding, FieldPlan, Imports, ModelFile, ModelKind, ModelPlan,
    PayloadPlan, Plan, VariantPlan,
};

/// The folder of types that several resources share.
const SHARED: &str = "shared";

pub(super) fn emit_models(plan: &Plan, files: &mut Files) {
    let mut folders: BTreeMap<&str, Vec<&ModelFile>> = BTreeMap::new();
    for file in &plan.models {
        folders.entry(&file.folder).or_default().push(file);
    }
    for (folder, members) in &folders {
        emit_folder(plan, folder, members, files);
    }
    let path = "src/models/mod.rs".to_owned();
    let module = parse_file(models_module(plan, &folders));
    insert_rust_file(plan, files, path, "", module);
}

/// Emits a module of types: one file, or one for each set of resources that share types.
fn emit_folder(plan: &Plan, folder: &str, members: &[&ModelFile], files: &mut Files) {
    let mut modules: Vec<(&str, TokenStream, TokenStream)> = Vec::new();
    let mut own = File {
        attrs: inner_docs(&[folder_docs(plan, folder, members)]),
        ..file_of_items(Vec::new())
    };
    if members.iter().any(|file| file.module.is_some()) {
        // The docs do not show hidden features.
        let hides = list("cfg_attr", quote!(docsrs, doc(auto_cfg = false)));
        own.attrs.push(inner(hides));
    }
    let mut pointer = "";
    for file in members {
        match &file.module {
            Some(module) => {
                let path = format!("src/models/{folder}/{module}.rs");
                insert_rust_file(plan, files, path, &file.at.0, model_file(file));
                let cfg = cfg_feature(file.feature.as_deref());
                modules.push((module, cfg, docs_features(&file.shown_features)));
            }
            None => {
                own.items = model_file(file).items;
                pointer = &file.at.0;
            }
        }
    }
    modules.sort_by_key(|(module, ..)| *module);
    own.items
        .splice(0..0, parse_file(private_modules(modules)).items);
    insert_rust_file(plan, files, format!("src/models/{folder}.rs"), pointer, own);
}

/// Returns the documentation of a module of types.
fn folder_docs(plan: &Plan, folder: &str, members: &[&ModelFile]) -> String {
    if folder == SHARED {
        return "The types that several resources use.".to_owned();
    }
    let feature = members.first().and_then(|file| file.feature.as_ref());
    let mut resources = plan.resources.iter();
    match resources.find(|resource| Some(&resource.feature) == feature) {
        Some(resource) => format!("The types of [`{0}`](crate::api::{0}).", resource.handle),
        None if feature.is_some_and(|feature| feature == PayloadPlan::FEATURE) => {
            "What the API sends to webhooks and callbacks.".to_owned()
        }
        None => "The types that no operation uses.".to_owned(),
    }
}

/// Returns the contents of `src/models/mod.rs`.
fn models_module(plan: &Plan, folders: &BTreeMap<&str, Vec<&ModelFile>>) -> TokenStream {
    let modules = folders.iter().map(|(folder, members)| {
        // All files of a folder have the same condition, except in `shared`, where each file has its own.
        let feature = match *folder {
            SHARED => plan.shared_feature.as_deref(),
            _ => members.first().and_then(|file| file.feature.as_deref()),
        };
        (*folder, cfg_feature(feature), TokenStream::new())
    });
    let modules = private_modules(modules);
    let docs = inner_docs(&[format!(
        "The types of the {} API, by resource.",
        plan.doc_title
    )]);
    quote!(#(#docs)* #modules)
}

/// Returns the attribute with the features that the docs show instead of a hidden one; nothing if they are more than one
/// line has place for.
fn docs_features(features: &[String]) -> TokenStream {
    let conditions = features.iter().map(|name| format!("feature = {name:?}"));
    let width = conditions.collect::<Vec<_>>().join(", ").len();
    match !features.is_empty() && width <= DOC_CONDITION_WIDTH {
        true => quote!(#[cfg_attr(docsrs, doc(cfg(any(#(feature = #features),*))))]),
        false => TokenStream::new(),
    }
}

/// Returns modules with the features that enable them, what the docs show of these, and their re-exports. The modules are private: a type that another
/// resource starts to use moves to another module, but keeps its path.
fn private_modules<'m>(
    modules: impl IntoIterator<Item = (&'m str, TokenStream, TokenStream)>,
) -> TokenStream {
    let modules = modules.into_iter().map(|(module, cfg, docs)| {
        let name = ident(module);
        (
            quote!(#cfg #docs mod #name;),
            (module, quote!(#cfg pub use self::#name::*;)),
        )
    });
    let (modules, uses): (Vec<_>, Vec<_>) = modules.unzip();
    let uses = sort_like_rustfmt(uses);
    quote!(#(#modules)* #(#uses)*)
}

fn model_file(file: &ModelFile) -> File {
    let mut needed = Imports::default();
    for model in &file.types {
        collect_imports(model, &mut needed);
    }
    for model in &file.types {
        needed.models.remove(&model.name);
    }
    let mut models: Vec<&String> = needed.models.iter().collect();
    models.sort_by(|a, b| compare_as_rustfmt(a, b));
    let models = import(&["crate", "models"], &models);
    let runtime: Vec<&str> = needed.runtime.iter().copied().collect();
    let runtime = import(&["observatory_runtime"], &runtime);
    let uses = models
        .into_iter()
        .chain(runtime)
        .chain(map_import(needed.map));
    let types = file.types.iter().flat_map(model_items);
    file_of_items(uses.map(Item::Use).chain(types).collect())
}

/// Adds what the file of a type has to import.
fn collect_imports(model: &ModelPlan, needed: &mut Imports) {
    match &model.kind {
        ModelKind::Alias(ty) => ty.collect_imports(needed),
        ModelKind::Struct { fields, .. } => {
            needed.runtime.insert("Model");
            fields
                .iter()
                .for_each(|field| field.ty.collect_imports(needed));
        }
        ModelKind::Enum { ty, .. } => {
            needed.runtime.insert(match ty {
                EnumType::String => "StringEnum",
                EnumType::I64 | EnumType::I128 => "IntegerEnum",
            });
        }
        ModelKind::Union { variants, .. } => {
            needed.runtime.extend(["Union", "Value"]);
            variants
                .iter()
                .for_each(|variant| variant.ty.collect_imports(needed));
        }
    }
}

/// Returns the type, followed by deprecated aliases with its previous names.
fn model_items(model: &ModelPlan) -> Vec<Item> {
    let docs = docs(&model.docs);
    let item = match &model.kind {
        ModelKind::Alias(inner) => type_alias(docs, &model.name, rust_type(inner, None)),
        ModelKind::Struct {
            fields,
            has_constructor,
        } => {
            let mut attrs = docs;
            attrs.push(list("derive", quote!(Clone, Debug, PartialEq, Model)));
            if !has_constructor {
                attrs.extend([
                    list("model", quote!(no_setters)),
                    path_attribute("non_exhaustive"),
                ]);
            }
            struct_item(attrs, &model.name, fields.iter().map(struct_field))
        }
        ModelKind::Enum {
            ty,
            values,
            fallback,
        } => {
            let mut attrs = docs;
            attrs.extend([enum_derive(*ty), path_attribute("non_exhaustive")]);
            let docs = "A value that this version of the crate does not list.";
            let values = values.iter().map(enum_variant);
            let payload = match ty {
                EnumType::String => "String",
                EnumType::I64 => "i64",
                EnumType::I128 => "i128",
            };
            let other = catch_all_variant(docs, fallback, payload);
            enum_item(attrs, &model.name, values.chain([other]))
        }
        ModelKind::Union {
            tag,
            variants,
            fallback,
        } => {
            let mut attrs = docs;
            let selector = match tag {
                Some(tag) => {
                    let default = variants.iter().find(|variant| variant.is_default);
                    let default = default.map(|variant| ident(&variant.name)).into_iter();
                    quote!(tag = #tag #(, default = #default)*)
                }
                None => quote!(shape),
            };
            attrs.extend([
                list("derive", quote!(Clone, Debug, PartialEq, Union)),
                list("union", selector),
                path_attribute("non_exhaustive"),
            ]);
            let docs =
                "A value that matches no other variant. It is kept, and sent back unchanged.";
            let variants = variants.iter().map(union_variant);
            let other = catch_all_variant(docs, fallback, "Value");
            enum_item(attrs, &model.name, variants.chain([other]))
        }
    };
    let previous = model.previous_names.iter();
    let aliases = previous.map(|old| deprecated_alias(&model.name, &old.name, old));
    std::iter::once(item).chain(aliases).collect()
}

fn struct_field(field: &FieldPlan) -> Field {
    let mut attrs = docs(&field.docs);
    attrs.extend(field.deprecated.as_deref().map(deprecated));
    match &field.encoding {
        FieldEncoding::Named {
            name: wire_name,
            nullable,
            lenient,
            access,
        } => {
            let renamed = (*wire_name != field.name).then(|| quote!(#wire_name));
            let nullable = nullable.then(|| quote!(nullable));
            let lenient = lenient.then(|| quote!(lenient));
            let access = match access {
                FieldAccess::Any => None,
                FieldAccess::ReadOnly => Some(quote!(read_only)),
                FieldAccess::RequiredWriteOnly => Some(quote!(write_only)),
            };
            let arguments = [renamed, nullable, lenient, access].into_iter().flatten();
            attrs.extend(lists_within_width("wire", arguments.collect()));
        }
        FieldEncoding::Fixed {
            name,
            value,
            optional,
            read_only,
        } => {
            let value = literal_tokens(value);
            let optional = optional.then(|| quote!(optional));
            let read_only = read_only.then(|| quote!(read_only));
            let fixed = Some(quote!(fixed = #value));
            let arguments = [Some(quote!(#name)), fixed, optional, read_only];
            let arguments = arguments.into_iter().flatten();
            attrs.extend(lists_within_width("wire", arguments.collect()));
            attrs.push(list("doc", quote!(hidden)));
        }
        FieldEncoding::Extra => attrs.push(list("wire", quote!(extra))),
    }
    public_field(attrs, &field.name, rust_type(&field.ty, None))
}

fn enum_derive(ty: EnumType) -> Attribute {
    let derived = match ty {
        EnumType::String => quote!(
            Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, StringEnum
        ),
        EnumType::I64 | EnumType::I128 => quote!(
            Clone,
            Copy,
            Debug,
            PartialEq,
            Eq,
            Hash,
            PartialOrd,
            Ord,
            IntegerEnum
        ),
    };
    list("derive", derived)
}

fn enum_variant(value: &EnumValuePlan) -> Variant {
    let (mut attrs, wire_value) = (docs(&value.docs), literal_tokens(&value.wire_value));
    attrs.push(list("wire", quote!(#wire_value)));
    variant(attrs, &value.name, None)
}

fn union_variant(member: &VariantPlan) -> Variant {
    let mut attrs = docs(&member.docs);
    let tags = member.tags.iter().map(literal_tokens);
    attrs.extend(lists_within_width("wire", tags.collect()));
    variant(attrs, &member.name, Some(rust_type(&member.ty, None)))
}

/// Returns the variant that holds values that the document does not list.
fn catch_all_variant(text: &str, name: &str, payload: &str) -> Variant {
    variant(docs(&[text]), name, Some(named_type(payload)))
}
