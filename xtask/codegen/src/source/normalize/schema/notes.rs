//! What a schema says about its use: words, defaults, discriminators.

use serde_json::{Value, json};

use super::Draft;
use super::kinds::Kind;
use crate::diag::Code;
use crate::ir::SCHEMAS;
use crate::source::normalize::read::Node;
use crate::source::normalize::{Cx, Object, put};

impl<'d> Cx<'d> {
    /// Reads everything that changes no type.
    pub(super) fn read_notes(&mut self, node: &Node<'d>, draft: &mut Draft) {
        self.prose(node, &["title", "description"], &mut draft.notes);
        for key in ["deprecated", "readOnly", "writeOnly"] {
            let set = self.flag(node, key).filter(|set| *set);
            put(&mut draft.notes, key, set);
        }
        if let Some(default) = node.raw("default") {
            draft
                .notes
                .insert("default".to_owned(), default.value.clone());
        }
        if let Some(discriminator) = self.discriminator(node) {
            draft
                .notes
                .insert("discriminator".to_owned(), discriminator);
        }
    }

    fn discriminator(&mut self, schema: &Node<'d>) -> Option<Value> {
        let node = schema.get("discriminator")?;
        // 2.0 wrote the property's name alone.
        if let Value::String(name) = node.value {
            return Some(json!({ "propertyName": name }));
        }
        self.object(&node, "`discriminator`")?;
        let name = self.needed(&node, "propertyName", "the discriminator")?;
        let mut mapping = Object::new();
        for (tag, target) in self
            .object_at(&node, "mapping")
            .iter()
            .flat_map(Node::entries)
        {
            if let Some(found) = self.mapped(&target) {
                mapping.insert(tag.to_owned(), found);
            }
        }
        let mut out = Object::new();
        out.insert("propertyName".to_owned(), name.into());
        put(
            &mut out,
            "mapping",
            (!mapping.is_empty()).then_some(mapping),
        );
        Some(Value::Object(out))
    }

    /// What a tag is mapped to: a reference, or the bare name of a component.
    fn mapped(&mut self, target: &Node<'d>) -> Option<Value> {
        let Value::String(text) = target.value else {
            self.wrong(
                target,
                "a reference to a schema, a string",
                "write `#/components/schemas/…`",
            );
            return None;
        };
        let schemas = self
            .root
            .get("components")
            .and_then(|components| components.get("schemas"));
        if schemas.is_some_and(|schemas| schemas.raw(text).is_some()) {
            return Some(format!("{SCHEMAS}{text}").into());
        }
        if !text.contains(['#', '/', '.']) {
            let message = format!("there is no schema `{text}`");
            self.fault(
                Code::DanglingRef,
                &target.at,
                message,
                "name a key of components/schemas",
            );
            return None;
        }
        let found = self.target(target)?;
        match self.schema_ref(&found.at) {
            Value::Object(mut reference) => reference.remove("$ref"),
            _ => None,
        }
    }
}

/// Drops a default that the schema does not allow: it is told in docs alone, and there it would mislead.
pub(super) fn check_default(out: &mut Object) {
    let Some(default) = out.get("default") else {
        return;
    };
    let wrong = match out
        .get("type")
        .and_then(Value::as_str)
        .and_then(Kind::named)
    {
        _ if default.is_null() => out.get("nullable").is_none(),
        Some(kind) => !kind.admits(default),
        None => false,
    };
    if wrong {
        out.remove("default");
    }
}
