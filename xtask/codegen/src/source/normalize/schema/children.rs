//! Parents with a discriminator, which become the union of their children.

use serde_json::{Value, json};

use super::draft::SchemaDraft;
use crate::ir::{Pointer, SCHEMAS};
use crate::source::normalize::canonical::{DEFAULT_MAPPING_KEY, canonical_node, insert_some};
use crate::source::normalize::hoist::component_key_of;
use crate::source::normalize::node::Node;
use crate::source::normalize::normalizer::Normalizer;

impl<'d> Normalizer<'d> {
    /// Replaces the keywords of a parent by the union of its children.
    ///
    /// The parent itself is a member, under a key of its own, if `mapping` lists it or if there is one child only.
    pub(super) fn replace_by_children(
        &mut self,
        node: &Node<'d>,
        draft: SchemaDraft,
    ) -> SchemaDraft {
        let Some(children) = self.inheritance.children(&node.at).cloned() else {
            return draft;
        };
        let members = children.keys.iter();
        let members = members.map(|key| match children.incomplete.get(key) {
            Some(at) => self.child_with_properties(node, key, at),
            None => component_ref(key),
        });
        let members: Vec<Value> = members.collect();
        let in_members = draft.all_of.iter();
        let in_member = in_members.filter_map(|member| member.get("discriminator"));
        let own = draft.annotations.get("discriminator");
        let mut discriminator = own.into_iter().chain(in_member).next().cloned();
        let mut union = SchemaDraft {
            nullable: draft.nullable,
            one_of: members,
            ..SchemaDraft::new(&node.at)
        };
        let key = component_key_of(&node.at).unwrap_or_default();
        let parent = format!("{SCHEMAS}{key}");
        let default = discriminator.as_ref();
        let default = default.and_then(|object| object.get(DEFAULT_MAPPING_KEY));
        let is_default = default.is_some_and(|target| *target == parent);
        let mut base_reference = None;
        let mapping = discriminator.as_mut().and_then(Value::as_object_mut);
        let mapping = mapping.map(|object| object.entry("mapping").or_insert_with(|| json!({})));
        let mapping = mapping.and_then(Value::as_object_mut);
        if let Some(mapping) = mapping {
            let is_mapped = mapping.values().any(|target| *target == parent);
            if is_mapped || is_default || union.one_of.len() == 1 {
                let base = self.add_parent_component(node, &key);
                if !is_mapped {
                    mapping.insert(key, parent.clone().into());
                }
                for target in mapping.values_mut().filter(|target| **target == parent) {
                    *target = format!("{SCHEMAS}{base}").into();
                }
                union.one_of.push(component_ref(&base));
                base_reference = Some(format!("{SCHEMAS}{base}"));
            }
        }
        if let (true, Some(Value::Object(discriminator)), Some(base)) =
            (is_default, &mut discriminator, base_reference)
        {
            discriminator.insert(DEFAULT_MAPPING_KEY.to_owned(), base.into());
        }
        union.annotations = draft.annotations;
        insert_some(&mut union.annotations, "discriminator", discriminator);
        union
    }

    /// Returns a child with the properties of its parent, which it does not extend.
    fn child_with_properties(&mut self, parent: &Node<'d>, key: &str, at: &Pointer) -> Value {
        let mut member = canonical_node(at);
        let own = self.schema_without_union(parent);
        let all: Vec<Value> = [component_ref(key)].into_iter().chain(own).collect();
        member.insert("allOf".to_owned(), all.into());
        member.into()
    }

    /// Adds a component with the parent's own keywords. Returns its key.
    fn add_parent_component(&mut self, node: &Node<'d>, key: &str) -> String {
        let base = self.hoisted.reserve_key(&format!("{key}Base"));
        if let Some(schema) = self.schema_without_union(node) {
            self.parent_components.push((base.clone(), schema));
        }
        base
    }
}

fn component_ref(key: &str) -> Value {
    json!({ "$ref": format!("{SCHEMAS}{key}") })
}
