//! `#[endpoint(pages(…))]` and `#[endpoint(item = …)]`: a response with pages.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::ParseStream;
use syn::{Error, Ident, LitInt, LitStr, Result, Token, Type};

/// The arguments of `pages(…)`. The values are paths of fields, such as `pagination?.next`.
#[derive(Default)]
pub struct Pagination {
    link: bool,
    /// The style (`cursor`, `after`, `offset` or `page`), and the field of the request with the position.
    position: Option<(Ident, LitStr)>,
    /// The number of the first page.
    first: Option<LitInt>,
    /// The field of the response with the position of the next page.
    next: Option<LitStr>,
    /// The field of the response that declares whether there is another page.
    more: Option<LitStr>,
    /// The field of the response with the number of pages.
    total: Option<LitStr>,
    /// The field of the response with the items; the response itself by default.
    items: Option<LitStr>,
}

impl Pagination {
    /// Adds the arguments of one attribute.
    pub fn parse(&mut self, content: ParseStream<'_>) -> Result<()> {
        while !content.is_empty() {
            let key: Ident = content.parse()?;
            let name = key.to_string();
            if name == "link" {
                self.link = true;
            } else {
                content.parse::<Token![=]>()?;
                match name.as_str() {
                    "cursor" | "after" | "offset" | "page" => {
                        self.position = Some((key, content.parse()?));
                    }
                    "first" => self.first = Some(content.parse()?),
                    "next" => self.next = Some(content.parse()?),
                    "more" => self.more = Some(content.parse()?),
                    "total" => self.total = Some(content.parse()?),
                    "items" => self.items = Some(content.parse()?),
                    _ => {
                        let message = "expected cursor, after, offset, page, link, first, next, more, total or items";
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

    /// Checks that the arguments fit together.
    pub fn check(&self) -> std::result::Result<(), &'static str> {
        let needs_next = self.is_style("cursor") || self.is_style("after");
        if self.link == self.position.is_some() || needs_next != self.next.is_some() {
            return Err(
                "expected pages(…) with cursor and next, after and next, offset, page, or link",
            );
        }
        Ok(())
    }

    fn is_style(&self, style: &str) -> bool {
        matches!(&self.position, Some((key, _)) if key == style)
    }
}

/// Returns the impl of `Paged`, and the methods `pages` and `items`.
pub fn paged_impl(name: &Ident, pagination: &Pagination, item: &Type) -> Result<TokenStream> {
    let runtime = quote!(::observatory_runtime::private);
    let style = page_style(pagination);
    let position = match &pagination.position {
        Some((_, path)) => position_methods(path)?,
        None => TokenStream::new(),
    };
    let items = |access: Access| match &pagination.items {
        Some(path) => field_access(quote!(__page), path, access),
        None => Ok(quote!(__page)),
    };
    let borrowed_items = items(Access::Read)?;
    let next = next_methods(pagination, &borrowed_items)?;
    let owned_items = items(Access::Take)?;
    let option = quote!(::core::option::Option);
    Ok(quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl ::observatory_runtime::Paged for #name {
            type Item = #item;
            const STYLE: #runtime::PageStyle = #style;
            #position
            #next
            #[inline]
            fn item_count(__page: &<Self::Output as ::observatory_runtime::Decode>::Value) -> #option<usize> {
                #option::Some(#runtime::PageItems::item_count(#borrowed_items))
            }
            #[inline]
            fn into_items(
                __page: <Self::Output as ::observatory_runtime::Decode>::Value,
            ) -> #option<::std::vec::Vec<Self::Item>> {
                #option::Some(#runtime::PageItems::into_items(#owned_items))
            }
        }

        impl #name {
            /// Returns a stream of all pages. It sends one request for each page.
            #[must_use = "a stream does nothing until it is polled"]
            pub fn pages(self) -> ::observatory_runtime::Pages<Self> {
                ::observatory_runtime::Pages::new(self)
            }

            /// Returns a stream of the items of all pages. It sends one request for each page.
            #[must_use = "a stream does nothing until it is polled"]
            pub fn items(self) -> ::observatory_runtime::Items<Self> {
                ::observatory_runtime::Items::new(self)
            }
        }
    })
}

fn page_style(pagination: &Pagination) -> TokenStream {
    let style = quote!(::observatory_runtime::private::PageStyle);
    match &pagination.position {
        None => quote!(#style::Link),
        Some((key, _)) if key == "cursor" => quote!(#style::Cursor),
        Some((key, _)) if key == "after" => quote!(#style::LastItem),
        Some((key, _)) if key == "offset" => quote!(#style::Offset),
        Some(_) => {
            let first = pagination
                .first
                .as_ref()
                .map_or(quote!(1), |first| quote!(#first));
            quote!(#style::Number { first: #first })
        }
    }
}

/// Returns the methods that read and write the position in the request.
fn position_methods(path: &LitStr) -> Result<TokenStream> {
    let runtime = quote!(::observatory_runtime::private);
    let read = field_access(quote!(self), path, Access::Read)?;
    let write = field_access(quote!(self), path, Access::Write)?;
    let option = quote!(::core::option::Option);
    Ok(quote! {
        #[inline]
        fn position(&self) -> #option<::std::string::String> {
            #runtime::PagePosition::to_position(#read)
        }
        #[inline]
        fn set_position(&mut self, __position: &str) -> #option<()> {
            *#write = #runtime::PagePosition::from_position(__position)?;
            #option::Some(())
        }
    })
}

/// Returns the methods that read the position of the next page, in the response or in the last of its items, whether
/// there is one, and the number of all pages.
fn next_methods(pagination: &Pagination, items: &TokenStream) -> Result<TokenStream> {
    let option = quote!(::core::option::Option);
    let page = quote!(&<Self::Output as ::observatory_runtime::Decode>::Value);
    let runtime = quote!(::observatory_runtime::private);
    let next = match &pagination.next {
        Some(path) => {
            let root = match pagination.is_style("after") {
                true => quote!(#runtime::PageItems::last_item(#items)?),
                false => quote!(__page),
            };
            let next = field_access(root, path, Access::Read)?;
            quote! {
                #[inline]
                fn next_position(__page: #page) -> #option<::std::string::String> {
                    #runtime::PagePosition::to_position(#next)
                }
            }
        }
        None => TokenStream::new(),
    };
    let more = match &pagination.more {
        Some(path) => {
            let more = field_access(quote!(__page), path, Access::Read)?;
            quote! {
                #[inline]
                fn has_more(__page: #page) -> #option<bool> {
                    #runtime::HasMore::has_more(#more)
                }
            }
        }
        None => TokenStream::new(),
    };
    let total = match &pagination.total {
        Some(path) => {
            let total = field_access(quote!(__page), path, Access::Read)?;
            quote! {
                #[inline]
                fn total_pages(__page: #page) -> #option<::std::string::String> {
                    #runtime::PagePosition::to_position(#total)
                }
            }
        }
        None => TokenStream::new(),
    };
    Ok(quote!(#next #more #total))
}

/// How a field is accessed.
#[derive(Clone, Copy)]
enum Access {
    Read,
    Write,
    /// By value.
    Take,
}

impl Access {
    fn borrow(self) -> TokenStream {
        match self {
            Self::Read => quote!(&),
            Self::Write => quote!(&mut),
            Self::Take => TokenStream::new(),
        }
    }

    /// Returns the method of the runtime's `OptionalField`.
    fn optional_method(self) -> TokenStream {
        match self {
            Self::Read => quote!(get),
            Self::Write => quote!(get_mut_or_default),
            Self::Take => quote!(into_inner),
        }
    }
}

/// Returns an expression for a path of fields. A `?` after a field, as in `pagination?.next`, accesses the value of an
/// optional field, and returns `None` from the function if it is absent.
fn field_access(root: TokenStream, path: &LitStr, access: Access) -> Result<TokenStream> {
    let (borrow, method) = (access.borrow(), access.optional_method());
    let text = path.value();
    let mut value = root;
    // Whether `value` is a reference already, or owned for `Access::Take`.
    let mut is_borrowed = true;
    for step in text.split('.') {
        let name = step.trim_end_matches('?');
        if !name.is_empty() {
            let field = syn::parse_str::<Ident>(name)
                .map_err(|_| Error::new(path.span(), "expected a path of fields"))?;
            value = quote!(#value.#field);
            is_borrowed = false;
        }
        for _ in name.len()..step.len() {
            let borrowed = if is_borrowed {
                value
            } else {
                quote!(#borrow #value)
            };
            value = quote!(::observatory_runtime::private::OptionalField::#method(#borrowed)?);
            is_borrowed = true;
        }
    }
    Ok(if is_borrowed {
        value
    } else {
        quote!(#borrow #value)
    })
}
