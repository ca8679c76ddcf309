//! What `spec diff` tells, held against the interfaces of the two crates as rustdoc sees them: nothing that programs can
//! name comes, goes or changes without a word, and what goes or changes is called breaking.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod rustdoc;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use observatory_codegen::compare::{Change, Effect, compare};
use observatory_codegen::config::Config;
use observatory_codegen::files::{Mode, write_files};
use observatory_codegen::plan::{MethodPlan, OutputPlan, Runtime};
use observatory_codegen::{Generator, PlannedDocument, Strictness};
use observatory_conformance::corpus::documents;
use observatory_tests::shared::{self, root};
use rustdoc::Library;
use xtask::repository::VendorFolder;

/// What both crates are called.
const NAME: &str = "changing";

/// What stays the same from one document to the other.
struct Setting {
    vendor: Config,
    overlay: Option<PathBuf>,
    /// Where to compile.
    scratch: PathBuf,
}

impl Setting {
    fn new(vendor: Config, overlay: Option<PathBuf>, scratch: &str) -> Self {
        Self {
            // What is written by hand belongs to one of the crates alone.
            vendor: Config {
                ext: false,
                accept: Vec::new(),
                ..vendor
            },
            overlay,
            scratch: root().join("target/public-changes").join(scratch),
        }
    }

    /// As `spec diff` reads it.
    fn understood(&self, document: &Path) -> PlannedDocument {
        self.generator().plan(document).unwrap()
    }

    fn generator(&self) -> Generator {
        let runtime = root().join("crates/runtime").display().to_string();
        let generator = Generator::new(self.vendor.clone())
            .package(NAME)
            .command("cargo test -p observatory-tests")
            .document_name("openapi.yaml")
            .runtime(Runtime::Path(runtime))
            .strictness(Strictness::Lenient)
            .allow_gaps(true);
        match &self.overlay {
            Some(overlay) => generator.overlay(overlay),
            None => generator,
        }
    }

    /// What programs can name, one item a line.
    fn interface(&self, side: &str, made: &PlannedDocument) -> BTreeSet<String> {
        let home = self.scratch.join(side);
        let crate_ = self.generator().emit(made.clone()).unwrap();
        write_files(&crate_.files, &home, Mode::Write).unwrap();
        fs::copy(root().join("Cargo.lock"), home.join("Cargo.lock")).unwrap();
        let resources = made.plan.resources.iter();
        let mut features: Vec<&str> = resources.map(|it| it.feature.as_str()).collect();
        features.push("client");
        features.extend(made.plan.has_extra.then_some("extra-types"));
        let library = Library {
            folder: &home,
            package: NAME,
            features: &features.join(","),
            target: &root().join("target/public-changes/target").join(side),
        };
        library.lines().into_iter().collect()
    }

    /// Every item that the report does not account for.
    fn untold(&self, before: &Path, after: &Path) -> Vec<String> {
        let (old, new) = (self.understood(before), self.understood(after));
        let report = Report::new(&old, &new);
        let is = self.interface("new", &new);
        let was: BTreeSet<String> = (self.interface("old", &old).into_iter())
            .map(|item| report.in_new_names(&item))
            .collect();
        assert!(was.len() > 100 && was != is, "{} items", was.len());
        // That callers may make what they could not make before takes nothing from them.
        let opened = |item: &str| is.contains(item.trim_start_matches("#[non_exhaustive] "));
        let gone = was.difference(&is).filter(|item| !opened(item));
        let gone = gone.filter(|item| !report.tells(item, true));
        let come = is
            .difference(&was)
            .filter(|item| !report.tells(item, false));
        let gone = gone.map(|item| format!("- {item}"));
        let come = come.map(|item| format!("+ {item}"));
        gone.chain(come).collect()
    }
}

/// What `spec diff` says, by what it is about.
struct Report {
    changes: Vec<Change>,
    /// Methods by the module and the type of their request or answer.
    methods: BTreeMap<(String, String), BTreeSet<String>>,
    /// Modules by the handles of their resources.
    handles: BTreeMap<String, String>,
    /// Paths that are kept as deprecated names of others.
    kept: BTreeMap<String, String>,
}

impl Report {
    fn new(old: &PlannedDocument, new: &PlannedDocument) -> Self {
        let mut report = Self {
            changes: compare(old, new),
            methods: BTreeMap::new(),
            handles: BTreeMap::new(),
            kept: BTreeMap::new(),
        };
        for side in [old, new] {
            for resource in &side.plan.resources {
                let (handle, module) = (resource.handle.clone(), resource.module.clone());
                report.handles.insert(handle, module);
                for method in resource.files.iter().flatten() {
                    report.method(&resource.module, method);
                }
            }
        }
        for resource in &new.plan.resources {
            for method in resource.files.iter().flatten() {
                let path = |name: &str| format!("{NAME}::api::{}::{name}", resource.module);
                for was in method.was.iter().filter_map(|was| was.request.as_ref()) {
                    report.kept.insert(path(was), path(&method.request));
                }
            }
        }
        for model in new.plan.models.iter().flat_map(|file| &file.types) {
            let path = |name: &str| format!("{NAME}::models::{name}");
            for was in &model.was {
                report.kept.insert(path(&was.name), path(&model.name));
            }
        }
        report
    }

    fn method(&mut self, module: &str, method: &MethodPlan) {
        let answer = match &method.output {
            OutputPlan::Choice(name, _) => Some(name),
            _ => None,
        };
        for name in answer.into_iter().chain([&method.request]) {
            let place = (module.to_owned(), name.clone());
            let named = format!("{module}().{}", method.name);
            self.methods.entry(place).or_default().insert(named);
        }
    }

    /// An item of the old crate with the new names of what has both.
    fn in_new_names(&self, item: &str) -> String {
        let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
        let mut out = String::new();
        for piece in item.split_inclusive(|c| !is_path(c)) {
            let path = piece.trim_end_matches(|c| !is_path(c));
            let known = |(was, is): (&String, &String)| {
                let rest = path.strip_prefix(was.as_str())?;
                (rest.is_empty() || rest.starts_with(':')).then(|| format!("{is}{rest}"))
            };
            out.push_str(&self.kept.iter().find_map(known).unwrap_or(path.to_owned()));
            out.push_str(&piece[path.len()..]);
        }
        out
    }

    /// Whether it tells of this item, and that programs break where it is `gone`.
    fn tells(&self, item: &str, gone: bool) -> bool {
        let path = path(item);
        if let Some(now) = self.kept.get(&path).filter(|_| !gone) {
            let name = path.rsplit("::").next().unwrap();
            let called = format!("was called `{name}`; the old name stays for now");
            let told = |it: &Change| it.what == called || it.subject == format!("models::{name}");
            return now.contains("::api::") || self.changes.iter().any(told);
        }
        let parts: Vec<&str> = path.split("::").skip(1).collect();
        let changes = self.changes.iter();
        let mut changes = changes.filter(|it| !gone || it.effect == Effect::Breaking);
        match parts.as_slice() {
            ["models", name, member @ ..] => {
                changes.any(|it| of_type(it, name, member.first().copied()))
            }
            ["Client", "new"] => changes.any(|it| it.subject == "Client::new"),
            ["api", name] | ["Client", name] => {
                let module = self.handles.get(*name).map_or(*name, String::as_str);
                changes.any(|it| of_module(it, module))
            }
            ["api", module, name, member @ ..] => {
                let place = ((*module).to_owned(), (*name).to_owned());
                match self.methods.get(&place) {
                    Some(methods) => {
                        changes.any(|it| methods.iter().any(|method| of_call(it, method)))
                    }
                    // The handle of a resource.
                    None => changes.any(|it| match member {
                        [] | ["clone" | "fmt"] => of_module(it, module),
                        [method, ..] => of_call(it, &format!("{module}().{method}")),
                    }),
                }
            }
            _ => false,
        }
    }
}

/// Whether a change is one of a type, or of this part of it.
fn of_type(change: &Change, name: &str, member: Option<&str>) -> bool {
    let Some(rest) = change.subject.strip_prefix(&format!("models::{name}")) else {
        return false;
    };
    // What it compiles with says nothing of what it is.
    let whole = rest.is_empty() && !change.what.contains("feature");
    let part = rest.strip_prefix("::");
    whole || part.is_some() && (member.is_none_or(is_of_all) || part == member)
}

/// What a type has because of all its parts: constructors, conversions, and tables of what is in it.
fn is_of_all(member: &str) -> bool {
    ["new", "default", "from", "KEYS", "RULES", "EXTRA"].contains(&member)
}

/// Whether a change is one of a resource that all of its methods share, or that of one of them.
fn of_module(change: &Change, module: &str) -> bool {
    change.subject.starts_with(&format!("{module}()."))
}

/// Whether a change is one of this method, under its name or the one it had before.
fn of_call(change: &Change, method: &str) -> bool {
    let rest = change.subject.strip_prefix(method);
    let of = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    of || change.what.contains(&format!("was called `{method}`"))
}

/// What an item is about: its own path, or that of what implements something.
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

fn assert_told(setting: &Setting, before: &Path, after: &Path) {
    let untold = setting.untold(before, after);
    assert!(
        untold.is_empty(),
        "{} untold:\n{}",
        untold.len(),
        untold.join("\n")
    );
}

#[test]
fn a_document_with_every_kind_of_change() {
    let (before, after) = (
        "fixtures/changes/before.yaml",
        "fixtures/changes/after.yaml",
    );
    let mut setting = Setting::new(Config::default(), None, "fixture");
    assert_told(&setting, Path::new(before), Path::new(after));
    // As it is where programs use the names of before.
    setting.vendor.names.lock = setting.understood(Path::new(before)).plan.lock;
    assert_told(&setting, Path::new(before), Path::new(after));
    // And where those that were kept for a while go.
    setting.vendor.names.lock = setting.understood(Path::new(after)).plan.lock;
    assert_told(&setting, Path::new(before), Path::new(after));
}

#[test]
fn galileo_s_history() {
    let (Some(history), Some(now)) = (
        shared::find("vendor-docs/history"),
        shared::find("vendor-docs/galileo.yaml"),
    ) else {
        return;
    };
    let galileo = VendorFolder::find(&["galileo".to_owned()])
        .unwrap()
        .remove(0);
    let setting = Setting::new(galileo.config().unwrap(), galileo.overlay(), "galileo");
    for before in documents(&history).unwrap() {
        assert_told(&setting, &before, &now);
    }
}
