//! The keywords `allOf`, `anyOf` and `oneOf`: moves null out of unions and simplifies those that change no type.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde_json::{Value, json};

use super::draft::SchemaDraft;
use super::enum_words::ENUM_WORDS_KEY;
use super::json_type::JsonType;
use crate::ir::Pointer;
use crate::limits::MAX_SCHEMA_DEPTH;
use crate::source::normalize::canonical::{AT_KEY, Object, canonical_node, is_source_pointer};
use crate::source::normalize::deprecation::DEPRECATION_KEY;
use crate::source::normalize::node::Node;
use crate::source::normalize::normalizer::Normalizer;
use crate::source::normalize::resolve::resolve_reference;

/// The key that marks a schema whose only instance is null.
pub(super) const NULL_KEY: &str = "x-null";

impl<'d> Normalizer<'d> {
    /// Reads `allOf`, `anyOf` and `oneOf`.
    pub(super) fn read_unions(&mut self, node: &Node<'d>, draft: &mut SchemaDraft) {
        for member in self.optional_list(node, "allOf") {
            let inherited = self
                .find_parent(node, &member)
                .and_then(|parent| self.schema_without_union(&parent));
            let member = inherited.unwrap_or_else(|| self.schema(&member));
            draft.all_of.push(member);
        }
        draft.any_of = self.union_members(node, "anyOf");
        draft.one_of = self.union_members(node, "oneOf");
    }

    /// Returns the schema that `member` refers to, if that is a union with `child` as a member, or becomes one.
    ///
    /// Such a parent lists its children or has a discriminator, and each child has the parent in its `allOf`.
    fn find_parent(&self, child: &Node<'d>, member: &Node<'d>) -> Option<Node<'d>> {
        let resolve = |reference: &Node<'d>| {
            resolve_reference(&self.root, reference.value.as_str()?, &reference.at).ok()
        };
        let parent = resolve(&member.reference_node()?)?;
        let mut unions = ["oneOf", "anyOf"]
            .into_iter()
            .filter_map(|key| parent.get(key));
        let is_child = |member: &Node<'d>| {
            let target = member.reference_node().and_then(|member| resolve(&member));
            target.is_some_and(|target| target.at == child.at)
        };
        let is_listed = unions.any(|members| members.items().any(|member| is_child(&member)));
        let is_parent = is_listed || self.inheritance.is_child(&child.at, &parent.at);
        (self.schema_depth < MAX_SCHEMA_DEPTH && is_parent).then_some(parent)
    }

    /// Returns what a child inherits from its parent. A reference to the parent would form a cycle.
    pub(super) fn schema_without_union(&mut self, parent: &Node<'d>) -> Option<Value> {
        let mut draft = self.read_schema(parent)?;
        draft.any_of.clear();
        draft.one_of.clear();
        draft.annotations.remove("discriminator");
        for member in draft.all_of.iter_mut().filter_map(Value::as_object_mut) {
            member.remove("discriminator");
        }
        Some(draft.into_canonical())
    }

    fn union_members(&mut self, node: &Node<'d>, key: &str) -> Vec<Value> {
        self.optional_list(node, key)
            .iter()
            .map(|member| self.schema(member))
            .collect()
    }
}

impl SchemaDraft {
    /// Moves null from the members of unions to `nullable`. Returns whether the schema allows only null.
    pub(super) fn extract_null(&mut self) -> bool {
        let mut has_null = false;
        for members in [&mut self.any_of, &mut self.one_of] {
            let count = members.len();
            members.retain(|member| member.get(NULL_KEY).is_none());
            has_null |= members.len() < count;
            for member in members.iter_mut() {
                self.nullable |= extract_nullable(member);
            }
            remove_duplicates(members);
        }
        if self.one_of.len() > 1 && self.any_of.len() > 1 {
            // A client can use no more of two unions than the members of both.
            self.one_of.append(&mut self.any_of);
            remove_duplicates(&mut self.one_of);
        }
        // OpenAPI 3.0 adds null to a reference by `allOf: [X, {nullable: true}]`.
        let count = self.all_of.len();
        self.all_of.retain(|member| !has_only_nullable(member));
        self.nullable |= has_null || self.all_of.len() < count;
        has_null && !self.is_composed() && !self.has_own_constraints()
    }

    /// Replaces unions of one member by that member, and removes unions that only restrict a scalar type.
    pub(super) fn simplify_unions(&mut self) {
        let union_count = [&self.any_of, &self.one_of]
            .iter()
            .filter(|members| !members.is_empty())
            .count();
        if let (1, [ty]) = (union_count, self.types.as_slice())
            && self.enum_values.is_none()
        {
            self.distribute_type(*ty);
        }
        for members in [&mut self.any_of, &mut self.one_of] {
            if members.len() == 1 {
                self.all_of.append(members);
                self.annotations.remove("discriminator");
            }
        }
        if self.is_composed() {
            self.remove_redundant_keywords();
        }
    }

    /// Removes keywords that add nothing to the composed schemas: `additionalProperties: false`, empty `properties`,
    /// and a `type` without other keywords.
    fn remove_redundant_keywords(&mut self) {
        let is_empty =
            |value: &Value| *value == false || value.as_object().is_some_and(Object::is_empty);
        if self.object_keywords.values().all(is_empty) {
            self.object_keywords.clear();
        }
        if !self.has_type_keywords() && self.enum_values.is_none() {
            self.types.clear();
        }
    }

    /// Moves a scalar type next to a union to its members. If some members allow any value of the type, the union only
    /// restricts the type and is removed.
    fn distribute_type(&mut self, ty: JsonType) {
        if matches!(ty, JsonType::Object | JsonType::Array)
            || !self.all_of.is_empty()
            || self.reference.is_some()
        {
            return;
        }
        let name = ty.as_str();
        let members = if self.any_of.is_empty() {
            &mut self.one_of
        } else {
            &mut self.any_of
        };
        let has_same_type = |member: &Value| {
            let is_composed = ["$ref", "allOf", "anyOf", "oneOf"]
                .iter()
                .any(|key| member.get(key).is_some());
            !is_composed && member.get("type").is_none_or(|other| other == name)
        };
        if !members.iter().all(has_same_type) {
            return;
        }
        if members.iter().all(|member| member.get("enum").is_some()) {
            self.types.clear();
            self.format = None;
            self.string_keywords.clear();
            self.number_keywords.clear();
        } else {
            members.clear();
        }
    }
}

/// Returns the canonical schema whose only instance is null.
pub(super) fn null_schema(at: &Pointer, annotations: Object) -> Value {
    let mut out = canonical_node(at);
    let kept = annotations
        .into_iter()
        .filter(|(key, _)| matches!(key.as_str(), "title" | "description" | "deprecated"));
    out.extend(kept);
    out.insert("enum".to_owned(), json!([null]));
    out.insert("nullable".to_owned(), true.into());
    out.insert(NULL_KEY.to_owned(), true.into());
    Value::Object(out)
}

/// Returns the union of schemas: the schema itself if all are equal, `None` if there are none.
pub(super) fn union_of(at: &Pointer, mut schemas: Vec<Value>) -> Option<Value> {
    remove_duplicates(&mut schemas);
    if schemas.len() < 2 {
        return schemas.pop();
    }
    let union = SchemaDraft {
        any_of: schemas,
        ..SchemaDraft::new(at)
    };
    Some(union.into_canonical())
}

/// Removes `nullable` from a member of a union. Returns whether it was there.
fn extract_nullable(member: &mut Value) -> bool {
    let Value::Object(object) = member else {
        return false;
    };
    let has_other_keys = object.keys().any(|key| key != AT_KEY && key != "nullable");
    if !has_other_keys || object.remove("nullable").is_none() {
        return false;
    }
    if let Some(Value::Array(all)) = object.get("allOf")
        && let [only] = all.as_slice()
        && only.get("$ref").is_some()
        && object.len() == 2
    {
        *member = only.clone();
    }
    true
}

/// Returns whether a schema is `{nullable: true}`, or has null as its only instance.
fn has_only_nullable(member: &Value) -> bool {
    let keys = member
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys());
    member.get(NULL_KEY).is_some()
        || member.get("nullable").is_some()
            && keys
                .filter(|key| *key != AT_KEY)
                .all(|key| key == "nullable")
}

/// Removes members that are the same as an earlier one. If one member remains, it keeps only the annotations and
/// constraints that all of them had.
fn remove_duplicates(members: &mut Vec<Value>) {
    let mut kept: Vec<Value> = Vec::with_capacity(members.len());
    let mut removed: Vec<Value> = Vec::new();
    // Comparing each member with all others would take quadratic time.
    let mut kept_by_hash: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for member in members.drain(..) {
        let same_hash = kept_by_hash.entry(member_hash(&member)).or_default();
        let mut others = same_hash.iter().filter_map(|index| kept.get(*index));
        if others.any(|other| is_same_member(other, &member)) {
            removed.push(member);
        } else {
            same_hash.push(kept.len());
            kept.push(member);
        }
    }
    if let [Value::Object(only)] = kept.as_mut_slice() {
        let is_shared = |key: &str, value: &Value| {
            let mut others = removed.iter();
            others.all(|other| other.get(key) == Some(value))
        };
        only.retain(|key, value| !is_insignificant(key) || is_shared(key, value));
    }
    *members = kept;
}

/// Returns whether a keyword does not distinguish the members of a union: annotations, and constraints of a type.
fn is_insignificant(key: &str) -> bool {
    matches!(
        key,
        "default"
            | "deprecated"
            | "description"
            | "exclusiveMaximum"
            | "exclusiveMinimum"
            | "maxItems"
            | "maxLength"
            | "maximum"
            | "minItems"
            | "minLength"
            | "minimum"
            | "pattern"
            | "title"
            | ENUM_WORDS_KEY
            | DEPRECATION_KEY
    )
}

/// Returns a hash that is equal for members that [`is_same_member`] considers equal.
fn member_hash(member: &Value) -> u64 {
    let Value::Object(member) = member else {
        return schema_hash(member);
    };
    let compared = member.iter();
    let compared =
        compared.filter(|(key, value)| !is_insignificant(key) && !is_source_pointer(key, value));
    hash_entries(compared)
}

/// Returns a hash that is equal for values that [`is_equal_schema`] considers equal.
fn schema_hash(value: &Value) -> u64 {
    match value {
        Value::Object(object) => {
            hash_entries((object.iter()).filter(|(key, value)| !is_source_pointer(key, value)))
        }
        Value::Array(items) => {
            let mut hasher = DefaultHasher::new();
            items
                .iter()
                .for_each(|item| schema_hash(item).hash(&mut hasher));
            hasher.finish()
        }
        scalar => {
            let mut hasher = DefaultHasher::new();
            scalar.hash(&mut hasher);
            hasher.finish()
        }
    }
}

/// Returns a hash of the entries of an object, in any order.
fn hash_entries<'v>(entries: impl Iterator<Item = (&'v String, &'v Value)>) -> u64 {
    let hashes = entries.map(|(key, value)| {
        let mut hasher = DefaultHasher::new();
        (key, schema_hash(value)).hash(&mut hasher);
        hasher.finish()
    });
    hashes.fold(0, u64::wrapping_add)
}

/// Returns whether two members of a union are equal, annotations, constraints and source pointers aside.
fn is_same_member(a: &Value, b: &Value) -> bool {
    let (Value::Object(a), Value::Object(b)) = (a, b) else {
        return a == b;
    };
    let is_compared =
        |(key, value): &(&String, &Value)| !is_insignificant(key) && !is_source_pointer(key, value);
    let count = |object: &Object| object.iter().filter(is_compared).count();
    let mut entries = a.iter().filter(is_compared);
    count(a) == count(b)
        && entries.all(|(key, value)| {
            b.get(key)
                .is_some_and(|other| is_equal_schema(value, other))
        })
}

/// Returns whether two canonical values are equal, source pointers aside.
pub(super) fn is_equal_schema(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            let member_count = |object: &Object| {
                let members = object.iter();
                members
                    .filter(|(key, value)| !is_source_pointer(key, value))
                    .count()
            };
            member_count(a) == member_count(b)
                && a.iter()
                    .filter(|(key, value)| !is_source_pointer(key, value))
                    .all(|(key, value)| {
                        b.get(key)
                            .is_some_and(|other| is_equal_schema(value, other))
                    })
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_equal_schema(a, b))
        }
        (a, b) => a == b,
    }
}
