//! An index of the planned types by name.

use std::cell::Cell;
use std::collections::BTreeMap;

use crate::limits::{Budget, MAX_UNION_STEPS};
use crate::plan::models::model_plan::{ModelFile, ModelKind};
use crate::plan::rust_type::RustType;

/// The maximum number of aliases and wrappers that are followed; a guard against endless loops.
const MAX_ALIASES: usize = 32;

/// The planned types by name.
#[derive(Debug)]
pub struct ModelIndex<'m> {
    models: BTreeMap<&'m str, &'m ModelKind>,
    /// The steps that comparing the variants of one union may still take.
    pub(super) steps: Budget,
    /// Whether the comparison of a pair of variants was given up.
    pub(super) has_given_up: Cell<bool>,
}

/// A type without wrappers and aliases.
pub(super) struct ResolvedType<'t> {
    pub ty: &'t RustType,
    /// The definition, if it is a struct, enum or union of the crate.
    pub kind: Option<&'t ModelKind>,
}

impl<'m> ModelIndex<'m> {
    /// Indexes the types of all files.
    pub fn from_files(files: &'m [ModelFile]) -> Self {
        let models = files.iter().flat_map(|file| &file.types);
        let models = models.map(|model| (model.name.as_str(), &model.kind));
        Self {
            models: models.collect(),
            steps: Budget::new(MAX_UNION_STEPS),
            has_given_up: Cell::new(false),
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&'m ModelKind> {
        self.models.get(name).copied()
    }

    /// Removes `Box`, `Option` and `Patch`, and follows aliases.
    pub(super) fn resolve<'t>(&'t self, ty: &'t RustType) -> ResolvedType<'t> {
        let mut ty = ty;
        for _ in 0..MAX_ALIASES {
            ty = match ty {
                RustType::Box(inner) | RustType::Option(inner) | RustType::Patch(inner) => inner,
                RustType::Model(name) => match self.get(name) {
                    Some(ModelKind::Alias(target)) => target,
                    kind => return ResolvedType { ty, kind },
                },
                _ => break,
            };
        }
        ResolvedType { ty, kind: None }
    }
}

impl ResolvedType<'_> {
    /// Returns whether the type accepts any JSON value.
    pub(super) fn is_any(&self) -> bool {
        *self.ty == RustType::Runtime("Value")
    }
}
