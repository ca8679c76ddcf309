//! Resolves what identifies schemas inside a document: `$id`, anchors, and dynamic references.
//!
//! Runs before everything else, and only on documents that use these keywords. Afterwards every reference to a schema of
//! the document is a pointer.
//!
//! A schema that binds a dynamic anchor and refers to another one gets a copy of that one, in which the dynamic
//! references lead to the binding: `UserPage` and `OrderPage` of one generic `Page` are two types.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::resolve::{percent_decode, pointer_tokens, unescape};
use crate::ir::Pointer;

/// How deep copies of generic schemas nest at most. A binding inside a copy may refer to a generic schema again.
const MAX_COPIES: usize = 4;

/// Returns the document with its identifiers resolved.
pub(super) fn resolve_identifiers(document: &Value) -> Cow<'_, Value> {
    if !uses_identifiers(document) {
        return Cow::Borrowed(document);
    }
    let mut index = IdentifierIndex::default();
    index.collect(document, &Pointer::root(), &Resource::default());
    let mut document = document.clone();
    let original = document.clone();
    index.rewrite(
        &original,
        &mut document,
        &Pointer::root(),
        &Resource::default(),
    );
    let bound = document.clone();
    bind_dynamic_anchors(&bound, &mut document, &Pointer::root(), 0);
    let unbound = document.clone();
    resolve_dynamic_references(&unbound, &mut document, &Pointer::root());
    Cow::Owned(document)
}

/// Returns whether a document has one of the keywords.
fn uses_identifiers(value: &Value) -> bool {
    match value {
        Value::Object(object) => {
            let has_keyword = |key: &str| object.get(key).is_some_and(Value::is_string);
            ["$id", "$anchor", "$dynamicRef", "$dynamicAnchor"]
                .into_iter()
                .any(has_keyword)
                || object.values().any(uses_identifiers)
        }
        Value::Array(items) => items.iter().any(uses_identifiers),
        _ => false,
    }
}

/// A schema with `$id`, or the document: references inside are relative to it.
#[derive(Clone, Default)]
struct Resource {
    /// The absolute URI; empty for the document.
    uri: String,
    /// The pointer; empty for the document.
    at: String,
}

/// The schemas with `$id` or an anchor.
#[derive(Default)]
struct IdentifierIndex {
    /// By their URI.
    pointers: BTreeMap<String, Pointer>,
    /// By the pointer of the resource that they are in (empty for the document), and by their anchor.
    anchors: BTreeMap<(String, String), Pointer>,
}

impl IdentifierIndex {
    fn collect(&mut self, value: &Value, at: &Pointer, resource: &Resource) {
        let resource = inner_resource(value, at, resource);
        if !resource.at.is_empty() && resource.at == at.0 {
            self.pointers
                .entry(resource.uri.clone())
                .or_insert_with(|| at.clone());
        }
        for key in ["$anchor", "$dynamicAnchor"] {
            if let Some(Value::String(name)) = value.get(key) {
                let key = (resource.at.clone(), name.clone());
                self.anchors.entry(key).or_insert_with(|| at.clone());
            }
        }
        for_each_child(value, at, |child, at| self.collect(child, at, &resource));
    }

    /// Replaces references to identifiers by pointers.
    fn rewrite(&self, root: &Value, value: &mut Value, at: &Pointer, resource: &Resource) {
        let resource = inner_resource(value, at, resource);
        if let Value::Object(object) = value
            && let Some(Value::String(text)) = object.get("$ref")
            && let Some(pointer) = self.resolve(root, text, &resource)
        {
            object.insert("$ref".to_owned(), pointer.into());
        }
        for_each_child_mut(value, at, |child, at| {
            self.rewrite(root, child, at, &resource)
        });
    }

    /// Returns the reference as a pointer. `None` if it is none of a schema with `$id`.
    fn resolve(&self, root: &Value, reference: &str, resource: &Resource) -> Option<String> {
        let (uri, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let target = match uri {
            "" if resource.at.is_empty() => {
                let key = (String::new(), percent_decode(fragment));
                return self.anchors.get(&key).map(|at| at.0.clone());
            }
            "" => Pointer(resource.at.clone()),
            uri => self.pointers.get(&join_uri(&resource.uri, uri))?.clone(),
        };
        let schema = node_at(root, &target)?;
        if fragment.is_empty() {
            return Some(target.0);
        }
        match fragment.strip_prefix('/') {
            Some(path) => {
                let tokens = path.split('/').map(unescape);
                let at = tokens.fold(target, |at, token| at.join(&token));
                node_at(root, &at).map(|_| at.0)
            }
            None => {
                let key = (target.0.clone(), fragment.to_owned());
                let known = self.anchors.get(&key).cloned();
                let found = known.or_else(|| find_anchor(schema, &target, fragment));
                found.map(|at| at.0)
            }
        }
    }
}

/// Returns the resource that a value starts, or else the one that it is in.
fn inner_resource(value: &Value, at: &Pointer, resource: &Resource) -> Resource {
    match value.get("$id") {
        Some(Value::String(id)) if at.0 != "#" => Resource {
            uri: join_uri(&resource.uri, id.trim_end_matches('#')),
            at: at.0.clone(),
        },
        _ => resource.clone(),
    }
}

/// Resolves a URI reference against a base (RFC 3986, section 5.2, without dot segments).
fn join_uri(base: &str, reference: &str) -> String {
    if reference.contains("://") || reference.starts_with("urn:") || base.is_empty() {
        return reference.to_owned();
    }
    let authority_end = base.find("://").and_then(|scheme| {
        let rest = base.get(scheme + 3..)?;
        Some(scheme + 3 + rest.find('/').unwrap_or(rest.len()))
    });
    let prefix = match reference.starts_with('/') {
        true => authority_end.and_then(|end| base.get(..end)),
        false => base.rfind('/').and_then(|end| base.get(..=end)),
    };
    format!(
        "{}{}",
        prefix.unwrap_or_default(),
        reference.trim_start_matches("./")
    )
}

/// Replaces references to generic schemas by copies that lead to the bindings next to the reference.
fn bind_dynamic_anchors(root: &Value, value: &mut Value, at: &Pointer, copies: usize) {
    let mut copies = copies;
    if copies < MAX_COPIES
        && let Value::Object(object) = value
        && let Some(Value::String(target)) = object.get("$ref")
    {
        let bindings = dynamic_anchors(object, at);
        let generic = node_at(root, &Pointer(target.clone()));
        let copy = generic.filter(|generic| has_dynamic_reference(generic, &bindings));
        if let Some(copy) = copy {
            let mut copy = copy.clone();
            copies += 1;
            bind(&mut copy, &bindings);
            object.remove("$ref");
            let members = object.entry("allOf").or_insert_with(|| json!([]));
            if let Value::Array(members) = members {
                members.insert(0, copy);
            }
        }
    }
    for_each_child_mut(value, at, |child, at| {
        bind_dynamic_anchors(root, child, at, copies);
    });
}

/// Returns the dynamic anchors that a schema binds: its own, and those of its `$defs`.
fn dynamic_anchors(schema: &Map<String, Value>, at: &Pointer) -> BTreeMap<String, Pointer> {
    let mut found = BTreeMap::new();
    let own = schema.get("$dynamicAnchor").and_then(Value::as_str);
    found.extend(own.map(|name| (name.to_owned(), at.clone())));
    for key in ["$defs", "definitions"] {
        let definitions = schema.get(key).and_then(Value::as_object);
        for (name, definition) in definitions.into_iter().flatten() {
            let anchor = definition.get("$dynamicAnchor").and_then(Value::as_str);
            let target = only_reference(definition).unwrap_or_else(|| at.join(key).join(name));
            found.extend(anchor.map(|anchor| (anchor.to_owned(), target)));
        }
    }
    found
}

/// Returns the target of a definition that is another name for it.
fn only_reference(definition: &Value) -> Option<Pointer> {
    let mut keys = definition.as_object()?.keys();
    let is_reference = keys.all(|key| matches!(key.as_str(), "$ref" | "$dynamicAnchor"));
    let target = definition.get("$ref")?.as_str()?;
    (is_reference && target.starts_with("#/")).then(|| Pointer(target.to_owned()))
}

fn has_dynamic_reference(value: &Value, bindings: &BTreeMap<String, Pointer>) -> bool {
    if bindings.is_empty() {
        return false;
    }
    match value {
        Value::Object(object) => {
            bound_target(object, bindings).is_some()
                || object
                    .values()
                    .any(|child| has_dynamic_reference(child, bindings))
        }
        Value::Array(items) => items
            .iter()
            .any(|item| has_dynamic_reference(item, bindings)),
        _ => false,
    }
}

/// Returns the binding of a schema's dynamic reference.
fn bound_target<'b>(
    schema: &Map<String, Value>,
    bindings: &'b BTreeMap<String, Pointer>,
) -> Option<&'b Pointer> {
    let reference = schema.get("$dynamicRef")?.as_str()?;
    bindings.get(reference.strip_prefix('#')?)
}

/// Makes the dynamic references of a copy lead to the bindings, and removes what identified the original.
fn bind(value: &mut Value, bindings: &BTreeMap<String, Pointer>) {
    match value {
        Value::Object(object) => {
            if let Some(target) = bound_target(object, bindings) {
                let target = target.0.clone();
                object.remove("$dynamicRef");
                object.insert("$ref".to_owned(), target.into());
            }
            // A property may have the name of a keyword; its value is a schema then.
            object.retain(|key, value| {
                !matches!(key.as_str(), "$id" | "$anchor" | "$dynamicAnchor") || !value.is_string()
            });
            object.values_mut().for_each(|child| bind(child, bindings));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| bind(item, bindings)),
        _ => {}
    }
}

/// Replaces the other dynamic references: they lead to the anchor of the nearest schema that contains both.
fn resolve_dynamic_references(root: &Value, value: &mut Value, at: &Pointer) {
    if let Value::Object(object) = value
        && let Some(Value::String(reference)) = object.get("$dynamicRef")
        && let Some(name) = reference
            .strip_prefix('#')
            .filter(|name| !name.starts_with('/'))
        && let Some(target) = nearest_anchor(root, at, name)
    {
        object.remove("$dynamicRef");
        object.insert("$ref".to_owned(), target.0.into());
    }
    for_each_child_mut(value, at, |child, at| {
        resolve_dynamic_references(root, child, at)
    });
}

fn nearest_anchor(root: &Value, at: &Pointer, name: &str) -> Option<Pointer> {
    let mut ancestor = at.0.as_str();
    loop {
        let pointer = Pointer(ancestor.to_owned());
        let found = node_at(root, &pointer).and_then(|node| find_anchor(node, &pointer, name));
        if found.is_some() {
            return found;
        }
        ancestor = ancestor.rsplit_once('/')?.0;
    }
}

/// Returns the schema with an anchor in a value.
fn find_anchor(value: &Value, at: &Pointer, name: &str) -> Option<Pointer> {
    let is_anchor = |key: &str| value.get(key).and_then(Value::as_str) == Some(name);
    if ["$anchor", "$dynamicAnchor"].into_iter().any(is_anchor) {
        return Some(at.clone());
    }
    let mut found = None;
    for_each_child(value, at, |child, at| {
        if found.is_none() {
            found = find_anchor(child, at, name);
        }
    });
    found
}

fn node_at<'d>(root: &'d Value, at: &Pointer) -> Option<&'d Value> {
    let mut node = root;
    for token in pointer_tokens(&at.0) {
        node = match node {
            Value::Object(object) => object.get(&token)?,
            Value::Array(items) => items.get(token.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(node)
}

fn for_each_child(value: &Value, at: &Pointer, mut visit: impl FnMut(&Value, &Pointer)) {
    match value {
        Value::Object(object) => {
            let mut children: Vec<_> = object.iter().collect();
            children.sort_by_key(|(key, _)| *key);
            for (key, child) in children
                .into_iter()
                .filter(|(_, child)| is_container(child))
            {
                visit(child, &at.join(key));
            }
        }
        Value::Array(items) => {
            for (i, child) in items
                .iter()
                .enumerate()
                .filter(|(_, child)| is_container(child))
            {
                visit(child, &at.join(&i.to_string()));
            }
        }
        _ => {}
    }
}

fn for_each_child_mut(
    value: &mut Value,
    at: &Pointer,
    mut visit: impl FnMut(&mut Value, &Pointer),
) {
    match value {
        Value::Object(object) => {
            for (key, child) in object.iter_mut().filter(|(_, child)| is_container(child)) {
                visit(child, &at.join(key));
            }
        }
        Value::Array(items) => {
            let items = items.iter_mut().enumerate();
            for (i, child) in items.filter(|(_, child)| is_container(child)) {
                visit(child, &at.join(&i.to_string()));
            }
        }
        _ => {}
    }
}

fn is_container(value: &Value) -> bool {
    value.is_object() || value.is_array()
}
