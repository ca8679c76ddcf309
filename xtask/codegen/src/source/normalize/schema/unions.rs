//! `allOf`, `anyOf`, `oneOf`: null taken out of unions, unions of one opened, unions that only constrain dropped.

use serde_json::{Value, json};

use super::kinds::Kind;
use super::{Draft, MAX_DEPTH};
use crate::ir::Pointer;
use crate::source::normalize::read::Node;
use crate::source::normalize::refs::resolve;
use crate::source::normalize::{AT, Cx, Object};

/// Marks a schema that allows null and nothing else.
pub(super) const NULL: &str = "x-null";

impl<'d> Cx<'d> {
    /// Reads the schemas that a schema is composed of.
    pub(super) fn read_unions(&mut self, node: &Node<'d>, draft: &mut Draft) {
        for member in self.list_at(node, "allOf") {
            let member = match self.parent_of(node, &member) {
                Some(parent) => self.without_children(&parent),
                None => self.schema(&member),
            };
            draft.all_of.push(member);
        }
        draft.any_of = self.members(node, "anyOf");
        draft.one_of = self.members(node, "oneOf");
    }

    /// The schema that `member` refers to, if `child` is one of its alternatives: a parent that lists its children,
    /// each of which is all of its parent.
    fn parent_of(&self, child: &Node<'d>, member: &Node<'d>) -> Option<Node<'d>> {
        let place = |reference: &Node<'d>| {
            resolve(&self.root, reference.value.as_str()?, &reference.at).ok()
        };
        let parent = place(&member.reference()?)?;
        let mut children = ["oneOf", "anyOf"]
            .into_iter()
            .filter_map(|key| parent.get(key));
        let lists = |listed: &Node<'d>| {
            listed
                .reference()
                .and_then(|to| place(&to))
                .is_some_and(|to| to.at == child.at)
        };
        (self.depth < MAX_DEPTH
            && children.any(|children| children.items().any(|listed| lists(&listed))))
        .then_some(parent)
    }

    /// What a child has from its parent. Referring to the parent would lead back to the child.
    fn without_children(&mut self, parent: &Node<'d>) -> Value {
        self.depth += 1;
        let mut draft = self.draft(parent);
        self.depth -= 1;
        draft.any_of.clear();
        draft.one_of.clear();
        draft.notes.remove("discriminator");
        draft.finish()
    }

    fn members(&mut self, node: &Node<'d>, key: &str) -> Vec<Value> {
        self.list_at(node, key)
            .iter()
            .map(|member| self.schema(member))
            .collect()
    }
}

impl Draft {
    /// Takes null out of the unions. Whether nothing but null was in them.
    pub(super) fn take_null(&mut self) -> bool {
        let mut null = false;
        for members in [&mut self.any_of, &mut self.one_of] {
            let before = members.len();
            members.retain(|member| member.get(NULL).is_none());
            null |= members.len() < before;
            for member in members.iter_mut() {
                self.nullable |= take_nullable(member);
            }
            drop_repeated(members);
        }
        // `allOf: [X, {nullable: true}]` is how 3.0 adds null to a reference.
        let before = self.all_of.len();
        self.all_of.retain(|member| !is_nothing_but_null(member));
        self.nullable |= null || self.all_of.len() < before;
        null && !self.is_composed() && !self.has_substance()
    }

    /// Opens unions of one and drops those that change no type.
    pub(super) fn tidy_unions(&mut self) {
        let own_object =
            !self.object.is_empty() || self.reference.is_some() || !self.all_of.is_empty();
        for members in [&mut self.any_of, &mut self.one_of] {
            if own_object && members.iter().all(is_requirement) {
                members.clear();
            }
        }
        let unions = [&self.any_of, &self.one_of]
            .iter()
            .filter(|members| !members.is_empty())
            .count();
        if let (1, [kind]) = (unions, self.kinds.as_slice())
            && self.values.is_none()
        {
            self.push_down(*kind);
        }
        for single in [&mut self.any_of, &mut self.one_of] {
            if single.len() == 1 {
                self.all_of.append(single);
                self.notes.remove("discriminator");
            }
        }
        if self.is_composed() {
            // Closing an object changes no type, and a bare type beside other schemas says what they say themselves.
            let empty =
                |value: &Value| *value == false || value.as_object().is_some_and(Object::is_empty);
            if self.object.values().all(empty) {
                self.object.clear();
            }
            if !self.has_keywords() && self.values.is_none() {
                self.kinds.clear();
            }
        }
    }

    /// Gives the type that stands beside a union to its members, which leave it out because it stands there.
    fn push_down(&mut self, kind: Kind) {
        if matches!(kind, Kind::Object | Kind::Array)
            || !self.all_of.is_empty()
            || self.reference.is_some()
        {
            return;
        }
        let name = kind.as_str();
        let members = if self.any_of.is_empty() {
            &mut self.one_of
        } else {
            &mut self.any_of
        };
        let same = |member: &Value| {
            let composed = ["$ref", "allOf", "anyOf", "oneOf"]
                .iter()
                .any(|key| member.get(key).is_some());
            !composed && member.get("type").is_none_or(|said| said == name)
        };
        if !members.iter().all(same) {
            return;
        }
        if members.iter().all(|member| member.get("enum").is_some()) {
            self.kinds.clear();
            self.format = None;
            self.string.clear();
            self.number.clear();
        } else {
            // Some of its members allow any value of the type, so the union only constrains it.
            members.clear();
        }
    }
}

/// A schema that allows null and nothing else.
pub(super) fn null_schema(at: &Pointer, notes: Object) -> Value {
    let mut out = super::node_at(at);
    out.extend(
        notes
            .into_iter()
            .filter(|(key, _)| matches!(key.as_str(), "title" | "description" | "deprecated")),
    );
    out.insert("enum".to_owned(), json!([null]));
    out.insert("nullable".to_owned(), true.into());
    out.insert(NULL.to_owned(), true.into());
    Value::Object(out)
}

/// The one schema of several that are the same, or their union; nothing of none.
pub(super) fn one_or_any(at: &Pointer, mut schemas: Vec<Value>) -> Option<Value> {
    drop_repeated(&mut schemas);
    if schemas.len() < 2 {
        return schemas.pop();
    }
    Some(
        Draft {
            any_of: schemas,
            ..Draft::new(at)
        }
        .finish(),
    )
}

/// Makes members of a union say null once, on the union. Whether this one allowed it.
fn take_nullable(member: &mut Value) -> bool {
    let Value::Object(object) = member else {
        return false;
    };
    let says_more = object.keys().any(|key| key != AT && key != "nullable");
    if !says_more || object.remove("nullable").is_none() {
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

/// `{nullable: true}`, or a schema of null alone.
fn is_nothing_but_null(member: &Value) -> bool {
    let keys = member
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys());
    member.get(NULL).is_some()
        || member.get("nullable").is_some()
            && keys.filter(|key| *key != AT).all(|key| key == "nullable")
}

/// Whether a member only says which properties must be there (`anyOf: [{required: [a]}, {required: [b]}]`).
fn is_requirement(member: &Value) -> bool {
    let Value::Object(object) = member else {
        return false;
    };
    object.contains_key("required")
        && object.iter().all(|(key, value)| match key.as_str() {
            AT | "title" | "description" | "required" => true,
            "type" => value == "object",
            _ => false,
        })
}

/// Drops members that say what one before them says.
fn drop_repeated(members: &mut Vec<Value>) {
    let mut kept: Vec<Value> = Vec::with_capacity(members.len());
    for member in members.drain(..) {
        if !kept.iter().any(|before| says_the_same(before, &member)) {
            kept.push(member);
        }
    }
    *members = kept;
}

/// Whether two values differ in nothing but where they come from.
fn says_the_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            let said = |object: &Object| {
                object
                    .iter()
                    .filter(|(key, value)| !is_place(key, value))
                    .count()
            };
            said(a) == said(b)
                && a.iter()
                    .filter(|(key, value)| !is_place(key, value))
                    .all(|(key, value)| b.get(key).is_some_and(|other| says_the_same(value, other)))
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| says_the_same(a, b))
        }
        (a, b) => a == b,
    }
}

/// Whether this says where a value comes from.
fn is_place(key: &str, value: &Value) -> bool {
    key == AT && value.is_string()
}
