//! Request values: one an operation.

use proc_macro2::TokenStream;
use quote::quote;

use super::nodes::{MODELS, docs, old_type, ty};
use super::tokens::ident;
use crate::ir::{ParamLocation, ParamStyle, Status};
use crate::plan::{
    BodyPlan, MethodPlan, OutputPlan, PagesPlan, ParamPlan, ResourcePlan, ResponsePlan,
};

/// Longer paths get a line of their own.
const PATH: usize = 48;

/// How much of a line facts in brackets may take up.
const FACTS: usize = 62;

/// The type of a request, with everything that is said of its operation.
pub(super) fn request(resource: &ResourcePlan, method: &MethodPlan) -> TokenStream {
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
    let olds = method.was.iter().filter_map(|old| {
        let name = old
            .request
            .as_ref()
            .filter(|name| **name != method.request)?;
        Some(old_type(&method.request, name, old))
    });
    quote! {
        #(#head)*
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
        #(#olds)*
    }
}

fn facts(method: &MethodPlan) -> TokenStream {
    let output = match &method.output {
        OutputPlan::Json(inner) => {
            let inner = ty(inner, MODELS);
            quote!(Json<#inner>)
        }
        OutputPlan::OrEmpty(inner) => {
            let inner = ty(inner, MODELS);
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
    let pages = method.pages.as_ref().map(pages);
    let idempotent = method.idempotent.then(|| quote!(#[endpoint(idempotent)]));
    quote!(#[endpoint(output = #output)] #auth #envelope #pages #base #idempotent)
}

/// How the answer comes in pages, and what is in them: as many facts to a line as rustfmt leaves there.
fn pages(pages: &PagesPlan) -> TokenStream {
    let fact = |name: &str, value: &Option<String>| {
        let value = value.as_ref()?;
        let (shown, name) = (name.len() + value.len() + " = \"\", ".len(), ident(name));
        Some((shown, quote!(#name = #value)))
    };
    let start = pages
        .start
        .as_ref()
        .map_or(("link", None), |(name, path)| (*name, Some(path.clone())));
    let first = pages.first.map(|first| {
        let first = proc_macro2::Literal::u32_unsuffixed(first);
        ("first = 0, ".len(), quote!(first = #first))
    });
    let facts = [
        fact(start.0, &start.1).or_else(|| Some((0, quote!(link)))),
        first,
        fact("next", &pages.next),
        fact("more", &pages.more),
        fact("items", &pages.items),
    ];
    let mut lines: Vec<(usize, Vec<TokenStream>)> = Vec::new();
    for (width, fact) in facts.into_iter().flatten() {
        match lines.last_mut() {
            Some((used, line)) if *used + width <= FACTS => {
                *used += width;
                line.push(fact);
            }
            _ => lines.push((width, vec![fact])),
        }
    }
    let lines = lines
        .iter()
        .map(|(_, facts)| quote!(#[endpoint(pages(#(#facts),*))]));
    let item = ty(&pages.item, MODELS);
    quote!(#(#lines)* #[endpoint(item = #item)])
}

fn param(param: &ParamPlan) -> TokenStream {
    let docs = docs(&param.docs);
    let (name, ty) = (ident(&param.name), ty(&param.ty, MODELS));
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
    quote!(#(#docs)* #attr pub #name: #ty,)
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
    let (name, ty, kind) = (ident(&body.name), ty(&body.ty, MODELS), ident(body.kind));
    let kind = match &body.media_type {
        Some(media) => quote!(#kind(#media)),
        None => quote!(#kind),
    };
    quote!(#(#docs)* #[body(#kind)] pub #name: #ty,)
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
            let inner = ty(inner, MODELS);
            quote!((#inner))
        });
        quote!(#(#docs)* #[status(#status, #kind)] #name #payload,)
    });
    quote! {
        #(#head)*
        #[derive(Clone, Debug, PartialEq, Responses)]
        #[non_exhaustive]
        pub enum #name { #(#variants)* }
    }
}
