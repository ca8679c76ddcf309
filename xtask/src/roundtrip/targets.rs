//! Which schema becomes which Rust type, over every component and every body.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::ir::Pointer;
use crate::pipeline::{operations, shape};
use crate::plan::{MethodPlan, OutputPlan, Plan, RustType};

/// A schema with a type.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// Where people look for it.
    pub(super) pointer: String,
    /// Where its schema stands, references followed.
    pub(super) schema: String,
    /// What it became.
    pub(super) ty: RustType,
    /// The property that holds what the type is of, where the answer comes wrapped.
    pub(super) inside: Option<String>,
    /// Whether another target has the same schema and the same type, so that trying it again shows nothing.
    pub(super) repeats: bool,
}

/// A body that has no type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Skipped {
    pub(super) pointer: String,
    pub(super) why: &'static str,
}

/// Every target of a document, and every body that is none.
pub(super) fn targets(document: &Value, plan: &Plan) -> (Vec<Target>, Vec<Skipped>) {
    let mut found = Finder {
        document,
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
    let mut methods: Vec<&MethodPlan> = plan
        .resources
        .iter()
        .flat_map(|resource| resource.files.iter().flatten())
        .collect();
    for (path, key, at) in operations(document) {
        let same = |method: &&&MethodPlan| {
            method.method.as_str() == key.to_uppercase() && shape(&method.path) == shape(path)
        };
        let Some(method) = methods.iter().find(same).copied() else {
            found.skip(at.0, "the operation is not generated");
            continue;
        };
        methods.retain(|other| !std::ptr::eq(*other, method));
        found.operation(&at, method);
    }
    (found.targets, found.skipped)
}

struct Finder<'d> {
    document: &'d Value,
    plan: &'d Plan,
    targets: Vec<Target>,
    skipped: Vec<Skipped>,
    seen: BTreeSet<(String, String, Option<String>)>,
}

impl<'d> Finder<'d> {
    fn operation(&mut self, at: &Pointer, method: &MethodPlan) {
        if let Some(body) = &method.body {
            let kinds: &[&str] = match body.kind {
                "form" => &["x-www-form-urlencoded"],
                "multipart" => &["multipart/"],
                "json" => &["json", "*"],
                _ => &[],
            };
            let at = at.join("requestBody");
            match self.media(&at.0, kinds) {
                Some((at, schema)) => self.target(at, schema, body.ty.clone(), None),
                None => self.skip(at.0, "text or bytes"),
            }
        }
        let at = at.join("responses");
        let Some((_, Value::Object(responses))) = self.follow(&at.0) else {
            return;
        };
        let succeeds = |status: &str| status.starts_with('2');
        let any = responses.keys().any(|status| succeeds(status));
        for status in responses.keys() {
            let at = at.join(status);
            let Some((place, schema)) = self.media(&at.0, &["json", "*"]) else {
                continue;
            };
            if succeeds(status) || !any && status == "default" {
                let inside = method.envelope.as_ref().map(|e| e.data.clone());
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

    fn target(&mut self, pointer: String, schema: String, ty: RustType, inside: Option<String>) {
        let schema = match self.follow(&schema) {
            Some((schema, _)) => schema,
            None => schema,
        };
        let told = match &ty {
            RustType::Option(inner) => inner.path("", ""),
            ty => ty.path("", ""),
        };
        let key = (schema.clone(), told, inside.clone());
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

    /// The schema of the first media type of a kind: as it is reached from `at`, and where it stands.
    fn media(&self, at: &str, kinds: &[&str]) -> Option<(String, String)> {
        let (_, object) = self.follow(at)?;
        let content = object.get("content")?.as_object()?;
        let named = |media: &&String| {
            let media = media.to_ascii_lowercase();
            let essence = media.split(';').next().unwrap_or_default().trim();
            kinds.iter().any(|kind| match *kind {
                "multipart/" => essence.starts_with("multipart/"),
                kind => essence.ends_with(kind),
            })
        };
        let media = content.keys().find(named)?;
        let at = Pointer(at.to_owned())
            .join("content")
            .join(media)
            .join("schema");
        let (schema, _) = self.follow(&at.0)?;
        Some((at.0, schema))
    }

    /// What a pointer leads to, if it may pass through references; with where that really stands.
    fn follow(&self, pointer: &str) -> Option<(String, &'d Value)> {
        let mut at = "#".to_owned();
        let mut value = self.document;
        for token in pointer.strip_prefix('#')?.split('/').skip(1) {
            (at, value) = self.referred(at, value)?;
            let step = format!("/{token}");
            at.push_str(&step);
            value = value.pointer(&step)?;
        }
        self.referred(at, value)
    }

    fn referred(&self, mut at: String, mut value: &'d Value) -> Option<(String, &'d Value)> {
        for _ in 0..32 {
            // What stands beside a reference is part of a schema.
            let Some(pointer) = value
                .get("$ref")
                .filter(|_| value.as_object().is_some_and(|object| object.len() == 1))
            else {
                break;
            };
            at = pointer.as_str()?.to_owned();
            value = self.document.pointer(at.strip_prefix('#')?)?;
        }
        Some((at, value))
    }
}

fn output<'p>(output: &'p OutputPlan, status: &str) -> Option<&'p RustType> {
    use crate::ir::Status;
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
            variant.ty.as_ref().filter(|_| variant.kind == "json")
        }
    }
}
