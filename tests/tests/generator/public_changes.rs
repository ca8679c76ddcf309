//! `spec diff` compared with the public items of both crates, as rustdoc lists them: every added, removed or changed item
//! is reported, and those that are removed or changed are reported as breaking.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use observatory_codegen::compare::{Change, Effect, compare};
use observatory_codegen::config::Config;
use observatory_codegen::files::{Mode, write_files};
use observatory_codegen::plan::{MethodPlan, OutputPlan, RuntimeDependency};
use observatory_codegen::{Generator, PlannedDocument, Strictness};
use observatory_tests::repository::root;

use crate::rustdoc::Library;

/// The name of both crates.
const NAME: &str = "changing";

/// What both documents have in common.
struct Setting {
    vendor: Config,
    overlay: Option<PathBuf>,
    /// The folder to compile in.
    scratch: PathBuf,
}

impl Setting {
    fn new(vendor: Config, overlay: Option<PathBuf>, scratch: &str) -> Self {
        Self {
            // Hand-written code fits only one of the two crates.
            vendor: Config {
                ext: false,
                example: Vec::new(),
                accept: Vec::new(),
                ..vendor
            },
            overlay,
            scratch: root().join("target/public-changes").join(scratch),
        }
    }

    /// Plans the document as `spec diff` does.
    fn plan(&self, document: &Path) -> PlannedDocument {
        self.generator().plan(document).unwrap()
    }

    fn generator(&self) -> Generator {
        let runtime = root().join("crates/runtime").display().to_string();
        let generator = Generator::new(self.vendor.clone())
            .package(NAME)
            .command("cargo test -p observatory-tests")
            .document_name("openapi.yaml")
            .runtime(RuntimeDependency::Path(runtime))
            .strictness(Strictness::Lenient)
            .allow_gaps(true);
        match &self.overlay {
            Some(overlay) => generator.overlay(overlay),
            None => generator,
        }
    }

    /// Returns the public items of the generated crate, one each line.
    fn public_items(&self, side: &str, output: &PlannedDocument) -> BTreeSet<String> {
        let home = self.scratch.join(side);
        let crate_ = self.generator().emit(output.clone()).unwrap();
        write_files(&crate_.files, &home, Mode::Write).unwrap();
        fs::copy(root().join("Cargo.lock"), home.join("Cargo.lock")).unwrap();
        let resources = output.plan.resources.iter();
        let mut features: Vec<&str> = resources.map(|it| it.feature.as_str()).collect();
        features.push("client");
        features.extend(output.plan.has_extra_types.then_some("extra-types"));
        let library = Library {
            folder: &home,
            package: NAME,
            features: &features.join(","),
            target: &root().join("target/public-changes/target").join(side),
        };
        library.lines().into_iter().collect()
    }

    /// Returns the changed items that the report does not cover.
    fn unreported_items(&self, before: &Path, after: &Path) -> Vec<String> {
        let (old, new) = (self.plan(before), self.plan(after));
        let report = Report::new(&old, &new);
        let current = self.public_items("new", &new);
        let previous: BTreeSet<String> = (self.public_items("old", &old).into_iter())
            .map(|item| report.with_current_names(&item))
            .collect();
        assert!(
            previous.len() > 100 && previous != current,
            "{} items",
            previous.len()
        );
        // Removing `#[non_exhaustive]` breaks no caller.
        let is_relaxed =
            |item: &str| current.contains(item.trim_start_matches("#[non_exhaustive] "));
        let removed = previous
            .difference(&current)
            .filter(|item| !is_relaxed(item));
        let removed = removed.filter(|item| !report.covers(item, true));
        let added = current
            .difference(&previous)
            .filter(|item| !report.covers(item, false));
        let removed = removed.map(|item| format!("- {item}"));
        let added = added.map(|item| format!("+ {item}"));
        removed.chain(added).collect()
    }
}

/// The changes that `spec diff` reports, with the tables to find those about an item.
struct Report {
    changes: Vec<Change>,
    /// Methods by the module and the type of their request or response.
    methods: BTreeMap<(String, String), BTreeSet<String>>,
    /// Modules by the handle of their resource.
    handles: BTreeMap<String, String>,
    /// Deprecated paths, with the current path of the same item.
    deprecated: BTreeMap<String, String>,
}

impl Report {
    fn new(old: &PlannedDocument, new: &PlannedDocument) -> Self {
        let mut report = Self {
            changes: compare(old, new),
            methods: BTreeMap::new(),
            handles: BTreeMap::new(),
            deprecated: BTreeMap::new(),
        };
        for side in [old, new] {
            for resource in &side.plan.resources {
                let (handle, module) = (resource.handle.clone(), resource.module.clone());
                report.handles.insert(handle, module);
                for method in &resource.methods {
                    report.method(&resource.module, method);
                }
            }
        }
        for resource in &new.plan.resources {
            for method in &resource.methods {
                let path = |name: &str| format!("{NAME}::api::{}::{name}", resource.module);
                for was in method
                    .previous_names
                    .iter()
                    .filter_map(|was| was.request.as_ref())
                {
                    report
                        .deprecated
                        .insert(path(was), path(&method.request_type));
                }
            }
        }
        for model in new.plan.models.iter().flat_map(|file| &file.types) {
            let path = |name: &str| format!("{NAME}::models::{name}");
            for was in &model.previous_names {
                report.deprecated.insert(path(&was.name), path(&model.name));
            }
        }
        report
    }

    fn method(&mut self, module: &str, method: &MethodPlan) {
        let response = match &method.output {
            OutputPlan::ByStatus { name, .. } => Some(name),
            _ => None,
        };
        for name in response.into_iter().chain([&method.request_type]) {
            let place = (module.to_owned(), name.clone());
            let named = format!("{module}().{}", method.name);
            self.methods.entry(place).or_default().insert(named);
        }
    }

    /// Replaces deprecated paths in an item by the current ones.
    fn with_current_names(&self, item: &str) -> String {
        let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
        let mut out = String::new();
        for piece in item.split_inclusive(|c| !is_path(c)) {
            let path = piece.trim_end_matches(|c| !is_path(c));
            let known = |(was, is): (&String, &String)| {
                let rest = path.strip_prefix(was.as_str())?;
                (rest.is_empty() || rest.starts_with(':')).then(|| format!("{is}{rest}"))
            };
            out.push_str(
                &self
                    .deprecated
                    .iter()
                    .find_map(known)
                    .unwrap_or(path.to_owned()),
            );
            out.push_str(&piece[path.len()..]);
        }
        out
    }

    /// Returns whether the report covers this item, as a breaking change if it was `removed`.
    fn covers(&self, item: &str, removed: bool) -> bool {
        let path = path(item);
        if let Some(now) = self.deprecated.get(&path).filter(|_| !removed) {
            let name = path.rsplit("::").next().unwrap();
            let called = format!("renamed from `{name}`, which is deprecated");
            let is_reported =
                |it: &Change| it.description == called || it.subject == format!("models::{name}");
            return now.contains("::api::") || self.changes.iter().any(is_reported);
        }
        let parts: Vec<&str> = path.split("::").skip(1).collect();
        let changes = self.changes.iter();
        let mut changes = changes.filter(|it| !removed || it.effect == Effect::Breaking);
        match parts.as_slice() {
            ["models", name, member @ ..] => {
                changes.any(|it| is_about_type(it, name, member.first().copied()))
            }
            ["Client", "new"] => changes.any(|it| it.subject == "Client::new"),
            ["api", name] | ["Client", name] => {
                let module = self.handles.get(*name).map_or(*name, String::as_str);
                changes.any(|it| is_about_resource(it, module))
            }
            ["api", module, name, member @ ..] => {
                let place = ((*module).to_owned(), (*name).to_owned());
                match self.methods.get(&place) {
                    Some(methods) => {
                        changes.any(|it| methods.iter().any(|method| is_about_method(it, method)))
                    }
                    // The handle of a resource.
                    None => changes.any(|it| match member {
                        [] | ["clone" | "fmt"] => is_about_resource(it, module),
                        [method, ..] => is_about_method(it, &format!("{module}().{method}")),
                    }),
                }
            }
            _ => false,
        }
    }
}

/// Returns whether a change is about a type, or about this member of it.
fn is_about_type(change: &Change, name: &str, member: Option<&str>) -> bool {
    let Some(rest) = change.subject.strip_prefix(&format!("models::{name}")) else {
        return false;
    };
    // The feature of a type does not change its items.
    let whole = rest.is_empty() && !change.description.contains("feature");
    let part = rest.strip_prefix("::");
    whole || part.is_some() && (member.is_none_or(depends_on_all_members) || part == member)
}

/// Returns whether an associated item depends on all members: constructors, conversions and tables of fields.
fn depends_on_all_members(member: &str) -> bool {
    ["new", "default", "from", "PROPERTIES", "EXTRA_SCORE"].contains(&member)
}

/// Returns whether a change is about a resource or one of its methods.
fn is_about_resource(change: &Change, module: &str) -> bool {
    change.subject.starts_with(&format!("{module}()."))
}

/// Returns whether a change is about this method, under its current or previous name.
fn is_about_method(change: &Change, method: &str) -> bool {
    let rest = change.subject.strip_prefix(method);
    let is_subject = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    is_subject
        || change
            .description
            .contains(&format!("renamed from `{method}`"))
}

/// Returns the path of an item. For an implementation that is the path of the implementing type.
fn path(item: &str) -> String {
    let root = format!("{NAME}::");
    let of = match item.starts_with("impl") {
        true => item.split_once(" for ").map_or(item, |(_, of)| of),
        false => item,
    };
    let from = of.find(&root).unwrap_or(of.len());
    let path: String = of[from..]
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_' || *c == ':')
        .collect();
    path.trim_end_matches(':').to_owned()
}

fn assert_all_reported(setting: &Setting, before: &Path, after: &Path) {
    let unreported = setting.unreported_items(before, after);
    assert!(
        unreported.is_empty(),
        "{} unreported:\n{}",
        unreported.len(),
        unreported.join("\n")
    );
}

#[test]
#[ignore = "runs rustdoc: run scripts/test-all.sh"]
fn reports_every_kind_of_change() {
    let (before, after) = (
        "fixtures/changes/before.yaml",
        "fixtures/changes/after.yaml",
    );
    let mut setting = Setting::new(Config::default(), None, "fixture");
    assert_all_reported(&setting, Path::new(before), Path::new(after));
    // With the names of the old document locked.
    setting.vendor.names.lock = setting.plan(Path::new(before)).plan.lock;
    assert_all_reported(&setting, Path::new(before), Path::new(after));
    // After deprecated names are removed.
    setting.vendor.names.lock = setting.plan(Path::new(after)).plan.lock;
    assert_all_reported(&setting, Path::new(before), Path::new(after));
}

mod with_shared {
    use observatory_conformance::corpus::find_documents;
    use observatory_tests::shared;
    use xtask::repository::VendorFolder;

    use super::*;

    #[test]
    #[ignore = "needs ../shared: old versions of Galileo's document"]
    fn reports_all_changes_of_galileo() {
        let now = shared::find("vendor-docs/galileo.yaml");
        let galileo = VendorFolder::find(&["galileo".to_owned()])
            .unwrap()
            .remove(0);
        let setting = Setting::new(galileo.config().unwrap(), galileo.overlay(), "galileo");
        for before in find_documents(&shared::find("vendor-docs/history")).unwrap() {
            assert_all_reported(&setting, &before, &now);
        }
    }
}
