//! Request values: one type per operation.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Field, Item, Variant};

use super::attributes::{deprecated, docs, list, name_value, path_attribute};
use super::idents::ident;
use super::items::{
    deprecated_alias, enum_item, private_field, public_field, struct_item, variant,
};
use super::types::{MODELS, named_type, rust_type};
use crate::ir::{
    BodyKind, ParamLocation, ParamStyle, PartEncoding, PartStyle, Presence, Status, StreamKind,
};
use crate::plan::{
    BodyPlan, MethodPlan, OutputPlan, PaginationPlan, ParamPlan, ResourcePlan, ResponsePlan,
};

/// The longest path that shares a line with its method.
const MAX_PATH_WIDTH: usize = 48;

/// The maximum width of the arguments of one `pages(...)`.
const MAX_PAGES_WIDTH: usize = 62;

/// Returns the request type of an operation, the enum of its responses if it has one, and deprecated aliases.
pub(super) fn request_items(resource: &ResourcePlan, method: &MethodPlan) -> Vec<Item> {
    let client = private_field(Vec::new(), "client", named_type("Client"));
    let params = method.params.iter().map(param_field);
    let fields = std::iter::once(client)
        .chain(params)
        .chain(method.body.iter().map(body_field));
    let attrs = request_attributes(resource, method);
    let request = struct_item(attrs, &method.request_type, fields);
    let responses = match &method.output {
        OutputPlan::ByStatus {
            name,
            responses: variants,
        } => Some(responses_enum(name, variants)),
        _ => None,
    };
    let aliases = method.previous_names.iter().filter_map(|old| {
        let name = old.request.as_ref();
        let name = name.filter(|name| **name != method.request_type)?;
        Some(deprecated_alias(&method.request_type, name, old))
    });
    let items = std::iter::once(request).chain(responses).chain(aliases);
    items.collect()
}

fn request_attributes(resource: &ResourcePlan, method: &MethodPlan) -> Vec<Attribute> {
    let (handle, name) = (&resource.handle, &method.name);
    let mut attrs = docs(&[format!("Request of [`{handle}::{name}`].")]);
    attrs.push(list("derive", quote!(Clone, Debug, Endpoint)));
    let verb = method.http_method.as_str();
    let verb = match verb.bytes().all(|byte| byte.is_ascii_uppercase()) {
        true => {
            let verb = ident(verb);
            quote!(#verb)
        }
        false => quote!(method = #verb),
    };
    let path = &method.url_template;
    if path.len() > MAX_PATH_WIDTH {
        attrs.extend([endpoint(quote!(#verb)), endpoint(quote!(#path))]);
    } else {
        attrs.push(endpoint(quote!(#verb, #path)));
    }
    attrs.extend(endpoint_arguments(method).into_iter().map(endpoint));
    attrs.push(name_value("must_use", "requests do nothing unless awaited"));
    attrs
}

/// Returns `#[endpoint(arguments)]`.
fn endpoint(arguments: TokenStream) -> Attribute {
    list("endpoint", arguments)
}

/// Returns the arguments of `#[endpoint]` that follow the method and the path, one element per attribute.
fn endpoint_arguments(method: &MethodPlan) -> Vec<TokenStream> {
    let output = match &method.output {
        OutputPlan::Json(inner) => {
            let inner = rust_type(inner, MODELS);
            quote!(Json<#inner>)
        }
        OutputPlan::JsonOrEmpty(inner) => {
            let inner = rust_type(inner, MODELS);
            quote!(OrEmpty<Json<#inner>>)
        }
        OutputPlan::Text => quote!(Text),
        OutputPlan::Raw => quote!(Raw),
        OutputPlan::Empty => quote!(Empty),
        OutputPlan::ByStatus { name, .. } => {
            let name = ident(name);
            quote!(#name)
        }
    };
    let mut arguments = vec![quote!(output = #output)];
    if !method.security.is_empty() {
        let auth = method.security.iter().map(|all| quote!(auth(#(#all),*)));
        arguments.push(quote!(#(#auth),*));
    }
    if let Some(envelope) = &method.envelope {
        let data = &envelope.data;
        let error = envelope.error.iter();
        arguments.push(quote!(envelope(data = #data #(, error = #error)*)));
    }
    arguments.extend(method.pagination.iter().flat_map(pages_arguments));
    if let Some(media_types) = &method.accept {
        arguments.push(quote!(accept = #media_types));
    }
    let headers = method.headers.iter();
    arguments.extend(headers.map(|(name, value)| quote!(header(#name, #value))));
    arguments.extend(method.streams.iter().map(|stream| {
        let (ty, media_type) = (rust_type(&stream.ty, MODELS), &stream.media_type);
        match stream.kind {
            StreamKind::Events => quote!(events = #ty),
            StreamKind::Lines => quote!(lines(#media_type, #ty)),
        }
    }));
    arguments.extend(method.alternatives.iter().map(|alternative| {
        let (name, media_type) = (ident(&alternative.name), &alternative.media_type);
        let decoder = match &alternative.ty {
            Some(ty) => {
                let ty = rust_type(ty, MODELS);
                quote!(Json<#ty>)
            }
            None if alternative.kind == BodyKind::Text => quote!(Text),
            None => quote!(Raw),
        };
        quote!(alternative(#name = #decoder, #media_type))
    }));
    if let Some(url) = &method.base_url {
        arguments.push(quote!(base_url = #url));
    }
    if method.idempotent {
        arguments.push(quote!(idempotent));
    }
    arguments
}

/// Returns `pages(...)` with the rules of pagination, as often as rustfmt's line width requires, and the item's type.
fn pages_arguments(pages: &PaginationPlan) -> Vec<TokenStream> {
    let rule = |name: &str, value: &Option<String>| {
        let value = value.as_ref()?;
        let width = name.len() + value.len() + " = \"\", ".len();
        let name = ident(name);
        Some((width, quote!(#name = #value)))
    };
    let start = pages
        .start
        .as_ref()
        .map_or(("link", None), |(parameter, path)| {
            (parameter.as_str(), Some(path.clone()))
        });
    let first = pages.first.map(|first| {
        let first = proc_macro2::Literal::u32_unsuffixed(first);
        ("first = 0, ".len(), quote!(first = #first))
    });
    let rules = [
        rule(start.0, &start.1).or_else(|| Some((0, quote!(link)))),
        first,
        rule("next", &pages.next),
        rule("more", &pages.more),
        rule("total", &pages.total),
        rule("items", &pages.items),
    ];
    let mut lines: Vec<(usize, Vec<TokenStream>)> = Vec::new();
    for (width, rule) in rules.into_iter().flatten() {
        match lines.last_mut() {
            Some((used, line)) if *used + width <= MAX_PAGES_WIDTH => {
                *used += width;
                line.push(rule);
            }
            _ => lines.push((width, vec![rule])),
        }
    }
    let item = rust_type(&pages.item, MODELS);
    let lines = lines.iter().map(|(_, rules)| quote!(pages(#(#rules),*)));
    lines.chain([quote!(item = #item)]).collect()
}

fn param_field(param: &ParamPlan) -> Field {
    let (attribute, default_style) = match param.location {
        ParamLocation::Path => ("in_path", ParamStyle::Simple),
        ParamLocation::Query => ("query", ParamStyle::Form),
        ParamLocation::Header => ("header", ParamStyle::Simple),
        ParamLocation::Cookie => ("cookie", ParamStyle::Form),
    };
    let wire_name = &param.wire_name;
    let mut arguments = Vec::new();
    if *wire_name != param.name {
        arguments.push(quote!(#wire_name));
    }
    if param.style != default_style {
        let style = param_style(param.style);
        arguments.push(quote!(style = #style));
    }
    if param.explode != (param.style == ParamStyle::Form) {
        let explode = param.explode;
        arguments.push(quote!(explode = #explode));
    }
    if param.allow_reserved {
        arguments.push(quote!(allow_reserved));
    }
    if param.allow_slash {
        arguments.push(quote!(allow_slash));
    }
    if param.required_setter {
        arguments.push(quote!(required));
    }
    if let Some(part) = &param.part {
        arguments.push(quote!(part = #part));
    }
    let mut attrs = docs(&param.docs);
    attrs.extend(param.deprecated.as_deref().map(deprecated));
    attrs.push(match arguments.is_empty() {
        true => path_attribute(attribute),
        false => list(attribute, quote!(#(#arguments),*)),
    });
    public_field(attrs, &param.name, rust_type(&param.ty, MODELS))
}

/// Returns the variant of the runtime's `ParamStyle`.
fn param_style(style: ParamStyle) -> TokenStream {
    match style {
        ParamStyle::Simple => quote!(Simple),
        ParamStyle::Label => quote!(Label),
        ParamStyle::Matrix => quote!(Matrix),
        ParamStyle::Form => quote!(Form),
        ParamStyle::SpaceDelimited => quote!(SpaceDelimited),
        ParamStyle::PipeDelimited => quote!(PipeDelimited),
        ParamStyle::DeepObject => quote!(DeepObject),
        ParamStyle::Json => quote!(Json),
        ParamStyle::QueryJson => quote!(QueryJson),
        ParamStyle::QueryText => quote!(QueryText),
    }
}

/// Returns the name of a body kind in the attributes `body` and `status`.
fn body_kind(kind: BodyKind) -> TokenStream {
    match kind {
        BodyKind::Json => quote!(Json),
        BodyKind::JsonLines => quote!(JsonLines),
        BodyKind::Form => quote!(Form),
        BodyKind::Multipart => quote!(Multipart),
        BodyKind::Text => quote!(Text),
        BodyKind::Bytes => quote!(Bytes),
        BodyKind::Empty => quote!(Empty),
    }
}

fn body_field(body: &BodyPlan) -> Field {
    let kind = body_kind(body.kind);
    let kind = match &body.media_type {
        Some(media) => quote!(#kind(#media)),
        None => quote!(#kind),
    };
    let nullable = match body.presence {
        Presence::RequiredNullable => quote!(, nullable),
        _ => TokenStream::new(),
    };
    let mut attrs = docs(&body.docs);
    attrs.push(list("body", quote!(#kind #nullable)));
    attrs.extend(body.parts.iter().map(part_attribute));
    public_field(attrs, &body.name, rust_type(&body.ty, MODELS))
}

/// Returns the attribute with the encoding of a form's field.
fn part_attribute(part: &PartEncoding) -> Attribute {
    let arguments = part_arguments(part);
    list("part", quote!(#(#arguments),*))
}

fn part_arguments(part: &PartEncoding) -> Vec<TokenStream> {
    let property = &part.property;
    let mut arguments = vec![quote!(#property)];
    if part.is_required {
        arguments.push(quote!(required));
    }
    if let Some(PartStyle {
        style,
        explode,
        allow_reserved,
    }) = part.style
    {
        let name = param_style(style);
        arguments.push(quote!(style = #name));
        if explode != (style == ParamStyle::Form) {
            arguments.push(quote!(explode = #explode));
        }
        if allow_reserved {
            arguments.push(quote!(allow_reserved));
        }
    } else if let Some(media_types) = &part.content_type {
        arguments.push(quote!(content_type = #media_types));
        for inner in &part.nested {
            let inner = part_arguments(inner);
            arguments.push(quote!(part(#(#inner),*)));
        }
    }
    arguments
}

/// Returns the enum of an operation's successful responses.
fn responses_enum(name: &str, variants: &[ResponsePlan]) -> Item {
    let mut attrs = docs(&["The successful responses, by status."]);
    attrs.push(list("derive", quote!(Clone, Debug, PartialEq, Responses)));
    attrs.push(path_attribute("non_exhaustive"));
    enum_item(attrs, name, variants.iter().map(response_variant))
}

fn response_variant(response: &ResponsePlan) -> Variant {
    let status = match response.status {
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
    let (mut attrs, kind) = (docs(&[&response.docs]), body_kind(response.kind));
    attrs.push(list("status", quote!(#status, #kind)));
    let payload = response.ty.as_ref().map(|inner| rust_type(inner, MODELS));
    variant(attrs, &response.name, payload)
}
