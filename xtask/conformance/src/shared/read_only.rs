//! `readOnly` properties: a request does not have them, and `required` has no effect on them there.

use serde_json::Value;

use super::lookup::DocumentLookup;

/// How deep schemas are followed.
const MAX_DEPTH: usize = 32;

/// Returns the value as a request has it: without the properties that the schema at `schema` declares as read-only.
pub(crate) fn without_read_only(lookup: DocumentLookup<'_>, schema: &str, value: &Value) -> Value {
    let mut value = value.clone();
    if let Some((_, schema)) = lookup.resolve(schema) {
        strip(lookup, schema, &mut value, 0);
    }
    value
}

fn strip(lookup: DocumentLookup<'_>, schema: &Value, value: &mut Value, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    if let Some(target) = reference_target(lookup, schema) {
        strip(lookup, target, value, depth + 1);
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        for member in schema
            .get(key)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            strip(lookup, member, value, depth + 1);
        }
    }
    match value {
        Value::Object(object) => {
            let properties = schema.get("properties").and_then(Value::as_object);
            for (name, property) in properties.into_iter().flatten() {
                if is_read_only(lookup, property, 0) {
                    object.remove(name);
                } else if let Some(value) = object.get_mut(name) {
                    strip(lookup, property, value, depth + 1);
                }
            }
            if let Some(additional @ Value::Object(_)) = schema.get("additionalProperties") {
                let is_named = |name: &String| properties.is_some_and(|all| all.contains_key(name));
                let others = object.iter_mut().filter(|(name, _)| !is_named(name));
                others.for_each(|(_, value)| strip(lookup, additional, value, depth + 1));
            }
        }
        Value::Array(items) => {
            if let Some(schema @ Value::Object(_)) = schema.get("items") {
                items
                    .iter_mut()
                    .for_each(|item| strip(lookup, schema, item, depth + 1));
            }
        }
        _ => {}
    }
}

/// Removes the names of read-only properties from every `required`, so that a request can be validated.
pub(crate) fn relax_required(document: &Value) -> Value {
    let mut relaxed = document.clone();
    relax(DocumentLookup(document), &mut relaxed);
    relaxed
}

fn relax(lookup: DocumentLookup<'_>, value: &mut Value) {
    match value {
        Value::Object(object) => {
            let is_read_only_name = |name: &Value| {
                let properties = object.get("properties").and_then(Value::as_object);
                let property = name.as_str().and_then(|name| properties?.get(name));
                property.is_some_and(|property| is_read_only(lookup, property, 0))
            };
            if let Some(Value::Array(required)) = object.get("required") {
                let kept = required.iter().filter(|name| !is_read_only_name(name));
                let kept: Vec<Value> = kept.cloned().collect();
                object.insert("required".to_owned(), kept.into());
            }
            object.values_mut().for_each(|child| relax(lookup, child));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| relax(lookup, item)),
        _ => {}
    }
}

fn is_read_only(lookup: DocumentLookup<'_>, schema: &Value, depth: usize) -> bool {
    if schema.get("readOnly") == Some(&Value::Bool(true)) {
        return true;
    }
    if depth > MAX_DEPTH {
        return false;
    }
    let members = schema.get("allOf").and_then(Value::as_array);
    let mut members = members.into_iter().flatten();
    members.any(|member| is_read_only(lookup, member, depth + 1))
        || reference_target(lookup, schema)
            .is_some_and(|target| is_read_only(lookup, target, depth + 1))
}

fn reference_target<'d>(lookup: DocumentLookup<'d>, schema: &Value) -> Option<&'d Value> {
    let reference = schema.get("$ref")?.as_str()?;
    lookup.resolve(reference).map(|(_, target)| target)
}
