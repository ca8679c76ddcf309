//! The inputs that every part of planning reads.

use std::collections::BTreeMap;

use super::locked_names::LockedNames;
use super::rust_type::RustType;
use crate::config::Config;
use crate::ir::{Api, TypeId, TypeRef};
use crate::lock::OldName;

/// The inputs that every part of planning reads.
pub(super) struct PlanContext<'a> {
    pub api: &'a Api,
    pub config: &'a Config,
    pub type_names: &'a BTreeMap<TypeId, String>,
    /// The deprecated names of types.
    pub previous_type_names: &'a BTreeMap<TypeId, Vec<OldName>>,
    pub locked: &'a LockedNames<'a>,
    /// The path of the generated code in other crates, for examples.
    pub library_path: String,
}

impl PlanContext<'_> {
    /// Returns the Rust name of a type.
    pub(super) fn type_name(&self, id: TypeId) -> &str {
        self.type_names.get(&id).map_or("Value", String::as_str)
    }

    /// Returns the Rust type of values of `ty`.
    pub(super) fn rust_type(&self, ty: &TypeRef) -> RustType {
        match ty {
            TypeRef::Named(id) => RustType::Model(self.type_name(*id).to_owned()),
            TypeRef::Primitive(primitive) => RustType::from_primitive(primitive),
            TypeRef::List(item) => RustType::Vec(Box::new(self.rust_type(item))),
            TypeRef::Tuple(items) => {
                RustType::from_tuple(items.iter().map(|item| self.rust_type(item)).collect())
            }
            TypeRef::Map(value) => RustType::Map(Box::new(self.rust_type(value))),
            TypeRef::Nullable(inner) => self.rust_type(inner).into_option(),
        }
    }
}
