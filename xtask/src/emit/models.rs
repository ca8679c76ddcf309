//! `src/models`: a file a named type, its inline children below it.

use std::collections::BTreeMap;

use proc_macro2::{Literal as Token, TokenStream};
use quote::quote;

use super::print;
use super::tokens::{attribute, cfg, docs, ident, imports, in_order, inner_docs, old_type, ty};
use crate::files::Files;
use crate::ir::Literal;
use crate::plan::{
    FieldPlan, ModelFile, ModelKind, ModelPlan, Plan, ValuePlan, VariantPlan, Wire, by_version,
};

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
            folder_mod(folder, members),
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
        quote!(#head #(#mods)* #(#uses)*),
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

fn model_file(file: &ModelFile) -> TokenStream {
    let mut found = crate::plan::Imports::default();
    for model in &file.types {
        needs(model, &mut found);
    }
    for model in &file.types {
        found.models.remove(&model.name);
    }
    let mut models: Vec<String> = found.models.iter().cloned().collect();
    models.sort_by(|a, b| by_version(a, b));
    let runtime: Vec<String> = found
        .runtime
        .iter()
        .map(|name| (*name).to_owned())
        .collect();
    let models = models
        .iter()
        .map(|name| imports(&quote!(crate::models), std::slice::from_ref(name)));
    let runtime = imports(&quote!(observatory_runtime), &runtime);
    let map = found.map.then(|| {
        quote!(
            use std::collections::BTreeMap;
        )
    });
    let types = file.types.iter().map(model);
    quote!(#(#models)* #runtime #map #(#types)*)
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

fn model(model: &ModelPlan) -> TokenStream {
    let name = ident(&model.name);
    let docs = docs(&model.docs);
    let body = match &model.kind {
        ModelKind::Alias(alias) => {
            let alias = ty(alias, &TokenStream::new());
            quote!(pub type #name = #alias;)
        }
        ModelKind::Struct { fields, made } => {
            let fields = fields.iter().map(field);
            let closed = (!made).then(|| quote!(#[model(no_setters)] #[non_exhaustive]));
            quote!(#[derive(Clone, Debug, PartialEq, Model)] #closed pub struct #name { #(#fields)* })
        }
        ModelKind::Enum(values, other) => {
            let values = values.iter().map(value);
            let other = ident(other);
            quote! {
                #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, StringEnum)]
                #[non_exhaustive]
                pub enum #name {
                    #(#values,)*
                    #[doc = " A value this version of the crate does not know."]
                    #other(String),
                }
            }
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
            let variants = variants.iter().map(variant);
            let other = ident(other);
            quote! {
                #[derive(Clone, Debug, PartialEq, Union)]
                #[union(#how)]
                #[non_exhaustive]
                pub enum #name {
                    #(#variants,)*
                    #[doc = " A value this version of the crate does not know: kept, and sent back unchanged."]
                    #other(Value),
                }
            }
        }
    };
    let olds = model.was.iter();
    let olds = olds.map(|old| old_type(&model.name, &old.name, old));
    quote!(#docs #body #(#olds)*)
}

fn field(field: &FieldPlan) -> TokenStream {
    let name = ident(&field.name);
    let docs = docs(&field.docs);
    let ty = ty(&field.ty, &TokenStream::new());
    let wire = match &field.wire {
        Wire::Named {
            name: wire,
            nullable,
            lenient,
        } => {
            let renamed = (*wire != field.name).then(|| quote!(#wire));
            let nullable = nullable.then(|| quote!(nullable));
            let lenient = lenient.then(|| quote!(lenient));
            let words: Vec<_> = [renamed, nullable, lenient].into_iter().flatten().collect();
            (!words.is_empty()).then(|| attribute(&quote!(wire), words))
        }
        Wire::Fixed {
            name,
            value,
            optional,
        } => {
            let value = literal(value);
            let optional = optional.then(|| quote!(optional));
            let words = [Some(quote!(#name)), Some(quote!(fixed = #value)), optional];
            let wire = attribute(&quote!(wire), words.into_iter().flatten().collect());
            Some(quote!(#wire #[doc(hidden)]))
        }
        Wire::Extra => Some(quote!(#[wire(extra)])),
    };
    quote!(#docs #wire pub #name: #ty,)
}

fn literal(value: &Literal) -> TokenStream {
    match value {
        Literal::Null => quote!(null),
        Literal::Bool(value) => quote!(#value),
        Literal::Integer(value) => {
            let token = Token::i64_unsuffixed(*value);
            quote!(#token)
        }
        Literal::String(value) => quote!(#value),
    }
}

fn value(value: &ValuePlan) -> TokenStream {
    let (docs, wire, name) = (docs(&value.docs), &value.wire, ident(&value.name));
    quote!(#docs #[wire(#wire)] #name)
}

fn variant(variant: &VariantPlan) -> TokenStream {
    let (docs, name) = (docs(&variant.docs), ident(&variant.name));
    let ty = ty(&variant.ty, &TokenStream::new());
    let tags = &variant.tags;
    let words: Vec<_> = tags.iter().map(|tag| quote!(#tag)).collect();
    let wire = (!tags.is_empty()).then(|| attribute(&quote!(wire), words));
    quote!(#docs #wire #name(#ty))
}
