//! `src/models`: a file a named type, its inline children below it.

use std::collections::BTreeMap;

use proc_macro2::{Literal as LiteralToken, TokenStream};
use quote::quote;
use syn::{Field, File, Item, Variant};

use super::items::{alias, enumeration, named, old_type, structure, variant};
use super::nodes::{
    bare, docs, docs_of, imports, inner_docs, list, lists, map_import, named_type, ty,
};
use super::tokens::{cfg, ident, in_order};
use super::{of_items, parsed, print};
use crate::files::Files;
use crate::ir::Literal;
use crate::plan::words::by_version;
use crate::plan::{FieldPlan, ModelFile, ModelKind, ModelPlan, Plan, ValuePlan, VariantPlan, Wire};

pub(super) fn emit(plan: &Plan, files: &mut Files) {
    let mut folders: BTreeMap<&str, Vec<&ModelFile>> = BTreeMap::new();
    for file in &plan.models {
        folders.entry(&file.folder).or_default().push(file);
        let path = format!("src/models/{}/{}.rs", file.folder, file.module);
        print(plan, files, path, &file.at.0, model_file(file));
    }
    for (folder, members) in &mut folders {
        members.sort_by(|a, b| a.module.cmp(&b.module));
        print(
            plan,
            files,
            format!("src/models/{folder}/mod.rs"),
            "",
            parsed(folder_mod(folder, members)),
        );
    }
    let root = folders.iter().map(|(folder, members)| {
        // A folder of one condition bears it once; in `shared` every type has its own.
        let feature = match *folder {
            "shared" => plan.shared.as_deref(),
            _ => members.first().and_then(|file| file.feature.as_deref()),
        };
        let cfg = cfg(feature);
        let name = ident(folder);
        let mods = quote!(#cfg mod #name;);
        (mods, (*folder, quote!(#cfg pub use self::#name::*;)))
    });
    let (mods, uses): (Vec<_>, Vec<_>) = root.unzip();
    let uses = in_order(uses);
    let head = inner_docs(&[format!("The types of the {} API.", plan.shown_title)]);
    print(
        plan,
        files,
        "src/models/mod.rs".to_owned(),
        "",
        parsed(quote!(#(#head)* #(#mods)* #(#uses)*)),
    );
}

fn folder_mod(folder: &str, members: &[&ModelFile]) -> TokenStream {
    let shared = folder == "shared";
    let (mods, uses): (Vec<_>, Vec<_>) = members
        .iter()
        .map(|file| {
            let cfg = cfg(file.feature.as_deref().filter(|_| shared));
            let name = ident(&file.module);
            let mods = quote!(#cfg mod #name;);
            let uses = quote!(#cfg pub use self::#name::*;);
            (mods, (file.module.as_str(), uses))
        })
        .unzip();
    let uses = in_order(uses);
    quote!(#(#mods)* #(#uses)*)
}

fn model_file(file: &ModelFile) -> File {
    let mut found = crate::plan::Imports::default();
    for model in &file.types {
        needs(model, &mut found);
    }
    for model in &file.types {
        found.models.remove(&model.name);
    }
    let mut models: Vec<&String> = found.models.iter().collect();
    models.sort_by(|a, b| by_version(a, b));
    let models = models
        .into_iter()
        .filter_map(|name| imports(&["crate", "models"], &[name]));
    let runtime: Vec<&str> = found.runtime.iter().copied().collect();
    let runtime = imports(&["observatory_runtime"], &runtime);
    let uses = models
        .chain(runtime)
        .chain(map_import(found.map))
        .map(Item::Use);
    of_items(uses.chain(file.types.iter().flat_map(model)).collect())
}

fn needs(model: &ModelPlan, found: &mut crate::plan::Imports) {
    match &model.kind {
        ModelKind::Alias(ty) => ty.imports(found),
        ModelKind::Struct { fields, .. } => {
            found.runtime.insert("Model");
            fields.iter().for_each(|field| field.ty.imports(found));
        }
        ModelKind::Enum(..) => {
            found.runtime.insert("StringEnum");
        }
        ModelKind::Union { variants, .. } => {
            found.runtime.extend(["Union", "Value"]);
            variants
                .iter()
                .for_each(|variant| variant.ty.imports(found));
        }
    }
}

fn model(model: &ModelPlan) -> Vec<Item> {
    let mut docs = docs(&model.docs);
    let item = match &model.kind {
        ModelKind::Alias(inner) => alias(docs, &model.name, ty(inner, None)),
        ModelKind::Struct { fields, made } => {
            docs.push(list("derive", quote!(Clone, Debug, PartialEq, Model)));
            if !made {
                docs.extend([list("model", quote!(no_setters)), bare("non_exhaustive")]);
            }
            structure(docs, &model.name, fields.iter().map(field))
        }
        ModelKind::Enum(values, other) => {
            let derived = quote!(
                Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, StringEnum
            );
            let unknown = docs_of("A value this version of the crate does not know.");
            let payload = named_type("String");
            let other = variant(unknown, other, Some(payload));
            docs.extend([list("derive", derived), bare("non_exhaustive")]);
            enumeration(docs, &model.name, values.iter().map(value).chain([other]))
        }
        ModelKind::Union {
            tag,
            variants,
            other,
        } => {
            let how = match tag {
                Some(tag) => quote!(tag = #tag),
                None => quote!(shape),
            };
            let unknown = docs_of(
                "A value this version of the crate does not know: kept, and sent back unchanged.",
            );
            let payload = named_type("Value");
            let other = variant(unknown, other, Some(payload));
            docs.extend([
                list("derive", quote!(Clone, Debug, PartialEq, Union)),
                list("union", how),
                bare("non_exhaustive"),
            ]);
            enumeration(
                docs,
                &model.name,
                variants.iter().map(member).chain([other]),
            )
        }
    };
    let olds = model.was.iter();
    let olds = olds.map(|old| old_type(&model.name, &old.name, old));
    std::iter::once(item).chain(olds).collect()
}

fn field(field: &FieldPlan) -> Field {
    let mut attrs = docs(&field.docs);
    match &field.wire {
        Wire::Named {
            name: wire,
            nullable,
            lenient,
        } => {
            let renamed = (*wire != field.name).then(|| quote!(#wire));
            let nullable = nullable.then(|| quote!(nullable));
            let lenient = lenient.then(|| quote!(lenient));
            let words = [renamed, nullable, lenient].into_iter().flatten();
            attrs.extend(lists("wire", words.collect()));
        }
        Wire::Fixed {
            name,
            value,
            optional,
        } => {
            let value = literal(value);
            let optional = optional.then(|| quote!(optional));
            let words = [Some(quote!(#name)), Some(quote!(fixed = #value)), optional];
            attrs.extend(lists("wire", words.into_iter().flatten().collect()));
            attrs.push(list("doc", quote!(hidden)));
        }
        Wire::Extra => attrs.push(list("wire", quote!(extra))),
    }
    named(attrs, &field.name, ty(&field.ty, None))
}

fn literal(value: &Literal) -> TokenStream {
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

fn value(value: &ValuePlan) -> Variant {
    let (mut attrs, wire) = (docs(&value.docs), &value.wire);
    attrs.push(list("wire", quote!(#wire)));
    variant(attrs, &value.name, None)
}

fn member(member: &VariantPlan) -> Variant {
    let mut attrs = docs(&member.docs);
    let words = member.tags.iter().map(|tag| quote!(#tag));
    attrs.extend(lists("wire", words.collect()));
    variant(attrs, &member.name, Some(ty(&member.ty, None)))
}
