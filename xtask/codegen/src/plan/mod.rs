//! Decides everything about the generated crate: names, modules, features, types and documentation.
//!
//! The result is a [`Plan`]. `emit` prints it and decides nothing.

pub mod ambiguity;
pub mod casing;
mod client;
pub(crate) mod constraints;
mod context;
mod deprecated;
mod docs;
mod features;
mod locked_names;
mod models;
mod names;
mod operations;
mod options;
mod payloads;
mod quick_start;
mod resources;
mod rust_type;
mod sample_value;
mod scope;
mod secrets;
mod type_size;

pub(crate) use docs::pagination_rule;

pub use client::{
    ClientCredential, ClientPlan, OtherHeaderPlan, SecuritySchemePlan, ServerPlan, ServerTypePlan,
    ServerVariablePlan, UrlPiece, VariableKind,
};
pub use deprecated::DeprecatedItem;
pub use models::{
    EnumValuePlan, FieldAccess, FieldEncoding, FieldPlan, ModelFile, ModelKind, ModelPlan,
    VariantPlan,
};
pub use names::PositionalName;
pub use operations::{
    AlternativePlan, ArgPlan, BodyPlan, MethodPlan, OutputPlan, PageParameter, PaginationPlan,
    ParamPlan, ResourcePlan, ResourceTypes, ResponsePlan, StreamPlan,
};
pub use options::{Layout, PlanOptions, RuntimeDependency};
pub use payloads::PayloadPlan;
pub use rust_type::{Imports, RustType};
pub(crate) use scope::is_windows_device;

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{Config, Example, Guide, QuickStart};
use crate::ir::{Api, Origin, Pointer, TypeId};
use crate::lock::NamesLock;
pub use crate::lock::OldName;
use context::PlanContext;
use docs::markdown::{markdown_line, plain_line};
use features::Features;
use locked_names::{LockedNames, PlannedNames, build_lock};
use resources::Resources;

/// The plan of a crate.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The options that it was made with.
    pub options: PlanOptions,
    /// The name of the API.
    pub title: String,
    /// The name of the API for sentences in Markdown, without a final "API".
    pub doc_title: String,
    /// The version of the document.
    pub version: String,
    /// The documentation of the crate, in Markdown.
    pub docs: Vec<String>,
    /// One sentence for Cargo.toml.
    pub description: String,
    /// Whether the crate has a hand-written module `ext`.
    pub has_ext: bool,
    /// The program in the README.
    pub quick_start: QuickStart,
    /// The programs in the folder `examples`, which are written by hand.
    pub examples: Vec<Example>,
    /// The page about the API in the guide, if there is a text.
    pub guide: Option<Guide>,
    /// The client.
    pub client: ClientPlan,
    /// The resources, in order of their first operation.
    pub resources: Vec<ResourcePlan>,
    /// The Cargo features of resources and the hidden features of shared types, with the features that they enable.
    pub features: Vec<(String, Vec<String>)>,
    /// The feature of the types that several resources share; `None` if some of them are always compiled.
    pub shared_feature: Option<String>,
    /// Whether there are types that no operation uses.
    pub has_extra_types: bool,
    /// What the document marks as deprecated.
    pub deprecated: Vec<DeprecatedItem>,
    /// What the API sends to webhooks and callbacks.
    pub payloads: Vec<PayloadPlan>,
    /// The types, by folder and file.
    pub models: Vec<ModelFile>,
    /// The types that are named by their position.
    pub positional_names: Vec<PositionalName>,
    /// How far values distinguish the variants of unions without a tag.
    pub union_comparison: ambiguity::UnionComparison,
    /// The number of operations.
    pub operation_count: usize,
    /// The operations that the configuration leaves out.
    pub skipped: Vec<Pointer>,
    /// The media types of bodies that are not generated, since another one has the same values, and the `mapping`s of
    /// discriminators that list no children.
    pub unused_parts: BTreeSet<Pointer>,
    /// The keys of the component schemas, and the names of their types.
    pub component_types: Vec<(String, String)>,
    /// The names of all types.
    pub type_names: BTreeMap<TypeId, String>,
    /// The next `names.lock`.
    pub lock: NamesLock,
}

/// Plans the crate of an API.
pub fn plan(api: &Api, config: &Config, options: &PlanOptions) -> Plan {
    let locked = LockedNames::match_document(api, &config.names.lock, &options.version);
    let resource_list = Resources::from_api(api, &locked);
    let methods = names::name_methods(api, &config.names, &locked, &resource_list);
    let types = names::name_types(api, &config.names, &locked, &methods.types);
    let features = Features::from_api(api, &types.names, &resource_list);
    let cx = PlanContext {
        api,
        config,
        type_names: &types.names,
        previous_type_names: &types.previous_names,
        locked: &locked,
        library_path: options.library_path(),
    };
    let mut resources = operations::plan_resources(&cx, &resource_list, &methods);
    let uses = docs::TypeUses::collect(api, &types.names, &resources);
    let mut models = models::plan_models(&cx, &features, &uses);
    let cargo_features = features.to_cargo_features();
    let is_only = resources.len() == 1;
    for resource in &mut resources {
        let enabled = cargo_features
            .iter()
            .find(|(name, _)| *name == resource.feature);
        let enabled = enabled.map_or(&[][..], |(_, enabled)| enabled);
        resource.types = ResourceTypes::collect(&resource.feature, is_only, enabled, &models);
    }
    let pointers = api
        .types
        .iter()
        .map(|(id, def)| (cx.type_name(id), &def.at));
    let union_comparison = ambiguity::document_ambiguities(&mut models, &pointers.collect());
    let lock = build_lock(
        &locked,
        &PlannedNames {
            api,
            resources: &resources,
            models: &models,
            type_names: &types.names,
        },
    );
    let title = api_title(api, config, options);
    let short_title = without_api_suffix(&title);
    let client = client::plan_client(&cx, &markdown_line(&title));
    Plan {
        lock,
        docs: docs::api_docs(api, &markdown_line(short_title)),
        description: match config.description.as_str() {
            "" => format!("Client for the {short_title} API"),
            description => description.to_owned(),
        },
        has_ext: config.ext,
        examples: config.example.clone(),
        guide: (config.guide.clone()).filter(|guide| !guide.text.is_empty()),
        deprecated: deprecated::list_deprecated(&resources, &models),
        payloads: payloads::plan_payloads(&cx),
        quick_start: quick_start::plan_quick_start(&cx, &client, &resources, &models),
        client,
        resources,
        features: cargo_features,
        shared_feature: features.shared_feature(),
        has_extra_types: features.has_extra_types(),
        models,
        positional_names: names::positional_names(api, &types.names),
        union_comparison,
        operation_count: (api
            .operations
            .iter()
            .filter(|operation| !operation.is_variant))
        .count(),
        skipped: Vec::new(),
        unused_parts: BTreeSet::new(),
        component_types: component_types(&cx),
        version: api.version.clone(),
        options: options.clone(),
        doc_title: markdown_line(short_title),
        title,
        type_names: types.names,
    }
}

/// Returns the name of the API: from `vendor.toml`, the document or the package.
fn api_title(api: &Api, config: &Config, options: &PlanOptions) -> String {
    let title = [&config.title, &api.title]
        .into_iter()
        .find(|title| !title.trim().is_empty());
    title.map_or_else(|| options.package.clone(), |title| plain_line(title))
}

/// Returns the title without a final "API", for sentences that add it.
fn without_api_suffix(title: &str) -> &str {
    match title.trim_end().rsplit_once(' ') {
        Some((name, "API" | "Api" | "api")) => name,
        _ => title,
    }
}

/// Returns the keys of the component schemas, and the names of their types.
fn component_types(cx: &PlanContext<'_>) -> Vec<(String, String)> {
    let types = cx.api.types.iter();
    types
        .filter_map(|(id, def)| match &def.origin {
            Origin::Component(key) => Some((key.clone(), cx.type_name(id).to_owned())),
            Origin::Inline { .. } => None,
        })
        .collect()
}
