//! Every decision about the Rust code, made and frozen: names, modules, features, types, words.
//!
//! `emit` prints a [`Plan`] and decides nothing.

pub mod ambiguity;
mod client;
pub(crate) mod constraints;
mod docs;
mod examples;
mod features;
mod models;
mod names;
mod operations;
mod outputs;
mod pages;
mod quick_start;
mod scope;
mod size;
mod stable;
mod text;
mod types;
pub mod words;

pub use client::{ClientPlan, Constructor, SchemePlan, ServerPlan};
pub use models::{FieldPlan, ModelFile, ModelKind, ModelPlan, ValuePlan, VariantPlan, Wire};
pub use operations::{ArgPlan, BodyPlan, MethodPlan, ParamPlan, ResourcePlan};
pub use outputs::{OutputPlan, ResponsePlan};
pub use pages::PagesPlan;
pub use types::{Imports, RustType};

use crate::config::{Config, QuickStart};
use crate::ir::{Api, TypeId};
use crate::lock::NamesLock;
pub use crate::lock::OldName;
use stable::{Recorded, Stable};

/// What the command line says of the crate to make.
#[derive(Clone, Debug)]
pub struct PlanOptions {
    /// The package's name.
    pub package: String,
    /// The package's version, for `Cargo.toml` and deprecation notes.
    pub version: String,
    /// The command that makes the crate, for the first line of every file.
    pub command: String,
    /// The document's path, as people know it.
    pub document: String,
    /// How the crate gets at the runtime.
    pub runtime: Runtime,
    /// Whether a crate or a module of one is generated.
    pub layout: Layout,
}

impl PlanOptions {
    /// Returns the path of the generated code as other crates write it, for the examples in its docs.
    fn library(&self) -> String {
        let package = self.package.replace('-', "_");
        match &self.layout {
            Layout::Crate => package,
            Layout::Module(path) => path.replacen("crate", &package, 1),
        }
    }
}

/// Whether a crate or a module of one is generated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// A crate of its own, with `Cargo.toml`, `README.md` and a Cargo feature per resource.
    #[default]
    Crate,
    /// A module of an existing crate, for `include!`: a `mod.rs` and the files below it, without features. The string
    /// is the module's path, such as `crate::petstore`.
    Module(String),
}

/// How a crate depends on the runtime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Runtime {
    /// As a member of this workspace.
    Workspace,
    /// By version, from the registry.
    Version(String),
    /// By path.
    Path(String),
}

/// A crate, decided.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What the command line said.
    pub options: PlanOptions,
    /// The name people know the API by.
    pub title: String,
    /// The same in sentences, before the word "API".
    pub shown_title: String,
    /// The document's version.
    pub version: String,
    /// What the API is, in Markdown.
    pub docs: Vec<String>,
    /// One sentence for the manifest.
    pub description: String,
    /// Whether there is hand-written code beside the generated.
    pub ext: bool,
    /// The program in the README.
    pub quick_start: QuickStart,
    /// The client.
    pub client: ClientPlan,
    /// In order of their first operation.
    pub resources: Vec<ResourcePlan>,
    /// Cargo features beside `default`, `client` and `extra-types`: the resources', then hidden groups of types.
    pub features: Vec<(String, Vec<String>)>,
    /// The feature of the types that several resources share, unless some of them are always there.
    pub shared: Option<String>,
    /// Whether there are types that no operation reaches.
    pub has_extra: bool,
    /// By folder and file.
    pub models: Vec<ModelFile>,
    /// Members of unions that some values do not tell apart.
    pub ambiguities: Vec<ambiguity::Ambiguity>,
    /// How many operations there are.
    pub operations: usize,
    /// The component schemas, and the names of their types.
    pub schemas: Vec<(String, String)>,
    /// The name of every type.
    pub names: std::collections::BTreeMap<TypeId, String>,
    /// The names that programs use, for the next time.
    pub lock: NamesLock,
}

/// Makes every decision.
pub fn plan(api: &Api, vendor: &Config, options: &PlanOptions) -> Plan {
    let stable = Stable::of(api, &vendor.names.lock, &options.version);
    let methods = operations::names(api, &vendor.names, &stable);
    let (types, was) = names::types(api, &vendor.names, &stable, &methods.types);
    let features = features::Features::of(api, &types, &stable);
    let cx = Cx {
        api,
        vendor,
        types: &types,
        was: &was,
        stable: &stable,
        library: options.library(),
    };
    let resources = operations::resources(&cx, &methods);
    let title = [&vendor.title, &api.title]
        .into_iter()
        .find(|title| !title.trim().is_empty());
    let title = title.map_or_else(|| options.package.clone(), |title| text::plain(title));
    let mut models = models::plan(&cx, &features);
    let places = (api.types.iter()).map(|(id, def)| (cx.name(id), &def.at));
    let ambiguities = ambiguity::tell(&mut models, &places.collect());
    let recorded = Recorded {
        api,
        resources: &resources,
        models: &models,
        types: &types,
    };
    Plan {
        lock: stable::record(&stable, &recorded),
        docs: docs::of_api(api, &text::line(called(&title))),
        description: match vendor.description.as_str() {
            "" => format!("A client of the {} API", called(&title)),
            said => said.to_owned(),
        },
        ext: vendor.ext,
        quick_start: quick_start::plan(&cx, &resources),
        client: client::plan(&cx, &text::line(&title)),
        resources,
        features: features.cargo(),
        shared: features.shared(),
        has_extra: features.has_extra(),
        models,
        ambiguities,
        operations: api.operations.len(),
        schemas: api
            .types
            .iter()
            .filter_map(|(id, def)| match &def.origin {
                crate::ir::Origin::Component(key) => Some((key.clone(), cx.name(id).to_owned())),
                crate::ir::Origin::Inline { .. } => None,
            })
            .collect(),
        names: types.clone(),
        version: api.version.clone(),
        options: options.clone(),
        shown_title: text::line(called(&title)),
        title,
    }
}

/// What sentences call an API whose name is followed by "API": many titles end in that word.
fn called(title: &str) -> &str {
    match title.trim_end().rsplit_once(' ') {
        Some((name, "API" | "Api" | "api")) => name,
        _ => title,
    }
}

/// What every part of planning needs to see.
struct Cx<'a> {
    api: &'a Api,
    vendor: &'a Config,
    types: &'a std::collections::BTreeMap<TypeId, String>,
    /// What types were called before.
    was: &'a std::collections::BTreeMap<TypeId, Vec<OldName>>,
    /// The names that stay.
    stable: &'a Stable<'a>,
    /// The crate's name in Rust, for examples.
    library: String,
}

impl Cx<'_> {
    fn name(&self, id: TypeId) -> &str {
        self.types.get(&id).map_or("Value", String::as_str)
    }
}
