//! `derive(Endpoint)`.

mod facts;
mod fields;
mod pages;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Ident, Result, Type};

use crate::{attrs, setters};
use facts::Facts;
use fields::{Field, Part, fields};

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    attrs::refuse_generics(input)?;
    let facts = Facts::of(input)?;
    let (client, fields) = fields(input)?;
    let name = &input.ident;
    let inherent = inherent(name, client, &facts.output, &fields);
    let endpoint = endpoint(name, client, &facts, &fields);
    let future = future(name, &facts.output);
    let paged = match (&facts.pages, &facts.item) {
        (Some(pages), Some(item)) => Some(pages::paged(name, pages, item)?),
        _ => None,
    };
    Ok(quote!(#inherent #endpoint #future #paged))
}

/// The constructor, the setters, and `send`.
fn inherent(
    name: &Ident,
    client: &Ident,
    output: &Option<Type>,
    fields: &[Field<'_>],
) -> TokenStream {
    let required = || fields.iter().filter(|field| field.optional.is_none());
    let arguments = required().map(|Field { ident, ty, .. }| {
        let taken = setters::taken(ty);
        quote!(#ident: #taken)
    });
    let allow = (required().count() > 6).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    let made = fields.iter().map(|field| {
        let ident = field.ident;
        let value = match field.optional {
            Some(_) => quote!(::core::option::Option::None),
            None => setters::given(field.ty, ident),
        };
        quote!(#ident: #value,)
    });
    let setters = fields.iter().filter_map(setter);
    let deprecated = deprecated(fields);
    quote! {
        #deprecated
        impl #name {
            #allow
            pub(crate) fn new(#client: &::observatory_runtime::Client, #(#arguments),*) -> Self {
                Self { #client: #client.clone(), #(#made)* }
            }

            #(#setters)*

            /// Sends it, and keeps status and headers beside the value.
            ///
            /// # Errors
            /// As the method that makes the request says.
            pub fn send(
                self,
            ) -> ::observatory_runtime::BoxFuture<
                'static,
                ::core::result::Result<
                    ::observatory_runtime::Response<
                        <#output as ::observatory_runtime::Decode>::Value,
                    >,
                    ::observatory_runtime::Error,
                >,
            > {
                ::observatory_runtime::private::send(&self)
            }
        }
    }
}

/// A parameter that nobody should set is still one that is sent.
fn deprecated(fields: &[Field<'_>]) -> Option<TokenStream> {
    attrs::allow_deprecated(fields.iter().flat_map(|field| field.attrs))
}

fn setter(field: &Field<'_>) -> Option<TokenStream> {
    let (ident, inner) = (field.ident, field.optional?);
    let docs = setters::docs(ident, field.attrs);
    let option = quote!(::core::option::Option);
    let (signature, value) =
        setters::assignment(ident, inner, "IntoOption", "into_option", &option);
    Some(quote! {
        #docs
        #[must_use]
        pub fn #ident #signature -> Self {
            self.#ident = #value;
            self
        }
    })
}

fn endpoint(name: &Ident, client: &Ident, facts: &Facts, fields: &[Field<'_>]) -> TokenStream {
    let Facts {
        method,
        path,
        output,
        auth,
        envelope,
        base_url,
        idempotent,
        ..
    } = facts;
    let (envelope, base_url) = (option(envelope.as_ref()), option(base_url.as_ref()));
    let filled = fields.iter().map(fill);
    let deprecated = deprecated(fields);
    quote! {
        #[automatically_derived]
        #deprecated
        impl ::observatory_runtime::Endpoint for #name {
            type Output = #output;
            const OPERATION: &'static ::observatory_runtime::private::Operation =
                &::observatory_runtime::private::Operation {
                    method: #method,
                    path: #path,
                    auth: &[#(#auth),*],
                    envelope: #envelope,
                    base_url: #base_url,
                    idempotent: #idempotent,
                };
            fn client(&self) -> &::observatory_runtime::Client {
                &self.#client
            }
            fn client_mut(&mut self) -> &mut ::observatory_runtime::Client {
                &mut self.#client
            }
            #[allow(unused_variables)]
            fn fill(&self, __parts: &mut ::observatory_runtime::Parts) {
                #(#filled)*
            }
        }
    }
}

fn fill(field: &Field<'_>) -> TokenStream {
    let ident = field.ident;
    match &field.part {
        Part::Param(place, name, style) if place == "path" => {
            quote!(__parts.path(#name, #style, &self.#ident);)
        }
        Part::Param(place, name, style) => {
            let value = match field.optional {
                Some(_) => quote!(self.#ident.as_ref()),
                None => quote!(::core::option::Option::Some(&self.#ident)),
            };
            quote!(__parts.#place(#name, #style, #value);)
        }
        Part::Body(kind, media) => {
            let default = match kind.to_string().as_str() {
                "json" => Some("application/json"),
                "text" => Some("text/plain"),
                "bytes" => Some("application/octet-stream"),
                _ => None,
            };
            let media = match (media, default) {
                (Some(media), Some(_)) => quote!(#media,),
                (None, Some(default)) => quote!(#default,),
                _ => TokenStream::new(),
            };
            match field.optional {
                Some(_) => quote! {
                    if let ::core::option::Option::Some(__body) = &self.#ident {
                        __parts.#kind(#media __body);
                    }
                },
                None => quote!(__parts.#kind(#media &self.#ident);),
            }
        }
    }
}

fn future(name: &Ident, output: &Option<Type>) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl ::core::future::IntoFuture for #name {
            type Output = ::core::result::Result<
                <#output as ::observatory_runtime::Decode>::Value,
                ::observatory_runtime::Error,
            >;
            type IntoFuture = ::observatory_runtime::BoxFuture<'static, Self::Output>;
            fn into_future(self) -> Self::IntoFuture {
                ::observatory_runtime::private::answer(&self)
            }
        }
    }
}

fn option<T: quote::ToTokens>(value: Option<&T>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}
