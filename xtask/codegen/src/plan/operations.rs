//! The operations: a handle a resource, a method and a request value an operation.

use std::collections::BTreeMap;

use super::examples::{errors, example};
use super::features::Resources;
use super::outputs::{OutputPlan, output};
use super::pages::{PagesPlan, pages};
use super::scope::Scope;
use super::stable::{self, BODY, Stable, param_key};
use super::types::RustType;
use super::words::{identity, pascal, words};
use super::{Cx, docs, names};
use crate::config::Names;
use crate::ir::{
    Api, Body, BodyContent, BodyKind, Envelope, Method, Operation, Param, ParamLocation,
    ParamStyle, Pointer, Presence,
};
use crate::lock::{Members, OldName};

/// More arguments than this nobody can tell apart by position.
const POSITIONAL: usize = 6;

/// The operations of a file; a resource with more of them continues in another.
const PER_FILE: usize = 24;

/// What every operation is called: as a method, and as the owner of its inline types.
pub(super) struct Methods {
    pub values: Vec<String>,
    pub types: Vec<String>,
    /// What they were called before.
    pub was: Vec<Vec<OldName>>,
}

/// A resource.
#[derive(Clone, Debug)]
pub struct ResourcePlan {
    /// Its tag, as the document writes it.
    pub raw: String,
    /// The feature.
    pub feature: String,
    /// The module below `api`, and the client's method.
    pub module: String,
    /// The handle's type.
    pub handle: String,
    /// Its words.
    pub docs: Vec<String>,
    /// The operations, by file: the first chunk stands beside the handle.
    pub files: Vec<Vec<MethodPlan>>,
}

/// An operation.
#[derive(Clone, Debug)]
pub struct MethodPlan {
    /// Where it stands in the document.
    pub at: Pointer,
    /// The method.
    pub name: String,
    /// What it was called before.
    pub was: Vec<OldName>,
    /// The request value's type.
    pub request: String,
    /// Its words, with errors and example.
    pub docs: Vec<String>,
    /// The HTTP method.
    pub method: Method,
    /// The path template.
    pub path: String,
    /// What must be given, in order.
    pub args: Vec<ArgPlan>,
    /// The parameters.
    pub params: Vec<ParamPlan>,
    /// The body.
    pub body: Option<BodyPlan>,
    /// What comes back.
    pub output: OutputPlan,
    /// Alternatives of schemes; `None` where no credential is ever sent.
    pub auth: Vec<Vec<String>>,
    /// What is wrapped around the answer.
    pub envelope: Option<Envelope>,
    /// How it comes in pages.
    pub pages: Option<PagesPlan>,
    /// A base URL of its own.
    pub base_url: Option<String>,
    /// Whether it may be sent twice though its method does not say so.
    pub idempotent: bool,
    /// Whether the vendor calls it deprecated.
    pub deprecated: bool,
}

/// An argument of a method.
#[derive(Clone, Debug)]
pub struct ArgPlan {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: RustType,
}

/// A parameter, as a field of the request value.
#[derive(Clone, Debug)]
pub struct ParamPlan {
    /// In Rust.
    pub name: String,
    /// On the wire.
    pub wire: String,
    /// Its type, `Option` where it may be left out.
    pub ty: RustType,
    /// Its words.
    pub docs: Vec<String>,
    /// Where it travels.
    pub location: ParamLocation,
    /// How it becomes text.
    pub style: ParamStyle,
    /// One pair an element.
    pub explode: bool,
    /// Reserved characters go out as they are.
    pub allow_reserved: bool,
    /// It must be there, but is no positional argument.
    pub checked: bool,
}

/// A body, as a field of the request value.
#[derive(Clone, Debug)]
pub struct BodyPlan {
    /// In Rust.
    pub name: String,
    /// Its type, `Option` where it may be left out.
    pub ty: RustType,
    /// Its words.
    pub docs: Vec<String>,
    /// How it is encoded.
    pub kind: BodyKind,
    /// The media type, where the kind does not tell.
    pub media_type: Option<String>,
}

/// Names every operation, once within its resource; inline types are told apart across resources by the type scope.
pub(super) fn names(api: &Api, config: &Names, stable: &Stable<'_>) -> Methods {
    let resources = Resources::of(api, stable);
    let mut scopes: Vec<Scope> = resources
        .list
        .iter()
        .map(|_| Scope::values(&["new"]))
        .collect();
    let mut methods = Methods {
        values: Vec::new(),
        types: Vec::new(),
        was: Vec::new(),
    };
    let homes: Vec<usize> = (api.operations.iter())
        .map(|operation| resources.index(operation))
        .collect();
    let keys = homes.iter().zip(&api.operations);
    let keys: Vec<(usize, String)> = keys
        .map(|(home, operation)| (*home, names::key(operation, config)))
        .collect();
    let mut rivals: BTreeMap<&(usize, String), Vec<&Operation>> = BTreeMap::new();
    for (operation, key) in api.operations.iter().zip(&keys) {
        rivals.entry(key).or_default().push(operation);
    }
    let mut kept = Vec::new();
    for (operation, home) in api.operations.iter().zip(&homes) {
        let scope = scopes.get_mut(*home);
        kept.push(scope.map(|scope| kept_name(operation, config, stable, scope)));
    }
    for ((operation, key), kept) in api.operations.iter().zip(&keys).zip(kept) {
        let (kept, mut was) = kept.unwrap_or_default();
        let given = config.rename.get(&operation.at.0);
        let candidates = given.map(|name| words(name)).into_iter();
        let found = given.is_none().then(|| {
            let same = rivals.get(key);
            names::operation(operation, same.map_or(&[], Vec::as_slice), config)
        });
        let candidates = candidates.chain(found.into_iter().flatten());
        let name = match (kept, scopes.get_mut(key.0)) {
            (Some(name), _) => name,
            (None, Some(scope)) => {
                // What the document renames may still be the same in Rust, or be called again what it was called before.
                was.iter().for_each(|old| scope.release(&old.name));
                let name = scope.claim(candidates);
                was.iter().for_each(|old| scope.take(&old.name));
                name
            }
            (None, None) => String::new(),
        };
        was.retain(|old| old.name != name);
        methods.types.push(pascal(&name));
        methods.values.push(name);
        methods.was.push(was);
    }
    methods
}

/// The name that an operation has already, unless its id or `vendor.toml` gives it another one now, and the old names
/// that programs may still use. They are taken, so that no other operation gets them.
fn kept_name(
    operation: &Operation,
    config: &Names,
    stable: &Stable<'_>,
    scope: &mut Scope,
) -> (Option<String>, Vec<OldName>) {
    let Some(known) = stable.operation(operation) else {
        return (None, Vec::new());
    };
    let stays = match config.rename.get(&operation.at.0) {
        Some(name) => scope.spelled(&words(name)) == known.name,
        None => known.id == operation.id,
    };
    let now = (!stays).then(|| OldName {
        name: known.name.clone(),
        request: Some(known.request.clone()),
        removed_in: stable.until(),
    });
    let kept = (stays && scope.keep(&known.name)).then(|| known.name.clone());
    let was = stable.was(&known.previous_names, now).into_iter();
    (kept, was.filter(|old| scope.keep(&old.name)).collect())
}

/// Every resource with its operations.
pub(super) fn resources(cx: &Cx<'_>, methods: &Methods) -> Vec<ResourcePlan> {
    let resources = Resources::of(cx.api, cx.stable);
    let mut accessors = Scope::values(&[
        "new", "builder", "from_env", "from", "clone", "as_ref", "into",
    ]);
    let mut handles = Scope::types();
    let mut plans: Vec<(ResourcePlan, Scope, Vec<MethodPlan>)> = Vec::new();
    let known = resources.list.iter();
    let known = known.map(|(raw, _)| cx.stable.resource(&identity(raw)));
    let kept: Vec<_> = known
        .map(|known| {
            let known = known?;
            let free = accessors.keep(&known.module) && handles.keep(&known.handle);
            free.then_some(known)
        })
        .collect();
    for ((raw, feature), kept) in resources.list.iter().zip(kept) {
        let called = words(feature);
        let (module, handle) = match kept {
            Some(known) => (known.module.clone(), known.handle.clone()),
            None => (
                accessors.claim([called.clone(), format!("{called} api")]),
                handles.claim([format!("{called} api")]),
            ),
        };
        let said = cx
            .api
            .tags
            .iter()
            .find(|(tag, _)| tag == raw)
            .map(|(_, docs)| docs.clone())
            .unwrap_or_default();
        let docs = docs::or(&said, || docs::named(&words(raw)));
        let mut requests = Scope::types();
        requests.take(&handle);
        let plan = ResourcePlan {
            raw: raw.clone(),
            feature: feature.clone(),
            module,
            handle,
            docs,
            files: Vec::new(),
        };
        plans.push((plan, requests, Vec::new()));
    }
    let mut kept = Vec::new();
    for (operation, was) in cx.api.operations.iter().zip(&methods.was) {
        let requests = plans.get_mut(resources.index(operation));
        kept.push(requests.map(|(_, requests, _)| kept_types(cx, operation, was, requests)));
    }
    let named = methods.values.iter().zip(&methods.was).zip(kept);
    for (operation, ((name, was), kept)) in cx.api.operations.iter().zip(named) {
        if let Some((plan, requests, done)) = plans.get_mut(resources.index(operation)) {
            let kept = kept.unwrap_or_default();
            let method = method(cx, plan, requests, operation, name, &kept);
            let was = was.clone();
            done.push(MethodPlan { was, ..method });
        }
    }
    plans
        .into_iter()
        .map(|(plan, _, done)| ResourcePlan {
            files: done.chunks(PER_FILE).map(<[_]>::to_vec).collect(),
            ..plan
        })
        .collect()
}

/// The names that the types of an operation have already: its request, and the enum of its answers.
#[derive(Default)]
struct KeptTypes {
    request: Option<String>,
    answer: Option<String>,
}

/// Takes the names that the types of an operation have, and those that they had.
fn kept_types(
    cx: &Cx<'_>,
    operation: &Operation,
    was: &[OldName],
    requests: &mut Scope,
) -> KeptTypes {
    let known = cx.stable.operation(operation);
    let old: Vec<&String> = was.iter().filter_map(|old| old.request.as_ref()).collect();
    let current = known.filter(|known| !old.contains(&&known.request));
    let mut keep = |name: &String| requests.keep(name).then(|| name.clone());
    let request = current.and_then(|known| keep(&known.request));
    let answer = known.and_then(|known| keep(known.response_enum.as_ref()?));
    old.into_iter().for_each(|name| {
        keep(name);
    });
    KeptTypes { request, answer }
}

fn method(
    cx: &Cx<'_>,
    resource: &ResourcePlan,
    requests: &mut Scope,
    operation: &Operation,
    name: &str,
    kept: &KeptTypes,
) -> MethodPlan {
    let request = kept.request.clone();
    let request =
        request.unwrap_or_else(|| requests.claim([name.to_owned(), format!("{name} request")]));
    let mut scope = Scope::values(&["client", "new", "send", "into_future", "self"]);
    if operation.paging.is_some() {
        ["pages", "items"].iter().for_each(|name| scope.take(name));
    }
    let body = operation.body.as_ref();
    let required = operation
        .params
        .iter()
        .filter(|param| param.presence.is_required())
        .count();
    let crowded =
        required + usize::from(body.is_some_and(|body| body.presence.is_required())) > POSITIONAL;
    let members = kept_members(cx, operation, &mut scope);
    let params: Vec<ParamPlan> = operation
        .params
        .iter()
        .map(|p| param(cx, &mut scope, &members, p, crowded))
        .collect();
    let body = body.map(|raw| body_plan(cx, &mut scope, &members, raw));
    let is_arg = |ty: &RustType| !matches!(ty, RustType::Option(_));
    let args = params
        .iter()
        .map(|p| (&p.name, &p.ty))
        .chain(body.iter().map(|b| (&b.name, &b.ty)));
    let args: Vec<ArgPlan> = args
        .filter(|(_, ty)| is_arg(ty))
        .map(|(name, ty)| ArgPlan {
            name: name.clone(),
            ty: ty.clone(),
        })
        .collect();
    let success = &operation.responses.success;
    let output = output(cx, requests, kept.answer.as_deref(), &request, success);
    let mut plan = MethodPlan {
        at: operation.at.clone(),
        was: Vec::new(),
        name: name.to_owned(),
        request,
        docs: docs::of_operation(operation, name),
        method: operation.method,
        path: operation.path.clone(),
        args,
        params,
        body,
        output,
        auth: operation.security.iter().map(|all| all.0.clone()).collect(),
        envelope: success
            .iter()
            .find_map(|response| response.envelope.clone()),
        pages: None,
        base_url: operation
            .server
            .as_ref()
            .map(|server| server.url.clone())
            .filter(|url| url.starts_with("http")),
        idempotent: operation.idempotent,
        deprecated: operation.docs.deprecated,
    };
    if let Some((pages, words)) = pages(cx, operation, &plan) {
        plan.docs.extend(words);
        plan.pages = Some(pages);
    }
    let errors = errors(cx, operation);
    plan.docs.extend(errors);
    let example = example(cx, resource, &plan);
    plan.docs.extend(example);
    plan
}

/// The names that parameters and body have already.
fn kept_members(cx: &Cx<'_>, operation: &Operation, scope: &mut Scope) -> Members {
    let known = cx.stable.operation(operation).map(|known| &known.members);
    let params = operation.params.iter();
    let mut keys: Vec<String> = params.map(|p| param_key(p.location, &p.wire)).collect();
    keys.extend(operation.body.is_some().then(|| BODY.to_owned()));
    stable::keep(scope, known, keys.iter().map(String::as_str))
}

fn param(
    cx: &Cx<'_>,
    scope: &mut Scope,
    kept: &Members,
    param: &Param,
    crowded: bool,
) -> ParamPlan {
    let kept = kept.get(&param_key(param.location, &param.wire)).cloned();
    let ty = cx.rust(&param.ty);
    let optional = !param.presence.is_required();
    let checked = !optional && crowded && param.location != ParamLocation::Path;
    ParamPlan {
        name: kept.unwrap_or_else(|| scope.claim_value(&param.wire, "param")),
        wire: param.wire.clone(),
        ty: if optional || checked {
            RustType::Option(Box::new(ty))
        } else {
            ty
        },
        docs: docs::of_param(param),
        location: param.location,
        style: param.style,
        explode: param.explode,
        allow_reserved: param.allow_reserved,
        checked,
    }
}

fn body_plan(cx: &Cx<'_>, scope: &mut Scope, kept: &Members, body: &Body) -> BodyPlan {
    let kept = kept.get(BODY).cloned();
    let (ty, kind) = match &body.content {
        BodyContent::Json(ty) => (cx.rust(ty), BodyKind::Json),
        BodyContent::Form(ty) => (cx.rust(ty), BodyKind::Form),
        BodyContent::Multipart(ty, _) => (cx.rust(ty), BodyKind::Multipart),
        BodyContent::Text => (RustType::Plain("String"), BodyKind::Text),
        BodyContent::Bytes => (RustType::Runtime("File"), BodyKind::Bytes),
    };
    let ty = match body.presence {
        Presence::Required => ty,
        // An absent body and a null one are told apart by nobody; where one must be sent, the caller sends it.
        _ => RustType::Option(Box::new(ty)),
    };
    let told = match kind {
        BodyKind::Json => body.media_type == "application/json",
        BodyKind::Form | BodyKind::Multipart => true,
        _ => false,
    };
    BodyPlan {
        name: kept.unwrap_or_else(|| scope.claim_value("body", "content")),
        ty,
        docs: docs::or(&body.docs, || "What is sent.".to_owned()),
        kind,
        media_type: (!told).then(|| body.media_type.clone()),
    }
}
