//! The operations: a handle a resource, a method and a request value an operation.

use std::collections::BTreeMap;

use super::examples::{errors, example};
use super::features::Resources;
use super::outputs::{OutputPlan, output};
use super::pages::{PagesPlan, pages};
use super::scope::Scope;
use super::types::RustType;
use super::words::{pascal, sentence, words};
use super::{Cx, docs, names};
use crate::config::Names;
use crate::ir::{
    Api, Body, BodyContent, Envelope, Method, Operation, Param, ParamLocation, ParamStyle, Presence,
};

/// More arguments than this nobody can tell apart by position.
const POSITIONAL: usize = 6;

/// The operations of a file; a resource with more of them continues in another.
const PER_FILE: usize = 24;

/// What every operation is called: as a method, and as the owner of its inline types.
pub(super) struct Methods {
    pub values: Vec<String>,
    pub types: Vec<String>,
}

/// A resource.
#[derive(Clone, Debug)]
pub struct ResourcePlan {
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
    /// The method.
    pub name: String,
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
    /// `json`, `form`, `multipart`, `text`, `bytes`.
    pub kind: &'static str,
    /// The media type, where the kind does not tell.
    pub media_type: Option<String>,
}

/// Names every operation, once within its resource; inline types are told apart across resources by the type scope.
pub(super) fn names(api: &Api, config: &Names) -> Methods {
    let resources = Resources::of(api);
    let mut scopes: Vec<Scope> = resources
        .list
        .iter()
        .map(|_| Scope::values(&["new"]))
        .collect();
    let mut methods = Methods {
        values: Vec::new(),
        types: Vec::new(),
    };
    let homes: Vec<usize> = (api.operations.iter())
        .map(|operation| resources.index(operation))
        .collect();
    let mut rivals: BTreeMap<(usize, String), Vec<&Operation>> = BTreeMap::new();
    for (operation, home) in api.operations.iter().zip(&homes) {
        let same = rivals.entry((*home, names::key(operation, config)));
        same.or_default().push(operation);
    }
    for (operation, home) in api.operations.iter().zip(&homes) {
        let candidates = match config.rename.get(&operation.at.0) {
            Some(name) => vec![words(name)],
            None => {
                let same = rivals.get(&(*home, names::key(operation, config)));
                names::operation(operation, same.map_or(&[], Vec::as_slice), config)
            }
        };
        let name = match scopes.get_mut(*home) {
            Some(scope) => scope.claim(candidates),
            None => String::new(),
        };
        methods.types.push(pascal(&name));
        methods.values.push(name);
    }
    methods
}

/// Every resource with its operations.
pub(super) fn resources(cx: &Cx<'_>, methods: &Methods) -> Vec<ResourcePlan> {
    let resources = Resources::of(cx.api);
    let mut accessors = Scope::values(&[
        "new", "builder", "from_env", "from", "clone", "as_ref", "into",
    ]);
    let mut handles = Scope::types();
    let mut plans: Vec<(ResourcePlan, Scope, Vec<MethodPlan>)> = Vec::new();
    for (raw, feature) in &resources.list {
        let called = words(feature);
        let module = accessors.claim([called.clone(), format!("{called} api")]);
        let handle = handles.claim([format!("{called} api")]);
        let said = cx
            .api
            .tags
            .iter()
            .find(|(tag, _)| tag == raw)
            .map(|(_, docs)| docs.clone())
            .unwrap_or_default();
        let docs = docs::or(&said, &format!("{}.", sentence(&words(raw))));
        let mut requests = Scope::types();
        requests.take(&handle);
        let plan = ResourcePlan {
            feature: feature.clone(),
            module,
            handle,
            docs,
            files: Vec::new(),
        };
        plans.push((plan, requests, Vec::new()));
    }
    for (operation, name) in cx.api.operations.iter().zip(&methods.values) {
        if let Some((plan, requests, done)) = plans.get_mut(resources.index(operation)) {
            done.push(method(cx, plan, requests, operation, name));
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

fn method(
    cx: &Cx<'_>,
    resource: &ResourcePlan,
    requests: &mut Scope,
    operation: &Operation,
    name: &str,
) -> MethodPlan {
    let request = requests.claim([name.to_owned(), format!("{name} request")]);
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
    let params: Vec<ParamPlan> = operation
        .params
        .iter()
        .map(|p| param(cx, &mut scope, p, crowded))
        .collect();
    let body = body.map(|raw| body_plan(cx, &mut scope, raw));
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
    let output = output(cx, requests, &request, success);
    let mut plan = MethodPlan {
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

fn param(cx: &Cx<'_>, scope: &mut Scope, param: &Param, crowded: bool) -> ParamPlan {
    let ty = cx.rust(&param.ty);
    let optional = !param.presence.is_required();
    let checked = !optional && crowded && param.location != ParamLocation::Path;
    ParamPlan {
        name: scope.claim_value(&param.wire, "param"),
        wire: param.wire.clone(),
        ty: if optional || checked {
            RustType::Option(Box::new(ty))
        } else {
            ty
        },
        docs: docs::of_param(param, &words(&param.wire)),
        location: param.location,
        style: param.style,
        explode: param.explode,
        allow_reserved: param.allow_reserved,
        checked,
    }
}

fn body_plan(cx: &Cx<'_>, scope: &mut Scope, body: &Body) -> BodyPlan {
    let (ty, kind) = match &body.content {
        BodyContent::Json(ty) => (cx.rust(ty), "json"),
        BodyContent::Form(ty) => (cx.rust(ty), "form"),
        BodyContent::Multipart(ty, _) => (cx.rust(ty), "multipart"),
        BodyContent::Text => (RustType::Plain("String"), "text"),
        BodyContent::Bytes => (RustType::Runtime("File"), "bytes"),
    };
    let ty = match body.presence {
        Presence::Required => ty,
        // An absent body and a null one are told apart by nobody; where one must be sent, the caller sends it.
        _ => RustType::Option(Box::new(ty)),
    };
    let told = match kind {
        "json" => body.media_type == "application/json",
        "form" | "multipart" => true,
        _ => false,
    };
    BodyPlan {
        name: scope.claim_value("body", "content"),
        ty,
        docs: docs::or(&body.docs, "What is sent."),
        kind,
        media_type: (!told).then(|| body.media_type.clone()),
    }
}
