//! `src/models`: one file per named type, with the types of its inline schemas below it.

use std::collections::BTreeMap;

use proc_macro2::{Literal as LiteralToken, TokenStream};
use quote::quote;
use syn::{Field, File, Item, Variant};

use super::attributes::{cfg_feature, docs, inner_docs, list, lists_within_width, path_attribute};
use super::idents::ident;
use super::imports::{import, map_import, sort_like_rustfmt};
use super::items::{
    deprecated_alias, enum_item, file_of_items, parse_file, public_field, struct_item, type_alias,
    variant,
};
use super::rust_file::insert_rust_file;
use super::types::{named_type, rust_type};
use crate::files::Files;
use crate::ir::Literal;
use crate::plan::casing::compare_as_rustfmt;
use crate::plan::{
    EnumValuePlan, FieldAccess, FieldEncoding, FieldPlan, Imports, ModelFile, ModelKind, ModelPlan,
    Plan, VariantPlan,
};

/// The folder of types that several resources share.
const SHARED: &str = "shared";

pub(super) fn emit_models(plan: &Plan, files: &mut Files) {
    let mut folders: BTreeMap<&str, Vec<&ModelFile>> = BTreeMap::new();
    for file in &plan.models {
        folders.entry(&file.folder).or_default().push(file);
        let path = format!("src/models/{}/{}.rs", file.folder, file.module);
        insert_rust_file(plan, files, path, &file.at.0, model_file(file));
    }
    for (folder, members) in &mut folders {
        members.sort_by(|a, b| a.module.cmp(&b.module));
        let path = format!("src/models/{folder}/mod.rs");
        let module = parse_file(folder_module(folder, members));
        insert_rust_file(plan, files, path, "", module);
    }
    let path = "src/models/mod.rs".to_owned();
    insert_rust_file(
        plan,
        files,
        path,
        "",
        parse_file(models_module(plan, &folders)),
    );
}

/// Returns the contents of `src/models/mod.rs`.
fn models_module(plan: &Plan, folders: &BTreeMap<&str, Vec<&ModelFile>>) -> TokenStream {
    let modules = folders.iter().map(|(folder, members)| {
        // All files of a folder have the same condition, except in `shared`, where each file has its own.
        let feature = match *folder {
            SHARED => plan.shared_feature.as_deref(),
            _ => members.first().and_then(|file| file.feature.as_deref()),
        };
        let cfg = cfg_feature(feature);
        let name = ident(folder);
        let module = quote!(#cfg mod #name;);
        (module, (*folder, quote!(#cfg pub use self::#name::*;)))
    });
    let (modules, uses): (Vec<_>, Vec<_>) = modules.unzip();
    let uses = sort_like_rustfmt(uses);
    let docs = inner_docs(&[format!("The types of the {} API.", plan.doc_title)]);
    quote!(#(#docs)* #(#modules)* #(#uses)*)
}

/// Returns the contents of `src/models/<folder>/mod.rs`.
fn folder_module(folder: &str, members: &[&ModelFile]) -> TokenStream {
    let modules = members.iter().map(|file| {
        let cfg = cfg_feature(file.feature.as_deref().filter(|_| folder == SHARED));
        let name = ident(&file.module);
        let module = quote!(#cfg mod #name;);
        let uses = quote!(#cfg pub use self::#name::*;);
        (module, (file.module.as_str(), uses))
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
    let models = models
        .into_iter()
        .filter_map(|name| import(&["crate", "models"], &[name]));
    let runtime: Vec<&str> = needed.runtime.iter().copied().collect();
    let runtime = import(&["observatory_runtime"], &runtime);
    let uses = models.chain(runtime).chain(map_import(needed.map));
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
        ModelKind::Enum { .. } => {
            needed.runtime.insert("StringEnum");
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
        ModelKind::Enum { values, fallback } => {
            let mut attrs = docs;
            let derived = quote!(
                Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, StringEnum
            );
            attrs.extend([list("derive", derived), path_attribute("non_exhaustive")]);
            let docs = "A value that this version of the crate does not list.";
            let values = values.iter().map(enum_variant);
            let other = catch_all_variant(docs, fallback, "String");
            enum_item(attrs, &model.name, values.chain([other]))
        }
        ModelKind::Union {
            tag,
            variants,
            fallback,
        } => {
            let mut attrs = docs;
            let selector = match tag {
                Some(tag) => quote!(tag = #tag),
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

fn literal_tokens(value: &Literal) -> TokenStream {
    match value {
        Literal::Null => quote!(null),
        Literal::Bool(value) => quote!(#value),
        Literal::Integer(value) => {
            let token = LiteralToken::i64_unsuffixed(*value);
            quote!(#token)
        }
        Literal::String(value) => quote!(#value),
    }
}

fn enum_variant(value: &EnumValuePlan) -> Variant {
    let (mut attrs, wire_value) = (docs(&value.docs), &value.wire_value);
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
