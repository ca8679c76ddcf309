//! Types as syntax trees.

use proc_macro2::Literal;
use syn::punctuated::Punctuated;
use syn::token::Paren;
use syn::{
    AngleBracketedGenericArguments, GenericArgument, Path, PathArguments, PathSegment, Token, Type,
    TypePath, TypeTuple, parse_quote,
};

use super::idents::ident;
use crate::plan::RustType;

/// The module that qualifies models in files that do not import each model.
pub(super) const MODELS: Option<&str> = Some("models");

/// Returns a type. `models` is the module that qualifies models; `None` where they are imported.
pub(super) fn rust_type(ty: &RustType, models: Option<&str>) -> Type {
    let generic = |name: &str, arguments: &[&RustType]| {
        let arguments = arguments.iter().map(|inner| rust_type(inner, models));
        path_type([generic_segment(name, arguments.collect())])
    };
    match ty {
        RustType::Model(name) => path_type(models.into_iter().chain([name.as_str()]).map(segment)),
        RustType::Runtime(name) | RustType::Builtin(name) => named_type(name),
        RustType::Unit => Type::Tuple(TypeTuple {
            paren_token: Paren::default(),
            elems: Punctuated::new(),
        }),
        RustType::Option(ty) => generic("Option", &[ty]),
        RustType::Patch(ty) => generic("Patch", &[ty]),
        RustType::Vec(ty) => generic("Vec", &[ty]),
        RustType::Array(ty, length) => {
            let (item, length) = (rust_type(ty, models), Literal::usize_unsuffixed(*length));
            parse_quote!([#item; #length])
        }
        RustType::Tuple(items) => Type::Tuple(TypeTuple {
            paren_token: Paren::default(),
            elems: items.iter().map(|item| rust_type(item, models)).collect(),
        }),
        RustType::Map(ty) => generic("BTreeMap", &[&RustType::Builtin("String"), ty]),
        RustType::Box(ty) => generic("Box", &[ty]),
    }
}

/// Returns the type of that unqualified name.
pub(super) fn named_type(name: &str) -> Type {
    path_type([segment(name)])
}

fn path_type(segments: impl IntoIterator<Item = PathSegment>) -> Type {
    let path = Path {
        leading_colon: None,
        segments: segments.into_iter().collect(),
    };
    Type::Path(TypePath { qself: None, path })
}

fn segment(name: &str) -> PathSegment {
    ident(name).into()
}

/// Returns `name<arguments>`.
fn generic_segment(name: &str, arguments: Vec<Type>) -> PathSegment {
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
