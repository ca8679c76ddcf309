//! Collects what the references of a document lead to.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::PathBuf;

use serde_json::Value;

use super::location::{Base, Refusal};
use super::scan::{FoundReference, find_references};
use crate::diag::{Code, Diagnostic};
use crate::ir::Pointer;
use crate::limits::MAX_DOCUMENT_BYTES;
use crate::loader::Loader;
use crate::source::load::{RawDocument, parse};
use crate::source::normalize::{EXTERNAL_FILES_KEY, percent_decode, unescape};

/// The index of the document among the files.
pub(super) const DOCUMENT: usize = 0;

/// A node of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FileNode {
    pub(super) file: usize,
    pub(super) at: Pointer,
}

/// A file that has been read.
pub(super) struct BundledFile {
    /// The path that identifies it.
    id: PathBuf,
    /// Its key in the bundled document.
    pub(super) key: String,
    pub(super) raw: RawDocument,
    /// The new texts of references, by pointer.
    pub(super) rewritten: BTreeMap<Pointer, String>,
    /// The nodes that are copied to `x-external-files`.
    pub(super) copied: BTreeSet<Pointer>,
}

/// The state of bundling.
pub(super) struct Bundler<'l> {
    loader: &'l dyn Loader,
    base: Base,
    pub(super) files: Vec<BundledFile>,
    /// The files that cannot be read, and why.
    unreadable: BTreeMap<PathBuf, String>,
    /// Nodes whose place in the document is taken by the node that they refer to, the outer ones first.
    pub(super) homes: Vec<(Pointer, FileNode)>,
    /// References that cannot be resolved, by their place.
    pub(super) unresolved: Vec<(FileNode, Diagnostic)>,
    queue: VecDeque<FileNode>,
    /// The `$id`s of schemas in the document.
    schema_ids: BTreeSet<String>,
    byte_count: usize,
}

impl<'l> Bundler<'l> {
    pub(super) fn new(raw: RawDocument, loader: &'l dyn Loader, allowed_dirs: &[PathBuf]) -> Self {
        let base = Base::new(&raw.path, loader, allowed_dirs);
        let id = loader
            .canonicalize(&raw.path)
            .unwrap_or_else(|_| raw.path.clone());
        Self {
            byte_count: raw.text.len(),
            schema_ids: schema_ids(&raw.value),
            files: vec![BundledFile {
                id,
                key: String::new(),
                raw,
                rewritten: BTreeMap::new(),
                copied: BTreeSet::new(),
            }],
            loader,
            base,
            unreadable: BTreeMap::new(),
            homes: Vec::new(),
            unresolved: Vec::new(),
            queue: VecDeque::new(),
        }
    }

    /// Follows all references.
    pub(super) fn collect(&mut self) {
        self.find_homes();
        self.queue.push_back(FileNode {
            file: DOCUMENT,
            at: Pointer::root(),
        });
        while let Some(node) = self.queue.pop_front() {
            let Some(value) = self.value(&node) else {
                continue;
            };
            for reference in find_references(value, &node.at) {
                self.follow(node.file, &reference);
            }
        }
    }

    /// Returns the value of a node.
    pub(super) fn value(&self, node: &FileNode) -> Option<&Value> {
        let file = self.files.get(node.file)?;
        node.at.value_in(&file.raw.value)
    }

    /// Finds the components, sections and path items that are only a reference into another file.
    fn find_homes(&mut self) {
        let mut open: VecDeque<(Pointer, FileNode, usize)> = VecDeque::new();
        // The last three are those of Swagger 2.0.
        for (key, depth) in [
            ("components", 2),
            ("paths", 1),
            ("definitions", 1),
            ("parameters", 1),
            ("responses", 1),
        ] {
            let at = Pointer::root().join(key);
            let node = FileNode {
                file: DOCUMENT,
                at: at.clone(),
            };
            open.push_back((at, node, depth));
        }
        while let Some((at, mut node, depth)) = open.pop_front() {
            if let Some(target) = self.bare_target(&node) {
                if !self.homes.iter().any(|(_, known)| *known == target) {
                    self.homes.push((at.clone(), target.clone()));
                    self.queue.push_back(target.clone());
                }
                node = target;
            }
            let Some(Value::Object(members)) = self.value(&node).filter(|_| depth > 0) else {
                continue;
            };
            let mut keys: Vec<&String> = members.keys().collect();
            keys.sort();
            for key in keys {
                let child = FileNode {
                    file: node.file,
                    at: node.at.join(key),
                };
                open.push_back((at.join(key), child, depth - 1));
            }
        }
    }

    /// Returns the node in another file that a node without other members refers to.
    fn bare_target(&mut self, node: &FileNode) -> Option<FileNode> {
        let object = self.value(node)?.as_object()?;
        let text = object.get("$ref")?.as_str()?.to_owned();
        if object.len() > 1 {
            return None;
        }
        let target = self.find_target(node.file, &text).ok()?;
        (target.file != node.file && target.file != DOCUMENT && self.value(&target).is_some())
            .then_some(target)
    }

    /// Follows a reference of a file: its target becomes part of the document.
    fn follow(&mut self, file: usize, reference: &FoundReference) {
        let is_local = file == DOCUMENT && reference.text.starts_with('#');
        if is_local || self.is_schema_id(&reference.text) {
            return;
        }
        let target = match reference.is_name() {
            true => self.component(file, &reference.text),
            false => self.find_target(file, &reference.text).map(Some),
        };
        match target {
            Ok(Some(target)) => {
                let text = self.place(&target);
                if let Some(file) = self.files.get_mut(file) {
                    let text = text.0.replace('%', "%25");
                    file.rewritten.insert(reference.at.clone(), text);
                }
            }
            Ok(None) => {}
            Err(refusal) => {
                let Refusal { message, help } = refusal;
                let at = &reference.at;
                let diag = Diagnostic::new(Code::ExternalRef, at, message).with_help(help);
                let node = FileNode {
                    file,
                    at: at.clone(),
                };
                self.unresolved.push((node, diag));
            }
        }
    }

    /// Returns whether a reference is to a schema of the document by its `$id`.
    fn is_schema_id(&self, text: &str) -> bool {
        let path = text.split('#').next().unwrap_or_default();
        let is_it = |id: &String| {
            let rest = id.strip_suffix(path);
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
        };
        !path.is_empty() && self.schema_ids.iter().any(is_it)
    }

    /// Returns whether a file name is the last segment of the document's own URI (`$self`).
    fn is_name_in_self(&self, name: &str) -> bool {
        let document = self.files.first().map(|file| &file.raw.value);
        let uri = document.and_then(|document| document.get("$self")?.as_str());
        uri.and_then(|uri| uri.rsplit_once('/'))
            .is_some_and(|(_, last)| last == name)
    }

    /// Returns a reference without the folder of the document's own URI (`$self`).
    fn relative_to_self<'t>(&self, path: &'t str) -> &'t str {
        let document = self.files.first().map(|file| &file.raw.value);
        let uri = document.and_then(|document| document.get("$self")?.as_str());
        let folder = uri.and_then(|uri| uri.rsplit_once('/'));
        folder
            .and_then(|(folder, _)| path.strip_prefix(folder)?.strip_prefix('/'))
            .unwrap_or(path)
    }

    /// Returns the component of a file that a mapping names.
    fn component(&self, file: usize, name: &str) -> Result<Option<FileNode>, Refusal> {
        let node = FileNode {
            file,
            at: Pointer::root()
                .join("components")
                .join("schemas")
                .join(name),
        };
        let exists = file != DOCUMENT && self.value(&node).is_some();
        Ok(exists.then_some(node))
    }

    /// Returns the place of a node in the bundled document. The node is copied there, unless it has a place already.
    fn place(&mut self, target: &FileNode) -> Pointer {
        if target.file == DOCUMENT {
            return target.at.clone();
        }
        let below = |node: &FileNode| {
            let rest = target.at.0.strip_prefix(&node.at.0)?;
            let is_below = rest.is_empty() || rest.starts_with('/');
            (node.file == target.file && is_below).then(|| rest.to_owned())
        };
        for (at, node) in &self.homes {
            if let Some(rest) = below(node) {
                return Pointer(format!("{}{rest}", at.0));
            }
        }
        let node = self.copied_node(target);
        if let Some(file) = self.files.get_mut(target.file) {
            if file.copied.insert(node.at.clone()) {
                self.queue.push_back(node);
            }
            let rest = target.at.0.trim_start_matches('#');
            let at = Pointer::root().join(EXTERNAL_FILES_KEY).join(&file.key);
            return Pointer(format!("{}{rest}", at.0));
        }
        target.at.clone()
    }

    /// Returns the node to copy for a target: itself, the array around it, or the reference that its pointer passes
    /// through.
    fn copied_node(&self, target: &FileNode) -> FileNode {
        let mut node = FileNode {
            file: target.file,
            at: Pointer::root(),
        };
        let tokens = target.at.0.split('/').skip(1);
        for token in tokens {
            let next = FileNode {
                file: target.file,
                at: Pointer(format!("{}/{token}", node.at.0)),
            };
            let is_array = self.value(&node).is_some_and(Value::is_array);
            if is_array || self.value(&next).is_none() {
                break;
            }
            node = next;
        }
        node
    }

    /// Returns the node that the reference `text` of a file leads to. It need not exist if the pointer passes through
    /// another reference.
    fn find_target(&mut self, from: usize, text: &str) -> Result<FileNode, Refusal> {
        let (path, fragment) = text.split_once('#').unwrap_or((text, ""));
        let file = match path {
            "" => from,
            path => self.file(from, path)?,
        };
        let missing = || Refusal {
            message: format!("`{text}` does not exist"),
            help: "correct the reference in overlay.yaml",
        };
        let fragment = percent_decode(fragment);
        if fragment.is_empty() || fragment.starts_with('/') {
            let node = FileNode {
                file,
                at: Pointer(format!("#{fragment}")),
            };
            let exists = self.value(&node).is_some() || self.passes_reference(&node);
            return if exists || file == DOCUMENT {
                Ok(node)
            } else {
                Err(missing())
            };
        }
        let value = self.files.get(file).map(|file| &file.raw.value);
        let at = value.and_then(|value| find_anchor(value, &fragment));
        at.map(|at| FileNode { file, at }).ok_or_else(missing)
    }

    /// Returns whether a pointer leads through a node that is a reference.
    fn passes_reference(&self, node: &FileNode) -> bool {
        let value = self.value(&self.copied_node(node));
        value.is_some_and(|value| value.get("$ref").is_some())
    }

    /// Returns the index of the file that `reference` leads to. Reads the file if it is a new one.
    fn file(&mut self, from: usize, reference: &str) -> Result<usize, Refusal> {
        let from = self
            .files
            .get(from)
            .map_or_else(PathBuf::new, |file| file.raw.path.clone());
        let relative = self.relative_to_self(reference);
        if relative != reference && self.is_name_in_self(relative) {
            return Ok(DOCUMENT);
        }
        let (path, id) = self.base.resolve(&from, relative, self.loader)?;
        if let Some(index) = self.files.iter().position(|file| file.id == id) {
            return Ok(index);
        }
        let failure = |message: &str| Refusal {
            message: format!("`{reference}` cannot be read: {message}"),
            help: "correct the file, or the reference in overlay.yaml",
        };
        if let Some(message) = self.unreadable.get(&id) {
            return Err(failure(message));
        }
        match self.read(path) {
            Ok(raw) => {
                self.byte_count += raw.text.len();
                self.files.push(BundledFile {
                    id,
                    key: self.base.key(&raw.path),
                    raw,
                    rewritten: BTreeMap::new(),
                    copied: BTreeSet::new(),
                });
                Ok(self.files.len() - 1)
            }
            Err(message) => {
                let refusal = failure(&message);
                self.unreadable.insert(id, message);
                Err(refusal)
            }
        }
    }

    fn read(&self, path: PathBuf) -> Result<RawDocument, String> {
        let bytes = self.loader.load(&path).map_err(|error| error.to_string())?;
        if self.byte_count + bytes.len() > MAX_DOCUMENT_BYTES {
            let limit = MAX_DOCUMENT_BYTES >> 20;
            return Err(format!("the files together are larger than {limit} MiB"));
        }
        parse(&path, bytes).map_err(|error| error.to_string())
    }
}

/// Returns the `$id` of every schema.
fn schema_ids(value: &Value) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(object) => {
                ids.extend(object.get("$id").and_then(Value::as_str).map(str::to_owned));
                open.extend(object.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    ids
}

/// Returns the pointer to the node with the `$anchor` `name`.
fn find_anchor(value: &Value, name: &str) -> Option<Pointer> {
    let mut open = vec![(Pointer::root(), value)];
    while let Some((at, value)) = open.pop() {
        match value {
            Value::Object(object) => {
                let mut anchors = ["$anchor", "$dynamicAnchor"].iter();
                if anchors.any(|key| object.get(*key).is_some_and(|anchor| anchor == name)) {
                    return Some(at);
                }
                let members = object.iter();
                open.extend(members.map(|(key, child)| (at.join(key), child)));
            }
            Value::Array(items) => {
                let items = items.iter().enumerate();
                open.extend(items.map(|(index, item)| (at.join(&index.to_string()), item)));
            }
            _ => {}
        }
    }
    None
}

/// Returns the unescaped tokens of a pointer.
pub(super) fn tokens(at: &Pointer) -> impl Iterator<Item = String> {
    at.0.split('/').skip(1).map(unescape)
}
