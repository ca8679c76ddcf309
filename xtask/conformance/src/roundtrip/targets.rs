//! Which schema becomes which Rust type, over every component and every body.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::shared::lookup::{Places, kinds, matched};
use observatory_codegen::ir::{BodyKind, Envelope, Pointer};
use observatory_codegen::plan::{MethodPlan, OutputPlan, Plan, RustType};

/// A schema with a type.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// Where people look for it.
    pub(crate) pointer: String,
    /// Where its schema stands, references followed.
    pub(crate) schema: String,
    /// What it became.
    pub(crate) ty: RustType,
    /// What is wrapped around what the type is of.
    pub(crate) inside: Option<Envelope>,
    /// Whether another target has the same schema and the same type, so that trying it again shows nothing.
    pub(crate) repeats: bool,
}

/// A body that has no type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Skipped {
    pub(crate) pointer: String,
    pub(crate) why: &'static str,
}

/// Every target of a document, and every body that is none.
pub(crate) fn targets(document: &Value, plan: &Plan) -> (Vec<Target>, Vec<Skipped>) {
    let mut found = Finder {
        places: Places(document),
        plan,
        targets: Vec::new(),
        skipped: Vec::new(),
        seen: BTreeSet::new(),
    };
    let root = Pointer::root().join("components").join("schemas");
    for (key, name) in &plan.schemas {
        let at = root.join(key).0;
        // Where a schema says that it may be null, every place of it is an `Option` of its type.
        let ty = RustType::Option(Box::new(RustType::Model(name.clone())));
        found.target(at.clone(), at, ty, None);
    }
    for matched in matched(document, plan) {
        match matched.made {
            Some((_, method)) => found.operation(&matched.at, method),
            None => found.skip(matched.at.0, "the operation is not generated"),
        }
    }
    (found.targets, found.skipped)
}

struct Finder<'d> {
    places: Places<'d>,
    plan: &'d Plan,
    targets: Vec<Target>,
    skipped: Vec<Skipped>,
    seen: BTreeSet<(String, String, Option<String>)>,
}

impl<'d> Finder<'d> {
    fn operation(&mut self, at: &Pointer, method: &MethodPlan) {
        if let Some(body) = &method.body {
            let at = at.join("requestBody");
            match self.places.media(&at.0, kinds(body.kind)) {
                Some((at, schema)) => self.target(at, schema, body.ty.clone(), None),
                None => self.skip(at.0, "text or bytes"),
            }
        }
        let at = at.join("responses");
        let Some((_, Value::Object(responses))) = self.places.follow(&at.0) else {
            return;
        };
        let succeeds = |status: &str| status.starts_with('2');
        let any = responses.keys().any(|status| succeeds(status));
        for status in responses.keys() {
            let at = at.join(status);
            let Some((place, schema)) = self.places.media(&at.0, kinds(BodyKind::Json)) else {
                continue;
            };
            if succeeds(status) || !any && status == "default" {
                let inside = method.envelope.clone();
                match output(&method.output, status) {
                    Some(ty) => self.target(place, schema, ty.clone(), inside),
                    None => self.skip(place, "text or bytes"),
                }
            } else {
                self.error(place, schema);
            }
        }
    }

    /// Errors are typed where their schema has a name.
    fn error(&mut self, place: String, schema: String) {
        let named = schema
            .strip_prefix("#/components/schemas/")
            .map(|key| key.replace("~1", "/").replace("~0", "~"));
        let plan = self.plan;
        match plan
            .schemas
            .iter()
            .find(|(key, _)| Some(key) == named.as_ref())
        {
            Some((_, name)) => self.target(place, schema, RustType::Model(name.clone()), None),
            None => self.skip(place, "an error whose schema is written in place"),
        }
    }

    fn target(&mut self, pointer: String, schema: String, ty: RustType, inside: Option<Envelope>) {
        let schema = match self.places.follow(&schema) {
            Some((schema, _)) => schema,
            None => schema,
        };
        let told = match &ty {
            RustType::Option(inner) => inner.path("", ""),
            ty => ty.path("", ""),
        };
        let data = inside.as_ref().map(|envelope| envelope.data.clone());
        let key = (schema.clone(), told, data);
        self.targets.push(Target {
            pointer,
            schema,
            ty,
            inside,
            repeats: !self.seen.insert(key),
        });
    }

    fn skip(&mut self, pointer: String, why: &'static str) {
        self.skipped.push(Skipped { pointer, why });
    }
}

pub(crate) fn output<'p>(output: &'p OutputPlan, status: &str) -> Option<&'p RustType> {
    use observatory_codegen::ir::Status;
    match output {
        OutputPlan::Json(ty) | OutputPlan::OrEmpty(ty) => Some(ty),
        OutputPlan::Text | OutputPlan::Raw | OutputPlan::Empty => None,
        OutputPlan::Choice(_, variants) => {
            let is = |known: Status| match known {
                Status::Code(code) => code.to_string() == status,
                Status::Class(class) => status.eq_ignore_ascii_case(&format!("{class}XX")),
                Status::Default => status == "default",
            };
            let variant = variants.iter().find(|variant| is(variant.status))?;
            variant
                .ty
                .as_ref()
                .filter(|_| variant.kind == BodyKind::Json)
        }
    }
}
