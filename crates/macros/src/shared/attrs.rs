//! `#[wire(…)]`, and helpers for attributes and types that several derives use.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Error, GenericArgument, Ident, Lit, LitStr, Meta, Path, PathArguments, Result,
    Token, Type, Variant,
};

/// The arguments of `#[wire(…)]` on a field.
#[derive(Default)]
pub struct WireAttrs {
    /// The name of the JSON property.
    pub name: Option<LitStr>,
    pub nullable: Option<Ident>,
    pub lenient: Option<Ident>,
    pub optional: Option<Ident>,
    pub extra: Option<Ident>,
    /// The only value, as a `Literal` of the runtime.
    pub fixed: Option<TokenStream>,
}

impl WireAttrs {
    pub fn parse(attrs: &[Attribute]) -> Result<Self> {
        let mut parsed = Self::default();
        for attr in wire_attrs(attrs) {
            for argument in
                attr.parse_args_with(Punctuated::<Argument, Token![,]>::parse_terminated)?
            {
                parsed.add(argument)?;
            }
        }
        Ok(parsed)
    }

    fn add(&mut self, argument: Argument) -> Result<()> {
        let word = match argument {
            Argument::Name(name) => {
                self.name = Some(name);
                return Ok(());
            }
            Argument::Fixed(literal) => {
                self.fixed = Some(literal);
                return Ok(());
            }
            Argument::Word(word) => word,
        };
        match word.to_string().as_str() {
            "nullable" => self.nullable = Some(word),
            "lenient" => self.lenient = Some(word),
            "optional" => self.optional = Some(word),
            "extra" => self.extra = Some(word),
            _ => {
                return Err(Error::new(
                    word.span(),
                    "expected nullable, lenient, optional, extra or fixed = …",
                ));
            }
        }
        Ok(())
    }
}

enum Argument {
    Name(LitStr),
    Word(Ident),
    Fixed(TokenStream),
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.peek(LitStr) {
            return input.parse().map(Self::Name);
        }
        let word: Ident = input.parse()?;
        if word != "fixed" {
            return Ok(Self::Word(word));
        }
        input.parse::<Token![=]>()?;
        parse_literal(input).map(Self::Fixed)
    }
}

/// Parses `"text"`, `true`, `-1` or `null` to a `Literal` of the runtime.
fn parse_literal(input: ParseStream<'_>) -> Result<TokenStream> {
    let literal = quote!(::observatory_runtime::private::Literal);
    if input.peek(Ident) && !input.peek(syn::LitBool) {
        let word: Ident = input.parse()?;
        return if word == "null" {
            Ok(quote!(#literal::Null))
        } else {
            Err(Error::new(
                word.span(),
                "expected a string, a boolean, an integer or null",
            ))
        };
    }
    let minus: Option<Token![-]> = input.parse()?;
    match (minus, input.parse()?) {
        (None, Lit::Str(text)) => Ok(quote!(#literal::Str(#text))),
        (None, Lit::Bool(value)) => Ok(quote!(#literal::Bool(#value))),
        (minus, Lit::Int(number)) => Ok(quote!(#literal::Int(#minus #number))),
        (_, other) => Err(Error::new(
            other.span(),
            "expected a string, a boolean, an integer or null",
        )),
    }
}

/// Returns the strings in the `#[wire("…", …)]` of a variant.
///
/// # Errors
/// If there is none.
pub fn wire_values(variant: &Variant) -> Result<Vec<LitStr>> {
    let mut names = Vec::new();
    for attr in wire_attrs(&variant.attrs) {
        names.extend(attr.parse_args_with(Punctuated::<LitStr, Token![,]>::parse_terminated)?);
    }
    if names.is_empty() {
        return Err(Error::new_spanned(
            variant,
            "expected #[wire(\"…\")] with the JSON value of the variant",
        ));
    }
    Ok(names)
}

fn wire_attrs(attrs: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attrs.iter().filter(|attr| attr.path().is_ident("wire"))
}

/// Returns the doc comments and `#[deprecated]`, which a setter shares with its field.
pub fn docs(attrs: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attrs.iter().filter(|attr| match &attr.meta {
        Meta::NameValue(meta) => meta.path.is_ident("doc"),
        meta => meta.path().is_ident("deprecated"),
    })
}

/// Returns `#[allow(deprecated)]` if one of the attributes is `#[deprecated]`.
pub fn allow_deprecated<'a>(mut attrs: impl Iterator<Item = &'a Attribute>) -> Option<TokenStream> {
    attrs
        .any(|attr| attr.path().is_ident("deprecated"))
        .then(|| quote!(#[allow(deprecated)]))
}

/// Returns `T` of `name<T>`. Only the last segment of the path is compared with `name`.
pub fn type_argument<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    type_arguments(ty, name).and_then(|mut arguments| arguments.next())
}

/// Returns `V` of `BTreeMap<K, V>`.
pub fn map_value(ty: &Type) -> Option<&Type> {
    type_arguments(ty, "BTreeMap").and_then(|mut arguments| arguments.nth(1))
}

fn type_arguments<'a>(
    ty: &'a Type,
    name: &str,
) -> Option<impl Iterator<Item = &'a Type> + use<'a>> {
    let segment = type_path(ty)?
        .segments
        .last()
        .filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    Some(arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }))
}

/// Returns whether the last segment of the type's path is one of `names`, without arguments.
pub fn is_one_of(ty: &Type, names: &[&str]) -> bool {
    type_path(ty)
        .and_then(|path| path.segments.last())
        .is_some_and(|segment| {
            segment.arguments.is_none() && names.iter().any(|name| segment.ident == name)
        })
}

fn type_path(ty: &Type) -> Option<&Path> {
    match ty {
        Type::Path(path) if path.qself.is_none() => Some(&path.path),
        Type::Group(group) => type_path(&group.elem),
        _ => None,
    }
}

/// Returns the impls of `Serialize` and `Deserialize`, which forward to `Wire`.
pub fn serde_impls(name: &Ident) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl ::observatory_runtime::private::serde::Serialize for #name {
            fn serialize<__S: ::observatory_runtime::private::serde::Serializer>(
                &self,
                __serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                ::observatory_runtime::private::Wire::write(self, __serializer)
            }
        }

        #[automatically_derived]
        impl<'de> ::observatory_runtime::private::serde::Deserialize<'de> for #name {
            fn deserialize<__D: ::observatory_runtime::private::serde::Deserializer<'de>>(
                __deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                ::observatory_runtime::private::Wire::read(__deserializer)
            }
        }
    }
}

/// Rejects a type with generic parameters. No generated type has them.
pub fn reject_generics(input: &syn::DeriveInput) -> Result<()> {
    if input.generics.params.is_empty() {
        return Ok(());
    }
    Err(Error::new_spanned(
        input.generics.to_token_stream(),
        "generic parameters are not supported",
    ))
}

/// Returns the name of a field as a string, without `r#`.
pub fn field_name(ident: &Ident) -> LitStr {
    let name = ident.to_string();
    LitStr::new(name.strip_prefix("r#").unwrap_or(&name), ident.span())
}

/// Returns an expression of type `Option`.
pub fn option<T: ToTokens>(value: Option<&T>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}
