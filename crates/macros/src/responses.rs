//! `derive(Responses)`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::ParseStream;
use syn::{Data, DeriveInput, Error, Fields, Ident, LitInt, Result, Token, Variant};

use crate::attrs;

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    attrs::refuse_generics(input)?;
    let Data::Enum(data) = &input.data else {
        return Err(Error::new(input.ident.span(), "Responses is for enums"));
    };
    let arms = data.variants.iter().map(arm).collect::<Result<Vec<_>>>()?;
    let name = &input.ident;
    Ok(quote! {
        #[automatically_derived]
        impl ::observatory_runtime::Decode for #name {
            type Value = Self;
            const ACCEPT: &'static str = "application/json, */*";
            fn decode(
                __answer: &::observatory_runtime::private::Answer<'_>,
            ) -> ::core::result::Result<Self, ::observatory_runtime::Error> {
                match __answer.status.as_u16() {
                    #(#arms)*
                    #[allow(unreachable_patterns)]
                    _ => ::core::result::Result::Err(::observatory_runtime::private::unexpected(__answer)),
                }
            }
        }
    })
}

fn arm(variant: &Variant) -> Result<TokenStream> {
    let attr = variant
        .attrs
        .iter()
        .find(|attr| attr.path().is_ident("status"));
    let attr = attr.ok_or_else(|| Error::new(variant.ident.span(), "expected #[status(…)]"))?;
    let (status, kind) = attr.parse_args_with(|input: ParseStream<'_>| {
        let status = status(input)?;
        input.parse::<Token![,]>()?;
        Ok((status, input.parse::<Ident>()?))
    })?;
    let name = &variant.ident;
    let reader = match kind.to_string().as_str() {
        "json" => quote!(::observatory_runtime::Json),
        "text" => quote!(::observatory_runtime::Text),
        "bytes" => quote!(::observatory_runtime::Raw),
        "none" => return Ok(quote!(#status => ::core::result::Result::Ok(Self::#name),)),
        _ => {
            return Err(Error::new(
                kind.span(),
                "expected json, text, bytes or none",
            ));
        }
    };
    let reader = match (&variant.fields, kind == "json") {
        (Fields::Unnamed(fields), true) => {
            let payload = fields.unnamed.iter().map(|field| &field.ty);
            quote!(#reader::<#(#payload)*>)
        }
        _ => reader,
    };
    Ok(quote! {
        #status => <#reader as ::observatory_runtime::Decode>::decode(__answer).map(Self::#name),
    })
}

/// `200`, `class = 2`, or `any`.
fn status(input: ParseStream<'_>) -> Result<TokenStream> {
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
    let (low, high) = (class * 100, class * 100 + 99);
    Ok(quote!(#low..=#high))
}
