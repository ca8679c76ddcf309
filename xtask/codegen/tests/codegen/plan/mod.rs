//! The planner: one rule per test, from a line of a document to a decision about Rust.

mod client;
mod operations;
mod sharing;
mod stable_names;
mod type_names;
mod types;

use observatory_codegen::Generator;
use observatory_codegen::Input;
use observatory_codegen::config::Config;
use observatory_codegen::diag::Error;
use observatory_codegen::lock::NamesLock;
use observatory_codegen::plan::{
    FieldPlan, MethodPlan, ModelFile, ModelKind, ModelPlan, Plan, VariantPlan,
};

type TestResult = Result<(), Error>;

/// Plans a document of these path items and component schemas, one each line.
fn plan(paths: &[&str], schemas: &[&str]) -> Result<Plan, Error> {
    plan_with(Config::default(), "", paths, schemas)
}

/// Plans a document with a configuration and further keys of its root.
fn plan_with(config: Config, root: &str, paths: &[&str], schemas: &[&str]) -> Result<Plan, Error> {
    let lines = |lines: &[&str], indent: &str| -> String {
        lines
            .iter()
            .map(|line| format!("{indent}{line}\n"))
            .collect()
    };
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: Acme API, version: '1'}}\n{root}\npaths:\n  {{}}\n"
    );
    let text = match paths {
        [] => text,
        paths => text.replace("  {}\n", &lines(paths, "  ")),
    };
    let text = match (root.contains("components:"), schemas) {
        (true, _) | (_, []) => text,
        (false, schemas) => format!("{text}components:\n  schemas:\n{}", lines(schemas, "    ")),
    };
    let generator = Generator::new(config)
        .package("acme-client")
        .version("0.3.0")
        .command("test");
    Ok(generator.plan(Input::text("acme.yaml", text))?.plan)
}

/// Plans component schemas that no operation uses.
fn plan_types(schemas: &[&str]) -> Result<Plan, Error> {
    plan(&[], schemas)
}

/// Plans the document with the names of a lock.
fn plan_locked(lock: NamesLock, paths: &[&str], schemas: &[&str]) -> Result<Plan, Error> {
    let mut config = Config::default();
    config.names.lock = lock;
    plan_with(config, "", paths, schemas)
}

fn config(text: &str) -> Result<Config, Error> {
    Config::parse(std::path::Path::new("vendor.toml"), text)
}

fn model<'p>(plan: &'p Plan, name: &str) -> &'p ModelPlan {
    let mut models = plan.models.iter().flat_map(|file| &file.types);
    models.find(|model| model.name == name).unwrap()
}

fn model_names(plan: &Plan) -> Vec<&str> {
    let models = plan.models.iter().flat_map(|file| &file.types);
    models.map(|model| model.name.as_str()).collect()
}

/// Returns names in alphabetical order.
fn sorted<T: Ord>(mut names: Vec<T>) -> Vec<T> {
    names.sort();
    names
}

fn model_file<'p>(plan: &'p Plan, name: &str) -> &'p ModelFile {
    let mut files = plan.models.iter();
    files
        .find(|file| file.types.iter().any(|model| model.name == name))
        .unwrap()
}

fn fields<'p>(plan: &'p Plan, name: &str) -> &'p [FieldPlan] {
    match &model(plan, name).kind {
        ModelKind::Struct { fields, .. } => fields,
        kind => panic!("{name} is not a struct: {kind:?}"),
    }
}

/// Returns the fields of a struct as `name: type`.
fn field_types(plan: &Plan, name: &str) -> Vec<String> {
    let fields = fields(plan, name).iter();
    fields
        .map(|field| format!("{}: {}", field.name, field.ty.to_source("", "")))
        .collect()
}

/// Returns the names of the values and of the fallback of an enum.
fn value_names<'p>(plan: &'p Plan, name: &str) -> Vec<&'p str> {
    match &model(plan, name).kind {
        ModelKind::Enum {
            values, fallback, ..
        } => {
            let values = values.iter().map(|value| value.name.as_str());
            values.chain([fallback.as_str()]).collect()
        }
        kind => panic!("{name} is not an enum: {kind:?}"),
    }
}

fn variants<'p>(plan: &'p Plan, name: &str) -> &'p [VariantPlan] {
    match &model(plan, name).kind {
        ModelKind::Union { variants, .. } => variants,
        kind => panic!("{name} is not a union: {kind:?}"),
    }
}

fn variant_names<'p>(plan: &'p Plan, name: &str) -> Vec<&'p str> {
    let variants = variants(plan, name).iter();
    variants.map(|variant| variant.name.as_str()).collect()
}

fn methods(plan: &Plan) -> Vec<&MethodPlan> {
    let resources = plan.resources.iter();
    resources
        .flat_map(|resource| resource.methods.iter())
        .collect()
}

/// Returns all methods as `resource.method`.
fn method_names(plan: &Plan) -> Vec<String> {
    let resources = plan.resources.iter();
    let names = resources.flat_map(|resource| {
        let methods = resource.methods.iter();
        methods.map(|method| format!("{}.{}", resource.module, method.name))
    });
    names.collect()
}
