//! `#[wire(…)]`, and the attributes that all derives treat alike.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Error, Ident, Lit, LitInt, LitStr, Meta, Result, Token, Variant};

/// The arguments of `#[wire(…)]` on a field.
#[derive(Default)]
pub struct WireAttrs {
    /// The name of the JSON property.
    pub name: Option<LitStr>,
    pub nullable: Option<Ident>,
    pub lenient: Option<Ident>,
    pub optional: Option<Ident>,
    pub extra: Option<Ident>,
    pub read_only: Option<Ident>,
    pub write_only: Option<Ident>,
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

    /// Returns an argument that requires an `Option`.
    pub fn option_word(&self) -> Option<&Ident> {
        let words = [&self.nullable, &self.lenient, &self.write_only];
        words.into_iter().flatten().next()
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
            "read_only" => self.read_only = Some(word),
            "write_only" => self.write_only = Some(word),
            _ => {
                return Err(Error::new(
                    word.span(),
                    "expected nullable, lenient, optional, extra, read_only, write_only or fixed = …",
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

/// Parses `"text"`, `true`, `-1`, `1.5` or `null` to a `Literal` of the runtime.
fn parse_literal(input: ParseStream<'_>) -> Result<TokenStream> {
    let literal = quote!(::observatory_runtime::private::Literal);
    if input.peek(Ident) && !input.peek(syn::LitBool) {
        let word: Ident = input.parse()?;
        return if word == "null" {
            Ok(quote!(#literal::Null))
        } else {
            Err(Error::new(
                word.span(),
                "expected a string, a boolean, a number or null",
            ))
        };
    }
    let minus: Option<Token![-]> = input.parse()?;
    match (minus, input.parse()?) {
        (None, Lit::Str(text)) => Ok(quote!(#literal::Str(#text))),
        (None, Lit::Bool(value)) => Ok(quote!(#literal::Bool(#value))),
        (minus, Lit::Float(number)) => Ok(quote!(#literal::Float(#minus #number))),
        (minus, Lit::Int(number)) => Ok(quote!(#literal::Int(#minus #number))),
        (_, other) => Err(Error::new(
            other.span(),
            "expected a string, a boolean, a number or null",
        )),
    }
}

/// Returns the strings in the `#[wire("…", …)]` of a variant.
///
/// # Errors
/// If there is none.
pub fn wire_values(variant: &Variant) -> Result<Vec<LitStr>> {
    variant_values(variant, |input| input.parse())
}

/// Returns the values in the `#[wire("…", 1, true)]` of a variant, as `Literal`s of the runtime.
///
/// # Errors
/// If there is none.
pub fn tag_values(variant: &Variant) -> Result<Vec<TokenStream>> {
    variant_values(variant, parse_literal)
}

/// Returns the integers in the `#[wire(-1)]` of a variant.
///
/// # Errors
/// If there is none.
pub fn integer_values(variant: &Variant) -> Result<Vec<TokenStream>> {
    variant_values(variant, |input| {
        let minus: Option<Token![-]> = input.parse()?;
        let number: LitInt = input.parse()?;
        Ok(quote!(#minus #number))
    })
}

fn variant_values<T>(variant: &Variant, parse: fn(ParseStream<'_>) -> Result<T>) -> Result<Vec<T>> {
    let mut values = Vec::new();
    for attr in wire_attrs(&variant.attrs) {
        let parser = |input: ParseStream<'_>| {
            Punctuated::<T, Token![,]>::parse_terminated_with(input, parse)
        };
        values.extend(attr.parse_args_with(parser)?);
    }
    if values.is_empty() {
        return Err(Error::new_spanned(
            variant,
            "expected #[wire(…)] with the JSON value of the variant",
        ));
    }
    Ok(values)
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
