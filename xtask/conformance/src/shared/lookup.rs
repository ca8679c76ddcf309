//! Places of a document, found as whoever reads it by hand would: through references.

use std::ptr;

use serde_json::Value;

use observatory_codegen::inventory::{erase_path_variables, list_operations};
use observatory_codegen::ir::{BodyKind, Envelope, Pointer};
use observatory_codegen::plan::{MethodPlan, Plan, ResourcePlan};

/// References may follow one another so often.
const CHAIN: usize = 32;

/// A document to look things up in.
#[derive(Clone, Copy)]
pub(crate) struct Places<'d>(pub(crate) &'d Value);

impl<'d> Places<'d> {
    /// What a pointer leads to, if it may pass through references; with where that really stands.
    pub(crate) fn follow(self, pointer: &str) -> Option<(String, &'d Value)> {
        let mut at = "#".to_owned();
        let mut value = self.0;
        for token in pointer.strip_prefix('#')?.split('/').skip(1) {
            (at, value) = self.referred(at, value)?;
            let step = format!("/{token}");
            at.push_str(&step);
            value = value.pointer(&step)?;
        }
        self.referred(at, value)
    }

    /// The schema of the first media type of a kind: as it is reached from `at`, and where it stands.
    pub(crate) fn media(self, at: &str, kinds: &[&str]) -> Option<(String, String)> {
        let (_, object) = self.follow(at)?;
        let content = object.get("content")?.as_object()?;
        let named = |media: &&String| {
            let essence = essence(media);
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

    /// The parameters of an operation: its own, then those of its path.
    pub(crate) fn parameters(self, operation: &Pointer) -> Vec<(String, &'d Value)> {
        let item = operation.0.rsplit_once('/').map_or("#", |(item, _)| item);
        let mut found = Vec::new();
        for owner in [operation.0.as_str(), item] {
            let list = Pointer(owner.to_owned()).join("parameters");
            if let Some((list, Value::Array(all))) = self.follow(&list.0) {
                let places = (0..all.len()).map(|index| format!("{list}/{index}"));
                found.extend(places.filter_map(|at| self.follow(&at)));
            }
        }
        found
    }

    fn referred(self, mut at: String, mut value: &'d Value) -> Option<(String, &'d Value)> {
        for _ in 0..CHAIN {
            // What stands beside a reference is part of a schema.
            let Some(pointer) = value
                .get("$ref")
                .filter(|_| value.as_object().is_some_and(|object| object.len() == 1))
            else {
                break;
            };
            at = pointer.as_str()?.to_owned();
            value = self.0.pointer(at.strip_prefix('#')?)?;
        }
        Some((at, value))
    }
}

/// What an answer's envelope holds; `None` where it says that something failed, which callers get as an error.
pub(crate) fn succeeded<'v>(envelope: &Envelope, answer: &'v Value) -> Option<&'v Value> {
    let error = envelope.error.as_ref().and_then(|key| answer.get(key));
    let inside = answer.get(&envelope.data);
    inside.filter(|_| error.is_none_or(Value::is_null))
}

/// A media type without its parameters, in small letters.
pub(crate) fn essence(media: &str) -> String {
    let essence = media.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// The media types that a kind of body is sent as.
pub(crate) fn kinds(body: BodyKind) -> &'static [&'static str] {
    match body {
        BodyKind::Form => &["x-www-form-urlencoded"],
        BodyKind::Multipart => &["multipart/"],
        BodyKind::Json => &["json", "*"],
        _ => &[],
    }
}

/// An operation of a document, and what became of it.
pub(crate) struct Matched<'d, 'p> {
    pub(crate) path: &'d str,
    pub(crate) at: Pointer,
    /// `None` where nothing did.
    pub(crate) made: Option<(&'p ResourcePlan, &'p MethodPlan)>,
}

/// Every operation of a document, each with a method of its own.
pub(crate) fn matched<'d, 'p>(document: &'d Value, plan: &'p Plan) -> Vec<Matched<'d, 'p>> {
    let methods = plan.resources.iter().flat_map(|resource| {
        let methods = resource.files.iter().flatten();
        methods.map(move |method| (resource, method))
    });
    let mut methods: Vec<(&ResourcePlan, &MethodPlan)> = methods.collect();
    let operations = list_operations(document).into_iter();
    operations
        .map(|(path, key, at)| {
            let same = |(_, method): &&(&ResourcePlan, &MethodPlan)| {
                method.method.as_str() == key.to_uppercase()
                    && erase_path_variables(&method.path) == erase_path_variables(path)
            };
            let made = methods.iter().find(same).copied();
            if let Some((_, made)) = made {
                methods.retain(|(_, other)| !ptr::eq(*other, made));
            }
            Matched { path, at, made }
        })
        .collect()
}
