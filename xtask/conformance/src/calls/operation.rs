//! What an operation takes and gives, by the plan, with the places of the document where that is described.

use serde_json::Value;

use crate::shared::lookup::{Places, kinds, matched};
use crate::shared::skipped::Skip;
use observatory_codegen::ir::{BodyKind, Envelope, ParamLocation, ParamStyle, Pointer, Status};
use observatory_codegen::pipeline::Output;
use observatory_codegen::plan::{MethodPlan, OutputPlan, RustType};

/// An operation to call.
pub(super) struct Subject {
    /// Where it stands in the document.
    pub(super) at: Pointer,
    /// The HTTP method.
    pub(super) verb: &'static str,
    /// The path, as the document writes it.
    pub(super) path: String,
    /// The client's method for the handle, and the handle's for the request.
    pub(super) methods: (String, String),
    /// Parameters, then the body.
    pub(super) slots: Vec<Slot>,
    /// What may come back, a success each.
    pub(super) answers: Vec<AnswerSlot>,
    /// Whether a credential has to be there.
    pub(super) proves: bool,
}

impl Subject {
    /// Method and path.
    pub(super) fn shown(&self) -> String {
        format!("{} {}", self.verb, self.path)
    }
}

/// A value that a request takes.
pub(super) struct Slot {
    /// What people look for: `limit in query`, `body`.
    pub(super) shown: String,
    /// The setter, where it is no argument.
    pub(super) setter: Option<String>,
    /// Whether a request without it is refused by the client itself.
    pub(super) required: bool,
    /// Its type, not optional.
    pub(super) ty: RustType,
    /// Its schema; text, where the document has none.
    pub(super) schema: Option<String>,
    /// How it travels.
    pub(super) way: Way,
}

/// How a value travels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Param {
        name: String,
        location: ParamLocation,
        style: ParamStyle,
        explode: bool,
    },
    /// A body, by the kind of it in the plan.
    Body(BodyKind),
}

/// An answer that the document describes.
pub(super) struct AnswerSlot {
    pub(super) status: u16,
    pub(super) media: Option<String>,
    /// Where the schema stands, if the answer is JSON.
    pub(super) schema: Option<String>,
    pub(super) envelope: Option<Envelope>,
}

/// Every operation that there is a method for, and those that there are none for.
pub(super) fn subjects(document: &Value, made: &Output) -> (Vec<Subject>, Vec<Skip>) {
    let places = Places(document);
    let (mut subjects, mut skipped) = (Vec::new(), Vec::new());
    for matched in matched(document, &made.plan) {
        let Some((resource, method)) = matched.made else {
            skipped.push(Skip {
                pointer: matched.at.0,
                why: "the operation is not generated".to_owned(),
            });
            continue;
        };
        let is_open = method.auth.iter().any(Vec::is_empty);
        subjects.push(Subject {
            slots: slots(places, &matched.at, method),
            answers: answers(places, &matched.at, method),
            proves: !method.auth.is_empty() && !is_open,
            at: matched.at,
            verb: method.method.as_str(),
            path: matched.path.to_owned(),
            methods: (resource.module.clone(), method.name.clone()),
        });
    }
    (subjects, skipped)
}

fn slots(places: Places<'_>, at: &Pointer, method: &MethodPlan) -> Vec<Slot> {
    let given = |name: &str| method.args.iter().any(|arg| arg.name == name);
    let params = method.params.iter().map(|param| Slot {
        shown: format!("{} in {:?}", param.wire, param.location).to_lowercase(),
        setter: (!given(&param.name)).then(|| param.name.clone()),
        required: given(&param.name) || param.checked,
        ty: inner(&param.ty),
        schema: parameter(places, at, &param.wire, param.location),
        way: Way::Param {
            name: param.wire.clone(),
            location: param.location,
            style: param.style,
            explode: param.explode,
        },
    });
    let body = method.body.iter().map(|body| {
        let schema = places.media(&at.join("requestBody").0, kinds(body.kind));
        Slot {
            shown: "body".to_owned(),
            setter: (!given(&body.name)).then(|| body.name.clone()),
            required: given(&body.name),
            ty: inner(&body.ty),
            schema: schema.map(|(_, schema)| schema),
            way: Way::Body(body.kind),
        }
    });
    params.chain(body).collect()
}

fn inner(ty: &RustType) -> RustType {
    match ty {
        RustType::Option(inner) => inner.as_ref().clone(),
        ty => ty.clone(),
    }
}

/// The schema of a parameter: the operation's own before the path's.
fn parameter(
    places: Places<'_>,
    operation: &Pointer,
    name: &str,
    location: ParamLocation,
) -> Option<String> {
    let wanted = format!("{location:?}").to_lowercase();
    let text = |param: &Value, key: &str| param.get(key).and_then(Value::as_str).map(str::to_owned);
    let is_it = |(_, param): &(String, &Value)| {
        text(param, "name").as_deref() == Some(name) && text(param, "in") == Some(wanted.clone())
    };
    let (at, param) = places.parameters(operation).into_iter().find(is_it)?;
    schema_of(&at, param)
}

/// Where the schema of a parameter, or of a header, stands.
pub(super) fn schema_of(at: &str, param: &Value) -> Option<String> {
    let content = param.get("content").and_then(Value::as_object);
    match content.and_then(|content| content.keys().next()) {
        Some(media) => {
            let content = Pointer(at.to_owned()).join("content");
            Some(content.join(media).join("schema").0)
        }
        None => param.get("schema").map(|_| format!("{at}/schema")),
    }
}

fn answers(places: Places<'_>, at: &Pointer, method: &MethodPlan) -> Vec<AnswerSlot> {
    let at = at.join("responses");
    let Some((_, Value::Object(responses))) = places.follow(&at.0) else {
        return Vec::new();
    };
    let any = responses.keys().any(|status| status.starts_with('2'));
    let mut answers = Vec::new();
    for key in responses.keys() {
        let status = match key.as_str() {
            "default" if !any => 200,
            key if key.starts_with('2') => key.parse().unwrap_or(200),
            _ => continue,
        };
        let at = at.join(key);
        let kind = kind(&method.output, key);
        let described = (kind == BodyKind::Json)
            .then(|| places.media(&at.0, kinds(BodyKind::Json)))
            .flatten();
        let offered = places
            .follow(&at.0)
            .and_then(|(_, response)| response.get("content"));
        let offered = offered.and_then(Value::as_object);
        let named = offered.and_then(|content| {
            let is_json = |media: &&String| {
                kinds(BodyKind::Json)
                    .iter()
                    .any(|kind| media.ends_with(kind))
            };
            let wanted = |media: &&String| is_json(media) == (kind == BodyKind::Json);
            content
                .keys()
                .find(wanted)
                .or(content.keys().next())
                .cloned()
        });
        answers.push(AnswerSlot {
            status,
            media: named,
            schema: described.map(|(_, schema)| schema),
            envelope: method.envelope.clone(),
        });
    }
    answers
}

/// How the answer of a status is read.
fn kind(output: &OutputPlan, key: &str) -> BodyKind {
    match output {
        OutputPlan::Json(_) | OutputPlan::OrEmpty(_) => BodyKind::Json,
        OutputPlan::Text => BodyKind::Text,
        OutputPlan::Raw => BodyKind::Bytes,
        OutputPlan::Empty => BodyKind::Empty,
        OutputPlan::Choice(_, variants) => {
            let is = |known: Status| match known {
                Status::Code(code) => code.to_string() == key,
                Status::Class(class) => key.eq_ignore_ascii_case(&format!("{class}XX")),
                Status::Default => key == "default",
            };
            let variant = variants.iter().find(|variant| is(variant.status));
            variant.map_or(BodyKind::Empty, |variant| variant.kind)
        }
    }
}
