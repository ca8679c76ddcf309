//! Rust types.

use std::collections::{BTreeMap, BTreeSet};

use super::Cx;
use crate::ir::{Integer, Primitive, TypeRef};

/// A Rust type, ready to print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RustType {
    /// A type of the crate's models.
    Model(String),
    /// A type of the runtime (`Timestamp`).
    Runtime(&'static str),
    /// A type of the language (`String`, `i64`).
    Plain(&'static str),
    /// `()`.
    Unit,
    /// `Option<T>`.
    Option(Box<RustType>),
    /// `Patch<T>`.
    Patch(Box<RustType>),
    /// `Vec<T>`.
    Vec(Box<RustType>),
    /// `BTreeMap<String, T>`.
    Map(Box<RustType>),
    /// `Box<T>`.
    Box(Box<RustType>),
}

/// What a file has to import.
#[derive(Clone, Debug, Default)]
pub struct Imports {
    /// From the crate's models.
    pub models: BTreeSet<String>,
    /// From the runtime.
    pub runtime: BTreeSet<&'static str>,
    /// Whether `BTreeMap` occurs.
    pub map: bool,
}

impl RustType {
    /// Gives models the names that they are said to have now.
    pub fn rename(&mut self, names: &BTreeMap<String, String>) {
        match self {
            Self::Model(name) => {
                if let Some(now) = names.get(name) {
                    name.clone_from(now);
                }
            }
            Self::Runtime(_) | Self::Plain(_) | Self::Unit => {}
            Self::Option(inner)
            | Self::Patch(inner)
            | Self::Vec(inner)
            | Self::Map(inner)
            | Self::Box(inner) => inner.rename(names),
        }
    }

    /// Notes what has to be imported for this type.
    pub fn imports(&self, found: &mut Imports) {
        match self {
            Self::Model(name) => {
                found.models.insert(name.clone());
            }
            Self::Runtime(name) => {
                found.runtime.insert(name);
            }
            Self::Plain(_) | Self::Unit => {}
            Self::Patch(inner) => {
                found.runtime.insert("Patch");
                inner.imports(found);
            }
            Self::Map(inner) => {
                found.map = true;
                inner.imports(found);
            }
            Self::Option(inner) | Self::Vec(inner) | Self::Box(inner) => inner.imports(found),
        }
    }

    /// Whether the type is text that callers may give as `&str`.
    pub fn is_string(&self) -> bool {
        *self == Self::Plain("String")
    }
}

impl Cx<'_> {
    /// The type of values of `ty`.
    pub(super) fn rust(&self, ty: &TypeRef) -> RustType {
        match ty {
            TypeRef::Named(id) => RustType::Model(self.name(*id).to_owned()),
            TypeRef::Primitive(primitive) => rust_primitive(primitive),
            TypeRef::List(item) => RustType::Vec(Box::new(self.rust(item))),
            TypeRef::Map(value) => RustType::Map(Box::new(self.rust(value))),
            TypeRef::Nullable(inner) => RustType::Option(Box::new(self.rust(inner))),
        }
    }
}

fn rust_primitive(primitive: &Primitive) -> RustType {
    match primitive {
        Primitive::Any => RustType::Runtime("Value"),
        Primitive::Null => RustType::Unit,
        Primitive::Bool => RustType::Plain("bool"),
        Primitive::Integer(Integer::I32) => RustType::Plain("i32"),
        Primitive::Integer(Integer::I64) => RustType::Plain("i64"),
        Primitive::Integer(Integer::U64) => RustType::Plain("u64"),
        Primitive::Integer(Integer::Big) => RustType::Runtime("Number"),
        Primitive::Number => RustType::Plain("f64"),
        Primitive::String { .. } => RustType::Plain("String"),
        Primitive::Secret => RustType::Runtime("Secret"),
        Primitive::Timestamp => RustType::Runtime("Timestamp"),
        Primitive::Bytes => RustType::Runtime("Bytes"),
        Primitive::File => RustType::Runtime("File"),
    }
}

impl RustType {
    /// The type as text for an example, with the paths that lead to models and to what the crate re-exports.
    pub fn path(&self, models: &str, root: &str) -> String {
        match self {
            Self::Model(name) => format!("{models}{name}"),
            Self::Runtime(name) => format!("{root}{name}"),
            Self::Plain(name) => (*name).to_owned(),
            Self::Unit => "()".to_owned(),
            Self::Option(inner) => format!("Option<{}>", inner.path(models, root)),
            Self::Patch(inner) => format!("{root}Patch<{}>", inner.path(models, root)),
            Self::Vec(inner) => format!("Vec<{}>", inner.path(models, root)),
            Self::Map(inner) => format!(
                "std::collections::BTreeMap<String, {}>",
                inner.path(models, root)
            ),
            Self::Box(inner) => format!("Box<{}>", inner.path(models, root)),
        }
    }
}
