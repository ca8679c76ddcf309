//! Plans the resources.

use super::method::{LockedOperationTypes, plan_method};
use super::operation_plan::{MethodPlan, ResourcePlan};
use super::resource_types::ResourceTypes;
use crate::ir::Operation;
use crate::lock::{OldName, ResourceNames};
use crate::plan::casing::{comparison_key, split_words};
use crate::plan::context::PlanContext;
use crate::plan::docs;
use crate::plan::names::MethodNames;
use crate::plan::resources::{Resource, Resources};
use crate::plan::scope::Scope;

/// A resource while its operations are planned.
struct ResourceBuilder {
    plan: ResourcePlan,
    /// The request types and output enums of its module.
    types: Scope,
    methods: Vec<MethodPlan>,
}

/// Plans every resource with its operations.
pub(in crate::plan) fn plan_resources(
    cx: &PlanContext<'_>,
    resources: &Resources,
    names: &MethodNames,
) -> Vec<ResourcePlan> {
    let mut builders = start_resources(cx, resources);
    // Locked names are reserved in the whole resource before any new name is claimed.
    let mut locked = Vec::new();
    for (operation, previous) in cx.api.operations.iter().zip(&names.previous_names) {
        let builder = builders.get_mut(resources.index(operation));
        locked.push(
            builder.map(|builder| reserve_type_names(cx, operation, previous, &mut builder.types)),
        );
    }
    let words = names.methods.iter().zip(&names.types);
    let names = words.zip(&names.previous_names).zip(locked);
    for (operation, ((words, previous), locked)) in cx.api.operations.iter().zip(names) {
        if let Some(builder) = builders.get_mut(resources.index(operation)) {
            let locked = locked.unwrap_or_default();
            let ResourceBuilder { plan, types, .. } = builder;
            let method = plan_method(cx, plan, types, operation, words, &locked);
            builder.methods.push(MethodPlan {
                previous_names: previous.clone(),
                ..method
            });
        }
    }
    builders
        .into_iter()
        .map(|builder| ResourcePlan {
            methods: builder.methods,
            ..builder.plan
        })
        .collect()
}

/// Names the modules and handles of all resources.
fn start_resources(cx: &PlanContext<'_>, resources: &Resources) -> Vec<ResourceBuilder> {
    let mut modules = Scope::modules(&[
        "new", "builder", "from_env", "from", "clone", "as_ref", "into",
    ]);
    let mut handles = Scope::types();
    let locked = resources.list.iter().map(|resource| {
        let names = cx.locked.resource_names(&comparison_key(&resource.tag))?;
        let is_free = modules.reserve(&names.module) && handles.reserve(&names.handle);
        is_free.then_some(names)
    });
    let locked: Vec<Option<&ResourceNames>> = locked.collect();
    // The module of a resource is in a module of this name.
    modules.reserve("api");
    let mut builders: Vec<ResourceBuilder> = resources
        .list
        .iter()
        .zip(locked)
        .map(|(resource, locked)| start_resource(cx, resource, locked, &mut modules, &mut handles))
        .collect();
    let own = builders.iter().map(|builder| builder.plan.module.clone());
    let own: Vec<String> = own.collect();
    for (index, builder) in builders.iter_mut().enumerate() {
        let ancestors = resources.ancestors(index);
        let mut path: Vec<&str> = ancestors
            .filter_map(|one| own.get(one))
            .map(String::as_str)
            .collect();
        builder.plan.parent = path.first().map(|parent| (*parent).to_owned());
        path.reverse();
        path.push(&builder.plan.module);
        builder.plan.path = path.join("().");
    }
    builders
}

fn start_resource(
    cx: &PlanContext<'_>,
    resource: &Resource,
    locked: Option<&ResourceNames>,
    modules: &mut Scope,
    handles: &mut Scope,
) -> ResourceBuilder {
    let Resource { tag, feature, .. } = resource;
    let words = split_words(feature);
    let (module, handle) = match locked {
        Some(names) => (names.module.clone(), names.handle.clone()),
        None => (
            modules.claim(module_candidates(&words)),
            handles.claim([handle_words(&words), format!("{words} api")]),
        ),
    };
    let mut types = Scope::types();
    types.reserve(&handle);
    let plan = ResourcePlan {
        tag: tag.clone(),
        feature: feature.clone(),
        path: module.clone(),
        parent: None,
        module,
        handle,
        docs: docs::resource_docs(cx.api, tag),
        // Types are planned after operations.
        types: ResourceTypes::default(),
        methods: Vec::new(),
    };
    ResourceBuilder {
        plan,
        types,
        methods: Vec::new(),
    }
}

/// Returns the candidates for the module of a resource.
fn module_candidates(words: &str) -> [String; 2] {
    match words {
        "api" => ["root".to_owned(), "api root".to_owned()],
        words => [words.to_owned(), format!("{words} api")],
    }
}

/// Returns the words of a handle: those of the resource and `api`, once.
fn handle_words(words: &str) -> String {
    match words == "api" || words.ends_with(" api") {
        true => words.to_owned(),
        false => format!("{words} api"),
    }
}

/// Reserves the locked names of the types of an operation, and the deprecated ones.
fn reserve_type_names(
    cx: &PlanContext<'_>,
    operation: &Operation,
    previous: &[OldName],
    types: &mut Scope,
) -> LockedOperationTypes {
    let locked = cx.locked.operation_names(operation);
    let deprecated = previous.iter().filter_map(|old| old.request.as_ref());
    let deprecated: Vec<&String> = deprecated.collect();
    let current = locked.filter(|locked| !deprecated.contains(&&locked.request));
    let mut reserve = |name: &String| types.reserve(name).then(|| name.clone());
    let request = current.and_then(|locked| reserve(&locked.request));
    let output = locked.and_then(|locked| reserve(locked.response_enum.as_ref()?));
    for name in deprecated {
        reserve(name);
    }
    LockedOperationTypes { request, output }
}
