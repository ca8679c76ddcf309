//! `src/api`: a handle a resource, and a method an operation.

use proc_macro2::TokenStream;
use quote::quote;

use super::nodes::{MODELS, docs, imports, inner_docs, outdated, ty};
use super::request::request;
use super::tokens::{ident, in_order};
use super::{parsed, print};
use crate::files::Files;
use crate::plan::{Imports, MethodPlan, OutputPlan, Plan, ResourcePlan, RustType};

/// How much of a line a method's body may take up.
const LINE: usize = 80;

pub(super) fn emit(plan: &Plan, files: &mut Files) {
    let mut sorted: Vec<&ResourcePlan> = plan.resources.iter().collect();
    sorted.sort_by(|a, b| a.module.cmp(&b.module));
    let (mods, uses): (Vec<_>, Vec<_>) = sorted
        .iter()
        .map(|resource| {
            let (feature, module, handle) = (
                &resource.feature,
                ident(&resource.module),
                ident(&resource.handle),
            );
            let mods = quote!(#[cfg(feature = #feature)] pub mod #module;);
            let uses = quote!(#[cfg(feature = #feature)] pub use self::#module::#handle;);
            (mods, (resource.module.as_str(), uses))
        })
        .unzip();
    let uses = in_order(uses);
    let head = inner_docs(&[format!(
        "The operations of the {} API, by resource.",
        plan.shown_title
    )]);
    print(
        plan,
        files,
        "src/api/mod.rs".to_owned(),
        "",
        parsed(quote!(#(#head)* #(#mods)* #(#uses)*)),
    );
    for resource in &plan.resources {
        for (index, methods) in resource.files.iter().enumerate() {
            let path = match index {
                0 => format!("src/api/{}.rs", resource.module),
                index => format!("src/api/{}/part_{}.rs", resource.module, index + 1),
            };
            let file = parsed(file(resource, index, methods));
            print(plan, files, path, "#/paths", file);
        }
    }
}

fn file(resource: &ResourcePlan, index: usize, methods: &[MethodPlan]) -> TokenStream {
    let handle = ident(&resource.handle);
    let mut found = Imports::default();
    let mut runtime = vec!["Client", "Endpoint"];
    for method in methods {
        runtime.extend(needs(method, &mut found));
    }
    runtime.extend(found.runtime.iter());
    runtime.sort_unstable();
    runtime.dedup();
    let models = (!found.models.is_empty()).then(|| {
        quote!(
            use crate::models;
        )
    });
    let map = found.map.then(|| {
        quote!(
            use std::collections::BTreeMap;
        )
    });
    let runtime = imports(&["observatory_runtime"], &runtime);
    let head = inner_docs(&resource.docs);
    let top = (index == 0).then(|| top(resource, &handle));
    let parent = (index > 0).then(|| quote!(use super::#handle;));
    let calls = methods.iter().map(call);
    let requests = methods.iter().map(|method| request(resource, method));
    quote! {
        #(#head)*
        #parent
        #models
        #runtime
        #map
        #top
        impl #handle { #(#calls)* }
        #(#requests)*
    }
}

fn top(resource: &ResourcePlan, handle: &proc_macro2::Ident) -> TokenStream {
    let parts: Vec<_> = (2..=resource.files.len())
        .map(|part| ident(&format!("part_{part}")))
        .collect();
    let docs = docs(&resource.docs);
    quote! {
        #(mod #parts;)*
        #(pub use self::#parts::*;)*
        #(#docs)*
        #[derive(Clone, Debug)]
        pub struct #handle(Client);
        impl #handle {
            pub(crate) fn new(client: &Client) -> Self {
                Self(client.clone())
            }
        }
    }
}

/// What a method's file has to import for it.
fn needs(method: &MethodPlan, found: &mut Imports) -> Vec<&'static str> {
    method
        .params
        .iter()
        .for_each(|param| param.ty.imports(found));
    method.body.iter().for_each(|body| body.ty.imports(found));
    let pages = method.pages.iter();
    pages.for_each(|pages| pages.item.imports(found));
    match &method.output {
        OutputPlan::Json(ty) => {
            ty.imports(found);
            vec!["Json"]
        }
        OutputPlan::OrEmpty(ty) => {
            ty.imports(found);
            vec!["Json", "OrEmpty"]
        }
        OutputPlan::Text => vec!["Text"],
        OutputPlan::Raw => vec!["Raw"],
        OutputPlan::Empty => vec!["Empty"],
        OutputPlan::Choice(_, variants) => {
            variants
                .iter()
                .flat_map(|variant| &variant.ty)
                .for_each(|ty| ty.imports(found));
            vec!["Responses"]
        }
    }
}

fn call(method: &MethodPlan) -> TokenStream {
    let docs = docs(&method.docs);
    let deprecated = method.deprecated.then(|| quote!(#[deprecated]));
    let (name, request) = (ident(&method.name), ident(&method.request));
    let names: Vec<_> = method.args.iter().map(|arg| ident(&arg.name)).collect();
    let types = method.args.iter().map(|arg| match &arg.ty {
        RustType::Plain("String") => quote!(impl Into<String>),
        other => {
            let other = ty(other, MODELS);
            quote!(#other)
        }
    });
    let width = method.request.len()
        + "::new(&self.0)".len()
        + method
            .args
            .iter()
            .map(|arg| arg.name.len() + 2)
            .sum::<usize>();
    let body = if width <= LINE {
        quote!(#request::new(&self.0 #(, #names)*))
    } else {
        quote!(let new = #request::new; new(&self.0 #(, #names)*))
    };
    let crowded = (method.args.len() > 6)
        .then(|| quote!(#[expect(clippy::too_many_arguments, reason = "the path has as many")]));
    let types: Vec<_> = types.collect();
    let olds = method.was.iter().map(|old| {
        let (outdated, name) = (outdated(&method.name, old), ident(&old.name));
        quote! {
            #(#outdated)*
            #crowded
            pub fn #name(&self #(, #names: #types)*) -> #request { #body }
        }
    });
    quote! {
        #(#docs)*
        #deprecated
        #crowded
        pub fn #name(&self #(, #names: #types)*) -> #request { #body }
        #(#olds)*
    }
}
