//! Keywords of objects.

use serde_json::Value;

use super::Draft;
use super::unions::one_or_any;
use crate::source::normalize::read::Node;
use crate::source::normalize::{Cx, Object, put};

impl<'d> Cx<'d> {
    /// Reads properties, which of them must be there, and what others may be.
    pub(super) fn read_object(&mut self, node: &Node<'d>, draft: &mut Draft) {
        if let Some(said) = self.object_at(node, "properties") {
            if let Some(reference) = said
                .reference()
                .filter(|reference| reference.value.is_string())
            {
                // Properties taken over from another schema are what `allOf` is for.
                draft.all_of.extend(
                    self.target(&reference)
                        .map(|target| self.schema_ref(&target.at)),
                );
            }
            let mut properties = Object::new();
            for (name, property) in said
                .entries()
                .filter(|(name, node)| *name != "$ref" || !node.value.is_string())
            {
                properties.insert(name.to_owned(), self.schema(&property));
            }
            draft
                .object
                .insert("properties".to_owned(), Value::Object(properties));
        }
        let required = self.required(node);
        put(
            &mut draft.object,
            "required",
            (!required.is_empty()).then_some(required),
        );
        if let Some(rest) = self.additional(node) {
            draft.object.insert("additionalProperties".to_owned(), rest);
        }
        self.read_counts(node, &["minProperties", "maxProperties"], &mut draft.object);
    }

    /// The names in `required`. A boolean there is how people used to mark a property; it says nothing here.
    fn required(&self, node: &Node<'d>) -> Vec<Value> {
        let Some(said) = node.get("required") else {
            return Vec::new();
        };
        match said.value {
            Value::Array(_) => {}
            Value::Bool(_) | Value::String(_) => return Vec::new(),
            _ => self.wrong(
                &said,
                "`required`, a list of names",
                "list the properties that must be there",
            ),
        }
        let mut names: Vec<Value> = Vec::new();
        for name in said.items().filter(|name| name.value.is_string()) {
            if !names.contains(name.value) {
                names.push(name.value.clone());
            }
        }
        names
    }

    /// What properties without a name may be, whichever keyword says so.
    fn additional(&mut self, node: &Node<'d>) -> Option<Value> {
        let mut schemas = Vec::new();
        for (_, pattern) in self
            .object_at(node, "patternProperties")
            .iter()
            .flat_map(Node::entries)
        {
            schemas.push(self.schema(&pattern));
        }
        let mut said = None;
        for key in ["additionalProperties", "unevaluatedProperties"] {
            let Some(rest) = node.get(key) else { continue };
            match rest.value {
                Value::Object(_) if said.is_none() => {
                    schemas.push(self.schema(&rest));
                    said = Some(true);
                }
                Value::Object(_) => {}
                _ if key == "additionalProperties" => said = self.flag(node, key),
                _ => {}
            }
        }
        match (schemas.is_empty(), said) {
            (true, said) => said.map(Value::Bool),
            // `true` beside patterns allows anything at all.
            (false, Some(true))
                if node
                    .get("additionalProperties")
                    .is_some_and(|rest| !rest.value.is_object()) =>
            {
                Some(true.into())
            }
            (false, _) => one_or_any(&node.at, schemas),
        }
    }
}
