//! `derive(Endpoint)`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Data, DeriveInput, Error, Fields, Ident, LitBool, LitStr, Result, Token, Type,
    parenthesized, spanned::Spanned,
};

use crate::{attrs, setters};

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    attrs::refuse_generics(input)?;
    let facts = Facts::of(input)?;
    let (client, fields) = fields(input)?;
    let name = &input.ident;
    let inherent = inherent(name, client, &fields);
    let endpoint = endpoint(name, client, &facts, &fields);
    let future = future(name);
    Ok(quote!(#inherent #endpoint #future))
}

/// What is said of the operation as a whole.
#[derive(Default)]
struct Facts {
    method: String,
    path: Option<LitStr>,
    output: Option<Type>,
    auth: Vec<TokenStream>,
    envelope: Option<TokenStream>,
    base_url: Option<LitStr>,
}

impl Facts {
    fn of(input: &DeriveInput) -> Result<Self> {
        let mut facts = Self::default();
        for attr in input
            .attrs
            .iter()
            .filter(|attr| attr.path().is_ident("endpoint"))
        {
            attr.parse_args_with(|input: ParseStream<'_>| facts.parse(input))?;
        }
        if facts.method.is_empty() || facts.path.is_none() || facts.output.is_none() {
            let message = "expected #[endpoint(METHOD, \"/path\")] and #[endpoint(output = …)]";
            return Err(Error::new(input.ident.span(), message));
        }
        Ok(facts)
    }

    fn parse(&mut self, input: ParseStream<'_>) -> Result<()> {
        while !input.is_empty() {
            if input.peek(LitStr) {
                self.path = Some(input.parse()?);
            } else {
                self.word(input)?;
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    }

    fn word(&mut self, input: ParseStream<'_>) -> Result<()> {
        let word: Ident = input.parse()?;
        match word.to_string().as_str() {
            "output" => {
                input.parse::<Token![=]>()?;
                self.output = Some(input.parse()?);
            }
            "base_url" => {
                input.parse::<Token![=]>()?;
                self.base_url = Some(input.parse()?);
            }
            "auth" => {
                let content;
                parenthesized!(content in input);
                let ids = Punctuated::<LitStr, Token![,]>::parse_terminated(&content)?;
                let ids = ids.iter();
                self.auth.push(quote!(&[#(#ids),*]));
            }
            "envelope" => {
                let content;
                parenthesized!(content in input);
                self.envelope = Some(envelope(&content)?);
            }
            method if method.chars().all(|c| c.is_ascii_uppercase()) => {
                self.method = method.to_owned()
            }
            _ => {
                return Err(Error::new(
                    word.span(),
                    "expected a method, a path, output, auth, envelope or base_url",
                ));
            }
        }
        Ok(())
    }
}

fn envelope(content: ParseStream<'_>) -> Result<TokenStream> {
    let mut data = None;
    let mut error = None;
    while !content.is_empty() {
        let key: Ident = content.parse()?;
        content.parse::<Token![=]>()?;
        let value: LitStr = content.parse()?;
        match key.to_string().as_str() {
            "data" => data = Some(value),
            "error" => error = Some(value),
            _ => return Err(Error::new(key.span(), "expected data or error")),
        }
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    let data = data.ok_or_else(|| content.error("expected data = \"…\""))?;
    let error = option(error.as_ref());
    Ok(quote!(::observatory_runtime::private::Envelope { data: #data, error: #error }))
}

fn option<T: quote::ToTokens>(value: Option<&T>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}

/// A field, and what it fills in.
struct Field<'a> {
    ident: &'a Ident,
    ty: &'a Type,
    attrs: &'a [Attribute],
    optional: Option<&'a Type>,
    part: Part,
}

enum Part {
    /// A parameter: where, under which name, and how.
    Param(Ident, LitStr, TokenStream),
    /// The body: how, and as what.
    Body(Ident, Option<LitStr>),
}

fn fields(input: &DeriveInput) -> Result<(&Ident, Vec<Field<'_>>)> {
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

/// The constructor, the setters, and `send`.
fn inherent(name: &Ident, client: &Ident, fields: &[Field<'_>]) -> TokenStream {
    let required = || fields.iter().filter(|field| field.optional.is_none());
    let arguments = required().map(|Field { ident, ty, .. }| {
        let taken = setters::taken(ty);
        quote!(#ident: #taken)
    });
    let allow = (required().count() > 6).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    let made = fields.iter().map(|field| {
        let ident = field.ident;
        let value = match field.optional {
            Some(_) => quote!(::core::option::Option::None),
            None => setters::given(field.ty, ident),
        };
        quote!(#ident: #value,)
    });
    let setters = fields.iter().filter_map(setter);
    let deprecated = deprecated(fields);
    quote! {
        #deprecated
        impl #name {
            #allow
            pub(crate) fn new(#client: &::observatory_runtime::Client, #(#arguments),*) -> Self {
                Self { #client: #client.clone(), #(#made)* }
            }

            #(#setters)*

            /// Sends it, and keeps status and headers beside the value.
            ///
            /// # Errors
            /// As the method that makes the request says.
            pub async fn send(
                self,
            ) -> ::core::result::Result<
                ::observatory_runtime::Response<
                    <<Self as ::observatory_runtime::Endpoint>::Output as ::observatory_runtime::Decode>::Value,
                >,
                ::observatory_runtime::Error,
            > {
                ::observatory_runtime::private::send(&self).await
            }
        }
    }
}

/// A parameter that nobody should set is still one that is sent.
fn deprecated(fields: &[Field<'_>]) -> Option<TokenStream> {
    attrs::allow_deprecated(fields.iter().flat_map(|field| field.attrs))
}

fn setter(field: &Field<'_>) -> Option<TokenStream> {
    let (ident, inner) = (field.ident, field.optional?);
    let docs = setters::docs(ident, field.attrs);
    let option = quote!(::core::option::Option);
    let (signature, value) =
        setters::assignment(ident, inner, "IntoOption", "into_option", &option);
    Some(quote! {
        #docs
        #[must_use]
        pub fn #ident #signature -> Self {
            self.#ident = #value;
            self
        }
    })
}

fn endpoint(name: &Ident, client: &Ident, facts: &Facts, fields: &[Field<'_>]) -> TokenStream {
    let Facts {
        method,
        path,
        output,
        auth,
        envelope,
        base_url,
    } = facts;
    let (envelope, base_url) = (option(envelope.as_ref()), option(base_url.as_ref()));
    let filled = fields.iter().map(fill);
    let deprecated = deprecated(fields);
    quote! {
        #[automatically_derived]
        #deprecated
        impl ::observatory_runtime::Endpoint for #name {
            type Output = #output;
            const OPERATION: &'static ::observatory_runtime::private::Operation =
                &::observatory_runtime::private::Operation {
                    method: #method,
                    path: #path,
                    auth: &[#(#auth),*],
                    envelope: #envelope,
                    base_url: #base_url,
                };
            fn client(&self) -> &::observatory_runtime::Client {
                &self.#client
            }
            #[allow(unused_variables)]
            fn fill(&self, __parts: &mut ::observatory_runtime::Parts) {
                #(#filled)*
            }
        }
    }
}

fn fill(field: &Field<'_>) -> TokenStream {
    let ident = field.ident;
    match &field.part {
        Part::Param(place, name, style) if place == "path" => {
            quote!(__parts.path(#name, #style, &self.#ident);)
        }
        Part::Param(place, name, style) => {
            let value = match field.optional {
                Some(_) => quote!(self.#ident.as_ref()),
                None => quote!(::core::option::Option::Some(&self.#ident)),
            };
            quote!(__parts.#place(#name, #style, #value);)
        }
        Part::Body(kind, media) => {
            let default = match kind.to_string().as_str() {
                "json" => Some("application/json"),
                "text" => Some("text/plain"),
                "bytes" => Some("application/octet-stream"),
                _ => None,
            };
            let media = match (media, default) {
                (Some(media), Some(_)) => quote!(#media,),
                (None, Some(default)) => quote!(#default,),
                _ => TokenStream::new(),
            };
            match field.optional {
                Some(_) => quote! {
                    if let ::core::option::Option::Some(__body) = &self.#ident {
                        __parts.#kind(#media __body);
                    }
                },
                None => quote!(__parts.#kind(#media &self.#ident);),
            }
        }
    }
}

fn future(name: &Ident) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl ::core::future::IntoFuture for #name {
            type Output = ::core::result::Result<
                <<Self as ::observatory_runtime::Endpoint>::Output as ::observatory_runtime::Decode>::Value,
                ::observatory_runtime::Error,
            >;
            type IntoFuture = ::observatory_runtime::BoxFuture<'static, Self::Output>;
            fn into_future(self) -> Self::IntoFuture {
                ::observatory_runtime::private::answer(&self)
            }
        }
    }
}
