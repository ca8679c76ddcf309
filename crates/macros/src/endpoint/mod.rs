//! `derive(Endpoint)`.
//!
//! Methods that read or write types are `#[inline]`: they are compiled in the crates that call them, and a crate with
//! hundreds of operations is compiled in half the time. That these calls are inlined matters little.

mod endpoint_attrs;
mod pagination;
mod request_fields;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Ident, Result, Type};

use crate::shared::tokens::option;
use crate::shared::{attrs, setters};
use endpoint_attrs::{Alternative, EndpointAttrs};
use request_fields::{Presence, RequestField, parse_fields};

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    attrs::reject_generics(input)?;
    let attrs = EndpointAttrs::parse(input)?;
    let (client, fields) = parse_fields(input)?;
    let name = &input.ident;
    let inherent = inherent_impl(name, client, &attrs.output, &fields);
    let endpoint = endpoint_impl(name, client, &attrs, &fields);
    let into_future = into_future_impl(name, &attrs.output);
    let paged = match &attrs.pagination {
        Some((pagination, item)) => Some(pagination::paged_impl(name, pagination, item)?),
        None => None,
    };
    let streams = stream_methods(name, &attrs);
    let alternatives = alternative_methods(name, &attrs);
    Ok(quote!(#inherent #endpoint #into_future #paged #streams #alternatives))
}

/// Returns the constructor, the setters, and `send`.
fn inherent_impl(
    name: &Ident,
    client: &Ident,
    output: &Type,
    fields: &[RequestField<'_>],
) -> TokenStream {
    let required = || {
        let fields = fields.iter();
        fields.filter(|field| matches!(field.presence, Presence::Required))
    };
    let arguments = required().map(|RequestField { ident, ty, .. }| {
        let ty = setters::argument_type(ty);
        quote!(#ident: #ty)
    });
    let allow = (required().count() > 6).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    let initializers = fields.iter().map(|field| {
        let ident = field.ident;
        let value = match field.presence {
            Presence::Required => setters::convert_argument(field.ty, ident),
            Presence::Optional(_) => quote!(::core::option::Option::None),
            Presence::Patch(_) => quote!(::observatory_runtime::Patch::Absent),
        };
        quote!(#ident: #value,)
    });
    let setters = fields.iter().filter_map(setter);
    let allow_deprecated = allow_deprecated(fields);
    quote! {
        #allow_deprecated
        // As for models: a parameter can be called `foo`.
        #[allow(clippy::disallowed_names)]
        impl #name {
            #allow
            pub(crate) fn new(#client: &::observatory_runtime::Client, #(#arguments),*) -> Self {
                Self { #client: #client.clone(), #(#initializers)* }
            }

            #(#setters)*

            /// Sends the request. Unlike `.await`, it also returns the status and the headers.
            ///
            /// # Errors
            /// As the method of the operation documents.
            #[inline]
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

/// Allows the use of deprecated parameters: the request encodes them too.
fn allow_deprecated(fields: &[RequestField<'_>]) -> Option<TokenStream> {
    attrs::allow_deprecated(fields.iter().flat_map(|field| field.attrs))
}

fn setter(field: &RequestField<'_>) -> Option<TokenStream> {
    let ident = field.ident;
    let docs = setters::docs(ident, field.attrs);
    let (signature, value) = match field.presence {
        Presence::Required => return None,
        Presence::Optional(inner) => setters::option_assignment(ident, inner),
        Presence::Patch(inner) => setters::patch_assignment(ident, inner),
    };
    Some(quote! {
        #docs
        #[must_use]
        pub fn #ident #signature -> Self {
            self.#ident = #value;
            self
        }
    })
}

fn endpoint_impl(
    name: &Ident,
    client: &Ident,
    attrs: &EndpointAttrs,
    fields: &[RequestField<'_>],
) -> TokenStream {
    let EndpointAttrs {
        method,
        path,
        output,
        auth,
        envelope,
        base_url,
        accept,
        headers,
        idempotent,
        ..
    } = attrs;
    let (envelope, base_url) = (option(envelope.as_ref()), option(base_url.as_ref()));
    let accept = option(accept.as_ref());
    let encode = fields.iter().map(RequestField::encode);
    let allow_deprecated = allow_deprecated(fields);
    quote! {
        #[automatically_derived]
        #allow_deprecated
        impl ::observatory_runtime::Endpoint for #name {
            type Output = #output;
            const OPERATION: &'static ::observatory_runtime::private::Operation =
                &::observatory_runtime::private::Operation {
                    method: #method,
                    path: #path,
                    auth: &[#(#auth),*],
                    envelope: #envelope,
                    accept: #accept,
                    headers: &[#(#headers),*],
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
            #[inline]
            fn fill(&self, __parts: &mut ::observatory_runtime::RequestParts) {
                #(#encode)*
            }
        }
    }
}

/// Returns the methods that send the request and return the values of the response one by one.
fn stream_methods(name: &Ident, attrs: &EndpointAttrs) -> Option<TokenStream> {
    let method = |name: TokenStream, stream: TokenStream, docs: &str, call: TokenStream| {
        quote! {
            #[doc = #docs]
            ///
            /// # Errors
            /// As the method of the operation documents.
            #[inline]
            pub fn #name(
                &self,
            ) -> ::observatory_runtime::BoxFuture<
                'static,
                ::core::result::Result<
                    ::observatory_runtime::Response<#stream>,
                    ::observatory_runtime::Error,
                >,
            > {
                ::observatory_runtime::private::#call
            }
        }
    };
    let events = attrs.events.as_ref().map(|ty| {
        method(
            quote!(events),
            quote!(::observatory_runtime::EventValues<#ty>),
            "Sends the request and returns the data of the server-sent events as a stream.",
            quote!(send_for_events(self)),
        )
    });
    let lines = attrs.lines.as_ref().map(|(media_type, ty)| {
        method(
            quote!(lines),
            quote!(::observatory_runtime::JsonLines<#ty>),
            "Sends the request and returns the JSON lines of the response as a stream.",
            quote!(send_for_lines(self, #media_type)),
        )
    });
    (events.is_some() || lines.is_some()).then(|| quote!(impl #name { #events #lines }))
}

/// Returns the methods that ask for another media type of the response.
fn alternative_methods(name: &Ident, attrs: &EndpointAttrs) -> Option<TokenStream> {
    let methods = attrs.alternatives.iter().map(|alternative| {
        let Alternative {
            method,
            media_type,
            output,
        } = alternative;
        let docs = format!("Asks for the response as `{}`.", media_type.value());
        let accepting = quote!(::observatory_runtime::Accepting);
        quote! {
            #[doc = #docs]
            pub fn #method(self) -> #accepting<Self, #output> {
                #accepting::new(self, #media_type)
            }
        }
    });
    let methods: Vec<TokenStream> = methods.collect();
    (!methods.is_empty()).then(|| quote!(impl #name { #(#methods)* }))
}

fn into_future_impl(name: &Ident, output: &Type) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl ::core::future::IntoFuture for #name {
            type Output = ::core::result::Result<
                <#output as ::observatory_runtime::Decode>::Value,
                ::observatory_runtime::Error,
            >;
            type IntoFuture = ::observatory_runtime::BoxFuture<'static, Self::Output>;
            #[inline]
            fn into_future(self) -> Self::IntoFuture {
                ::observatory_runtime::private::send_for_value(&self)
            }
        }
    }
}
