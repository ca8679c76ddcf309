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
    has_float: bool,
    has_number: bool,
    /// Whether the value may be kept as it is, by a type for any value or by a union in which no variant matches.
    has_any: bool,
    has_null: bool,
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

    /// Returns whether a `null` property at `path` that the document does not allow may be read as absent: it is an optional
    /// field that is not nullable.
    pub(super) fn can_read_null_as_absent(&self, ty: &'p RustType, path: &[PathStep]) -> bool {
        let Some((PathStep::Key(key), parent)) = path.split_last() else {
            return false;
        };
        let is_optional = |field: &FieldPlan| {
            matches!(&field.encoding, FieldEncoding::Named { name, nullable: false, .. }
                if name == key && matches!(field.ty, RustType::Option(_)))
        };
        let parent = self.types_at(ty, parent);
        let mut structs = parent.structs.iter();
        structs.any(|fields| fields.iter().any(is_optional))
    }

    /// Returns whether the text of a number at `path` may become that of the float which is nearest to it. `f64` has
    /// no other numbers, any value has integers of 64 bits too, and `Number` integers of any size.
    pub(super) fn can_round(&self, ty: &'p RustType, path: &[PathStep], number: &str) -> bool {
        let types = self.types_at(ty, path);
        let is_long = number.parse::<i64>().is_err() && number.parse::<u64>().is_err();
        let is_fraction = number.contains(['.', 'e', 'E']);
        types.has_float || types.has_any && is_long || types.has_number && is_fraction
    }

    /// Returns whether a property at `path` may be added: a possible type of its object writes the only value that the
    /// property can have.
    pub(super) fn can_add_constant(&self, ty: &'p RustType, path: &[PathStep]) -> bool {
        let Some((PathStep::Key(key), parent)) = path.split_last() else {
            return false;
        };
        let is_constant = |field: &FieldPlan| matches!(&field.encoding, FieldEncoding::Fixed { name, .. } if name == key);
        let parent = self.types_at(ty, parent);
        let mut structs = parent.structs.iter();
        structs.any(|fields| fields.iter().any(is_constant))
    }

    /// Returns whether `null` may be added at `path`: the property is required, and its type reads an absent one as `null`.
    pub(super) fn can_add_null(&self, ty: &'p RustType, path: &[PathStep]) -> bool {
        let Some((PathStep::Key(key), parent)) = path.split_last() else {
            return false;
        };
        let is_null_if_absent = |field: &FieldPlan| {
            matches!(&field.encoding, FieldEncoding::Named { name, nullable, .. }
                if name == key && (*nullable || self.accepts_null(&field.ty)))
        };
        let parent = self.types_at(ty, parent);
        let mut structs = parent.structs.iter();
        structs.any(|fields| fields.iter().any(is_null_if_absent))
    }

    /// Returns whether `null` is a value of a type, apart from `Option` and `Patch`.
    fn accepts_null(&self, ty: &'p RustType) -> bool {
        match ty {
            RustType::Option(_) | RustType::Patch(_) => false,
            _ => {
                let mut types = PossibleTypes::default();
                self.add_type(ty, &mut types);
                types.has_any || types.has_null
            }
        }
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
            let mut below = PossibleTypes {
                has_any: types.has_any,
                ..PossibleTypes::default()
            };
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
            RustType::Builtin("f64") => found.has_float = true,
            RustType::Runtime("Number") => found.has_number = true,
            // A property with a fixed value keeps other ones.
            RustType::Runtime("Value" | "Fixed") => found.has_any = true,
            RustType::Unit => found.has_null = true,
            RustType::Vec(item) | RustType::Array(item, _) => found.lists.push(item),
            RustType::Tuple(items) => found.lists.extend(items),
            RustType::Map(value) => found.maps.push(value),
            RustType::Model(name) if found.seen.insert(name) => match self.0.get(name.as_str()) {
                Some(ModelKind::Alias(ty)) => self.add_type(ty, found),
                Some(ModelKind::Struct { fields, .. }) => found.structs.push(fields),
                Some(ModelKind::Union { variants, .. }) => {
                    found.has_any = true;
                    variants
                        .iter()
                        .for_each(|variant| self.add_type(&variant.ty, found));
                }
                Some(ModelKind::Enum { .. }) | None => {}
            },
            RustType::Model(_) | RustType::Runtime(_) | RustType::Builtin(_) => {}
        }
    }
}
