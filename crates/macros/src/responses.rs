//! `derive(Responses)`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Data, DeriveInput, Error, Ident, LitInt, Result, Token, Variant};

use crate::shared::attrs;

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    attrs::reject_generics(input)?;
    let Data::Enum(data) = &input.data else {
        return Err(Error::new(input.ident.span(), "expected an enum"));
    };
    let arms = data
        .variants
        .iter()
        .map(decode_arm)
        .collect::<Result<Vec<_>>>()?;
    let name = &input.ident;
    Ok(quote! {
        #[automatically_derived]
        impl ::observatory_runtime::Decode for #name {
            type Value = Self;
            const ACCEPT: &'static str = "application/json";
            #[inline]
            fn decode(
                __response: &::observatory_runtime::private::EncodedResponse<'_>,
            ) -> ::core::result::Result<Self, ::observatory_runtime::Error> {
                match __response.status.as_u16() {
                    #(#arms)*
                    #[allow(unreachable_patterns)]
                    _ => ::core::result::Result::Err(::observatory_runtime::private::undocumented_status(__response)),
                }
            }
        }
    })
}

/// Returns the match arm that decodes the responses of a variant.
fn decode_arm(variant: &Variant) -> Result<TokenStream> {
    let attr = variant
        .attrs
        .iter()
        .find(|attr| attr.path().is_ident("status"));
    let attr = attr.ok_or_else(|| Error::new(variant.ident.span(), "expected #[status(…)]"))?;
    let (status, kind) = attr.parse_args_with(|input: ParseStream<'_>| {
        let status = parse_status(input)?;
        input.parse::<Token![,]>()?;
        Ok((status, input.parse::<BodyKind>()?))
    })?;
    let name = &variant.ident;
    let decoder = match kind {
        BodyKind::Json => {
            let payload = variant.fields.iter().map(|field| &field.ty);
            quote!(::observatory_runtime::Json::<#(#payload)*>)
        }
        BodyKind::Text => quote!(::observatory_runtime::Text),
        BodyKind::Bytes => quote!(::observatory_runtime::Raw),
        BodyKind::Empty => return Ok(quote!(#status => ::core::result::Result::Ok(Self::#name),)),
    };
    Ok(quote! {
        #status => <#decoder as ::observatory_runtime::Decode>::decode(__response).map(Self::#name),
    })
}

/// The kinds of response bodies.
#[derive(Clone, Copy)]
enum BodyKind {
    Json,
    Text,
    Bytes,
    Empty,
}

impl Parse for BodyKind {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let kind: Ident = input.parse()?;
        match kind.to_string().as_str() {
            "Json" => Ok(Self::Json),
            "Text" => Ok(Self::Text),
            "Bytes" => Ok(Self::Bytes),
            "Empty" => Ok(Self::Empty),
            _ => Err(Error::new(
                kind.span(),
                "expected Json, Text, Bytes or Empty",
            )),
        }
    }
}

/// Parses `200`, `class = 2` or `any` to a pattern.
fn parse_status(input: ParseStream<'_>) -> Result<TokenStream> {
    if input.peek(LitInt) {
        let code: LitInt = input.parse()?;
        return Ok(quote!(#code));
    }
    let word: Ident = input.parse()?;
    if word == "any" {
        return Ok(quote!(_));
    }
    input.parse::<Token![=]>()?;
    let class: u16 = input.parse::<LitInt>()?.base10_parse()?;
    let (first, last) = (class * 100, class * 100 + 99);
    Ok(quote!(#first..=#last))
}
