//! A type with its plan, and a type in both versions.

use std::collections::{BTreeMap, BTreeSet};

use super::super::change::{Area, Effect};
use super::super::comparison::{At, Comparison};
use crate::ir::{Pointer, Shape, TypeDef};
use crate::pipeline::PlannedDocument;
use crate::plan::{FieldEncoding, FieldPlan, ModelKind, ModelPlan};

/// A type of the document, its plan, and the features of the resources that it compiles with.
#[derive(Clone)]
pub(super) struct Model<'a> {
    pub(super) def: &'a TypeDef,
    pub(super) plan: &'a ModelPlan,
    pub(super) features: BTreeSet<&'a str>,
}

impl<'a> Model<'a> {
    /// Returns the fields of a struct; none for other types.
    pub(super) fn fields(&self) -> &'a [FieldPlan] {
        match &self.plan.kind {
            ModelKind::Struct { fields, .. } => fields,
            _ => &[],
        }
    }

    /// Returns the location of a field in the document.
    fn field_pointer(&self, name: &str) -> Option<&'a Pointer> {
        let Shape::Struct(object) = &self.def.shape else {
            return None;
        };
        let field = self.fields().iter().find(|field| field.name == name);
        let wire_name = field.and_then(wire_name)?;
        let fields = object
            .fields
            .iter()
            .map(|field| (&field.wire_name, &field.at));
        let constants = object.constants.iter();
        let constants = constants.map(|constant| (&constant.wire_name, &constant.at));
        let mut all = fields.chain(constants);
        all.find(|(known, _)| **known == wire_name)
            .map(|(_, at)| at)
    }
}

/// Returns the name of a field on the wire; `None` for the map of additional properties.
pub(super) fn wire_name(field: &FieldPlan) -> Option<&str> {
    match &field.encoding {
        FieldEncoding::Named { name, .. } | FieldEncoding::Fixed { name, .. } => Some(name),
        FieldEncoding::Extra => None,
    }
}

/// Returns the types of a document by name.
pub(super) fn models(planned: &PlannedDocument) -> BTreeMap<&str, Model<'_>> {
    let names = planned.plan.type_names.iter();
    let ids: BTreeMap<&str, _> = names.map(|(id, name)| (name.as_str(), *id)).collect();
    let mut models = BTreeMap::new();
    for file in &planned.plan.models {
        let features = resource_features(planned, file.feature.as_deref());
        for plan in &file.types {
            if let Some(id) = ids.get(plan.name.as_str()) {
                let model = Model {
                    def: planned.api.types.get(*id),
                    plan,
                    features: features.clone(),
                };
                models.insert(plan.name.as_str(), model);
            }
        }
    }
    models
}

/// Returns the features of the resources that enable `feature`; all resources without one, and none where only
/// `extra-types` enables it.
fn resource_features<'a>(planned: &'a PlannedDocument, feature: Option<&str>) -> BTreeSet<&'a str> {
    let enables = |resource: &&str| {
        let features = planned.plan.features.iter();
        let mut enabled = features.filter(|(name, _)| name == resource);
        feature.is_none_or(|feature| {
            feature == *resource
                || enabled.any(|(_, enabled)| enabled.iter().any(|name| name == feature))
        })
    };
    let resources = planned.plan.resources.iter();
    let features = resources.map(|resource| resource.feature.as_str());
    features.filter(enables).collect()
}

/// One type in both versions.
pub(super) struct ModelPair<'p, 'a> {
    pub(super) comparison: &'p mut Comparison<'a>,
    pub(super) old: &'p Model<'p>,
    pub(super) new: &'p Model<'p>,
}

impl ModelPair<'_, '_> {
    /// Adds a field, value or variant that did not exist before.
    pub(super) fn add_new(&mut self, member: &str, description: String) {
        self.add(Effect::Additive, Some(member), description);
        if let Some(change) = self.comparison.changes.last_mut() {
            change.is_new = true;
        }
    }

    /// Adds a change of the type, or of its field, value or variant `member`.
    pub(super) fn add(&mut self, effect: Effect, member: Option<&str>, description: String) {
        let name = &self.new.plan.name;
        let subject = match member {
            Some(member) => format!("models::{name}::{member}"),
            None => format!("models::{name}"),
        };
        let pointer =
            |model: &Model<'_>| member.and_then(|name| model.field_pointer(name).cloned());
        let (old, new) = (pointer(self.old), pointer(self.new));
        let at = match (&new, &old) {
            (Some(at), _) => At::New(at),
            (None, Some(at)) => At::Old(at),
            (None, None) => At::New(&self.new.def.at),
        };
        self.comparison
            .add(Area::Type, effect, &subject, at, description);
    }
}
