//! Rust types of generated code.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Integer, Primitive};

/// A Rust type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RustType {
    /// A type of the crate's models.
    Model(String),
    /// A type of the runtime (`Timestamp`).
    Runtime(&'static str),
    /// A type of the language or its prelude (`String`, `i64`).
    Builtin(&'static str),
    /// `()`.
    Unit,
    /// `Option<T>`.
    Option(Box<RustType>),
    /// `Patch<T>`.
    Patch(Box<RustType>),
    /// `Vec<T>`.
    Vec(Box<RustType>),
    /// `[T; N]`.
    Array(Box<RustType>, usize),
    /// `(A, B)`, of at least two types.
    Tuple(Vec<RustType>),
    /// `BTreeMap<String, T>`.
    Map(Box<RustType>),
    /// `Box<T>`.
    Box(Box<RustType>),
}

/// The names that a generated file imports.
#[derive(Clone, Debug, Default)]
pub struct Imports {
    /// From the crate's models.
    pub models: BTreeSet<String>,
    /// From the runtime.
    pub runtime: BTreeSet<&'static str>,
    /// Whether `BTreeMap` is used.
    pub map: bool,
}

impl RustType {
    /// Returns the type of values of a primitive.
    pub fn from_primitive(primitive: &Primitive) -> Self {
        match primitive {
            Primitive::Any => Self::Runtime("Value"),
            Primitive::Null => Self::Unit,
            Primitive::Bool => Self::Builtin("bool"),
            Primitive::Integer(Integer::I32) => Self::Builtin("i32"),
            Primitive::Integer(Integer::I64) => Self::Builtin("i64"),
            Primitive::Integer(Integer::U64) => Self::Builtin("u64"),
            Primitive::Integer(Integer::Big) => Self::Runtime("Number"),
            Primitive::Number => Self::Builtin("f64"),
            Primitive::String { .. } => Self::Builtin("String"),
            Primitive::Secret => Self::Runtime("Secret"),
            Primitive::Timestamp => Self::Runtime("Timestamp"),
            Primitive::Bytes => Self::Runtime("Bytes"),
            Primitive::File => Self::Runtime("File"),
        }
    }

    /// Returns the type of a list with one item of each type.
    pub fn from_tuple(mut items: Vec<Self>) -> Self {
        let length = items.len();
        match items.pop() {
            Some(last) if items.iter().all(|item| *item == last) => {
                Self::Array(Box::new(last), length)
            }
            last => Self::Tuple(items.into_iter().chain(last).collect()),
        }
    }

    /// Replaces the names of models by those that `names` gives them.
    pub fn rename_models(&mut self, names: &BTreeMap<String, String>) {
        match self {
            Self::Model(name) => {
                if let Some(new_name) = names.get(name) {
                    name.clone_from(new_name);
                }
            }
            Self::Runtime(_) | Self::Builtin(_) | Self::Unit => {}
            Self::Option(inner)
            | Self::Patch(inner)
            | Self::Vec(inner)
            | Self::Array(inner, _)
            | Self::Map(inner)
            | Self::Box(inner) => inner.rename_models(names),
            Self::Tuple(items) => items.iter_mut().for_each(|item| item.rename_models(names)),
        }
    }

    /// Adds what this type needs to the imports of a file.
    pub fn collect_imports(&self, imports: &mut Imports) {
        match self {
            Self::Model(name) => {
                imports.models.insert(name.clone());
            }
            Self::Runtime(name) => {
                imports.runtime.insert(name);
            }
            Self::Builtin(_) | Self::Unit => {}
            Self::Patch(inner) => {
                imports.runtime.insert("Patch");
                inner.collect_imports(imports);
            }
            Self::Map(inner) => {
                imports.map = true;
                inner.collect_imports(imports);
            }
            Self::Option(inner) | Self::Vec(inner) | Self::Array(inner, _) | Self::Box(inner) => {
                inner.collect_imports(imports)
            }
            Self::Tuple(items) => items.iter().for_each(|item| item.collect_imports(imports)),
        }
    }

    /// Returns whether the type is `String`, which callers can pass as `&str`.
    pub fn is_string(&self) -> bool {
        *self == Self::Builtin("String")
    }

    /// Returns whether the type is `Option`.
    pub fn is_option(&self) -> bool {
        matches!(self, Self::Option(_))
    }

    /// Returns this type in an `Option`.
    #[must_use]
    pub fn into_option(self) -> Self {
        Self::Option(Box::new(self))
    }

    /// Returns the type as Rust source, with `models` before the names of models and `root` before those of the runtime.
    pub fn to_source(&self, models: &str, root: &str) -> String {
        match self {
            Self::Model(name) => format!("{models}{name}"),
            Self::Runtime(name) => format!("{root}{name}"),
            Self::Builtin(name) => (*name).to_owned(),
            Self::Unit => "()".to_owned(),
            Self::Option(inner) => format!("Option<{}>", inner.to_source(models, root)),
            Self::Patch(inner) => format!("{root}Patch<{}>", inner.to_source(models, root)),
            Self::Vec(inner) => format!("Vec<{}>", inner.to_source(models, root)),
            Self::Array(inner, length) => {
                format!("[{}; {length}]", inner.to_source(models, root))
            }
            Self::Tuple(items) => {
                let items = items.iter().map(|item| item.to_source(models, root));
                format!("({})", items.collect::<Vec<_>>().join(", "))
            }
            Self::Map(inner) => format!(
                "std::collections::BTreeMap<String, {}>",
                inner.to_source(models, root)
            ),
            Self::Box(inner) => format!("Box<{}>", inner.to_source(models, root)),
        }
    }
}
