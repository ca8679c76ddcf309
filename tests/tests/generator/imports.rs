//! Import circles: none between folders, and none of more than three files.
//!
//! An import is a `use` or a path that starts with `crate`, `super`, `self` or a child module. A re-exported name counts as
//! an import of the file that defines it, so that `mod.rs` is not a detour. Declaring a child module is not an import.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use observatory_tests::repository::{files, root};
use syn::visit::{self, Visit};
use syn::{Item, UseTree};

const CRATES: &[&str] = &[
    "xtask",
    "xtask/bench",
    "xtask/codegen",
    "xtask/conformance",
    "crates/macros",
    "crates/observatory",
    "crates/runtime",
];

/// The largest circle that is accepted inside a folder.
const MAX_CIRCLE: usize = 3;

/// A path from the root of the crate: the names of modules.
type Module = Vec<String>;

/// A source file as a module.
struct SourceFile {
    path: PathBuf,
    /// The names it re-exports, with the path that defines each; `*` collects globs.
    exports: Vec<(String, Module)>,
    /// The paths it imports, from the root of the crate.
    imports: BTreeSet<Module>,
}

/// Collects the imports and re-exports of one module.
struct Imports<'m> {
    module: &'m Module,
    children: BTreeSet<String>,
    exports: Vec<(String, Module)>,
    imports: BTreeSet<Module>,
}

impl Imports<'_> {
    /// Returns a path of the source, from the root of the crate; `None` for other crates and local names.
    fn resolve(&self, segments: &[String]) -> Option<Module> {
        let (first, rest) = segments.split_first()?;
        let mut base = self.module.clone();
        let mut rest = rest;
        match first.as_str() {
            "crate" => base.clear(),
            "self" => {}
            "super" => {
                base.pop();
                while let Some(("super", more)) = rest.split_first().map(|(a, b)| (a.as_str(), b)) {
                    base.pop();
                    rest = more;
                }
            }
            child if self.children.contains(child) => base.push(child.to_owned()),
            _ => return None,
        }
        base.extend(rest.iter().cloned());
        Some(base)
    }

    fn add_use(&mut self, tree: &UseTree, before: &mut Vec<String>, exported: bool) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.add_use(&path.tree, before, exported);
                before.pop();
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.add_use(tree, before, exported);
                }
            }
            UseTree::Name(name) => self.add_leaf(before, &name.ident, &name.ident, exported),
            UseTree::Rename(name) => self.add_leaf(before, &name.ident, &name.rename, exported),
            UseTree::Glob(_) => {
                if let Some(path) = self.resolve(before) {
                    self.add(path, "*".to_owned(), exported);
                }
            }
        }
    }

    fn add_leaf(
        &mut self,
        before: &[String],
        name: &syn::Ident,
        shown: &syn::Ident,
        exported: bool,
    ) {
        let mut path = before.to_vec();
        if name != "self" {
            path.push(name.to_string());
        }
        if let Some(path) = self.resolve(&path) {
            self.add(path, shown.to_string(), exported);
        }
    }

    fn add(&mut self, path: Module, shown: String, exported: bool) {
        match exported {
            true => self.exports.push((shown, path)),
            false => drop(self.imports.insert(path)),
        }
    }
}

impl<'ast> Visit<'ast> for Imports<'_> {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let exported = !matches!(item.vis, syn::Visibility::Inherited);
        self.add_use(&item.tree, &mut Vec::new(), exported);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string());
        let names: Vec<String> = names.collect();
        if names.len() > 1
            && path.leading_colon.is_none()
            && let Some(path) = self.resolve(&names)
        {
            self.imports.insert(path);
        }
        visit::visit_path(self, path);
    }

    /// `pub(in crate::plan)` is not an import.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    /// A derive in a quoted text is not an import, nor is what a macro is given.
    fn visit_macro(&mut self, _: &'ast syn::Macro) {}
}

/// Returns the module of a file, from the root of its crate.
fn module_of(file: &Path, src: &Path) -> Module {
    let relative = file.strip_prefix(src).unwrap().with_extension("");
    let mut module: Module = relative
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    if module.last().is_some_and(|name| name == "mod") || module == ["lib"] {
        module.pop();
    }
    module
}

fn read_crate(src: &Path) -> BTreeMap<Module, SourceFile> {
    let mut crate_files = BTreeMap::new();
    for path in files(src, "rs") {
        if path.ends_with("main.rs") {
            continue;
        }
        let module = module_of(&path, src);
        let parsed = syn::parse_file(&fs::read_to_string(&path).unwrap()).unwrap();
        let children = parsed.items.iter().filter_map(|item| match item {
            Item::Mod(item) => Some(item.ident.to_string()),
            _ => None,
        });
        let mut found = Imports {
            module: &module,
            children: children.collect(),
            exports: Vec::new(),
            imports: BTreeSet::new(),
        };
        found.visit_file(&parsed);
        let Imports {
            exports, imports, ..
        } = found;
        crate_files.insert(
            module,
            SourceFile {
                path,
                exports,
                imports,
            },
        );
    }
    crate_files
}

/// Returns the module that defines what `path` names, following re-exports.
fn defining_module(
    crate_files: &BTreeMap<Module, SourceFile>,
    path: &Module,
    depth: usize,
) -> Option<Module> {
    let longest = (0..=path.len())
        .rev()
        .find(|len| crate_files.contains_key(&path[..*len]))?;
    let (module, rest) = path.split_at(longest);
    let file = &crate_files[module];
    if let Some(name) = rest.first()
        && depth < 8
    {
        let named = file.exports.iter().find(|(shown, _)| shown == name);
        if let Some((_, target)) = named {
            let target = [target, &rest[1..]].concat();
            return defining_module(crate_files, &target, depth + 1);
        }
    }
    Some(module.to_vec())
}

/// The files that each file imports, by index into the sorted modules.
fn edges(crate_files: &BTreeMap<Module, SourceFile>) -> Vec<BTreeSet<usize>> {
    let index: BTreeMap<&Module, usize> = crate_files.keys().zip(0..).collect();
    let targets = |(module, file): (&Module, &SourceFile)| {
        let found = file
            .imports
            .iter()
            .filter_map(|path| defining_module(crate_files, path, 0));
        let found = found.filter(|target| target != module);
        found.map(|target| index[&target]).collect()
    };
    crate_files.iter().map(targets).collect()
}

/// Returns the groups of files that import each other, directly or not: those that reach each other.
fn circles(edges: &[BTreeSet<usize>]) -> Vec<Vec<usize>> {
    let reach = |start: usize| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![start]);
        while let Some(next) = open.pop() {
            open.extend(edges[next].iter().copied().filter(|to| seen.insert(*to)));
        }
        seen
    };
    let reached: Vec<BTreeSet<usize>> = (0..edges.len()).map(reach).collect();
    let mut found: BTreeSet<Vec<usize>> = BTreeSet::new();
    for (start, ends) in reached.iter().enumerate() {
        if ends.contains(&start) {
            let group = ends
                .iter()
                .copied()
                .filter(|end| reached[*end].contains(&start));
            found.insert(group.collect());
        }
    }
    found.into_iter().filter(|group| group.len() > 1).collect()
}

/// Returns the folder of a module. `name.rs` next to the folder `name/` belongs to it, as `name/mod.rs` does.
fn folder(path: &Path) -> PathBuf {
    let own = path.with_extension("");
    match own.is_dir() {
        true => own,
        false => path.parent().unwrap().to_path_buf(),
    }
}

#[test]
fn no_import_circle_spans_folders_or_more_than_three_files() {
    let mut faults = Vec::new();
    for name in CRATES {
        let src = root().join(name).join("src");
        let crate_files = read_crate(&src);
        assert!(crate_files.len() > 5, "{name} has sources");
        let paths: Vec<&PathBuf> = crate_files.values().map(|file| &file.path).collect();
        for group in circles(&edges(&crate_files)) {
            let members: Vec<&Path> = group.iter().map(|index| paths[*index].as_path()).collect();
            let folders: BTreeSet<PathBuf> = members.iter().map(|path| folder(path)).collect();
            if folders.len() > 1 || members.len() > MAX_CIRCLE {
                let shown = members
                    .iter()
                    .map(|path| path.strip_prefix(&src).unwrap().display().to_string());
                faults.push(format!("{name}: {}", shown.collect::<Vec<_>>().join(", ")));
            }
        }
    }
    assert!(faults.is_empty(), "import circles:\n{}", faults.join("\n"));
}

#[test]
fn finds_circles_and_ignores_chains() {
    let edges = |pairs: &[(usize, usize)]| {
        let mut edges = vec![BTreeSet::new(); 5];
        for (from, to) in pairs {
            edges[*from].insert(*to);
        }
        edges
    };
    assert_eq!(
        circles(&edges(&[(0, 1), (1, 2), (0, 2)])),
        Vec::<Vec<usize>>::new()
    );
    assert_eq!(
        circles(&edges(&[(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 3)])),
        [vec![0, 1, 2], vec![3, 4]]
    );
}
