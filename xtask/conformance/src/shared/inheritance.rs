//! Parents with a discriminator, whose values are those of the schemas that extend them by `allOf` or are in `mapping`
//! (OpenAPI 3.0.3, "Discriminator Object"). JSON Schema has no such rule, so that a value with the properties of the parent alone would
//! be valid.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

/// The pointer of the components.
const SCHEMAS: &str = "#/components/schemas/";

/// Replaces each parent by the union of its children, and its reference in a child by its own properties. A child that
/// does not extend the parent has its properties where it is a member of the union.
pub(crate) fn expand_parents(document: &mut Value) {
    let schemas = document.pointer_mut("/components/schemas");
    let Some(schemas) = schemas.and_then(Value::as_object_mut) else {
        return;
    };
    let parents: BTreeMap<String, Parent> = schemas
        .iter()
        .filter_map(|(name, schema)| Some((name.clone(), Parent::find(name, schema, schemas)?)))
        .collect();
    let own: BTreeMap<String, Value> = parents
        .keys()
        .map(|name| (name.clone(), own_keywords(name, &parents, MAX_DEPTH)))
        .collect();
    let parents = parents.into_iter().map(|(name, parent)| {
        let own = own.get(&name).unwrap_or(&parent.own).clone();
        (name, Parent { own, ..parent })
    });
    let parents: BTreeMap<String, Parent> = parents.collect();
    for parent in parents.values() {
        for (child, tags) in &parent.children {
            if let Some(schema) = schemas.get_mut(child) {
                parent.expand_child(schema, tags);
            }
        }
    }
    for (name, parent) in parents {
        schemas.insert(name, parent.union());
    }
}

/// The maximum number of parents of a parent; a guard against cycles.
const MAX_DEPTH: usize = 8;

/// Returns the keywords of a parent, those of its own parents included.
fn own_keywords(name: &str, parents: &BTreeMap<String, Parent>, depth: usize) -> Value {
    let Some(parent) = parents.get(name) else {
        return Value::Null;
    };
    let mut own = parent.own.clone();
    let members = own.get_mut("allOf").and_then(Value::as_array_mut);
    for member in members.into_iter().flatten() {
        let outer = parents.iter().find(|(_, outer)| {
            let mut children = outer.children.iter();
            is_reference(member, &outer.reference) && children.any(|(child, _)| child == name)
        });
        if let (Some((outer, _)), true) = (outer, depth > 0) {
            *member = own_keywords(outer, parents, depth - 1);
        }
    }
    own
}

/// A parent.
struct Parent {
    /// The reference to it.
    reference: String,
    /// Its own schema, without the discriminator.
    own: Value,
    discriminator: Value,
    /// The children that extend it, with the values of the discriminator's property.
    children: Vec<(String, Vec<Value>)>,
    /// The other schemas in `mapping`, with the values of the discriminator's property.
    mapped: Vec<(String, Vec<Value>)>,
}

impl Parent {
    fn find(name: &str, schema: &Value, schemas: &Map<String, Value>) -> Option<Self> {
        let discriminator = schema.get("discriminator")?.clone();
        if ["oneOf", "anyOf"]
            .iter()
            .any(|key| schema.get(key).is_some())
        {
            return None;
        }
        let reference = format!("{SCHEMAS}{name}");
        let tag_type = tag_type(&discriminator, schema);
        let tags = |child: &str| {
            let tags = tags(&discriminator, child).into_iter();
            tags.map(|tag| typed_tag(&tag, tag_type)).collect()
        };
        let extends = |child: &Value| {
            let members = child.get("allOf").and_then(Value::as_array);
            let mut members = members.into_iter().flatten();
            members.any(|member| is_reference(member, &reference))
        };
        let children = schemas.iter().filter(|(_, child)| extends(child));
        let children: Vec<(String, Vec<Value>)> = children
            .map(|(child, _)| (child.clone(), tags(child)))
            .collect();
        let targets = mapped_components(schema).into_iter();
        let is_child = |key: &&str| children.iter().any(|(child, _)| child == key);
        let mapped = targets.filter(|key| {
            *key != name
                && schemas.contains_key(*key)
                && !is_child(key)
                && !leads_to(key, name, schemas)
        });
        let mapped: BTreeSet<&str> = mapped.collect();
        let mapped = mapped.into_iter();
        let mapped: Vec<(String, Vec<Value>)> = mapped
            .map(|child| (child.to_owned(), tags(child)))
            .collect();
        let mut own = schema.clone();
        own.as_object_mut()?.remove("discriminator");
        (!children.is_empty() || !mapped.is_empty()).then_some(Self {
            reference,
            own,
            discriminator,
            children,
            mapped,
        })
    }

    fn expand_child(&self, child: &mut Value, tags: &[Value]) {
        let members = child.get_mut("allOf").and_then(Value::as_array_mut);
        let Some(members) = members else { return };
        for member in members.iter_mut() {
            if is_reference(member, &self.reference) {
                member.clone_from(&self.own);
            }
        }
        let property = self
            .discriminator
            .get("propertyName")
            .and_then(Value::as_str);
        if let Some(property) = property {
            members.push(json!({ "properties": { property: { "enum": tags } } }));
        }
    }

    fn union(self) -> Value {
        let children = self.children.iter();
        let reference = |child: &String| json!({ "$ref": format!("{SCHEMAS}{child}") });
        let children = children.map(|(child, _)| reference(child));
        let property = self.discriminator.get("propertyName");
        let property = property.and_then(Value::as_str).unwrap_or_default();
        let mapped = self.mapped.iter().map(|(child, tags)| {
            let tag =
                json!({ "required": [property], "properties": { property: { "enum": tags } } });
            json!({ "allOf": [reference(child), self.own, tag] })
        });
        let members: Vec<Value> = children.chain(mapped).collect();
        json!({ "anyOf": members, "discriminator": self.discriminator })
    }
}

/// Returns the keys in the `mapping` of a schema without a union.
fn mapped_components(schema: &Value) -> Vec<&str> {
    let has_union = schema.get("oneOf").or(schema.get("anyOf")).is_some();
    let mapping = schema.pointer("/discriminator/mapping");
    let mapping = mapping.and_then(Value::as_object).filter(|_| !has_union);
    let targets = mapping.into_iter().flat_map(Map::values);
    let targets = targets.filter_map(Value::as_str);
    targets
        .map(|target| target.strip_prefix(SCHEMAS).unwrap_or(target))
        .collect()
}

/// Returns whether an instance of the component `from` can be one of `to`: by references in `allOf` and unions, and by
/// `mapping`.
fn leads_to(from: &str, to: &str, schemas: &Map<String, Value>) -> bool {
    let mut seen = BTreeSet::from([from]);
    let mut open: Vec<&Value> = schemas.get(from).into_iter().collect();
    while let Some(schema) = open.pop() {
        let reference = schema.get("$ref").and_then(Value::as_str);
        let reference = reference.and_then(|reference| reference.strip_prefix(SCHEMAS));
        for key in mapped_components(schema).into_iter().chain(reference) {
            if seen.insert(key) {
                open.extend(schemas.get(key));
            }
        }
        let unions = ["allOf", "anyOf", "oneOf"].iter();
        let unions = unions.filter_map(|key| schema.get(key)?.as_array());
        open.extend(unions.flatten());
    }
    seen.contains(to)
}

/// Returns the type of the discriminator's property in a schema.
fn tag_type<'s>(discriminator: &Value, schema: &'s Value) -> Option<&'s str> {
    let name = discriminator.get("propertyName")?.as_str()?;
    schema.get("properties")?.get(name)?.get("type")?.as_str()
}

/// Returns a key of `mapping` as a value of the property: keys are text, also where the property is not.
pub(crate) fn typed_tag(tag: &str, ty: Option<&str>) -> Value {
    let is_text = !matches!(ty, Some("boolean" | "integer" | "number"));
    let value = serde_json::from_str(tag).ok().filter(|_| !is_text);
    value.unwrap_or_else(|| tag.into())
}

fn is_reference(schema: &Value, reference: &str) -> bool {
    schema.get("$ref").and_then(Value::as_str) == Some(reference)
}

/// Returns the values of the discriminator's property that select a child: those of the mapping, or else its name.
fn tags(discriminator: &Value, child: &str) -> Vec<String> {
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let names_child = |target: &Value| {
        let target = target.as_str().unwrap_or_default();
        target.strip_prefix(SCHEMAS).unwrap_or(target) == child
    };
    let mapped = mapping.into_iter().flatten();
    let mapped: Vec<String> = mapped
        .filter(|(_, target)| names_child(target))
        .map(|(tag, _)| tag.clone())
        .collect();
    match mapped.is_empty() {
        true => vec![child.to_owned()],
        false => mapped,
    }
}
