//! `#[endpoint(pages(…))]` and `#[endpoint(item = …)]`: an answer that comes in pages.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::ParseStream;
use syn::{Error, Ident, LitInt, LitStr, Result, Token, Type};

/// What is said of pages.
#[derive(Default)]
pub struct Pages {
    link: bool,
    /// `cursor`, `after`, `offset` or `page`, and where the request says it.
    start: Option<(Ident, LitStr)>,
    first: Option<LitInt>,
    next: Option<LitStr>,
    more: Option<LitStr>,
    items: Option<LitStr>,
}

impl Pages {
    /// Takes in what is said in one of the attributes.
    pub fn parse(&mut self, content: ParseStream<'_>) -> Result<()> {
        while !content.is_empty() {
            let key: Ident = content.parse()?;
            let word = key.to_string();
            if word == "link" {
                self.link = true;
            } else {
                content.parse::<Token![=]>()?;
                match word.as_str() {
                    "cursor" | "after" | "offset" | "page" => {
                        self.start = Some((key, content.parse()?))
                    }
                    "first" => self.first = Some(content.parse()?),
                    "next" => self.next = Some(content.parse()?),
                    "more" => self.more = Some(content.parse()?),
                    "items" => self.items = Some(content.parse()?),
                    _ => {
                        let message = "expected cursor, after, offset, page, link, first, next, more or items";
                        return Err(Error::new(key.span(), message));
                    }
                }
            }
            if !content.is_empty() {
                content.parse::<Token![,]>()?;
            }
        }
        Ok(())
    }

    /// What cannot be, once all is said.
    pub fn fault(&self) -> Option<&'static str> {
        let says_next = self.is("cursor") || self.is("after");
        let wrong = self.link == self.start.is_some() || says_next != self.next.is_some();
        wrong.then_some(
            "expected pages(…) of cursor or after and next, of offset, of page, or of link",
        )
    }

    fn is(&self, style: &str) -> bool {
        matches!(&self.start, Some((key, _)) if key == style)
    }
}

/// The impl of `Paged`, and the two methods.
pub fn paged(name: &Ident, pages: &Pages, item: &Type) -> Result<TokenStream> {
    let runtime = quote!(::observatory_runtime::private);
    let style = style(pages);
    let turning = match &pages.start {
        Some((_, path)) => turning(path)?,
        None => TokenStream::new(),
    };
    let place = |root: TokenStream, inside: TokenStream, borrow: TokenStream| match &pages.items {
        Some(place) => walk(root, place, &inside, &borrow),
        None => Ok(root),
    };
    let counted = place(quote!(__answer), quote!(inside), quote!(&))?;
    let told = told(pages, &counted)?;
    let taken = place(quote!(__answer), quote!(into_inside), TokenStream::new())?;
    let option = quote!(::core::option::Option);
    Ok(quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl ::observatory_runtime::Paged for #name {
            type Item = #item;
            const STYLE: #runtime::PageStyle = #style;
            #turning
            #told
            fn count(__answer: &<Self::Output as ::observatory_runtime::Decode>::Value) -> #option<usize> {
                #option::Some(#runtime::List::count(#counted))
            }
            fn take(
                __answer: <Self::Output as ::observatory_runtime::Decode>::Value,
            ) -> #option<::std::vec::Vec<Self::Item>> {
                #option::Some(#runtime::List::take(#taken))
            }
        }

        impl #name {
            /// Asks for all pages, one after the other.
            #[must_use = "a stream does nothing until it is polled"]
            pub fn pages(self) -> ::observatory_runtime::Pages<Self> {
                ::observatory_runtime::Pages::new(self)
            }

            /// Asks for all pages, and gives what is in them, one item at a time.
            #[must_use = "a stream does nothing until it is polled"]
            pub fn items(self) -> ::observatory_runtime::Items<Self> {
                ::observatory_runtime::Items::new(self)
            }
        }
    })
}

fn style(pages: &Pages) -> TokenStream {
    let style = quote!(::observatory_runtime::private::PageStyle);
    match &pages.start {
        None => quote!(#style::Link),
        Some((key, _)) if key == "cursor" => quote!(#style::Cursor),
        Some((key, _)) if key == "after" => quote!(#style::LastItem),
        Some((key, _)) if key == "offset" => quote!(#style::Offset),
        Some(_) => {
            let first = pages
                .first
                .as_ref()
                .map_or(quote!(1), |first| quote!(#first));
            quote!(#style::Number { first: #first })
        }
    }
}

/// How the request says which page it wants.
fn turning(path: &LitStr) -> Result<TokenStream> {
    let runtime = quote!(::observatory_runtime::private);
    let (read, written) = (
        walk(quote!(self), path, &quote!(inside), &quote!(&))?,
        walk(quote!(self), path, &quote!(inside_mut), &quote!(&mut))?,
    );
    let option = quote!(::core::option::Option);
    Ok(quote! {
        fn start(&self) -> #option<::std::string::String> {
            #runtime::Position::position(#read)
        }
        fn turn(&mut self, __to: &str) -> #option<()> {
            *#written = #runtime::Position::at(__to)?;
            #option::Some(())
        }
    })
}

/// What the answer, or the last of its `items`, says of the next page.
fn told(pages: &Pages, items: &TokenStream) -> Result<TokenStream> {
    let option = quote!(::core::option::Option);
    let value = quote!(&<Self::Output as ::observatory_runtime::Decode>::Value);
    let runtime = quote!(::observatory_runtime::private);
    let read = |path: &LitStr| walk(quote!(__answer), path, &quote!(inside), &quote!(&));
    let next = match &pages.next {
        Some(path) => {
            let next = match pages.is("after") {
                true => walk(
                    quote!(#runtime::List::last(#items)?),
                    path,
                    &quote!(inside),
                    &quote!(&),
                )?,
                false => read(path)?,
            };
            quote! {
                fn next(__answer: #value) -> #option<::std::string::String> {
                    #runtime::Position::position(#next)
                }
            }
        }
        None => TokenStream::new(),
    };
    let more = match &pages.more {
        Some(path) => {
            let more = read(path)?;
            quote! {
                fn more(__answer: #value) -> #option<bool> {
                    #runtime::Flag::flag(#more)
                }
            }
        }
        None => TokenStream::new(),
    };
    Ok(quote!(#next #more))
}

/// A path of fields, as an expression: `pagination?.next` goes on only if there is a `pagination`. What is made is
/// borrowed as `borrow` says, and what may be nothing is looked into with the method `inside`.
fn walk(
    root: TokenStream,
    path: &LitStr,
    inside: &TokenStream,
    borrow: &TokenStream,
) -> Result<TokenStream> {
    let text = path.value();
    let mut value = root;
    let mut plain = true;
    for step in text.split('.') {
        let name = step.trim_end_matches('?');
        if !name.is_empty() {
            let field = syn::parse_str::<Ident>(name)
                .map_err(|_| Error::new(path.span(), "expected a path of fields"))?;
            value = quote!(#value.#field);
            plain = false;
        }
        for _ in name.len()..step.len() {
            let borrowed = if plain { value } else { quote!(#borrow #value) };
            value = quote!(::observatory_runtime::private::Inside::#inside(#borrowed)?);
            plain = true;
        }
    }
    Ok(if plain { value } else { quote!(#borrow #value) })
}
