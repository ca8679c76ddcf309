//! Constructors and setters.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, Type};

use crate::attrs;
use crate::model::{Field, Presence};

/// The types of arguments without `impl Into`: for `impl Into<i64>` a literal would be an `i32`.
const SCALARS: &[&str] = &["bool", "i32", "i64", "u64", "f64"];

/// Returns the constructor and the setters, unless `no_setters` is set, and `Default`, if no field is required.
pub fn inherent_impl(name: &Ident, fields: &[Field<'_>], no_setters: bool) -> TokenStream {
    let allow = attrs::allow_deprecated(fields.iter().flat_map(|field| field.attrs));
    let has_required = fields
        .iter()
        .any(|field| matches!(field.presence, Presence::Required));
    let default = (!has_required).then(|| default_impl(name, fields, allow.as_ref()));
    if no_setters {
        return quote!(#default);
    }
    let new = constructor(fields);
    let setters = fields.iter().filter_map(setter);
    quote! {
        #default

        #allow
        impl #name {
            #new
            #(#setters)*
        }
    }
}

fn default_impl(name: &Ident, fields: &[Field<'_>], allow: Option<&TokenStream>) -> TokenStream {
    let fields = fields.iter().map(initial);
    quote! {
        #[automatically_derived]
        #allow
        impl ::core::default::Default for #name {
            fn default() -> Self {
                Self { #(#fields)* }
            }
        }
    }
}

fn constructor(fields: &[Field<'_>]) -> TokenStream {
    let required: Vec<_> = fields
        .iter()
        .filter(|field| matches!(field.presence, Presence::Required))
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
    let arguments = required.iter().map(|Field { ident, ty, .. }| {
        let ty = argument_type(ty);
        quote!(#ident: #ty)
    });
    let initializers = fields
        .iter()
        .map(|field| match (&field.presence, field.ident) {
            (Presence::Required, ident) => {
                let value = convert_argument(field.ty, ident);
                quote!(#ident: #value,)
            }
            _ => initial(field),
        });
    quote! {
        /// Creates a value with its required fields.
        #[must_use]
        #allow
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#initializers)* }
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
        Presence::Optional(_) | Presence::Nullable(_) => {
            quote!(#ident: ::core::option::Option::None,)
        }
        Presence::Patch(_) => quote!(#ident: ::observatory_runtime::Patch::Absent,),
        Presence::Fixed { .. } => quote!(#ident: ::observatory_runtime::Fixed::Expected,),
    }
}

/// Returns the type of an argument for a value of type `ty`.
pub fn argument_type(ty: &Type) -> TokenStream {
    let ty = attrs::type_argument(ty, "Box").unwrap_or(ty);
    if attrs::is_one_of(ty, SCALARS) {
        quote!(#ty)
    } else {
        quote!(impl ::core::convert::Into<#ty>)
    }
}

/// Returns the conversion of such an argument to a value of type `ty`.
pub fn convert_argument(ty: &Type, argument: &Ident) -> TokenStream {
    let boxed = attrs::type_argument(ty, "Box");
    let inner = boxed.unwrap_or(ty);
    let value = if attrs::is_one_of(inner, SCALARS) {
        quote!(#argument)
    } else {
        quote!(#argument.into())
    };
    if boxed.is_some() {
        quote!(::std::boxed::Box::new(#value))
    } else {
        value
    }
}

fn setter(field: &Field<'_>) -> Option<TokenStream> {
    let Field {
        ident,
        attrs,
        presence,
        ..
    } = field;
    let docs = docs(ident, attrs);
    let (signature, value) = match presence {
        Presence::Required | Presence::Fixed { .. } => return None,
        Presence::Extra(ty) => return Some(extra_setter(ident, ty, &docs)),
        Presence::Optional(inner) | Presence::Nullable(inner) => assignment(
            ident,
            inner,
            "IntoOption",
            "into_option",
            &quote!(::core::option::Option),
        ),
        Presence::Patch(inner) => assignment(
            ident,
            inner,
            "IntoPatch",
            "into_patch",
            &quote!(::observatory_runtime::Patch),
        ),
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

/// Returns the generics and arguments of a setter, and the value that it assigns.
pub fn assignment(
    ident: &Ident,
    inner: &Type,
    into: &str,
    method: &str,
    wrapper: &TokenStream,
) -> (TokenStream, TokenStream) {
    let boxed = attrs::type_argument(inner, "Box");
    let inner = boxed.unwrap_or(inner);
    let map = boxed.map(|_| quote!(.map(::std::boxed::Box::new)));
    // The type of the argument follows from that of the field, so that literals, `None` and `Some` need no annotation.
    if attrs::is_one_of(inner, SCALARS) {
        let signature = quote!((mut self, #ident: impl ::core::convert::Into<#wrapper<#inner>>));
        return (signature, quote!(#ident.into()#map));
    }
    // An `Option` converts to a `Value` too, so that `IntoOption` would be ambiguous.
    if attrs::is_one_of(inner, &["Value"]) {
        let signature = quote!((mut self, #ident: impl ::core::convert::Into<#inner>));
        return (signature, quote!(#wrapper::from(#ident.into())#map));
    }
    let (into, method) = (format_ident!("{into}"), format_ident!("{method}"));
    let into = quote!(::observatory_runtime::#into);
    let signature = quote!(<__Kind>(mut self, #ident: impl #into<#inner, __Kind>));
    (signature, quote!(#into::#method(#ident)#map))
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

/// Returns the docs of a field for its setter, or a default.
pub fn docs(ident: &Ident, attrs: &[syn::Attribute]) -> TokenStream {
    let docs: Vec<_> = attrs::docs(attrs).collect();
    if docs.iter().any(|attr| attr.path().is_ident("doc")) {
        return quote!(#(#docs)*);
    }
    let text = format!("Sets `{ident}`.");
    quote!(#[doc = #text] #(#docs)*)
}
