//! Request values: one an operation.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Field, Item, Variant, Visibility};

use super::items::{enumeration, named, old_type, structure, variant};
use super::nodes::{MODELS, bare, docs, docs_of, list, name_value, named_type, ty};
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
pub(super) fn request(resource: &ResourcePlan, method: &MethodPlan) -> Vec<Item> {
    let (handle, name) = (&resource.handle, &method.name);
    let mut attrs = docs_of(&format!("What [`{handle}::{name}`] sends."));
    attrs.push(list("derive", quote!(Clone, Debug, Endpoint)));
    let (verb, path) = (ident(method.method.as_str()), &method.path);
    // What fits on no line stands on two.
    match method.path.len() > PATH {
        false => attrs.push(endpoint(quote!(#verb, #path))),
        true => attrs.extend([endpoint(quote!(#verb)), endpoint(quote!(#path))]),
    }
    attrs.extend(facts(method).into_iter().map(endpoint));
    let idle = "a request does nothing until it is awaited";
    attrs.push(name_value("must_use", idle));
    let client = Field {
        vis: Visibility::Inherited,
        ..named(Vec::new(), "client", named_type("Client"))
    };
    let params = method.params.iter().map(param);
    let fields = std::iter::once(client)
        .chain(params)
        .chain(method.body.iter().map(body));
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
    let request = structure(attrs, &method.request, fields);
    std::iter::once(request).chain(choice).chain(olds).collect()
}

/// `#[endpoint(fact)]`.
fn endpoint(fact: TokenStream) -> Attribute {
    list("endpoint", fact)
}

fn facts(method: &MethodPlan) -> Vec<TokenStream> {
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
    let mut facts = vec![quote!(output = #output)];
    if !method.auth.is_empty() {
        let auth = method.auth.iter().map(|all| quote!(auth(#(#all),*)));
        facts.push(quote!(#(#auth),*));
    }
    if let Some(envelope) = &method.envelope {
        let data = &envelope.data;
        let error = envelope.error.iter();
        facts.push(quote!(envelope(data = #data #(, error = #error)*)));
    }
    facts.extend(method.pages.iter().flat_map(pages));
    if let Some(url) = &method.base_url {
        facts.push(quote!(base_url = #url));
    }
    if method.idempotent {
        facts.push(quote!(idempotent));
    }
    facts
}

/// How the answer comes in pages, and what is in them: as many facts to a line as rustfmt leaves there.
fn pages(pages: &PagesPlan) -> Vec<TokenStream> {
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
    let item = ty(&pages.item, MODELS);
    let lines = lines.iter().map(|(_, facts)| quote!(pages(#(#facts),*)));
    lines.chain([quote!(item = #item)]).collect()
}

fn param(param: &ParamPlan) -> Field {
    let (place, default) = match param.location {
        ParamLocation::Path => ("in_path", ParamStyle::Simple),
        ParamLocation::Query => ("query", ParamStyle::Form),
        ParamLocation::Header => ("header", ParamStyle::Simple),
        ParamLocation::Cookie => ("cookie", ParamStyle::Form),
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
    let mut attrs = docs(&param.docs);
    attrs.push(match words.is_empty() {
        true => bare(place),
        false => list(place, quote!(#(#words),*)),
    });
    named(attrs, &param.name, ty(&param.ty, MODELS))
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

fn body(body: &BodyPlan) -> Field {
    let kind = ident(body.kind);
    let kind = match &body.media_type {
        Some(media) => quote!(#kind(#media)),
        None => quote!(#kind),
    };
    let mut attrs = docs(&body.docs);
    attrs.push(list("body", kind));
    named(attrs, &body.name, ty(&body.ty, MODELS))
}

fn choice(name: &str, variants: &[ResponsePlan]) -> Item {
    let mut attrs = docs_of("What comes back, by status.");
    attrs.push(list("derive", quote!(Clone, Debug, PartialEq, Responses)));
    attrs.push(bare("non_exhaustive"));
    enumeration(attrs, name, variants.iter().map(answer))
}

/// What comes back with one status.
fn answer(answer: &ResponsePlan) -> Variant {
    let status = match answer.status {
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
    let (mut attrs, kind) = (docs_of(&answer.docs), ident(answer.kind));
    attrs.push(list("status", quote!(#status, #kind)));
    let payload = answer.ty.as_ref().map(|inner| ty(inner, MODELS));
    variant(attrs, &answer.name, payload)
}
