//! Schemas. Each is read into a [`Draft`], where the keywords of one concern stand together, and written from there.

mod arrays;
mod finish;
mod kinds;
mod notes;
mod numbers;
mod objects;
mod strings;
mod unions;
mod values;

use serde_json::{Value, json};

use super::read::Node;
use super::{AT, Cx, Object, node_at};
use crate::diag::Code;
use crate::ir::Pointer;
use kinds::Kind;

/// How deep schemas may be nested in each other: twice as many levels of JSON, and safe for every stack.
const MAX_DEPTH: usize = 64;

/// A schema taken apart.
#[derive(Default)]
struct Draft {
    at: Pointer,
    /// What `type` says, null taken out. Empty where it says nothing.
    kinds: Vec<Kind>,
    /// Whether `type` lists everything there is.
    anything: bool,
    /// Whether null is allowed.
    nullable: bool,
    /// Whether `type` or `enum` allow null and nothing else.
    null_alone: bool,
    /// Title, description, default and the like, in their canonical form.
    notes: Object,
    /// The values that `enum` or `const` allow, null taken out.
    values: Option<Vec<Value>>,
    format: Option<String>,
    string: Object,
    number: Object,
    object: Object,
    array: Object,
    /// The canonical form of what `$ref` says.
    reference: Option<Value>,
    all_of: Vec<Value>,
    any_of: Vec<Value>,
    one_of: Vec<Value>,
}

impl Draft {
    fn new(at: &Pointer) -> Self {
        Self {
            at: at.clone(),
            ..Self::default()
        }
    }

    /// Whether other schemas have a say in what this one is.
    fn is_composed(&self) -> bool {
        self.reference.is_some()
            || !self.all_of.is_empty()
            || !self.any_of.is_empty()
            || !self.one_of.is_empty()
    }

    /// Whether it says something of its own about values, beyond null.
    fn has_substance(&self) -> bool {
        !self.kinds.is_empty() || self.values.is_some() || self.has_keywords()
    }

    fn has_keywords(&self) -> bool {
        let groups = [&self.string, &self.number, &self.object, &self.array];
        self.format.is_some() || groups.iter().any(|group| !group.is_empty())
    }
}

impl<'d> Cx<'d> {
    /// The canonical form of a schema, or a reference to it where it has to move to the components.
    pub(super) fn schema(&mut self, node: &Node<'d>) -> Value {
        if self.hoisted.wants(&node.at) {
            self.schema_ref(&node.at)
        } else {
            self.schema_in_place(node)
        }
    }

    /// The schema at `key`, if there is one.
    pub(super) fn schema_at(&mut self, parent: &Node<'d>, key: &str) -> Option<Value> {
        parent.get(key).map(|node| self.schema(&node))
    }

    /// The canonical form of a schema where it stands.
    pub(super) fn schema_in_place(&mut self, node: &Node<'d>) -> Value {
        match node.value {
            Value::Bool(true) | Value::Null => Value::Object(node_at(&node.at)),
            Value::Bool(false) => json!({ AT: node.at.0, "not": {} }),
            Value::Object(_) if self.depth < MAX_DEPTH => {
                self.depth += 1;
                let draft = self.draft(node);
                self.depth -= 1;
                draft.finish()
            }
            Value::Object(_) => {
                let message = format!("schemas are nested deeper than {MAX_DEPTH} levels");
                self.fault(
                    Code::TooDeep,
                    &node.at,
                    message,
                    "move inner schemas into components/schemas",
                );
                Value::Object(node_at(&node.at))
            }
            Value::String(_) => self.named_kind(node),
            _ => {
                self.wrong(node, "a schema", "a schema is an object, `true` or `false`");
                Value::Object(node_at(&node.at))
            }
        }
    }

    /// Takes a schema apart.
    fn draft(&mut self, node: &Node<'d>) -> Draft {
        let mut draft = Draft::new(&node.at);
        self.read_reference(node, &mut draft);
        self.read_kinds(node, &mut draft);
        self.read_values(node, &mut draft);
        self.read_string(node, &mut draft);
        self.read_number(node, &mut draft);
        self.read_object(node, &mut draft);
        self.read_array(node, &mut draft);
        self.read_unions(node, &mut draft);
        self.read_notes(node, &mut draft);
        draft
    }

    fn read_reference(&mut self, node: &Node<'d>, draft: &mut Draft) {
        let Some(reference) = node.reference().or_else(|| node.raw("$dynamicRef")) else {
            return;
        };
        if let Some(target) = self.target(&reference) {
            if let Some(section) = no_schema(&target.at) {
                let message =
                    format!("a schema is wanted, but the reference points at one of the {section}");
                self.fault(
                    Code::WrongType,
                    &reference.at,
                    message,
                    "refer to #/components/schemas/…",
                );
            }
            draft.reference = Some(self.schema_ref(&target.at));
        } else {
            // Reported; what stands in for it is seen by nobody.
            draft.reference = Some(Value::Object(node_at(&node.at)));
        }
    }
}

/// Sections of the components that hold no schemas.
const SECTIONS: &[&str] = &[
    "responses",
    "parameters",
    "examples",
    "requestBodies",
    "headers",
    "securitySchemes",
    "links",
    "callbacks",
    "pathItems",
];

/// The section of the components that `at` names a member of, if it holds no schemas.
fn no_schema(at: &Pointer) -> Option<&'static str> {
    let (section, key) = at.0.strip_prefix("#/components/")?.split_once('/')?;
    let known = SECTIONS.iter().copied();
    known
        .filter(|_| !key.contains('/'))
        .find(|known| *known == section)
}
