//! `src/api`: a handle a resource, and a method an operation.

use quote::quote;
use syn::{Attribute, File, ImplItem, ImplItemFn, Item, ItemImpl};

use super::items::outdated;
use super::nodes::{MODELS, bare, docs, imports, inner_docs, list, map_import, ty};
use super::request::request;
use super::tokens::{ident, in_order};
use super::{faulty, of_items, parsed, print};
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
            let file = file(resource, index, methods).unwrap_or_else(faulty);
            print(plan, files, path, "#/paths", file);
        }
    }
}

fn file(resource: &ResourcePlan, index: usize, methods: &[MethodPlan]) -> syn::Result<File> {
    let mut found = Imports::default();
    let mut runtime = vec!["Client", "Endpoint"];
    for method in methods {
        runtime.extend(needs(method, &mut found));
    }
    runtime.extend(found.runtime.iter());
    runtime.sort_unstable();
    runtime.dedup();
    let parent = (index > 0).then_some(("super", resource.handle.as_str()));
    let models = (!found.models.is_empty()).then_some(("crate", "models"));
    let own = parent.into_iter().chain(models);
    let uses = own
        .filter_map(|(root, name)| imports(&[root], &[name]))
        .chain(imports(&["observatory_runtime"], &runtime))
        .chain(map_import(found.map));
    let mut items: Vec<Item> = uses.map(Item::Use).collect();
    if index == 0 {
        items.extend(top(resource)?);
    }
    items.push(calls(resource, methods)?);
    items.extend(methods.iter().flat_map(|method| request(resource, method)));
    Ok(File {
        attrs: inner_docs(&resource.docs),
        ..of_items(items)
    })
}

fn top(resource: &ResourcePlan) -> syn::Result<Vec<Item>> {
    let parts: Vec<_> = (2..=resource.files.len())
        .map(|part| ident(&format!("part_{part}")))
        .collect();
    let (docs, handle) = (docs(&resource.docs), ident(&resource.handle));
    let file: File = syn::parse2(quote! {
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
    })?;
    Ok(file.items)
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

/// The methods of a handle.
fn calls(resource: &ResourcePlan, methods: &[MethodPlan]) -> syn::Result<Item> {
    let handle = ident(&resource.handle);
    let mut block: ItemImpl = syn::parse2(quote!(impl #handle {}))?;
    for method in methods {
        let mut docs = docs(&method.docs);
        if method.deprecated {
            docs.push(bare("deprecated"));
        }
        block.items.push(call(docs, &method.name, method)?);
        for old in &method.was {
            let outdated = outdated(&method.name, old);
            block.items.push(call(outdated, &old.name, method)?);
        }
    }
    Ok(Item::Impl(block))
}

/// The method that makes a request, under a name that it has or had.
fn call(mut attrs: Vec<Attribute>, name: &str, method: &MethodPlan) -> syn::Result<ImplItem> {
    let (name, request) = (ident(name), ident(&method.request));
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
    if method.args.len() > 6 {
        let reason = quote!(clippy::too_many_arguments, reason = "the path has as many");
        attrs.push(list("expect", reason));
    }
    let call = quote!(pub fn #name(&self #(, #names: #types)*) -> #request { #body });
    Ok(ImplItem::Fn(ImplItemFn {
        attrs,
        ..syn::parse2(call)?
    }))
}
