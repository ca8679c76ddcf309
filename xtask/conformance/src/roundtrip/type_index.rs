//! Finds out what the types of a plan drop: `null` where it equals an absent property, and unknown properties.

use std::collections::{BTreeMap, BTreeSet};

use crate::shared::json_diff::PathStep;
use observatory_codegen::plan::{FieldEncoding, FieldPlan, ModelKind, Plan, RustType};

/// The types of a plan by name.
pub(super) struct TypeIndex<'p>(BTreeMap<&'p str, &'p ModelKind>);

/// The types that a value at a path may have.
#[derive(Default)]
struct PossibleTypes<'p> {
    structs: Vec<&'p [FieldPlan]>,
    lists: Vec<&'p RustType>,
    maps: Vec<&'p RustType>,
    seen: BTreeSet<&'p str>,
}

impl<'p> TypeIndex<'p> {
    pub(super) fn new(plan: &'p Plan) -> Self {
        let models = plan.models.iter().flat_map(|file| &file.types);
        Self(
            models
                .map(|model| (model.name.as_str(), &model.kind))
                .collect(),
        )
    }

    /// Returns whether a `null` property at `path` may be dropped: it is an optional and nullable field of a type that
    /// is used in responses only.
    pub(super) fn can_drop_null(&self, ty: &'p RustType, path: &[PathStep]) -> bool {
        let Some((PathStep::Key(key), parent)) = path.split_last() else {
            return false;
        };
        let is_lenient = |field: &FieldPlan| matches!(&field.encoding, FieldEncoding::Named { name, lenient: true, .. } if name == key);
        let parent = self.types_at(ty, parent);
        parent
            .structs
            .iter()
            .any(|fields| fields.iter().any(is_lenient))
    }

    /// Returns whether an unknown property at `path` may be dropped: a possible type of its object does not keep
    /// unknown properties.
    pub(super) fn can_drop_unknown_property(&self, ty: &'p RustType, path: &[PathStep]) -> bool {
        let Some((_, parent)) = path.split_last() else {
            return false;
        };
        let parent = self.types_at(ty, parent);
        parent.structs.iter().any(|fields| {
            fields
                .iter()
                .all(|field| field.encoding != FieldEncoding::Extra)
        })
    }

    /// Returns the types that the value at `path` in a value of the type `ty` may have.
    fn types_at(&self, ty: &'p RustType, path: &[PathStep]) -> PossibleTypes<'p> {
        let mut types = PossibleTypes::default();
        self.add_type(ty, &mut types);
        for step in path {
            let mut below = PossibleTypes::default();
            match step {
                PathStep::Index(_) => types
                    .lists
                    .iter()
                    .for_each(|ty| self.add_type(ty, &mut below)),
                PathStep::Key(key) => {
                    types
                        .maps
                        .iter()
                        .for_each(|ty| self.add_type(ty, &mut below));
                    for fields in &types.structs {
                        self.add_property_type(fields, key, &mut below);
                    }
                }
            }
            types = below;
        }
        types
    }

    fn add_property_type(&self, fields: &'p [FieldPlan], key: &str, found: &mut PossibleTypes<'p>) {
        let is_match = |field: &&FieldPlan| matches!(&field.encoding, FieldEncoding::Named { name, .. } | FieldEncoding::Fixed { name, .. } if name == key);
        let field = fields.iter().find(is_match);
        match field.or_else(|| {
            fields
                .iter()
                .find(|field| field.encoding == FieldEncoding::Extra)
        }) {
            Some(field) if field.encoding == FieldEncoding::Extra => {
                if let RustType::Map(value) = &field.ty {
                    self.add_type(value, found);
                }
            }
            Some(field) => self.add_type(&field.ty, found),
            None => {}
        }
    }

    fn add_type(&self, ty: &'p RustType, found: &mut PossibleTypes<'p>) {
        match ty {
            RustType::Option(inner) | RustType::Patch(inner) | RustType::Box(inner) => {
                self.add_type(inner, found);
            }
            RustType::Vec(item) | RustType::Array(item, _) => found.lists.push(item),
            RustType::Tuple(items) => found.lists.extend(items),
            RustType::Map(value) => found.maps.push(value),
            RustType::Model(name) if found.seen.insert(name) => match self.0.get(name.as_str()) {
                Some(ModelKind::Alias(ty)) => self.add_type(ty, found),
                Some(ModelKind::Struct { fields, .. }) => found.structs.push(fields),
                Some(ModelKind::Union { variants, .. }) => {
                    variants
                        .iter()
                        .for_each(|variant| self.add_type(&variant.ty, found));
                }
                Some(ModelKind::Enum { .. }) | None => {}
            },
            RustType::Model(_) | RustType::Runtime(_) | RustType::Builtin(_) | RustType::Unit => {}
        }
    }
}
