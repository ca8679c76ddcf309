//! `derive(Model)`.

mod fields;
mod inherent;
mod wire_impl;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, DeriveInput, Result};

use crate::shared::{attrs, tokens};
use fields::parse_fields;
use inherent::inherent_impl;
use wire_impl::wire_impl;

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    attrs::reject_generics(input)?;
    let fields = parse_fields(input)?;
    let wire = wire_impl(&input.ident, &fields);
    let serde = tokens::serde_impls(&input.ident);
    let inherent = inherent_impl(&input.ident, &fields, no_setters(&input.attrs)?);
    Ok(quote!(#wire #serde #inherent))
}

/// Returns whether the struct has `#[model(no_setters)]`.
fn no_setters(attrs: &[Attribute]) -> Result<bool> {
    let mut no_setters = false;
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("model")) {
        attr.parse_nested_meta(|meta| {
            no_setters = meta.path.is_ident("no_setters");
            if no_setters {
                Ok(())
            } else {
                Err(meta.error("expected no_setters"))
            }
        })?;
    }
    Ok(no_setters)
}
