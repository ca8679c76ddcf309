//! Resolves dynamic references (JSON Schema 2020-12, section 8.2.3).
//!
//! A dynamic reference leads to the anchor of its name in the outermost of the schemas that lead to it. A schema that is
//! reached with other bindings than its own is copied, with its dynamic references bound: `UserPage` and `OrderPage` of
//! one generic `Page` are two types.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::enclosing_schema;
use super::tree::{find_anchor, for_each_child, for_each_child_mut, has_names};
use crate::diag::{Code, Diagnostic};
use crate::ir::Pointer;
use crate::limits::{Budget, MAX_ADDED_VALUES, MAX_SCHEMA_DEPTH};
use crate::source::normalize::normalizer::count_values;

/// The targets of dynamic anchors, by name.
type Bindings = BTreeMap<String, Pointer>;

/// Keywords next to a reference that leave its target unchanged.
const WITHOUT_EFFECT: &[&str] = &[
    "$anchor",
    "$comment",
    "$defs",
    "$dynamicAnchor",
    "$id",
    "$schema",
    "definitions",
    "description",
    "title",
];

/// Replaces every dynamic reference by a reference. References to identifiers have become pointers before.
///
/// # Errors
/// When the copies have too many values.
pub(super) fn bind_dynamic_references(document: &mut Value) -> Result<(), Diagnostic> {
    let original = document.clone();
    let mut binder = Binder {
        root: &original,
        anchors: BTreeMap::new(),
        names: BTreeMap::new(),
        copies: Vec::new(),
        budget: Budget::new(MAX_ADDED_VALUES),
        refused: None,
    };
    binder.collect_anchors(&original, &Pointer::root());
    if !binder.has_dynamic_references(&original) {
        return Ok(());
    }
    binder.collect_names();
    binder.bind(document, &Pointer::root(), &Bindings::new());
    match binder.refused {
        Some(diag) => Err(diag),
        None => Ok(()),
    }
}

/// A schema that is being copied.
struct Copy {
    target: Pointer,
    bindings: Bindings,
    /// Where the copy is.
    at: Pointer,
}

struct Binder<'d> {
    root: &'d Value,
    /// The dynamic anchors of each resource.
    anchors: BTreeMap<Pointer, Bindings>,
    /// The names of the dynamic references that each target of a reference leads to.
    names: BTreeMap<Pointer, BTreeSet<String>>,
    /// The copies around the current node, outermost first.
    copies: Vec<Copy>,
    budget: Budget,
    refused: Option<Diagnostic>,
}

impl Binder<'_> {
    fn collect_anchors(&mut self, value: &Value, at: &Pointer) {
        if is_resource(value, at) {
            let mut anchors = Bindings::new();
            add_anchors(value, at, &mut anchors);
            self.anchors.insert(at.clone(), anchors);
        }
        for_each_child(value, at, |child, at| self.collect_anchors(child, at));
    }

    fn has_dynamic_references(&self, value: &Value) -> bool {
        match value {
            Value::Object(object) => {
                dynamic_name(object).is_some()
                    || object
                        .values()
                        .any(|child| self.has_dynamic_references(child))
            }
            Value::Array(items) => items.iter().any(|item| self.has_dynamic_references(item)),
            _ => false,
        }
    }

    /// Collects the names of the dynamic references that every target of a reference leads to.
    fn collect_names(&mut self) {
        let mut edges: BTreeMap<Pointer, BTreeSet<Pointer>> = BTreeMap::new();
        let mut open: Vec<Pointer> = Vec::new();
        let mut all = References::default();
        all.collect(self.root, &Pointer::root());
        open.extend(all.targets);
        open.extend(self.anchors.values().flat_map(BTreeMap::values).cloned());
        while let Some(at) = open.pop() {
            if edges.contains_key(&at) {
                continue;
            }
            let mut own = References::default();
            if let Some(value) = at.value_in(self.root) {
                own.collect(value, &at);
            }
            // Each binding of a dynamic reference is a possible target.
            for name in &own.names {
                let bindings = self.anchors.values().filter_map(|all| all.get(name));
                own.targets.extend(bindings.cloned());
            }
            open.extend(own.targets.iter().cloned());
            self.names.insert(at.clone(), own.names);
            edges.insert(at, own.targets);
        }
        self.propagate_names(&edges);
    }

    /// Adds the names of each target to those of the schemas that refer to it.
    fn propagate_names(&mut self, edges: &BTreeMap<Pointer, BTreeSet<Pointer>>) {
        let mut users: BTreeMap<&Pointer, Vec<&Pointer>> = BTreeMap::new();
        for (at, targets) in edges {
            for target in targets {
                users.entry(target).or_default().push(at);
            }
        }
        let mut open: Vec<&Pointer> = edges.keys().collect();
        while let Some(at) = open.pop() {
            let names = self.names.get(at).cloned().unwrap_or_default();
            for user in users.get(at).into_iter().flatten() {
                let Some(known) = self.names.get_mut(*user) else {
                    continue;
                };
                let count = known.len();
                known.extend(names.iter().cloned());
                let added = known.len() - count;
                if !self.budget.spend(added) {
                    return self.refuse(at);
                }
                if added > 0 {
                    open.push(user);
                }
            }
        }
    }

    /// Binds the references in a value that is reached with these bindings.
    fn bind(&mut self, value: &mut Value, at: &Pointer, bindings: &Bindings) {
        if self.refused.is_some() {
            return;
        }
        let mut bindings = bindings.clone();
        if is_resource(value, at) {
            // A definition is reached by references only.
            if self.copies.is_empty() && is_definition(at) {
                bindings.clear();
            }
            let mut own = Bindings::new();
            add_anchors(value, at, &mut own);
            bindings = with_anchors(&bindings, own);
        }
        let mut copied = None;
        if let Value::Object(object) = value {
            if let Some(name) = dynamic_name(object).map(str::to_owned) {
                let known = bindings.get(&name).cloned();
                if let Some(target) = known.or_else(|| self.nearest_anchor(at, &name)) {
                    object.remove("$dynamicRef");
                    object.insert("$ref".to_owned(), target.0.into());
                }
            }
            copied = self.copy_target(object, at, &bindings);
        }
        for_each_child_mut(value, at, |child, at| self.bind(child, at, &bindings));
        // The copy is complete, and references inside may lead to it.
        if let (Some(copy), Value::Object(object)) = (copied, value) {
            let members = object.entry("allOf").or_insert_with(|| json!([]));
            if let Value::Array(members) = members {
                members.push(copy);
            }
        }
    }

    /// Replaces the reference of a schema that leads to others with these bindings than with its own, and returns the
    /// copy of its target.
    fn copy_target(
        &mut self,
        object: &mut Map<String, Value>,
        at: &Pointer,
        bindings: &Bindings,
    ) -> Option<Value> {
        let target = Pointer(object.get("$ref")?.as_str()?.to_owned());
        let names = self.names.get(&target)?;
        let anchors = self.anchors_around(&target);
        let restrict = |mut all: Bindings| {
            all.retain(|name, _| names.contains(name));
            all
        };
        let inherited = restrict(with_anchors(bindings, anchors.clone()));
        let own = restrict(anchors);
        if own == inherited {
            return None;
        }
        let mut copies = self.copies.iter();
        let around = copies.find(|copy| copy.target == target && copy.bindings == inherited);
        if let Some(around) = around {
            object.insert("$ref".to_owned(), around.at.0.clone().into());
            return None;
        }
        let mut copy = target.value_in(self.root)?.clone();
        let is_deep = self.copies.len() >= MAX_SCHEMA_DEPTH;
        if is_deep || !self.budget.spend(count_values(&copy)) {
            self.refuse(at);
            return None;
        }
        object.remove("$ref");
        let position = object
            .get("allOf")
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        let inside = at.join("allOf").join(&position.to_string());
        // A schema that only binds anchors is the copy itself.
        let is_alias = object
            .keys()
            .all(|key| WITHOUT_EFFECT.contains(&key.as_str()));
        self.copies.push(Copy {
            target,
            bindings: inherited.clone(),
            at: if is_alias { at.clone() } else { inside.clone() },
        });
        self.bind(&mut copy, &inside, &inherited);
        self.copies.pop();
        Some(copy)
    }

    /// Returns the dynamic anchors of the resource that a schema is in.
    fn anchors_around(&self, at: &Pointer) -> Bindings {
        let mut pointer = at.0.as_str();
        loop {
            if let Some(found) = self.anchors.get(&Pointer(pointer.to_owned())) {
                return found.clone();
            }
            match pointer.rsplit_once('/') {
                Some((parent, _)) => pointer = parent,
                None => return Bindings::new(),
            }
        }
    }

    /// Returns the anchor of a reference that nothing binds: in the nearest node that contains both.
    fn nearest_anchor(&self, at: &Pointer, name: &str) -> Option<Pointer> {
        let mut ancestor = at.0.as_str();
        loop {
            let pointer = Pointer(ancestor.to_owned());
            let node = pointer.value_in(self.root);
            let found = node.and_then(|node| find_anchor(node, &pointer, name));
            if found.is_some() {
                return found;
            }
            ancestor = ancestor.rsplit_once('/')?.0;
        }
    }

    fn refuse(&mut self, at: &Pointer) {
        let message = "bindings of dynamic anchors repeat too many schemas";
        let help = "replace `$dynamicRef` by `$ref` in overlay.yaml";
        self.refused
            .get_or_insert_with(|| Diagnostic::new(Code::TooBig, at, message).with_help(help));
    }
}

/// The references in a value.
#[derive(Default)]
struct References {
    targets: BTreeSet<Pointer>,
    names: BTreeSet<String>,
}

impl References {
    fn collect(&mut self, value: &Value, at: &Pointer) {
        if let Value::Object(object) = value {
            let target = object.get("$ref").and_then(Value::as_str);
            let target = target.filter(|target| target.starts_with("#/"));
            self.targets
                .extend(target.map(|target| Pointer(target.to_owned())));
            self.names.extend(dynamic_name(object).map(str::to_owned));
        }
        for_each_child(value, at, |child, at| self.collect(child, at));
    }
}

/// Returns the name of a schema's dynamic reference.
fn dynamic_name(schema: &Map<String, Value>) -> Option<&str> {
    let name = schema.get("$dynamicRef")?.as_str()?.strip_prefix('#')?;
    (!name.starts_with('/')).then_some(name)
}

/// Returns whether a node is a resource: a schema with `$id`, an outermost schema, or one whose definitions bind anchors.
/// The last two are none for JSON Schema, but a document of OpenAPI has many schemas without `$id`.
fn is_resource(value: &Value, at: &Pointer) -> bool {
    let Value::Object(object) = value else {
        return false;
    };
    if has_names(at) {
        return false;
    }
    let definitions = ["$defs", "definitions"].into_iter();
    let mut definitions = definitions
        .filter_map(|key| object.get(key)?.as_object())
        .flat_map(Map::values);
    object.get("$id").is_some_and(Value::is_string)
        || definitions.any(|definition| definition.get("$dynamicAnchor").is_some())
        || enclosing_schema(at).as_ref() == Some(at)
}

/// Adds the dynamic anchors of a resource, without those of resources inside.
fn add_anchors(value: &Value, at: &Pointer, found: &mut Bindings) {
    if let Some(Value::String(name)) = value.get("$dynamicAnchor").filter(|_| !has_names(at)) {
        let target = only_reference(value).unwrap_or_else(|| at.clone());
        found.entry(name.clone()).or_insert(target);
    }
    for_each_child(value, at, |child, at| {
        if !is_resource(child, at) {
            add_anchors(child, at, found);
        }
    });
}

/// Returns the bindings inside a resource: those of the schemas around it come first.
fn with_anchors(bindings: &Bindings, own: Bindings) -> Bindings {
    own.into_iter().chain(bindings.clone()).collect()
}

fn is_definition(at: &Pointer) -> bool {
    let mut tokens = at.0.rsplit('/').skip(1);
    matches!(tokens.next(), Some("$defs" | "definitions"))
}

/// Returns the target of a definition that is another name for it.
fn only_reference(definition: &Value) -> Option<Pointer> {
    let mut keys = definition.as_object()?.keys();
    let is_reference = keys.all(|key| matches!(key.as_str(), "$ref" | "$dynamicAnchor"));
    let target = definition.get("$ref")?.as_str()?;
    (is_reference && target.starts_with("#/")).then(|| Pointer(target.to_owned()))
}
