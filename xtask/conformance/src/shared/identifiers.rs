//! Identifiers of schemas: `$id`, `$anchor`, `$dynamicAnchor`, read without the generator.

use std::collections::BTreeMap;

use observatory_codegen::ir::Pointer;
use serde_json::{Map, Value};

/// Returns the document with every reference to an identifier replaced by a pointer. Dynamic references to an anchor
/// that is dynamic remain, as `#name`.
pub(crate) fn resolve_identifiers(document: &Value) -> Value {
    let mut identifiers = Identifiers::default();
    let outermost = document.get("$self").and_then(Value::as_str);
    let outermost = outermost.unwrap_or_default();
    identifiers.collect(document, &Pointer::root(), outermost, "");
    let mut resolved = document.clone();
    if !(identifiers.by_uri.is_empty() && identifiers.anchors.is_empty()) {
        identifiers.rewrite(document, &mut resolved, &Pointer::root(), outermost, "");
    }
    resolved
}

/// The dynamic anchors of the schemas that are resources: with `$id`, or outermost.
#[derive(Clone, Debug, Default)]
pub(crate) struct DynamicAnchors(BTreeMap<String, BTreeMap<String, String>>);

impl DynamicAnchors {
    /// Collects the dynamic anchors of a document.
    pub(crate) fn new(document: &Value) -> Self {
        let mut identifiers = Identifiers::default();
        identifiers.collect(document, &Pointer::root(), "", "");
        let mut found = Self::default();
        for ((resource, name), anchor) in identifiers.anchors {
            if anchor.is_dynamic {
                found.0.entry(resource).or_default().insert(name, anchor.at);
            }
        }
        found
    }

    /// Returns the resource with dynamic anchors that contains a schema.
    pub(crate) fn resource_of(&self, at: &str) -> Option<&str> {
        let mut end = at.len();
        loop {
            let outer = at.get(..end)?;
            if let Some((resource, _)) = self.0.get_key_value(outer) {
                return Some(resource);
            }
            end = outer.rfind('/')?;
        }
    }

    /// Returns the target of a dynamic reference: the anchor of the first resource that has one.
    pub(crate) fn target(&self, reference: &str, scope: &[&str]) -> Option<&str> {
        let name = reference.strip_prefix('#')?;
        let mut resources = scope.iter();
        resources.find_map(|resource| Some(self.0.get(*resource)?.get(name)?.as_str()))
    }
}

/// A schema with an anchor.
struct Anchor {
    at: String,
    is_dynamic: bool,
}

#[derive(Default)]
struct Identifiers {
    /// The pointers of schemas with `$id`, by URI.
    by_uri: BTreeMap<String, String>,
    /// By the pointer of their resource, and by name.
    anchors: BTreeMap<(String, String), Anchor>,
}

impl Identifiers {
    fn collect(&mut self, value: &Value, at: &Pointer, uri: &str, resource: &str) {
        let (uri, resource) = inner_resource(value, at, uri, resource);
        if let Value::Object(object) = value {
            if resource == at.0 && object.contains_key("$id") {
                self.by_uri.entry(uri.clone()).or_insert(at.0.clone());
            }
            for (keyword, is_dynamic) in [("$anchor", false), ("$dynamicAnchor", true)] {
                if let Some(Value::String(name)) = object.get(keyword) {
                    let anchor = Anchor {
                        at: at.0.clone(),
                        is_dynamic,
                    };
                    let key = (resource.clone(), name.clone());
                    self.anchors.entry(key).or_insert(anchor);
                }
            }
        }
        for (token, child) in children(value) {
            self.collect(child, &at.join(&token), &uri, &resource);
        }
    }

    fn rewrite(&self, root: &Value, value: &mut Value, at: &Pointer, uri: &str, resource: &str) {
        let (uri, resource) = inner_resource(value, at, uri, resource);
        match value {
            Value::Object(object) => {
                self.rewrite_references(root, object, &uri, &resource);
                for (key, child) in object {
                    self.rewrite(root, child, &at.join(key), &uri, &resource);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.rewrite(root, item, &at.join(&index.to_string()), &uri, &resource);
                }
            }
            _ => {}
        }
    }

    fn rewrite_references(
        &self,
        root: &Value,
        schema: &mut Map<String, Value>,
        uri: &str,
        resource: &str,
    ) {
        if let Some(Value::String(text)) = schema.get("$ref")
            && let Some(target) = self.resolve(root, text, uri, resource)
        {
            schema.insert("$ref".to_owned(), target.into());
        }
        if let Some(Value::String(text)) = schema.get("$dynamicRef")
            && let Some(target) = self.resolve(root, text, uri, resource)
        {
            let schema_at = root.pointer(target.trim_start_matches('#'));
            let anchor = schema_at.and_then(|schema| schema.get("$dynamicAnchor")?.as_str());
            let fragment = text.rsplit_once('#').map(|(_, name)| name);
            match anchor.filter(|anchor| Some(*anchor) == fragment) {
                Some(anchor) => {
                    schema.insert("$dynamicRef".to_owned(), format!("#{anchor}").into())
                }
                None => {
                    schema.remove("$dynamicRef");
                    schema.insert("$ref".to_owned(), target.into())
                }
            };
        }
    }

    /// Returns the pointer that a reference leads to; `None` if it is a pointer of the document already.
    fn resolve(&self, root: &Value, reference: &str, uri: &str, resource: &str) -> Option<String> {
        let (target, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let base = match target {
            "" => resource.to_owned(),
            target => self.by_uri.get(&join(uri, target))?.clone(),
        };
        if let Some(path) = fragment.strip_prefix('/') {
            let at = format!("{base}/{path}");
            let exists = root.pointer(at.strip_prefix('#')?).is_some();
            return exists.then_some(at);
        }
        if fragment.is_empty() {
            // `#` is the resource itself, which may be the document.
            let own = root.pointer(base.strip_prefix('#')?);
            let has_id = own.is_some_and(|own| own.get("$id").is_some());
            return (!target.is_empty() || has_id).then_some(base);
        }
        let own = self.anchors.get(&(base, fragment.to_owned()));
        let mut all = self.anchors.iter();
        let any = || all.find_map(|((_, name), anchor)| (name == fragment).then_some(anchor));
        own.or_else(any).map(|anchor| anchor.at.clone())
    }
}

/// Returns the URI and the pointer of the resource that a node starts, or else of the one that it is in.
fn inner_resource(value: &Value, at: &Pointer, uri: &str, resource: &str) -> (String, String) {
    if let Some(id) = value.get("$id").and_then(Value::as_str)
        && at.0 != "#"
    {
        return (join(uri, id.trim_end_matches('#')), at.0.clone());
    }
    let tokens: Vec<&str> = at.0.split('/').collect();
    let is_outermost = match tokens.as_slice() {
        [_, "components", "schemas", _] => true,
        // A property may have the name.
        [.., parent, "schema" | "itemSchema"] => *parent != "properties" && resource.is_empty(),
        _ => false,
    };
    // The definitions of a schema bind anchors for what the schema refers to.
    let definitions = value.get("$defs").and_then(Value::as_object);
    let mut definitions = definitions.into_iter().flat_map(Map::values);
    let binds = definitions.any(|definition| definition.get("$dynamicAnchor").is_some());
    match is_outermost || binds {
        true => (uri.to_owned(), at.0.clone()),
        false => (uri.to_owned(), resource.to_owned()),
    }
}

fn children(value: &Value) -> Vec<(String, &Value)> {
    match value {
        Value::Object(object) => {
            let members = object.iter();
            members.map(|(key, child)| (key.clone(), child)).collect()
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items
                .map(|(index, item)| (index.to_string(), item))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Joins a URI reference with a base.
fn join(base: &str, reference: &str) -> String {
    let is_absolute = reference.contains("://") || reference.starts_with("urn:");
    let authority_end = base.find("://").and_then(|scheme| {
        let rest = base.get(scheme + 3..)?;
        Some(scheme + 3 + rest.find('/').unwrap_or(rest.len()))
    });
    let Some(authority_end) = authority_end.filter(|_| !is_absolute) else {
        return reference.to_owned();
    };
    let (authority, path) = base.split_at(authority_end);
    if reference.starts_with('/') {
        return format!("{authority}{reference}");
    }
    let mut folders: Vec<&str> = path.split('/').collect();
    folders.pop();
    for segment in reference.split('/') {
        match segment {
            "." => {}
            ".." => drop(folders.pop()),
            segment => folders.push(segment),
        }
    }
    let path = folders.join("/");
    format!("{authority}/{}", path.trim_start_matches('/'))
}
