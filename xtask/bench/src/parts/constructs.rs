//! Documents of one construct that repeats: what could take quadratic or exponential time.

use serde_json::{Map, Value, json};

/// A construct, and the number of its repetitions in the smaller document.
pub(super) struct Construct {
    pub(super) name: &'static str,
    pub(super) count: usize,
    /// Returns the component schemas of a document with `count` repetitions.
    schemas: fn(usize) -> Map<String, Value>,
}

/// All constructs, in the order of the table.
pub(super) const CONSTRUCTS: [Construct; 8] = [
    Construct {
        name: "members of a `oneOf`",
        count: 500,
        schemas: members_of_one_of,
    },
    Construct {
        name: "tagged members of a `oneOf`",
        count: 500,
        schemas: tagged_members,
    },
    Construct {
        name: "values of an `enum`",
        count: 25_000,
        schemas: enum_values,
    },
    Construct {
        name: "chained `allOf`",
        count: 500,
        schemas: chained_all_of,
    },
    Construct {
        name: "levels of `allOf` with one schema twice",
        count: 250,
        schemas: doubled_all_of,
    },
    Construct {
        name: "schemas with one property in an `allOf`",
        count: 500,
        schemas: shared_property,
    },
    Construct {
        name: "schemas that each refer to the next",
        count: 500,
        schemas: chained_references,
    },
    Construct {
        name: "required properties",
        count: 5_000,
        schemas: required_properties,
    },
];

impl Construct {
    /// Returns a document with `count` repetitions.
    pub(super) fn document(&self, count: usize) -> Value {
        json!({
            "openapi": "3.1.0",
            "info": {"title": "Repetitions", "version": "1"},
            "paths": {},
            "components": {"schemas": (self.schemas)(count)},
        })
    }
}

fn chained_references(count: usize) -> Map<String, Value> {
    let schemas = (0..count).map(|index| {
        let next = match index + 1 < count {
            true => reference(&format!("Link{}", index + 1)),
            false => json!({"type": "string"}),
        };
        let schema = json!({"type": "object", "properties": {"next": next}});
        (format!("Link{index}"), schema)
    });
    schemas.collect()
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn object(property: &str) -> Value {
    json!({"type": "object", "properties": {property: {"type": "string"}}})
}

/// Returns schemas named `S0`, `S1`, ….
fn numbered(count: usize, schema: impl Fn(usize) -> Value) -> Map<String, Value> {
    let schemas = (0..count).map(|i| (format!("S{i}"), schema(i)));
    schemas.collect()
}

/// Returns the members and a union of them.
fn with_union(mut members: Map<String, Value>) -> Map<String, Value> {
    let references: Vec<Value> = members.keys().map(|name| reference(name)).collect();
    members.insert("Union".to_owned(), json!({"oneOf": references}));
    members
}

fn members_of_one_of(count: usize) -> Map<String, Value> {
    with_union(numbered(count, |i| object(&format!("p{i}"))))
}

fn tagged_members(count: usize) -> Map<String, Value> {
    with_union(numbered(count, |i| {
        let kind = json!({"type": "string", "enum": [format!("k{i}")]});
        json!({"type": "object", "required": ["kind"], "properties": {"kind": kind}})
    }))
}

fn enum_values(count: usize) -> Map<String, Value> {
    let values: Vec<String> = (0..count).map(|i| format!("v{i}")).collect();
    numbered(1, |_| json!({"type": "string", "enum": values}))
}

/// Returns a chain in which `next` gives the `allOf` of each schema.
fn chain(count: usize, all_of: impl Fn(Value) -> Value) -> Map<String, Value> {
    numbered(count + 1, |i| match i {
        0 => object("p"),
        _ => json!({"description": "d", "allOf": all_of(reference(&format!("S{}", i - 1)))}),
    })
}

fn chained_all_of(count: usize) -> Map<String, Value> {
    chain(count, |next| json!([next]))
}

fn doubled_all_of(count: usize) -> Map<String, Value> {
    chain(count, |next| json!([next.clone(), next]))
}

fn shared_property(count: usize) -> Map<String, Value> {
    let members: Vec<Value> = (0..count)
        .map(|i| json!({"type": "object", "properties": {"p": object(&format!("q{i}"))}}))
        .collect();
    numbered(1, |_| json!({"allOf": members}))
}

fn required_properties(count: usize) -> Map<String, Value> {
    let names: Vec<String> = (0..count).map(|i| format!("p{i}")).collect();
    let properties: Map<String, Value> = (names.iter())
        .map(|name| (name.clone(), json!({"type": "string"})))
        .collect();
    numbered(
        1,
        |_| json!({"type": "object", "required": names, "properties": properties}),
    )
}
