//! `src/api`: a handle a resource, a method and a request value an operation.

use proc_macro2::TokenStream;
use quote::quote;

use super::print;
use super::tokens::{docs, ident, imports, in_order, inner_docs, ty};
use crate::files::Files;
use crate::ir::{ParamLocation, ParamStyle, Status};
use crate::plan::{
    BodyPlan, Imports, MethodPlan, OutputPlan, ParamPlan, Plan, ResourcePlan, ResponsePlan,
    RustType,
};

/// How much of a line a method's body may take up.
const LINE: usize = 80;

/// Longer paths get a line of their own.
const PATH: usize = 48;

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
        quote!(#head #(#mods)* #(#uses)*),
    );
    for resource in &plan.resources {
        for (index, methods) in resource.files.iter().enumerate() {
            let path = match index {
                0 => format!("src/api/{}.rs", resource.module),
                index => format!("src/api/{}/part_{}.rs", resource.module, index + 1),
            };
            print(plan, files, path, "#/paths", file(resource, index, methods));
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
    let runtime: Vec<String> = runtime.into_iter().map(str::to_owned).collect();
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
    let runtime = imports(&quote!(observatory_runtime), &runtime);
    let head = inner_docs(&resource.docs);
    let top = (index == 0).then(|| top(resource, &handle));
    let parent = (index > 0).then(|| quote!(use super::#handle;));
    let calls = methods.iter().map(call);
    let requests = methods.iter().map(|method| request(resource, method));
    quote! {
        #head
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
        #docs
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
        other => ty(other, &quote!(models::)),
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
    quote! {
        #docs
        #deprecated
        #crowded
        pub fn #name(&self #(, #names: #types)*) -> #request { #body }
    }
}

fn request(resource: &ResourcePlan, method: &MethodPlan) -> TokenStream {
    let request = ident(&method.request);
    let head = docs(&[format!(
        "What [`{}::{}`] sends.",
        resource.handle, method.name
    )]);
    let (verb, path) = (ident(method.method.as_str()), &method.path);
    // What fits on no line stands on two.
    let line = match method.path.len() > PATH {
        false => quote!(#[endpoint(#verb, #path)]),
        true => quote!(#[endpoint(#verb)] #[endpoint(#path)]),
    };
    let facts = facts(method);
    let params = method.params.iter().map(param);
    let body = method.body.iter().map(body);
    let choice = match &method.output {
        OutputPlan::Choice(name, variants) => Some(choice(name, variants)),
        _ => None,
    };
    quote! {
        #head
        #[derive(Clone, Debug, Endpoint)]
        #line
        #facts
        #[must_use = "a request does nothing until it is awaited"]
        pub struct #request {
            client: Client,
            #(#params)*
            #(#body)*
        }
        #choice
    }
}

fn facts(method: &MethodPlan) -> TokenStream {
    let models = quote!(models::);
    let output = match &method.output {
        OutputPlan::Json(inner) => {
            let inner = ty(inner, &models);
            quote!(Json<#inner>)
        }
        OutputPlan::OrEmpty(inner) => {
            let inner = ty(inner, &models);
            quote!(OrEmpty<Json<#inner>>)
        }
        OutputPlan::Text => quote!(Text),
        OutputPlan::Raw => quote!(Raw),
        OutputPlan::Empty => quote!(Empty),
        OutputPlan::Choice(name, _) => {
            let name = ident(name);
            quote!(#name)
        }
    };
    let auth = method.auth.iter().map(|all| quote!(auth(#(#all),*)));
    let auth = (!method.auth.is_empty()).then(|| quote!(#[endpoint(#(#auth),*)]));
    let envelope = method.envelope.as_ref().map(|envelope| {
        let data = &envelope.data;
        let error = envelope.error.iter();
        quote!(#[endpoint(envelope(data = #data #(, error = #error)*))])
    });
    let base = method
        .base_url
        .as_ref()
        .map(|url| quote!(#[endpoint(base_url = #url)]));
    let idempotent = method.idempotent.then(|| quote!(#[endpoint(idempotent)]));
    quote!(#[endpoint(output = #output)] #auth #envelope #base #idempotent)
}

fn param(param: &ParamPlan) -> TokenStream {
    let docs = docs(&param.docs);
    let (name, ty) = (ident(&param.name), ty(&param.ty, &quote!(models::)));
    let (place, default) = match param.location {
        ParamLocation::Path => (quote!(in_path), ParamStyle::Simple),
        ParamLocation::Query => (quote!(query), ParamStyle::Form),
        ParamLocation::Header => (quote!(header), ParamStyle::Simple),
        ParamLocation::Cookie => (quote!(cookie), ParamStyle::Form),
    };
    let wire = &param.wire;
    let mut words = Vec::new();
    if *wire != param.name {
        words.push(quote!(#wire));
    }
    if param.style != default {
        let style = style(param.style);
        words.push(quote!(style = #style));
    }
    if param.explode != (param.style == ParamStyle::Form) {
        let explode = param.explode;
        words.push(quote!(explode = #explode));
    }
    if param.allow_reserved {
        words.push(quote!(allow_reserved));
    }
    if param.checked {
        words.push(quote!(required));
    }
    let attr = if words.is_empty() {
        quote!(#[#place])
    } else {
        quote!(#[#place(#(#words),*)])
    };
    quote!(#docs #attr pub #name: #ty,)
}

fn style(style: ParamStyle) -> &'static str {
    match style {
        ParamStyle::Simple => "simple",
        ParamStyle::Label => "label",
        ParamStyle::Matrix => "matrix",
        ParamStyle::Form => "form",
        ParamStyle::SpaceDelimited => "spaceDelimited",
        ParamStyle::PipeDelimited => "pipeDelimited",
        ParamStyle::DeepObject => "deepObject",
        ParamStyle::Json => "json",
    }
}

fn body(body: &BodyPlan) -> TokenStream {
    let docs = docs(&body.docs);
    let (name, ty, kind) = (
        ident(&body.name),
        ty(&body.ty, &quote!(models::)),
        ident(body.kind),
    );
    let kind = match &body.media_type {
        Some(media) => quote!(#kind(#media)),
        None => quote!(#kind),
    };
    quote!(#docs #[body(#kind)] pub #name: #ty,)
}

fn choice(name: &str, variants: &[ResponsePlan]) -> TokenStream {
    let head = docs(&["What comes back, by status."]);
    let name = ident(name);
    let variants = variants.iter().map(|variant| {
        let (docs, name, kind) = (
            docs(&[&variant.docs]),
            ident(&variant.name),
            ident(variant.kind),
        );
        let status = match variant.status {
            Status::Code(code) => {
                let code = proc_macro2::Literal::u16_unsuffixed(code);
                quote!(#code)
            }
            Status::Class(class) => {
                let class = proc_macro2::Literal::u8_unsuffixed(class);
                quote!(class = #class)
            }
            Status::Default => quote!(any),
        };
        let payload = variant.ty.as_ref().map(|inner| {
            let inner = ty(inner, &quote!(models::));
            quote!((#inner))
        });
        quote!(#docs #[status(#status, #kind)] #name #payload,)
    });
    quote! {
        #head
        #[derive(Clone, Debug, PartialEq, Responses)]
        #[non_exhaustive]
        pub enum #name { #(#variants)* }
    }
}
