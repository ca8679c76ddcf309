//! Enums of known values, with a last variant that keeps any other value.

use proc_macro2::TokenStream;
use syn::{Data, DeriveInput, Error, Fields, Ident, Result, Variant};

use super::attrs;

/// Returns the known variants with their JSON values, and the variant of unknown values.
///
/// # Errors
/// If the input is another kind of type. `parse` reads the values of a variant.
pub fn variants<T>(
    input: &DeriveInput,
    parse: fn(&Variant) -> Result<Vec<T>>,
) -> Result<(Vec<(&Ident, T)>, &Variant)> {
    attrs::reject_generics(input)?;
    let Data::Enum(data) = &input.data else {
        return Err(Error::new(input.ident.span(), "expected an enum"));
    };
    let mut variants: Vec<&Variant> = data.variants.iter().collect();
    let Some(unknown) = variants.pop() else {
        return Err(Error::new(
            input.ident.span(),
            "expected a last variant for unknown values",
        ));
    };
    if !matches!(&unknown.fields, Fields::Unnamed(fields) if fields.unnamed.len() == 1) {
        return Err(Error::new_spanned(
            unknown,
            "expected a last variant with one field, for unknown values",
        ));
    }
    let known = variants.into_iter();
    let known = known.map(|variant| known_value(variant, parse));
    Ok((known.collect::<Result<_>>()?, unknown))
}

/// Returns a known variant and its JSON value.
fn known_value<T>(variant: &Variant, parse: fn(&Variant) -> Result<Vec<T>>) -> Result<(&Ident, T)> {
    if !matches!(variant.fields, Fields::Unit) {
        return Err(Error::new_spanned(
            variant,
            "expected a variant without fields",
        ));
    }
    let mut values = parse(variant)?;
    match (values.pop(), values.is_empty()) {
        (Some(value), true) => Ok((&variant.ident, value)),
        _ => Err(Error::new_spanned(variant, "expected exactly one value")),
    }
}

/// Returns `#[allow(deprecated)]` if a variant is deprecated.
pub fn allow_deprecated(input: &DeriveInput) -> Option<TokenStream> {
    let Data::Enum(data) = &input.data else {
        return None;
    };
    attrs::allow_deprecated(data.variants.iter().flat_map(|variant| &variant.attrs))
}
