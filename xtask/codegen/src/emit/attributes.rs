//! Attributes as syntax trees, documentation among them.
//!
//! Attributes are frequent, so they are built as trees instead of parsed from tokens. This also guarantees that text of
//! the document is never read as Rust.

use proc_macro2::{Literal as LiteralToken, Span, TokenStream};
use quote::quote;
use syn::token::{Bracket, Paren};
use syn::{AttrStyle, Attribute, Expr, ExprLit, Lit, LitStr, MacroDelimiter, Meta, MetaList};
use syn::{MetaNameValue, Token};

use super::idents::literal_ident;
use super::width::ATTRIBUTE_WIDTH;
use crate::ir::Literal;

/// Returns a doc comment of these lines.
pub(super) fn docs<S: AsRef<str>>(lines: &[S]) -> Vec<Attribute> {
    let outer = |line: &S| doc_line(AttrStyle::Outer, line.as_ref());
    lines.iter().map(outer).collect()
}

/// Returns an inner doc comment (`//!`) of these lines.
pub(super) fn inner_docs<S: AsRef<str>>(lines: &[S]) -> Vec<Attribute> {
    let inner = |line: &S| doc_line(AttrStyle::Inner(<Token![!]>::default()), line.as_ref());
    lines.iter().map(inner).collect()
}

/// Returns an attribute of the item that contains it.
pub(super) fn inner(attribute: Attribute) -> Attribute {
    Attribute {
        style: AttrStyle::Inner(<Token![!]>::default()),
        ..attribute
    }
}

fn doc_line(style: AttrStyle, line: &str) -> Attribute {
    let attribute = match line {
        "" => name_value("doc", ""),
        line => name_value("doc", &format!(" {line}")),
    };
    Attribute { style, ..attribute }
}

/// Returns `#[name = "text"]`.
pub(super) fn name_value(name: &str, text: &str) -> Attribute {
    let value = Expr::Lit(ExprLit {
        attrs: Vec::new(),
        lit: Lit::Str(LitStr::new(text, Span::call_site())),
    });
    outer_attribute(Meta::NameValue(MetaNameValue {
        path: literal_ident(name).into(),
        eq_token: <Token![=]>::default(),
        value,
    }))
}

/// Returns `#[deprecated = "note"]`.
pub(super) fn deprecated(note: &str) -> Attribute {
    name_value("deprecated", note)
}

/// Returns `#[name(arguments)]`.
pub(super) fn list(name: &str, arguments: TokenStream) -> Attribute {
    outer_attribute(Meta::List(MetaList {
        path: literal_ident(name).into(),
        delimiter: MacroDelimiter::Paren(Paren::default()),
        tokens: arguments,
    }))
}

/// Returns `#[name]`.
pub(super) fn path_attribute(name: &str) -> Attribute {
    outer_attribute(Meta::Path(literal_ident(name).into()))
}

/// Returns `#[name(a, b)]`, or `#[name(a)] #[name(b)]` where one line is too short; nothing without arguments.
pub(super) fn lists_within_width(name: &str, arguments: Vec<TokenStream>) -> Vec<Attribute> {
    if arguments.is_empty() {
        return Vec::new();
    }
    let widths = arguments
        .iter()
        .map(|argument| argument.to_string().len() + ", ".len());
    if widths.sum::<usize>() <= ATTRIBUTE_WIDTH {
        return vec![list(name, quote!(#(#arguments),*))];
    }
    let one_each = arguments.into_iter();
    one_each.map(|argument| list(name, argument)).collect()
}

/// Returns the condition that a feature is enabled; nothing without a feature.
pub(super) fn cfg_feature(feature: Option<&str>) -> TokenStream {
    feature
        .map(|feature| quote!(#[cfg(feature = #feature)]))
        .unwrap_or_default()
}

fn outer_attribute(meta: Meta) -> Attribute {
    Attribute {
        pound_token: <Token![#]>::default(),
        style: AttrStyle::Outer,
        bracket_token: Bracket::default(),
        meta,
    }
}

/// Returns a constant as attributes of generated code name it.
pub(super) fn literal_tokens(value: &Literal) -> TokenStream {
    match value {
        Literal::Null => quote!(null),
        Literal::Bool(value) => quote!(#value),
        Literal::Integer(value) => {
            let token = LiteralToken::i128_unsuffixed(*value);
            quote!(#token)
        }
        Literal::Number(value) => {
            let token = LiteralToken::f64_unsuffixed(value.as_f64().unwrap_or_default());
            quote!(#token)
        }
        Literal::String(value) => quote!(#value),
    }
}
