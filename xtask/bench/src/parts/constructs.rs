//! Documents of one construct that repeats: what could take quadratic or exponential time.

use serde_json::{Map, Value, json};

/// A construct, and the number of its repetitions in the smaller document.
pub(super) struct Construct {
    pub(super) name: &'static str,
    pub(super) count: usize,
    /// Returns a document with `count` repetitions, apart from its head.
    content: fn(usize) -> Value,
}

/// All constructs, in the order of the table.
pub(super) const CONSTRUCTS: [Construct; 14] = [
    Construct {
        name: "members of a `oneOf`",
        count: 500,
        content: |count| components(members_of_one_of(count)),
    },
    Construct {
        name: "tagged members of a `oneOf`",
        count: 500,
        content: |count| components(tagged_members(count)),
    },
    Construct {
        name: "values of an `enum`",
        count: 25_000,
        content: |count| components(enum_values(count)),
    },
    Construct {
        name: "chained `allOf`",
        count: 500,
        content: |count| components(chained_all_of(count)),
    },
    Construct {
        name: "levels of `allOf` with one schema twice",
        count: 250,
        content: |count| components(doubled_all_of(count)),
    },
    Construct {
        name: "schemas with one property in an `allOf`",
        count: 500,
        content: |count| components(shared_property(count)),
    },
    Construct {
        name: "schemas that each refer to the next",
        count: 500,
        content: |count| components(chained_references(count)),
    },
    Construct {
        name: "`oneOf`s that each refer to the next",
        count: 500,
        content: |count| components(chained_unions(count)),
    },
    Construct {
        name: "required properties",
        count: 5_000,
        content: |count| components(required_properties(count)),
    },
    Construct {
        name: "values of an `enum` that differ in case only",
        count: 1_500,
        content: |count| components(values_in_all_cases(count)),
    },
    Construct {
        name: "media types of a body",
        count: 1_000,
        content: media_types,
    },
    Construct {
        name: "security schemes",
        count: 1_500,
        content: security_schemes,
    },
    Construct {
        name: "webhooks",
        count: 1_000,
        content: webhooks,
    },
    Construct {
        name: "tags that each have the next as parent",
        count: 500,
        content: nested_tags,
    },
];

impl Construct {
    /// Returns a document with `count` repetitions.
    pub(super) fn document(&self, count: usize) -> Value {
        let mut document = (self.content)(count);
        if let Some(document) = document.as_object_mut() {
            document.insert("openapi".to_owned(), "3.2.0".into());
            let info = json!({"title": "Repetitions", "version": "1"});
            document.insert("info".to_owned(), info);
            document.entry("paths").or_insert_with(|| json!({}));
        }
        document
    }
}

fn components(schemas: Map<String, Value>) -> Value {
    json!({"components": {"schemas": schemas}})
}

/// Returns an operation without parameters and results.
fn operation() -> Value {
    json!({"responses": {"204": {"description": "Done."}}})
}

fn values_in_all_cases(count: usize) -> Map<String, Value> {
    let value = |number: usize| -> String {
        let letters = ('a'..='p').enumerate();
        let letters = letters.map(|(bit, c)| match number >> bit & 1 {
            0 => c,
            _ => c.to_ascii_uppercase(),
        });
        letters.collect()
    };
    let values: Vec<String> = (0..count).map(value).collect();
    numbered(1, |_| json!({"type": "string", "enum": values}))
}

/// Returns the content of a body with one media type.
fn content(media_type: &str, property: &str) -> (String, Value) {
    (media_type.to_owned(), json!({"schema": object(property)}))
}

fn media_types(count: usize) -> Value {
    let content: Map<String, Value> = (0..count)
        .map(|i| content(&format!("application/v{i}+json"), &format!("p{i}")))
        .collect();
    let mut operation = operation();
    operation["requestBody"] = json!({"content": content});
    json!({"paths": {"/a": {"post": operation}}})
}

fn security_schemes(count: usize) -> Value {
    let schemes: Map<String, Value> = (0..count)
        .map(|i| {
            let scheme = json!({"type": "apiKey", "in": "header", "name": format!("X-Key-{i}")});
            (format!("s{i}"), scheme)
        })
        .collect();
    let security: Vec<Value> = schemes.keys().map(|name| json!({name: []})).collect();
    json!({
        "paths": {"/a": {"get": operation()}},
        "security": security,
        "components": {"securitySchemes": schemes},
    })
}

fn webhooks(count: usize) -> Value {
    let hooks: Map<String, Value> = (0..count)
        .map(|i| {
            let content: Map<String, Value> =
                std::iter::once(content("application/json", &format!("p{i}"))).collect();
            let mut operation = operation();
            operation["requestBody"] = json!({"content": content});
            (format!("w{i}"), json!({"post": operation}))
        })
        .collect();
    json!({"webhooks": hooks})
}

fn nested_tags(count: usize) -> Value {
    let tags =
        (0..count).map(|i| json!({"name": format!("t{i}"), "parent": format!("t{}", i + 1)}));
    let tags: Vec<Value> = tags.collect();
    let paths: Map<String, Value> = (0..count)
        .map(|i| {
            let mut operation = operation();
            operation["tags"] = json!([format!("t{i}")]);
            (format!("/a{i}"), json!({"get": operation}))
        })
        .collect();
    json!({"tags": tags, "paths": paths})
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

fn chained_unions(count: usize) -> Map<String, Value> {
    let mut members = numbered(count, |i| {
        let mut own = object(&format!("p{i}"));
        own["required"] = json!([format!("p{i}")]);
        json!({"oneOf": [own, reference(&format!("S{}", i + 1))]})
    });
    members.insert(format!("S{count}"), object("last"));
    members
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
