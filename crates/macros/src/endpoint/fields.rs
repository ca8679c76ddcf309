//! The fields of a request: parameters and the body.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::{
    Attribute, Data, DeriveInput, Error, Fields, Ident, LitBool, LitStr, Result, Token, Type,
    parenthesized, spanned::Spanned,
};

use crate::attrs;

/// A field, and what it fills in.
pub struct Field<'a> {
    pub ident: &'a Ident,
    pub ty: &'a Type,
    pub attrs: &'a [Attribute],
    pub optional: Option<&'a Type>,
    pub part: Part,
}

pub enum Part {
    /// A parameter: where, under which name, and how.
    Param(Ident, LitStr, TokenStream),
    /// The body: how, and as what.
    Body(Ident, Option<LitStr>),
}

pub fn fields(input: &DeriveInput) -> Result<(&Ident, Vec<Field<'_>>)> {
    let expected = || {
        Error::new(
            input.ident.span(),
            "an Endpoint is a struct of named fields, the client first",
        )
    };
    let Data::Struct(data) = &input.data else {
        return Err(expected());
    };
    let Fields::Named(named) = &data.fields else {
        return Err(expected());
    };
    let mut all = named.named.iter();
    let client = all
        .next()
        .and_then(|field| field.ident.as_ref())
        .ok_or_else(expected)?;
    Ok((client, all.map(field).collect::<Result<_>>()?))
}

fn field(field: &syn::Field) -> Result<Field<'_>> {
    let ident = field
        .ident
        .as_ref()
        .ok_or_else(|| Error::new(field.span(), "expected a name"))?;
    let places = ["in_path", "query", "header", "cookie", "body"];
    let attr = field
        .attrs
        .iter()
        .find(|attr| places.iter().any(|place| attr.path().is_ident(place)));
    let attr = attr.ok_or_else(|| {
        Error::new(
            ident.span(),
            "expected in_path, query, header, cookie or body",
        )
    })?;
    let part = if attr.path().is_ident("body") {
        attr.parse_args_with(body)?
    } else {
        param(ident, attr)?
    };
    Ok(Field {
        ident,
        ty: &field.ty,
        attrs: &field.attrs,
        optional: attrs::argument(&field.ty, "Option"),
        part,
    })
}

fn body(input: ParseStream<'_>) -> Result<Part> {
    let kind: Ident = input.parse()?;
    if !["json", "form", "multipart", "text", "bytes"]
        .iter()
        .any(|known| kind == known)
    {
        return Err(Error::new(
            kind.span(),
            "expected json, form, multipart, text or bytes",
        ));
    }
    if input.is_empty() {
        return Ok(Part::Body(kind, None));
    }
    let content;
    parenthesized!(content in input);
    Ok(Part::Body(kind, Some(content.parse()?)))
}

/// How a parameter becomes text, as it is spelled: what is left out has its place's default.
#[derive(Default)]
struct Spelled {
    name: Option<LitStr>,
    style: Option<LitStr>,
    explode: Option<bool>,
    reserved: bool,
    required: bool,
}

impl Parse for Spelled {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut this = Self::default();
        while !input.is_empty() {
            if input.peek(LitStr) {
                this.name = Some(input.parse()?);
            } else {
                let word: Ident = input.parse()?;
                match word.to_string().as_str() {
                    "style" => {
                        input.parse::<Token![=]>()?;
                        this.style = Some(input.parse()?);
                    }
                    "explode" if input.peek(Token![=]) => {
                        input.parse::<Token![=]>()?;
                        this.explode = Some(input.parse::<LitBool>()?.value);
                    }
                    "explode" => this.explode = Some(true),
                    "allow_reserved" => this.reserved = true,
                    "required" => this.required = true,
                    _ => {
                        return Err(Error::new(
                            word.span(),
                            "expected style, explode, allow_reserved or required",
                        ));
                    }
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(this)
    }
}

fn param(ident: &Ident, attr: &Attribute) -> Result<Part> {
    let spelled = match &attr.meta {
        syn::Meta::Path(_) => Spelled::default(),
        _ => attr.parse_args()?,
    };
    let is = |place: &str| attr.path().is_ident(place);
    let place = if is("in_path") {
        format_ident!("path")
    } else {
        attr.path().require_ident()?.clone()
    };
    let default = if is("query") || is("cookie") {
        "form"
    } else {
        "simple"
    };
    let style = spelled
        .style
        .map_or_else(|| default.to_owned(), |style| style.value());
    let explode = spelled.explode.unwrap_or(style == "form");
    let (reserved, required) = (spelled.reserved, spelled.required);
    let name = spelled.name.unwrap_or_else(|| {
        let name = ident.to_string();
        LitStr::new(name.strip_prefix("r#").unwrap_or(&name), ident.span())
    });
    let style = quote! {
        ::observatory_runtime::private::Style { kind: #style, explode: #explode, reserved: #reserved, required: #required }
    };
    Ok(Part::Param(place, name, style))
}
