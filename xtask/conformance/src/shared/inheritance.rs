//! Parents with a discriminator, whose values are those of the schemas that extend them by `allOf` (OpenAPI 3.0.3,
//! "Discriminator Object"). JSON Schema has no such rule, so that a value with the properties of the parent alone would
//! be valid.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// The pointer of the components.
const SCHEMAS: &str = "#/components/schemas/";

/// Replaces each parent by the union of its children, and its reference in a child by its own properties.
pub(crate) fn expand_parents(document: &mut Value) {
    let schemas = document.pointer_mut("/components/schemas");
    let Some(schemas) = schemas.and_then(Value::as_object_mut) else {
        return;
    };
    let parents: BTreeMap<String, Parent> = schemas
        .iter()
        .filter_map(|(name, schema)| Some((name.clone(), Parent::find(name, schema, schemas)?)))
        .collect();
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

/// A parent.
struct Parent {
    /// The reference to it.
    reference: String,
    /// Its own schema, without the discriminator.
    own: Value,
    discriminator: Value,
    /// Its children, with the values of the discriminator's property.
    children: Vec<(String, Vec<String>)>,
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
        let extends = |child: &Value| {
            let members = child.get("allOf").and_then(Value::as_array);
            let mut members = members.into_iter().flatten();
            members.any(|member| is_reference(member, &reference))
        };
        let children = schemas.iter().filter(|(_, child)| extends(child));
        let children: Vec<(String, Vec<String>)> = children
            .map(|(child, _)| (child.clone(), tags(&discriminator, child)))
            .collect();
        let mut own = schema.clone();
        own.as_object_mut()?.remove("discriminator");
        (!children.is_empty()).then_some(Self {
            reference,
            own,
            discriminator,
            children,
        })
    }

    fn expand_child(&self, child: &mut Value, tags: &[String]) {
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
        let members: Vec<Value> = children
            .map(|(child, _)| json!({ "$ref": format!("{SCHEMAS}{child}") }))
            .collect();
        json!({ "anyOf": members, "discriminator": self.discriminator })
    }
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
