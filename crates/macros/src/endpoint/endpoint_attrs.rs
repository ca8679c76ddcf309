//! The arguments of `#[endpoint(…)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{DeriveInput, Error, Ident, LitStr, Result, Token, Type, parenthesized};

use super::pagination::Pagination;
use crate::shared::tokens::option;

/// The arguments of all `#[endpoint(…)]` of a request.
pub struct EndpointAttrs {
    pub method: String,
    pub path: LitStr,
    /// The decoder of the response.
    pub output: Type,
    /// The alternatives of security schemes.
    pub auth: Vec<TokenStream>,
    /// An `Envelope` of the runtime.
    pub envelope: Option<TokenStream>,
    pub base_url: Option<LitStr>,
    pub accept: Option<LitStr>,
    /// Constant headers, as pairs of name and value.
    pub headers: Vec<TokenStream>,
    /// The type of the data of server-sent events.
    pub events: Option<Type>,
    /// The type of JSON lines, and their media type.
    pub lines: Option<(LitStr, Type)>,
    /// The other media types of the response.
    pub alternatives: Vec<Alternative>,
    pub idempotent: bool,
    /// The pagination and the type of its items.
    pub pagination: Option<(Pagination, Type)>,
}

/// Another media type of the response: `alternative(as_csv = Text, "text/csv")`.
pub struct Alternative {
    /// The method that asks for it.
    pub method: Ident,
    pub media_type: LitStr,
    /// The decoder of the response.
    pub output: Type,
}

#[derive(Default)]
struct Parser {
    method: Option<String>,
    path: Option<LitStr>,
    output: Option<Type>,
    auth: Vec<TokenStream>,
    envelope: Option<TokenStream>,
    base_url: Option<LitStr>,
    accept: Option<LitStr>,
    headers: Vec<TokenStream>,
    events: Option<Type>,
    lines: Option<(LitStr, Type)>,
    alternatives: Vec<Alternative>,
    idempotent: bool,
    pagination: Option<Pagination>,
    item: Option<Type>,
}

impl EndpointAttrs {
    pub fn parse(input: &DeriveInput) -> Result<Self> {
        let mut parser = Parser::default();
        for attr in input
            .attrs
            .iter()
            .filter(|attr| attr.path().is_ident("endpoint"))
        {
            attr.parse_args_with(|input: ParseStream<'_>| parser.parse(input))?;
        }
        parser
            .finish()
            .map_err(|message| Error::new(input.ident.span(), message))
    }
}

impl Parser {
    fn finish(self) -> std::result::Result<EndpointAttrs, &'static str> {
        let (Some(method), Some(path), Some(output)) = (self.method, self.path, self.output) else {
            return Err("expected #[endpoint(METHOD, \"/path\")] and #[endpoint(output = …)]");
        };
        let pagination = match (self.pagination, self.item) {
            (Some(pagination), Some(item)) => {
                pagination.check()?;
                Some((pagination, item))
            }
            (None, None) => None,
            _ => return Err("expected both pages(…) and item = …, or neither"),
        };
        Ok(EndpointAttrs {
            method,
            path,
            output,
            auth: self.auth,
            envelope: self.envelope,
            base_url: self.base_url,
            accept: self.accept,
            headers: self.headers,
            events: self.events,
            lines: self.lines,
            alternatives: self.alternatives,
            idempotent: self.idempotent,
            pagination,
        })
    }

    fn parse(&mut self, input: ParseStream<'_>) -> Result<()> {
        while !input.is_empty() {
            if input.peek(LitStr) {
                self.path = Some(input.parse()?);
            } else {
                self.parse_argument(input)?;
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    }

    fn parse_argument(&mut self, input: ParseStream<'_>) -> Result<()> {
        let key: Ident = input.parse()?;
        match key.to_string().as_str() {
            "output" => {
                input.parse::<Token![=]>()?;
                self.output = Some(input.parse()?);
            }
            "base_url" => {
                input.parse::<Token![=]>()?;
                self.base_url = Some(input.parse()?);
            }
            "accept" => {
                input.parse::<Token![=]>()?;
                self.accept = Some(input.parse()?);
            }
            "events" => {
                input.parse::<Token![=]>()?;
                self.events = Some(input.parse()?);
            }
            "lines" => {
                let content;
                parenthesized!(content in input);
                let media_type = content.parse()?;
                content.parse::<Token![,]>()?;
                self.lines = Some((media_type, content.parse()?));
            }
            "alternative" => {
                let content;
                parenthesized!(content in input);
                self.alternatives.push(parse_alternative(&content)?);
            }
            "header" => {
                let content;
                parenthesized!(content in input);
                self.headers.push(parse_header(&content)?);
            }
            "idempotent" => self.idempotent = true,
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
                self.envelope = Some(parse_envelope(&content)?);
            }
            "pages" => {
                let content;
                parenthesized!(content in input);
                self.pagination.get_or_insert_default().parse(&content)?;
            }
            "item" => {
                input.parse::<Token![=]>()?;
                self.item = Some(input.parse()?);
            }
            "method" => {
                input.parse::<Token![=]>()?;
                self.method = Some(input.parse::<LitStr>()?.value());
            }
            method if method.chars().all(|c| c.is_ascii_uppercase()) => {
                self.method = Some(method.to_owned());
            }
            _ => {
                return Err(Error::new(
                    key.span(),
                    "expected a method, a path, output, auth, envelope, pages, item, base_url, accept, header, events, lines, alternative or idempotent",
                ));
            }
        }
        Ok(())
    }
}

fn parse_alternative(content: ParseStream<'_>) -> Result<Alternative> {
    let method = content.parse()?;
    // In a list of words, two alternatives of one type would be duplicated attributes for clippy.
    content.parse::<Token![=]>()?;
    let output = content.parse()?;
    content.parse::<Token![,]>()?;
    Ok(Alternative {
        method,
        media_type: content.parse()?,
        output,
    })
}

/// Returns a pair of name and value.
fn parse_header(content: ParseStream<'_>) -> Result<TokenStream> {
    let name: LitStr = content.parse()?;
    content.parse::<Token![,]>()?;
    let value: LitStr = content.parse()?;
    Ok(quote!((#name, #value)))
}

/// Returns an `Envelope` of the runtime.
fn parse_envelope(content: ParseStream<'_>) -> Result<TokenStream> {
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
