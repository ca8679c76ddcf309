//! `#[endpoint(…)]`: what is said of the operation.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{DeriveInput, Error, Ident, LitStr, Result, Token, Type, parenthesized};

use super::option;
use super::pages::Pages;

/// What is said of the operation as a whole.
#[derive(Default)]
pub struct Facts {
    pub method: String,
    pub path: Option<LitStr>,
    pub output: Option<Type>,
    pub auth: Vec<TokenStream>,
    pub envelope: Option<TokenStream>,
    pub base_url: Option<LitStr>,
    pub pages: Option<Pages>,
    pub item: Option<Type>,
    pub idempotent: bool,
}

impl Facts {
    pub fn of(input: &DeriveInput) -> Result<Self> {
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
        let alone = (facts.pages.is_some() != facts.item.is_some())
            .then_some("pages(…) and item = … go together");
        let fault = facts.pages.as_ref().and_then(Pages::fault);
        if let Some(message) = alone.or(fault) {
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
                self.envelope = Some(envelope(&content)?);
            }
            "pages" => {
                let content;
                parenthesized!(content in input);
                self.pages.get_or_insert_default().parse(&content)?;
            }
            "item" => {
                input.parse::<Token![=]>()?;
                self.item = Some(input.parse()?);
            }
            method if method.chars().all(|c| c.is_ascii_uppercase()) => {
                self.method = method.to_owned()
            }
            _ => {
                return Err(Error::new(
                    word.span(),
                    "expected a method, a path, output, auth, envelope, pages, item, base_url or idempotent",
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
