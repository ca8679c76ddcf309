//! Resolves what identifies schemas inside a document: `$id`, anchors, and dynamic references.
//!
//! Runs before everything else, and only on documents that use these keywords. Afterwards every reference to a schema of
//! the document is a pointer.

mod dynamic;
mod tree;
mod uri;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use super::hoist::EXTERNAL_FILES_KEY;
use super::resolve::{percent_decode, unescape};
use crate::diag::Diagnostic;
use crate::ir::Pointer;
use dynamic::bind_dynamic_references;
use tree::{find_anchor, for_each_child, for_each_child_mut, has_names};
use uri::join_uri;

/// Returns the document with its identifiers resolved.
///
/// # Errors
/// When the bindings of dynamic anchors repeat too many schemas.
pub(super) fn resolve_identifiers(document: &Value) -> Result<Cow<'_, Value>, Diagnostic> {
    if !uses_identifiers(document) {
        return Ok(Cow::Borrowed(document));
    }
    let mut index = IdentifierIndex::default();
    let outermost = Resource {
        uri: match document.get("$self") {
            Some(Value::String(uri)) => uri.clone(),
            _ => String::new(),
        },
        at: String::new(),
    };
    index.collect(document, &Pointer::root(), &outermost);
    let mut resolved = document.clone();
    index.rewrite(document, &mut resolved, &Pointer::root(), &outermost);
    bind_dynamic_references(&mut resolved)?;
    Ok(Cow::Owned(resolved))
}

/// Returns whether a document has one of the keywords.
fn uses_identifiers(value: &Value) -> bool {
    match value {
        Value::Object(object) => object.iter().any(|(key, value)| match value {
            Value::String(_) => {
                matches!(
                    key.as_str(),
                    "$id" | "$anchor" | "$dynamicRef" | "$dynamicAnchor"
                )
            }
            value => uses_identifiers(value),
        }),
        Value::Array(items) => items.iter().any(uses_identifiers),
        _ => false,
    }
}

/// A schema with `$id`, or the document: references inside are relative to it.
#[derive(Clone)]
struct Resource {
    /// The absolute URI; that of the document may be unknown.
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
            if let Some(Value::String(name)) = value.get(key).filter(|_| !has_names(at)) {
                let key = (resource.at.clone(), name.clone());
                self.anchors.entry(key).or_insert_with(|| at.clone());
            }
        }
        for_each_child(value, at, |child, at| self.collect(child, at, &resource));
    }

    /// Replaces references to identifiers by pointers. A dynamic reference keeps its keyword where its target has a
    /// dynamic anchor; any other one is a plain reference.
    fn rewrite(&self, root: &Value, value: &mut Value, at: &Pointer, resource: &Resource) {
        let resource = inner_resource(value, at, resource);
        if let Value::Object(object) = value {
            if let Some(Value::String(text)) = object.get("$ref")
                && let Some(pointer) = self.resolve(root, text, at, &resource)
            {
                object.insert("$ref".to_owned(), pointer.into());
            }
            if let Some(Value::String(text)) = object.get("$dynamicRef") {
                let name = text.rsplit_once('#').map_or("", |(_, name)| name);
                let name = percent_decode(name);
                let target = self.resolve(root, text, at, &resource);
                let anchor = target.as_ref().and_then(|target| {
                    Pointer(target.clone())
                        .value_in(root)?
                        .get("$dynamicAnchor")
                });
                if anchor.is_some_and(|anchor| *anchor == *name) {
                    object.insert("$dynamicRef".to_owned(), format!("#{name}").into());
                } else if let Some(target) = target {
                    object.remove("$dynamicRef");
                    object.insert("$ref".to_owned(), target.into());
                }
            }
        }
        for_each_child_mut(value, at, |child, at| {
            self.rewrite(root, child, at, &resource)
        });
    }

    /// Returns the reference as a pointer. `None` if it is none of a schema with `$id` or an anchor.
    fn resolve(
        &self,
        root: &Value,
        reference: &str,
        at: &Pointer,
        resource: &Resource,
    ) -> Option<String> {
        let (uri, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let fragment = percent_decode(fragment);
        let target = match uri {
            "" if resource.at.is_empty() => {
                // Components are resources of their own as far as one of them has the anchor.
                let own = enclosing_schema(at).and_then(|own| {
                    let schema = own.value_in(root)?;
                    find_anchor(schema, &own, &fragment)
                });
                let known = || {
                    self.anchors
                        .get(&(String::new(), fragment.clone()))
                        .cloned()
                };
                let is_name = !fragment.is_empty() && !fragment.starts_with('/');
                return own.filter(|_| is_name).or_else(known).map(|at| at.0);
            }
            "" => Pointer(resource.at.clone()),
            uri => self.pointers.get(&join_uri(&resource.uri, uri))?.clone(),
        };
        let schema = target.value_in(root)?;
        if fragment.is_empty() {
            return Some(target.0);
        }
        match fragment.strip_prefix('/') {
            Some(path) => {
                let tokens = path.split('/').map(unescape);
                let at = tokens.fold(target, |at, token| at.join(&token));
                at.value_in(root).map(|_| at.0)
            }
            None => {
                let key = (target.0.clone(), fragment.clone());
                let known = self.anchors.get(&key).cloned();
                let found = known.or_else(|| find_anchor(schema, &target, &fragment));
                found.map(|at| at.0)
            }
        }
    }
}

/// Returns the resource that a value starts, or else the one that it is in.
fn inner_resource(value: &Value, at: &Pointer, resource: &Resource) -> Resource {
    match value.get("$id") {
        Some(Value::String(id)) if at.0 != "#" && !has_names(at) => Resource {
            uri: join_uri(&resource.uri, id.trim_end_matches('#')),
            at: at.0.clone(),
        },
        _ => resource.clone(),
    }
}

/// Returns the outermost schema that contains a node: a component, the schema of a media type or a parameter, or another
/// file that is a schema.
fn enclosing_schema(at: &Pointer) -> Option<Pointer> {
    let tokens: Vec<&str> = at.0.split('/').collect();
    let is_schema = |end: usize| match tokens.get(..end) {
        Some([.., "components", "schemas", _] | [.., "schema" | "itemSchema"]) => true,
        Some(["#", file, _]) if *file == EXTERNAL_FILES_KEY => !matches!(
            tokens.get(end),
            Some(&("components" | "paths" | "webhooks"))
        ),
        _ => false,
    };
    let end = (1..=tokens.len()).find(|end| is_schema(*end))?;
    Some(Pointer(tokens.get(..end)?.join("/")))
}
