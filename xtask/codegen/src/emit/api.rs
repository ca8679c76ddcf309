//! `src/api`: one handle per resource, with one method per operation.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, File, ImplItem, ImplItemFn, Item, ItemImpl};

use super::attributes::{cfg_feature, deprecated, docs, inner_docs, list};
use super::idents::ident;
use super::imports::{import, map_import, sort_like_rustfmt};
use super::items::{deprecation, error_file, file_of_items, parse_file};
use super::module::root_path;
use super::request::request_items;
use super::rust_file::insert_rust_file;
use super::type_list::type_list;
use super::types::{MODELS, rust_type};
use crate::files::Files;
use crate::ir::BodyKind;
use crate::plan::{Imports, MethodPlan, OutputPlan, Plan, ResourcePlan};

/// The maximum width of a method's body on one line.
const MAX_BODY_WIDTH: usize = 80;

/// Names of arguments that clippy takes for placeholders.
const DISALLOWED_NAMES: &[&str] = &["baz", "foo", "quux"];

/// The number of arguments, `self` included, that clippy accepts.
const MAX_ARGUMENTS: usize = 7;

pub(super) fn emit_api(plan: &Plan, files: &mut Files) {
    let path = "src/api/mod.rs".to_owned();
    insert_rust_file(plan, files, path, "", parse_file(api_module(plan)));
    for resource in &plan.resources {
        let path = format!("src/api/{}.rs", resource.module);
        let file = resource_file(plan, resource).unwrap_or_else(error_file);
        insert_rust_file(plan, files, path, "#/paths", file);
    }
}

/// Returns the contents of `src/api/mod.rs`.
fn api_module(plan: &Plan) -> TokenStream {
    let mut resources: Vec<&ResourcePlan> = plan.resources.iter().collect();
    resources.sort_by(|a, b| a.module.cmp(&b.module));
    let modules = resources.iter().map(|resource| {
        let cfg = cfg_feature(Some(&resource.feature));
        let (module, handle) = (ident(&resource.module), ident(&resource.handle));
        // Hidden, so that the page starts with the modules.
        let uses = quote!(#cfg #[doc(hidden)] pub use self::#module::#handle;);
        (
            quote!(#cfg pub mod #module;),
            (resource.module.as_str(), uses),
        )
    });
    let (modules, uses): (Vec<_>, Vec<_>) = modules.unzip();
    let uses = sort_like_rustfmt(uses);
    let docs = inner_docs(&[format!(
        "The operations of the {} API, by resource. The page of each resource lists its types.",
        plan.doc_title
    )]);
    quote!(#(#docs)* #(#modules)* #(#uses)*)
}

/// Returns the file of a resource: the handle, its methods and their request values.
fn resource_file(plan: &Plan, resource: &ResourcePlan) -> syn::Result<File> {
    let mut needed = Imports::default();
    needed.runtime.insert("Client");
    if !resource.methods.is_empty() {
        needed.runtime.insert("Endpoint");
    }
    for method in &resource.methods {
        collect_imports(method, &mut needed);
    }
    let runtime: Vec<&str> = needed.runtime.iter().copied().collect();
    let type_list = type_list(&resource.types, !needed.models.is_empty());
    let models = (!needed.models.is_empty()).then(|| import(&["crate"], &["models"]));
    let uses = models
        .flatten()
        .into_iter()
        .chain(import(&["observatory_runtime"], &runtime))
        .chain(map_import(needed.map));
    let mut items: Vec<Item> = uses.map(Item::Use).collect();
    items.extend(handle_items(plan, resource)?);
    let requests = resource.methods.iter();
    items.extend(requests.flat_map(|method| request_items(resource, method)));
    let handle = handle_link(resource);
    Ok(File {
        attrs: inner_docs(&[resource.docs.as_slice(), &handle, &type_list].concat()),
        ..file_of_items(items)
    })
}

/// Returns a paragraph with a link to the handle, which rustdoc lists among the requests.
fn handle_link(resource: &ResourcePlan) -> Vec<String> {
    let ResourcePlan { path, handle, .. } = resource;
    let separator = (!resource.docs.is_empty()).then(String::new);
    let link = format!("`client.{path}()` returns [`{handle}`], which has the operations.");
    separator.into_iter().chain([link]).collect()
}

/// Returns the handle of a resource, and its `impl` block.
fn handle_items(plan: &Plan, resource: &ResourcePlan) -> syn::Result<[Item; 2]> {
    let (docs, handle) = (docs(&resource.docs), ident(&resource.handle));
    let declaration = syn::parse2(quote! {
        #(#docs)*
        #[derive(Clone, Debug)]
        pub struct #handle(Client);
    })?;
    Ok([declaration, methods_impl(plan, resource)?])
}

/// Adds what the file of a method has to import.
fn collect_imports(method: &MethodPlan, needed: &mut Imports) {
    let params = method.params.iter().map(|param| &param.ty);
    let bodies = method.body.iter().map(|body| &body.ty);
    let pages = method.pagination.iter().map(|pages| &pages.item);
    let streams = method.streams.iter().map(|stream| &stream.ty);
    let alternatives = method.alternatives.iter();
    for alternative in alternatives.clone() {
        needed.runtime.insert(match alternative.kind {
            BodyKind::Json => "Json",
            BodyKind::Text => "Text",
            _ => "Raw",
        });
    }
    let alternatives = alternatives.flat_map(|alternative| &alternative.ty);
    let types = params.chain(bodies).chain(pages).chain(streams);
    let types = types.chain(alternatives);
    types.for_each(|ty| ty.collect_imports(needed));
    match &method.output {
        OutputPlan::Json(ty) => {
            ty.collect_imports(needed);
            needed.runtime.insert("Json");
        }
        OutputPlan::JsonOrEmpty(ty) => {
            ty.collect_imports(needed);
            needed.runtime.extend(["Json", "OrEmpty"]);
        }
        OutputPlan::Text => drop(needed.runtime.insert("Text")),
        OutputPlan::Raw => drop(needed.runtime.insert("Raw")),
        OutputPlan::Empty => drop(needed.runtime.insert("Empty")),
        OutputPlan::ByStatus {
            responses: variants,
            ..
        } => {
            let types = variants.iter().flat_map(|variant| &variant.ty);
            types.for_each(|ty| ty.collect_imports(needed));
            needed.runtime.insert("Responses");
        }
    }
}

/// Returns the `impl` block of a handle, with previous names as deprecated methods.
fn methods_impl(plan: &Plan, resource: &ResourcePlan) -> syn::Result<Item> {
    let handle = ident(&resource.handle);
    let nested = nested_handles(plan, resource);
    let mut block: ItemImpl = syn::parse2(quote! {
        impl #handle {
            pub(crate) fn new(client: &Client) -> Self {
                Self(client.clone())
            }

            #(#nested)*
        }
    })?;
    for method in &resource.methods {
        let mut docs = docs(&method.docs);
        docs.extend(method.deprecated.as_deref().map(deprecated));
        block
            .items
            .push(request_method(docs, &method.name, method)?);
        for old in &method.previous_names {
            let attrs = deprecation(&method.name, old);
            block.items.push(request_method(attrs, &old.name, method)?);
        }
    }
    Ok(Item::Impl(block))
}

/// Returns a method for each resource that the document nests in this one.
fn nested_handles(plan: &Plan, resource: &ResourcePlan) -> Vec<TokenStream> {
    let root = root_path(plan);
    let nested = plan.resources.iter();
    let nested = nested.filter(|other| other.parent.as_ref() == Some(&resource.module));
    let methods = nested.map(|other| {
        let (docs, cfg) = (docs(&other.docs), cfg_feature(Some(&other.feature)));
        let (name, handle) = (ident(&other.module), ident(&other.handle));
        quote! {
            #(#docs)*
            #cfg
            pub fn #name(&self) -> #root::api::#handle {
                #root::api::#handle::new(&self.0)
            }
        }
    });
    methods.collect()
}

/// Returns the method `name` that creates the request of an operation.
fn request_method(
    mut attrs: Vec<Attribute>,
    name: &str,
    method: &MethodPlan,
) -> syn::Result<ImplItem> {
    let (name, request) = (ident(name), ident(&method.request_type));
    let names: Vec<_> = method.args.iter().map(|arg| ident(&arg.name)).collect();
    let types = method.args.iter().map(|arg| {
        let ty = rust_type(&arg.ty, MODELS);
        match arg.is_converted {
            true => quote!(impl Into<#ty>),
            false => quote!(#ty),
        }
    });
    let argument_widths = method.args.iter().map(|arg| arg.name.len() + ", ".len());
    let width = method.request_type.len() + "::new(&self.0)".len() + argument_widths.sum::<usize>();
    let body = if width <= MAX_BODY_WIDTH {
        quote!(#request::new(&self.0 #(, #names)*))
    } else {
        quote!(let new = #request::new; new(&self.0 #(, #names)*))
    };
    if method.args.len() + 1 > MAX_ARGUMENTS {
        let reason = quote!(
            clippy::too_many_arguments,
            reason = "the path has as many parameters"
        );
        attrs.push(list("expect", reason));
    }
    let mut arguments = method.args.iter();
    if arguments.any(|arg| DISALLOWED_NAMES.contains(&arg.name.as_str())) {
        let reason = quote!(
            clippy::disallowed_names,
            reason = "the parameter has this name"
        );
        attrs.push(list("expect", reason));
    }
    let method = quote!(pub fn #name(&self #(, #names: #types)*) -> #request { #body });
    Ok(ImplItem::Fn(ImplItemFn {
        attrs,
        ..syn::parse2(method)?
    }))
}
