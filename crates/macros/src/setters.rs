//! Constructors and setters.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, Type};

use crate::attrs;
use crate::model::{Field, Kind};

/// Numbers and bools are taken as they are: with `impl Into<i64>` a literal would be an `i32`.
const PLAIN: &[&str] = &["bool", "i32", "i64", "u64", "f64"];

/// The constructor and the setters, unless they are not wanted, and `Default`, if nothing is required.
pub fn inherent(name: &Ident, fields: &[Field<'_>], no_setters: bool) -> TokenStream {
    let allow = attrs::allow_deprecated(fields.iter().flat_map(|field| field.attrs));
    let any_required = fields
        .iter()
        .any(|field| matches!(field.kind, Kind::Required));
    let default = (!any_required).then(|| default(name, fields, allow.as_ref()));
    if no_setters {
        return quote!(#default);
    }
    let new = new(fields);
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

fn default(name: &Ident, fields: &[Field<'_>], allow: Option<&TokenStream>) -> TokenStream {
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

fn new(fields: &[Field<'_>]) -> TokenStream {
    let required: Vec<_> = fields
        .iter()
        .filter(|field| matches!(field.kind, Kind::Required))
        .collect();
    if required.is_empty() {
        return quote! {
            /// Creates it empty; nothing is required.
            #[must_use]
            pub fn new() -> Self {
                <Self as ::core::default::Default>::default()
            }
        };
    }
    let allow = (required.len() > 7).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    let arguments = required.iter().map(|Field { ident, ty, .. }| {
        let taken = taken(ty);
        quote!(#ident: #taken)
    });
    let made = fields.iter().map(|field| match (&field.kind, field.ident) {
        (Kind::Required, ident) => {
            let value = given(field.ty, ident);
            quote!(#ident: #value,)
        }
        _ => initial(field),
    });
    quote! {
        /// Creates it with what is required.
        #[must_use]
        #allow
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#made)* }
        }
    }
}

/// What a field is before anyone sets it.
fn initial(Field { ident, kind, .. }: &Field<'_>) -> TokenStream {
    match kind {
        Kind::Required | Kind::Extra(_) => quote!(#ident: ::core::default::Default::default(),),
        Kind::Optional(_) | Kind::Nullable(_) => quote!(#ident: ::core::option::Option::None,),
        Kind::Patch(_) => quote!(#ident: ::observatory_runtime::Patch::Absent,),
        Kind::Fixed { .. } => quote!(#ident: ::observatory_runtime::Fixed::Expected,),
    }
}

/// The type of an argument for a value of type `ty`.
pub fn taken(ty: &Type) -> TokenStream {
    let ty = attrs::argument(ty, "Box").unwrap_or(ty);
    if attrs::is_one_of(ty, PLAIN) {
        quote!(#ty)
    } else {
        quote!(impl ::core::convert::Into<#ty>)
    }
}

/// The value of type `ty` that such an argument gives.
pub fn given(ty: &Type, argument: &Ident) -> TokenStream {
    let boxed = attrs::argument(ty, "Box");
    let inner = boxed.unwrap_or(ty);
    let value = if attrs::is_one_of(inner, PLAIN) {
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
        ident, attrs, kind, ..
    } = field;
    let docs = docs(ident, attrs);
    let (signature, value) = match kind {
        Kind::Required | Kind::Fixed { .. } => return None,
        Kind::Extra(ty) => return Some(extra(ident, ty, &docs)),
        Kind::Optional(inner) | Kind::Nullable(inner) => assignment(
            ident,
            inner,
            "IntoOption",
            "into_option",
            &quote!(::core::option::Option),
        ),
        Kind::Patch(inner) => assignment(
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

/// Generics and arguments of the setter, and the value that they give.
pub fn assignment(
    ident: &Ident,
    inner: &Type,
    into: &str,
    method: &str,
    wrapper: &TokenStream,
) -> (TokenStream, TokenStream) {
    let boxed = attrs::argument(inner, "Box");
    let inner = boxed.unwrap_or(inner);
    let map = boxed.map(|_| quote!(.map(::std::boxed::Box::new)));
    // With these, the argument's type is known from the field's: literals, `None` and `Some` just work.
    if attrs::is_one_of(inner, PLAIN) {
        let signature = quote!((mut self, #ident: impl ::core::convert::Into<#wrapper<#inner>>));
        return (signature, quote!(#ident.into()#map));
    }
    // An `Option` turns into a `Value` already, so the two ways would stand against each other.
    if attrs::is_one_of(inner, &["Value"]) {
        let signature = quote!((mut self, #ident: impl ::core::convert::Into<#inner>));
        return (signature, quote!(#wrapper::from(#ident.into())#map));
    }
    let (into, method) = (format_ident!("{into}"), format_ident!("{method}"));
    let into = quote!(::observatory_runtime::#into);
    let signature = quote!(<__Kind>(mut self, #ident: impl #into<#inner, __Kind>));
    (signature, quote!(#into::#method(#ident)#map))
}

fn extra(ident: &Ident, ty: &Type, docs: &TokenStream) -> TokenStream {
    let (taken, value) = (taken(ty), given(ty, &format_ident!("value")));
    quote! {
        #docs
        #[must_use]
        pub fn #ident(mut self, key: impl ::core::convert::Into<::std::string::String>, value: #taken) -> Self {
            self.#ident.insert(key.into(), #value);
            self
        }
    }
}

pub fn docs(ident: &Ident, attrs: &[syn::Attribute]) -> TokenStream {
    let docs: Vec<_> = attrs::docs(attrs).collect();
    if docs.iter().any(|attr| attr.path().is_ident("doc")) {
        return quote!(#(#docs)*);
    }
    let text = format!("Sets `{ident}`.");
    quote!(#[doc = #text] #(#docs)*)
}
