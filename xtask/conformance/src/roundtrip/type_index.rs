//! What a type has room for, by the plan: where null and absent are one, and where unknown properties are kept.

use std::collections::{BTreeMap, BTreeSet};

use crate::shared::json_diff::Step;
use observatory_codegen::plan::{FieldPlan, ModelKind, Plan, RustType, Wire};

/// The types of a plan, by name.
pub(crate) struct Room<'p>(BTreeMap<&'p str, &'p ModelKind>);

/// What a value may be at a place.
#[derive(Default)]
struct Kinds<'p> {
    structs: Vec<&'p [FieldPlan]>,
    lists: Vec<&'p RustType>,
    maps: Vec<&'p RustType>,
    /// A value that is kept whatever it is.
    free: bool,
    seen: BTreeSet<&'p str>,
}

impl<'p> Room<'p> {
    pub(crate) fn new(plan: &'p Plan) -> Self {
        let models = plan.models.iter().flat_map(|file| &file.types);
        Self(
            models
                .map(|model| (model.name.as_str(), &model.kind))
                .collect(),
        )
    }

    /// Whether the property at a path may go from null to absent: it is an optional and nullable field of a type that
    /// only ever comes from the server.
    pub(crate) fn null_is_absent(&self, ty: &'p RustType, at: &[Step]) -> bool {
        let Some((Step::Key(key), above)) = at.split_last() else {
            return false;
        };
        let is_lenient = |field: &FieldPlan| matches!(&field.wire, Wire::Named { name, lenient: true, .. } if name == key);
        let kinds = self.at(ty, above);
        kinds
            .structs
            .iter()
            .any(|fields| fields.iter().any(is_lenient))
    }

    /// Whether the property at a path, of which the document knows nothing, may be lost: no type that the value could
    /// be has room for it.
    pub(crate) fn has_none(&self, ty: &'p RustType, at: &[Step]) -> bool {
        let Some((_, above)) = at.split_last() else {
            return false;
        };
        let kinds = self.at(ty, above);
        kinds
            .structs
            .iter()
            .any(|fields| fields.iter().all(|field| field.wire != Wire::Extra))
    }

    fn at(&self, ty: &'p RustType, at: &[Step]) -> Kinds<'p> {
        let mut kinds = Kinds::default();
        self.kinds(ty, &mut kinds);
        for step in at {
            let mut below = Kinds::default();
            match step {
                Step::Index(_) => kinds.lists.iter().for_each(|ty| self.kinds(ty, &mut below)),
                Step::Key(key) => {
                    kinds.maps.iter().for_each(|ty| self.kinds(ty, &mut below));
                    for fields in &kinds.structs {
                        self.property(fields, key, &mut below);
                    }
                }
            }
            below.free |= kinds.free;
            kinds = below;
        }
        kinds
    }

    fn property(&self, fields: &'p [FieldPlan], key: &str, found: &mut Kinds<'p>) {
        let named = |field: &&FieldPlan| matches!(&field.wire, Wire::Named { name, .. } | Wire::Fixed { name, .. } if name == key);
        let named = fields.iter().find(named);
        match named.or_else(|| fields.iter().find(|field| field.wire == Wire::Extra)) {
            Some(field) if field.wire == Wire::Extra => {
                if let RustType::Map(value) = &field.ty {
                    self.kinds(value, found);
                }
            }
            Some(field) => self.kinds(&field.ty, found),
            None => {}
        }
    }

    fn kinds(&self, ty: &'p RustType, found: &mut Kinds<'p>) {
        match ty {
            RustType::Option(inner) | RustType::Patch(inner) | RustType::Box(inner) => {
                self.kinds(inner, found);
            }
            RustType::Vec(item) => found.lists.push(item),
            RustType::Map(value) => found.maps.push(value),
            RustType::Model(name) if found.seen.insert(name) => match self.0.get(name.as_str()) {
                Some(ModelKind::Alias(ty)) => self.kinds(ty, found),
                Some(ModelKind::Struct { fields, .. }) => found.structs.push(fields),
                Some(ModelKind::Union { variants, .. }) => {
                    variants
                        .iter()
                        .for_each(|variant| self.kinds(&variant.ty, found));
                    found.free = true;
                }
                Some(ModelKind::Enum(..)) | None => {}
            },
            RustType::Runtime("Value") => found.free = true,
            RustType::Model(_) | RustType::Runtime(_) | RustType::Plain(_) | RustType::Unit => {}
        }
    }
}
