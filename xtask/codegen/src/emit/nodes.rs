//! What items are made of, as syntax trees: documentation, attributes, types, imports.
//!
//! What there is a lot of is built as the tree that the printer wants; tokens would have to be parsed first. It also
//! means that no word of a document's prose is ever read as Rust.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::punctuated::Punctuated;
use syn::token::{Brace, Bracket, Paren};
use syn::{
    AngleBracketedGenericArguments, AttrStyle, Attribute, Expr, ExprLit, GenericArgument, Ident,
    ItemUse, Lit, LitStr, MacroDelimiter, Meta, MetaList, MetaNameValue, Path, PathArguments,
    PathSegment, Token, Type, TypePath, TypeTuple, UseGroup, UseName, UsePath, UseTree, Visibility,
};

use super::layout::WIDTH;
use super::tokens::ident;
use crate::plan::RustType;

/// The module that types are named under where they are not imported.
pub(super) const MODELS: Option<&str> = Some("models");

/// Documentation lines.
pub(super) fn docs<S: AsRef<str>>(lines: &[S]) -> Vec<Attribute> {
    let outer = |line: &S| line_of_docs(AttrStyle::Outer, line.as_ref());
    lines.iter().map(outer).collect()
}

/// One line of documentation.
pub(super) fn docs_of(line: &str) -> Vec<Attribute> {
    docs(&[line])
}

/// Inner documentation lines.
pub(super) fn inner_docs<S: AsRef<str>>(lines: &[S]) -> Vec<Attribute> {
    let inner = |line: &S| line_of_docs(AttrStyle::Inner(<Token![!]>::default()), line.as_ref());
    lines.iter().map(inner).collect()
}

fn line_of_docs(style: AttrStyle, line: &str) -> Attribute {
    let attribute = match line {
        "" => name_value("doc", ""),
        line => name_value("doc", &format!(" {line}")),
    };
    Attribute { style, ..attribute }
}

/// `#[name = "text"]`.
pub(super) fn name_value(name: &str, text: &str) -> Attribute {
    let value = Expr::Lit(ExprLit {
        attrs: Vec::new(),
        lit: Lit::Str(LitStr::new(text, Span::call_site())),
    });
    of_meta(Meta::NameValue(MetaNameValue {
        path: word(name).into(),
        eq_token: <Token![=]>::default(),
        value,
    }))
}

/// `#[name(tokens)]`.
pub(super) fn list(name: &str, tokens: TokenStream) -> Attribute {
    of_meta(Meta::List(MetaList {
        path: word(name).into(),
        delimiter: MacroDelimiter::Paren(Paren::default()),
        tokens,
    }))
}

/// `#[name]`.
pub(super) fn bare(name: &str) -> Attribute {
    of_meta(Meta::Path(word(name).into()))
}

fn of_meta(meta: Meta) -> Attribute {
    Attribute {
        pound_token: <Token![#]>::default(),
        style: AttrStyle::Outer,
        bracket_token: Bracket::default(),
        meta,
    }
}

/// `#[name(a, b)]`, or `#[name(a)] #[name(b)]` where rustfmt would break the line; nothing without words.
pub(super) fn lists(name: &str, words: Vec<TokenStream>) -> Vec<Attribute> {
    let lengths = words.iter().map(|word| word.to_string().len() + ", ".len());
    match words.is_empty() {
        true => Vec::new(),
        false if lengths.sum::<usize>() <= ARGUMENTS => vec![list(name, quote!(#(#words),*))],
        false => words.into_iter().map(|word| list(name, word)).collect(),
    }
}

/// How much of a line rustfmt gives to an attribute's arguments: seven tenths.
const ARGUMENTS: usize = WIDTH * 7 / 10;

/// `pub`.
pub(super) fn public() -> Visibility {
    Visibility::Public(<Token![pub]>::default())
}

/// A type; models under a module, or imported.
pub(super) fn ty(ty: &RustType, models: Option<&str>) -> Type {
    let around = |name: &str, inner: &[&RustType]| {
        let inner = inner.iter().map(|inner| self::ty(inner, models));
        path([generic(name, inner.collect())])
    };
    match ty {
        RustType::Model(name) => path(models.into_iter().chain([name.as_str()]).map(segment)),
        RustType::Runtime(name) | RustType::Plain(name) => named_type(name),
        RustType::Unit => Type::Tuple(TypeTuple {
            paren_token: Paren::default(),
            elems: Punctuated::new(),
        }),
        RustType::Option(ty) => around("Option", &[ty]),
        RustType::Patch(ty) => around("Patch", &[ty]),
        RustType::Vec(ty) => around("Vec", &[ty]),
        RustType::Map(ty) => around("BTreeMap", &[&RustType::Plain("String"), ty]),
        RustType::Box(ty) => around("Box", &[ty]),
    }
}

/// A type that is a name alone.
pub(super) fn named_type(name: &str) -> Type {
    path([segment(name)])
}

fn path(segments: impl IntoIterator<Item = PathSegment>) -> Type {
    let path = Path {
        leading_colon: None,
        segments: segments.into_iter().collect(),
    };
    Type::Path(TypePath { qself: None, path })
}

fn segment(name: &str) -> PathSegment {
    ident(name).into()
}

/// `name<arguments>`.
fn generic(name: &str, arguments: Vec<Type>) -> PathSegment {
    let arguments = AngleBracketedGenericArguments {
        colon2_token: None,
        lt_token: <Token![<]>::default(),
        args: arguments.into_iter().map(GenericArgument::Type).collect(),
        gt_token: <Token![>]>::default(),
    };
    PathSegment {
        arguments: PathArguments::AngleBracketed(arguments),
        ..segment(name)
    }
}

/// `use root::{a, b};`, or `use root::a;` for one; nothing for none.
pub(super) fn imports<S: AsRef<str>>(root: &[&str], names: &[S]) -> Option<ItemUse> {
    let leaf = |name: &S| {
        UseTree::Name(UseName {
            ident: ident(name.as_ref()),
        })
    };
    let last = match names {
        [] => return None,
        [one] => leaf(one),
        many => UseTree::Group(UseGroup {
            brace_token: Brace::default(),
            items: many.iter().map(leaf).collect(),
        }),
    };
    let below = |tree: UseTree, name: &&str| {
        UseTree::Path(UsePath {
            ident: word(name),
            colon2_token: <Token![::]>::default(),
            tree: Box::new(tree),
        })
    };
    Some(ItemUse {
        attrs: Vec::new(),
        vis: Visibility::Inherited,
        use_token: <Token![use]>::default(),
        leading_colon: None,
        tree: root.iter().rev().fold(last, below),
        semi_token: <Token![;]>::default(),
    })
}

/// The import of the map, where it is used.
pub(super) fn map_import(used: bool) -> Option<ItemUse> {
    imports(
        &["std", "collections"],
        used.then_some("BTreeMap").as_slice(),
    )
}

/// A word of Rust's or of ours, which nobody had to make an identifier.
fn word(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}
