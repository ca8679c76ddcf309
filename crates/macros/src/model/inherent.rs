//! The constructor, the setters and `Default` of a model.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, Type};

use super::fields::{Field, Presence};
use crate::shared::attrs;
use crate::shared::setters::{
    argument_type, convert_argument, docs, option_assignment, patch_assignment,
};

/// Returns the constructor and the setters, unless `no_setters` is set, and `Default`, if no field is required.
pub fn inherent_impl(name: &Ident, fields: &[Field<'_>], no_setters: bool) -> TokenStream {
    let allow = attrs::allow_deprecated(fields.iter().flat_map(|field| field.attrs));
    let has_required = fields.iter().any(|field| argument(field).is_some());
    let default = (!has_required).then(|| default_impl(name, fields, allow.as_ref()));
    if no_setters {
        return quote!(#default);
    }
    let new = constructor(fields);
    let setters = fields.iter().filter_map(setter);
    quote! {
        #default

        #allow
        // A property can have one of the names that clippy takes for placeholders, such as `foo`.
        #[allow(clippy::disallowed_names)]
        impl #name {
            #new
            #(#setters)*
        }
    }
}

/// Returns the type of the constructor's argument for a field; `None` if it has none.
fn argument<'a>(field: &Field<'a>) -> Option<&'a Type> {
    match field.presence {
        Presence::Required => Some(field.ty),
        Presence::WriteOnly(inner) => Some(inner),
        _ => None,
    }
}

fn default_impl(name: &Ident, fields: &[Field<'_>], allow: Option<&TokenStream>) -> TokenStream {
    let is_fixed = |field: &Field<'_>| matches!(field.presence, Presence::Fixed { .. });
    let value = match fields.iter().any(is_fixed) {
        true => {
            let fields = fields.iter().map(initial);
            quote!(Self { #(#fields)* })
        }
        // Fields that are not read yet have the same values.
        false => quote!(::observatory_runtime::private::Wire::placeholder()),
    };
    quote! {
        #[automatically_derived]
        #allow
        impl ::core::default::Default for #name {
            #[inline]
            fn default() -> Self {
                #value
            }
        }
    }
}

fn constructor(fields: &[Field<'_>]) -> TokenStream {
    let required: Vec<_> = fields
        .iter()
        .filter_map(|field| Some((field.ident, argument(field)?)))
        .collect();
    if required.is_empty() {
        return quote! {
            /// Creates a value without any field set.
            #[must_use]
            pub fn new() -> Self {
                <Self as ::core::default::Default>::default()
            }
        };
    }
    let allow = (required.len() > 7).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    let arguments = required.iter().map(|(ident, ty)| {
        let ty = argument_type(ty);
        quote!(#ident: #ty)
    });
    let initializers = fields.iter().filter_map(|field| {
        let ident = field.ident;
        Some(match field.presence {
            Presence::Required => {
                let value = convert_argument(field.ty, ident);
                quote!(#ident: #value,)
            }
            Presence::WriteOnly(inner) => {
                let value = convert_argument(inner, ident);
                quote!(#ident: ::core::option::Option::Some(#value),)
            }
            Presence::Fixed { .. } => initial(field),
            _ => return None,
        })
    });
    let initializers: Vec<_> = initializers.collect();
    // The others have the value of a field that is not read yet.
    let others = (initializers.len() < fields.len())
        .then(|| quote!(..::observatory_runtime::private::Wire::placeholder()));
    quote! {
        /// Creates a value with its required fields.
        #[must_use]
        #allow
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#initializers)* #others }
        }
    }
}

/// Returns the initializer of a field that is not set.
fn initial(
    Field {
        ident, presence, ..
    }: &Field<'_>,
) -> TokenStream {
    match presence {
        Presence::Required | Presence::Extra(_) => {
            quote!(#ident: ::core::default::Default::default(),)
        }
        Presence::Optional(_) | Presence::WriteOnly(_) | Presence::Nullable(_) => {
            quote!(#ident: ::core::option::Option::None,)
        }
        Presence::Patch(_) => quote!(#ident: ::observatory_runtime::Patch::Absent,),
        Presence::Fixed { .. } => quote!(#ident: ::observatory_runtime::Fixed::Expected,),
    }
}

fn setter(field: &Field<'_>) -> Option<TokenStream> {
    let Field {
        ident,
        attrs,
        presence,
        read_only,
        ..
    } = field;
    if *read_only {
        return None;
    }
    let docs = docs(ident, attrs);
    let (signature, value) = match presence {
        Presence::Fixed { .. } => return None,
        Presence::Required => {
            let ty = argument_type(field.ty);
            (
                quote!((mut self, #ident: #ty)),
                convert_argument(field.ty, ident),
            )
        }
        Presence::WriteOnly(inner) => {
            let (ty, value) = (argument_type(inner), convert_argument(inner, ident));
            (
                quote!((mut self, #ident: #ty)),
                quote!(::core::option::Option::Some(#value)),
            )
        }
        Presence::Extra(ty) => return Some(extra_setter(ident, ty, &docs)),
        Presence::Optional(inner) | Presence::Nullable(inner) => option_assignment(ident, inner),
        Presence::Patch(inner) => patch_assignment(ident, inner),
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

fn extra_setter(ident: &Ident, ty: &Type, docs: &TokenStream) -> TokenStream {
    let (value_type, value) = (
        argument_type(ty),
        convert_argument(ty, &format_ident!("value")),
    );
    quote! {
        #docs
        #[must_use]
        pub fn #ident(mut self, key: impl ::core::convert::Into<::std::string::String>, value: #value_type) -> Self {
            self.#ident.insert(key.into(), #value);
            self
        }
    }
}
