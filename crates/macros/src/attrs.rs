//! What stands in `#[wire(…)]`, and small questions about types.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Error, GenericArgument, Ident, Lit, LitStr, Meta, Path, PathArguments, Result,
    Token, Type, Variant,
};

/// The `#[wire(…)]` of a field.
#[derive(Default)]
pub struct FieldAttr {
    pub name: Option<LitStr>,
    pub nullable: Option<Ident>,
    pub lenient: Option<Ident>,
    pub optional: Option<Ident>,
    pub extra: Option<Ident>,
    /// A `Literal` of the runtime.
    pub fixed: Option<TokenStream>,
}

impl FieldAttr {
    pub fn of(attrs: &[Attribute]) -> Result<Self> {
        let mut found = Self::default();
        for attr in wire_attrs(attrs) {
            for part in attr.parse_args_with(Punctuated::<Part, Token![,]>::parse_terminated)? {
                found.add(part)?;
            }
        }
        Ok(found)
    }

    fn add(&mut self, part: Part) -> Result<()> {
        let word = match part {
            Part::Name(name) => {
                self.name = Some(name);
                return Ok(());
            }
            Part::Fixed(literal) => {
                self.fixed = Some(literal);
                return Ok(());
            }
            Part::Word(word) => word,
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

enum Part {
    Name(LitStr),
    Word(Ident),
    Fixed(TokenStream),
}

impl Parse for Part {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.peek(LitStr) {
            return input.parse().map(Self::Name);
        }
        let word: Ident = input.parse()?;
        if word != "fixed" {
            return Ok(Self::Word(word));
        }
        input.parse::<Token![=]>()?;
        literal(input).map(Self::Fixed)
    }
}

/// `"text"`, `true`, `-1` or `null`, as a `Literal` of the runtime.
fn literal(input: ParseStream<'_>) -> Result<TokenStream> {
    let literal = quote!(::observatory_runtime::private::Literal);
    if input.peek(Ident) && !input.peek(syn::LitBool) {
        let word: Ident = input.parse()?;
        return if word == "null" {
            Ok(quote!(#literal::Null))
        } else {
            Err(Error::new(
                word.span(),
                "expected a string, a bool, an integer or null",
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
            "expected a string, a bool, an integer or null",
        )),
    }
}

/// The strings in the `#[wire("…", …)]` of a variant; at least one.
pub fn variant_names(variant: &Variant) -> Result<Vec<LitStr>> {
    let mut names = Vec::new();
    for attr in wire_attrs(&variant.attrs) {
        names.extend(attr.parse_args_with(Punctuated::<LitStr, Token![,]>::parse_terminated)?);
    }
    if names.is_empty() {
        return Err(Error::new_spanned(
            variant,
            "expected #[wire(\"…\")], the value on the wire",
        ));
    }
    Ok(names)
}

fn wire_attrs(attrs: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attrs.iter().filter(|attr| attr.path().is_ident("wire"))
}

/// The doc comments, and whether it is deprecated: what a setter has in common with its field.
pub fn docs(attrs: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attrs.iter().filter(|attr| match &attr.meta {
        Meta::NameValue(meta) => meta.path.is_ident("doc"),
        meta => meta.path().is_ident("deprecated"),
    })
}

/// `#[allow(deprecated)]` if something in there is.
pub fn allow_deprecated<'a>(mut attrs: impl Iterator<Item = &'a Attribute>) -> Option<TokenStream> {
    attrs
        .any(|attr| attr.path().is_ident("deprecated"))
        .then(|| quote!(#[allow(deprecated)]))
}

/// `T` of `name<T>`, by the last segment of the path.
pub fn argument<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    arguments(ty, name).and_then(|mut arguments| arguments.next())
}

/// `V` of `BTreeMap<K, V>`.
pub fn map_value(ty: &Type) -> Option<&Type> {
    arguments(ty, "BTreeMap").and_then(|mut arguments| arguments.nth(1))
}

fn arguments<'a>(ty: &'a Type, name: &str) -> Option<impl Iterator<Item = &'a Type> + use<'a>> {
    let segment = path(ty)?
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

/// Whether the last segment of the type's path is one of `names`, without arguments.
pub fn is_one_of(ty: &Type, names: &[&str]) -> bool {
    path(ty)
        .and_then(|path| path.segments.last())
        .is_some_and(|segment| {
            segment.arguments.is_none() && names.iter().any(|name| segment.ident == name)
        })
}

fn path(ty: &Type) -> Option<&Path> {
    match ty {
        Type::Path(path) if path.qself.is_none() => Some(&path.path),
        Type::Group(group) => path(&group.elem),
        _ => None,
    }
}

/// serde's two traits, by `Wire`.
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

/// An error at `tokens` if they take type parameters: no generated type does.
pub fn refuse_generics(input: &syn::DeriveInput) -> Result<()> {
    if input.generics.params.is_empty() {
        return Ok(());
    }
    Err(Error::new_spanned(
        input.generics.to_token_stream(),
        "a type that travels takes no parameters",
    ))
}
