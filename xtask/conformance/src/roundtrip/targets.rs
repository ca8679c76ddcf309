//! The schemas and bodies of a document that have a Rust type.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::shared::lookup::{DocumentLookup, body_media_type, media_type_suffixes};
use crate::shared::operations::{is_status_key, match_operations};
use crate::shared::skipped::Skipped;
use observatory_codegen::ir::{BodyKind, Envelope, Pointer};
use observatory_codegen::plan::{BodyPlan, MethodPlan, OutputPlan, Plan, RustType};

/// A schema or body with a Rust type.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// The pointer in messages.
    pub(super) pointer: String,
    /// The pointer of the schema itself, references resolved.
    pub(super) schema: String,
    /// The Rust type.
    pub(super) ty: RustType,
    /// The envelope around the value of the type.
    pub(super) envelope: Option<Envelope>,
    /// Whether another target has the same schema, type and envelope.
    pub(super) is_duplicate: bool,
}

/// Returns every schema and body that has a type, and the bodies that have none.
pub(super) fn find_targets(document: &Value, plan: &Plan) -> (Vec<Target>, Vec<Skipped>) {
    let mut finder = TargetFinder {
        lookup: DocumentLookup(document),
        plan,
        targets: Vec::new(),
        skipped: Vec::new(),
        seen: BTreeSet::new(),
    };
    let schemas = Pointer::root().join("components").join("schemas");
    for (key, name) in &plan.component_types {
        let at = schemas.join(key).0;
        if finder.lookup.resolve(&at).is_none() {
            finder.add_skipped(at, "the type is not a component of the document");
            continue;
        }
        // A nullable schema is an `Option` of its type in all places where it is used.
        let ty = RustType::Option(Box::new(RustType::Model(name.clone())));
        finder.add_target(at.clone(), at, ty, None);
    }
    for operation in match_operations(document, plan) {
        let methods = operation.methods();
        if methods.is_empty() {
            finder.add_skipped(operation.pointer.0, "the operation is not generated");
            continue;
        }
        for method in methods {
            finder.add_body(&operation.pointer, method);
            finder.add_responses(&operation.pointer, method);
        }
    }
    (finder.targets, finder.skipped)
}

struct TargetFinder<'d> {
    lookup: DocumentLookup<'d>,
    plan: &'d Plan,
    targets: Vec<Target>,
    skipped: Vec<Skipped>,
    /// The schema, type and envelope property of each target.
    seen: BTreeSet<(String, String, Option<String>)>,
}

impl<'d> TargetFinder<'d> {
    fn add_body(&mut self, operation: &Pointer, method: &MethodPlan) {
        let Some(body) = &method.body else { return };
        let at = operation.join("requestBody");
        let (media_type, suffixes) = (body_media_type(body), media_type_suffixes(body.kind));
        match self.lookup.media_type_schema(&at.0, media_type, suffixes) {
            Some((at, schema)) => self.add_target(at, schema, item_type(body), None),
            None => self.add_skipped(at.0, "text or bytes"),
        }
    }

    fn add_responses(&mut self, operation: &Pointer, method: &MethodPlan) {
        let responses_at = operation.join("responses");
        let Some((_, Value::Object(responses))) = self.lookup.resolve(&responses_at.0) else {
            return;
        };
        let is_success = |status: &str| status.starts_with('2');
        let has_success = responses.keys().any(|status| is_success(status));
        for status in responses.keys() {
            let at = responses_at.join(status);
            let suffixes = media_type_suffixes(BodyKind::Json);
            let is_success = is_success(status) || !has_success && status == "default";
            for alternative in method.alternatives.iter().filter(|_| is_success) {
                let media_type = Some(alternative.media_type.as_str());
                let schema = self.lookup.media_type_schema(&at.0, media_type, &[]);
                if let (Some(ty), Some((at, schema))) = (&alternative.ty, schema) {
                    self.add_target(at, schema, ty.clone(), None);
                }
            }
            let accept = method.accept.as_deref().unwrap_or("application/json");
            let found = self.lookup.media_type_schema(&at.0, Some(accept), suffixes);
            let Some((at, schema)) = found else { continue };
            if is_success {
                let envelope = method.envelope.clone();
                match response_type(&method.output, status) {
                    Some(ty) => self.add_target(at, schema, ty.clone(), envelope),
                    None => self.add_skipped(at, "text or bytes"),
                }
            } else {
                self.add_error_response(at, schema);
            }
        }
    }

    /// Adds the schema of an error response, which has a type only if it is a component.
    fn add_error_response(&mut self, at: String, schema: String) {
        let key = schema
            .strip_prefix("#/components/schemas/")
            .map(|key| key.replace("~1", "/").replace("~0", "~"));
        let mut schemas = self.plan.component_types.iter();
        match schemas.find(|(known, _)| Some(known) == key.as_ref()) {
            Some((_, name)) => self.add_target(at, schema, RustType::Model(name.clone()), None),
            None => self.add_skipped(at, "the error schema is inline"),
        }
    }

    fn add_target(
        &mut self,
        pointer: String,
        schema: String,
        ty: RustType,
        envelope: Option<Envelope>,
    ) {
        let schema = match self.lookup.resolve(&schema) {
            Some((resolved, _)) => resolved,
            None => schema,
        };
        let type_name = match &ty {
            RustType::Option(inner) => inner.to_source("", ""),
            ty => ty.to_source("", ""),
        };
        let data = envelope.as_ref().map(|envelope| envelope.data.clone());
        let key = (schema.clone(), type_name, data);
        self.targets.push(Target {
            pointer,
            schema,
            ty,
            envelope,
            is_duplicate: !self.seen.insert(key),
        });
    }

    fn add_skipped(&mut self, pointer: String, reason: &str) {
        self.skipped.push(Skipped::new(pointer, reason));
    }
}

/// Returns the type of the values that the schema of a body describes: the items of a sequence.
fn item_type(body: &BodyPlan) -> RustType {
    let list = match &body.ty {
        RustType::Option(inner) => inner.as_ref(),
        ty => ty,
    };
    match list {
        RustType::Vec(item) if body.kind == BodyKind::JsonLines => item.as_ref().clone(),
        _ => body.ty.clone(),
    }
}

/// Returns the type of the JSON response with the status key `key`.
fn response_type<'p>(output: &'p OutputPlan, key: &str) -> Option<&'p RustType> {
    match output {
        OutputPlan::Json(ty) | OutputPlan::JsonOrEmpty(ty) => Some(ty),
        OutputPlan::Text | OutputPlan::Raw | OutputPlan::Empty => None,
        OutputPlan::ByStatus {
            responses: variants,
            ..
        } => {
            let mut variants = variants.iter();
            let variant = variants.find(|variant| is_status_key(variant.status, key))?;
            variant
                .ty
                .as_ref()
                .filter(|_| variant.kind == BodyKind::Json)
        }
    }
}
