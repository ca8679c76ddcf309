//! The fields of a request: parameters and the body.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::{
    Attribute, Data, DeriveInput, Error, Fields, Ident, LitBool, LitStr, Meta, Result, Token, Type,
    parenthesized, spanned::Spanned, token,
};

use crate::shared::{attrs, tokens, types};

/// A field of a request.
pub struct RequestField<'a> {
    pub ident: &'a Ident,
    pub ty: &'a Type,
    pub attrs: &'a [Attribute],
    pub presence: Presence<'a>,
    pub role: Role,
}

/// Whether a field can be left out. The type is the argument of `Option` or `Patch`.
#[derive(Clone, Copy)]
pub enum Presence<'a> {
    /// An argument of the constructor; an `Option` if the body is nullable.
    Required,
    /// `Option`: `None` is not sent.
    Optional(&'a Type),
    /// `Patch`: a body that can be absent or null.
    Patch(&'a Type),
}

/// What a field is encoded as.
pub enum Role {
    Param(Param),
    Body(Body),
}

pub struct Param {
    pub location: ParamLocation,
    /// The name in the API description.
    pub name: LitStr,
    /// A `ParamEncoding` of the runtime.
    pub encoding: TokenStream,
    /// For a header of a part of a multipart body: the name of the part.
    pub part: Option<LitStr>,
}

#[derive(Clone, Copy)]
pub enum ParamLocation {
    Path,
    Query,
    Header,
    Cookie,
}

pub struct Body {
    pub kind: BodyKind,
    pub media_type: Option<LitStr>,
    /// Whether the body is required and can be null: `None` is sent as `null`.
    pub nullable: bool,
    /// The `PartEncoding`s of the runtime, for a form.
    pub parts: Vec<TokenStream>,
}

/// The kinds of request bodies: for each one `RequestParts` has a method.
#[derive(Clone, Copy)]
pub enum BodyKind {
    Json,
    JsonLines,
    Form,
    Multipart,
    Text,
    Bytes,
}

/// Returns the name of the client field, which is the first one, and the other fields.
pub fn parse_fields(input: &DeriveInput) -> Result<(&Ident, Vec<RequestField<'_>>)> {
    let expected = || {
        Error::new(
            input.ident.span(),
            "expected a struct with named fields, of which the first is the client",
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
    Ok((client, all.map(parse_field).collect::<Result<_>>()?))
}

fn parse_field(field: &syn::Field) -> Result<RequestField<'_>> {
    let ident = field
        .ident
        .as_ref()
        .ok_or_else(|| Error::new(field.span(), "expected a named field"))?;
    let is_optional = types::type_argument(&field.ty, "Option").is_some();
    let role = field
        .attrs
        .iter()
        .find_map(|attr| parse_role(ident, attr, is_optional).transpose());
    let mut role = role.unwrap_or_else(|| {
        Err(Error::new(
            ident.span(),
            "expected #[in_path], #[query], #[header], #[cookie] or #[body]",
        ))
    })?;
    let presence = presence(&role, &field.ty)?;
    if let Role::Body(body) = &mut role {
        let parts = field
            .attrs
            .iter()
            .filter(|attr| attr.path().is_ident("part"));
        for attr in parts {
            let attrs: ParamAttrs = attr.parse_args()?;
            body.parts.push(attrs.part_encoding(attr.span())?);
        }
    }
    Ok(RequestField {
        ident,
        ty: &field.ty,
        attrs: &field.attrs,
        presence,
        role,
    })
}

fn presence<'a>(role: &Role, ty: &'a Type) -> Result<Presence<'a>> {
    let optional = types::type_argument(ty, "Option");
    match role {
        Role::Body(Body { nullable: true, .. }) if optional.is_none() => Err(Error::new(
            ty.span(),
            "expected an Option for a nullable body",
        )),
        Role::Body(Body { nullable: true, .. }) => Ok(Presence::Required),
        Role::Body(_) => {
            let patch = types::type_argument(ty, "Patch").map(Presence::Patch);
            Ok(patch
                .or(optional.map(Presence::Optional))
                .unwrap_or(Presence::Required))
        }
        Role::Param(_) => Ok(optional.map_or(Presence::Required, Presence::Optional)),
    }
}

/// Returns the role that an attribute declares, or `None` for another attribute.
fn parse_role(ident: &Ident, attr: &Attribute, is_optional: bool) -> Result<Option<Role>> {
    if attr.path().is_ident("body") {
        return attr.parse_args().map(Role::Body).map(Some);
    }
    let locations = [
        ("in_path", ParamLocation::Path),
        ("query", ParamLocation::Query),
        ("header", ParamLocation::Header),
        ("cookie", ParamLocation::Cookie),
    ];
    let location = locations
        .iter()
        .find(|(name, _)| attr.path().is_ident(name));
    let Some((_, location)) = location else {
        return Ok(None);
    };
    let mut attrs = match &attr.meta {
        Meta::Path(_) => ParamAttrs::default(),
        _ => attr.parse_args()?,
    };
    attrs.required |= !is_optional && !matches!(location, ParamLocation::Path);
    Ok(Some(Role::Param(Param {
        location: *location,
        encoding: attrs.encoding(*location),
        part: attrs.part.clone(),
        name: attrs.name.unwrap_or_else(|| attrs::field_name(ident)),
    })))
}

impl ParamLocation {
    /// Returns the constant of the runtime with the default encoding.
    fn default_encoding(self, is_required: bool) -> TokenStream {
        let encoding = quote!(::observatory_runtime::private::ParamEncoding);
        match (self, is_required) {
            (Self::Path, _) => quote!(#encoding::PATH),
            (Self::Query, false) => quote!(#encoding::QUERY),
            (Self::Query, true) => quote!(#encoding::REQUIRED_QUERY),
            (Self::Header, false) => quote!(#encoding::HEADER),
            (Self::Header, true) => quote!(#encoding::REQUIRED_HEADER),
            (Self::Cookie, false) => quote!(#encoding::COOKIE),
            (Self::Cookie, true) => quote!(#encoding::REQUIRED_COOKIE),
        }
    }
}

/// The arguments of a parameter's attribute, such as `#[query("name", style = DeepObject, explode = true)]`, and of the
/// attribute of a form's part, such as `#[part("name", content_type = "text/csv")]`.
#[derive(Default)]
struct ParamAttrs {
    name: Option<LitStr>,
    /// A variant of the runtime's `ParamStyle`; the compiler rejects an unknown one.
    style: Option<Ident>,
    explode: Option<bool>,
    allow_reserved: bool,
    allow_slash: bool,
    required: bool,
    /// The part that a header belongs to.
    part: Option<LitStr>,
    /// The media types of a part.
    content_type: Option<LitStr>,
    /// The parts inside a part.
    nested: Vec<TokenStream>,
}

impl ParamAttrs {
    /// Returns a `PartEncoding` of the runtime.
    fn part_encoding(&self, span: Span) -> Result<TokenStream> {
        let Some(name) = &self.name else {
            return Err(Error::new(span, "expected the name of the part"));
        };
        let runtime = quote!(::observatory_runtime::private);
        let style = self.style.as_ref().map(|_| {
            let encoding = self.encoding(ParamLocation::Query);
            quote!(.style(#encoding))
        });
        let required = self.required.then(|| quote!(.required()));
        let content_type = self.content_type.as_ref();
        let content_type = content_type.map(|media_types| quote!(.content_type(#media_types)));
        let parts = &self.nested;
        let nested = (!parts.is_empty()).then(|| quote!(.nested(const { &[#(#parts),*] })));
        Ok(quote!(#runtime::PartEncoding::new(#name) #required #style #content_type #nested))
    }

    /// Returns a `ParamEncoding` of the runtime: a constant of its own only where no constant of the runtime has it,
    /// because each block of a constant is compiled like a function.
    fn encoding(&self, location: ParamLocation) -> TokenStream {
        let explode = self.explode.map(|explode| quote!(.explode(#explode)));
        let allow_reserved = self.allow_reserved.then(|| quote!(.allow_reserved()));
        let allow_slash = self.allow_slash.then(|| quote!(.allow_slash()));
        let options = quote!(#explode #allow_reserved #allow_slash);
        if let Some(style) = &self.style {
            let runtime = quote!(::observatory_runtime::private);
            let required = self.required.then(|| quote!(.required()));
            return quote! {
                const { #runtime::ParamEncoding::new(#runtime::ParamStyle::#style) #options #required }
            };
        }
        let default = location.default_encoding(self.required);
        match options.is_empty() {
            true => default,
            false => quote!(const { #default #options }),
        }
    }
}

impl Parse for ParamAttrs {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut attrs = Self::default();
        while !input.is_empty() {
            if input.peek(LitStr) {
                attrs.name = Some(input.parse()?);
            } else {
                attrs.parse_option(input)?;
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(attrs)
    }
}

impl ParamAttrs {
    fn parse_option(&mut self, input: ParseStream<'_>) -> Result<()> {
        let key: Ident = input.parse()?;
        match key.to_string().as_str() {
            "style" => {
                input.parse::<Token![=]>()?;
                self.style = Some(input.parse()?);
            }
            "explode" => {
                input.parse::<Token![=]>()?;
                self.explode = Some(input.parse::<LitBool>()?.value);
            }
            "part" if input.peek(token::Paren) => {
                let content;
                parenthesized!(content in input);
                let inner: Self = content.parse()?;
                self.nested.push(inner.part_encoding(key.span())?);
            }
            "part" => {
                input.parse::<Token![=]>()?;
                self.part = Some(input.parse()?);
            }
            "content_type" => {
                input.parse::<Token![=]>()?;
                self.content_type = Some(input.parse()?);
            }
            "allow_reserved" => self.allow_reserved = true,
            "allow_slash" => self.allow_slash = true,
            "required" => self.required = true,
            _ => {
                return Err(Error::new(
                    key.span(),
                    "expected style, explode, allow_reserved, allow_slash, required, part or content_type",
                ));
            }
        }
        Ok(())
    }
}

impl Parse for Body {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let kind = input.parse()?;
        let media_type = match input.peek(token::Paren) {
            true => {
                let content;
                parenthesized!(content in input);
                Some(content.parse()?)
            }
            false => None,
        };
        let nullable = !input.is_empty();
        if nullable {
            input.parse::<Token![,]>()?;
            let word: Ident = input.parse()?;
            if word != "nullable" || !matches!(kind, BodyKind::Json) {
                return Err(Error::new(word.span(), "expected nullable after Json"));
            }
        }
        Ok(Self {
            kind,
            media_type,
            nullable,
            parts: Vec::new(),
        })
    }
}

impl Parse for BodyKind {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let kind: Ident = input.parse()?;
        match kind.to_string().as_str() {
            "Json" => Ok(Self::Json),
            "JsonLines" => Ok(Self::JsonLines),
            "Form" => Ok(Self::Form),
            "Multipart" => Ok(Self::Multipart),
            "Text" => Ok(Self::Text),
            "Bytes" => Ok(Self::Bytes),
            _ => Err(Error::new(
                kind.span(),
                "expected Json, JsonLines, Form, Multipart, Text or Bytes",
            )),
        }
    }
}

impl RequestField<'_> {
    /// Returns the statement that encodes the field into `__parts`.
    pub fn encode(&self) -> TokenStream {
        let ident = self.ident;
        match &self.role {
            Role::Param(param) => self.encode_param(param),
            Role::Body(body) => match self.presence {
                Presence::Required => body.encode(quote!(&self.#ident)),
                Presence::Optional(_) => {
                    let encode = body.encode(quote!(__body));
                    quote! {
                        if let ::core::option::Option::Some(__body) = &self.#ident {
                            #encode
                        }
                    }
                }
                Presence::Patch(_) => {
                    let encode = body.encode(quote!(&self.#ident));
                    quote! {
                        if !self.#ident.is_absent() {
                            #encode
                        }
                    }
                }
            },
        }
    }

    fn encode_param(&self, param: &Param) -> TokenStream {
        let (ident, Param { name, encoding, .. }) = (self.ident, param);
        let value = match self.presence {
            Presence::Required => quote!(::core::option::Option::Some(&self.#ident)),
            Presence::Optional(_) | Presence::Patch(_) => quote!(self.#ident.as_ref()),
        };
        match param.location {
            ParamLocation::Path => quote!(__parts.path(#name, #encoding, &self.#ident);),
            ParamLocation::Query => quote!(__parts.query(#name, #encoding, #value);),
            ParamLocation::Header if param.part.is_some() => {
                let part = &param.part;
                quote!(__parts.part_header(#part, #name, #encoding, #value);)
            }
            ParamLocation::Header => quote!(__parts.header(#name, #encoding, #value);),
            ParamLocation::Cookie => quote!(__parts.cookie(#name, #encoding, #value);),
        }
    }
}

impl Body {
    fn encode(&self, value: impl ToTokens) -> TokenStream {
        let media_type = tokens::option(self.media_type.as_ref());
        let parts = &self.parts;
        match self.kind {
            BodyKind::Json => quote!(__parts.json(#media_type, #value);),
            BodyKind::JsonLines => quote!(__parts.json_lines(#media_type, #value);),
            BodyKind::Form => quote!(__parts.form(#value, &[#(#parts),*]);),
            BodyKind::Multipart => quote!(__parts.multipart(#media_type, #value, &[#(#parts),*]);),
            BodyKind::Text => quote!(__parts.text(#media_type, #value);),
            BodyKind::Bytes => quote!(__parts.bytes(#media_type, #value);),
        }
    }
}
