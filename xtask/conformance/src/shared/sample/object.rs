//! Samples objects and arrays.

use serde_json::{Map, Value};

use super::sampler::{NewValueKind, Sampler};
use super::scalar::size_keyword;
use crate::shared::json_diff::PathStep;
use observatory_codegen::ir::Pointer;

/// Names of additional properties, chosen to need escaping.
const PROPERTY_NAMES: &[&str] = &[
    "x-extra",
    "ключ",
    "a b/c~d",
    "$dollar",
    "",
    "0",
    "\u{1f}\"\\",
];

impl<'d> Sampler<'d> {
    pub(super) fn sample_object(
        &mut self,
        at: &str,
        schema: &'d Map<String, Value>,
    ) -> Option<Value> {
        // A schema of the additional properties leaves no property unknown.
        let keywords = ["additionalProperties", "unevaluatedProperties"].into_iter();
        let mut additional = keywords.filter_map(|key| schema.get(key)?.as_object());
        if additional.all(Map::is_empty) {
            self.add_site(NewValueKind::Property);
        }
        let required = self.record_required(schema);
        let mode = self.choose(at, "mode", 8);
        let mut out = Map::new();
        let mut has_recursed = false;
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            let below = Pointer(at.to_owned()).join("properties").join(name).0;
            let is_required = required.contains(&name.as_str());
            let recurses =
                self.recursion_depth > self.path.len() && self.recursive.contains(property);
            if !is_required && !self.is_included(&below, mode, recurses && !has_recursed) {
                continue;
            }
            // Only one property of each object recurses: two would double the values at every level.
            let recursion_depth = self.recursion_depth;
            if has_recursed {
                self.recursion_depth = 0;
            }
            has_recursed |= recurses;
            self.path.push(PathStep::Key(name.clone()));
            let value = self.sample_value(&below, property);
            self.recursion_depth = recursion_depth;
            if value.is_some() && !is_required {
                self.add_site(NewValueKind::Null);
            }
            self.path.pop();
            match value {
                Some(value) => drop(out.insert(name.clone(), value)),
                None if is_required => return None,
                None => {}
            }
        }
        self.add_undeclared_properties(at, schema, &required, &mut out)?;
        Some(Value::Object(out))
    }

    /// Decides whether an optional property is included.
    fn is_included(&mut self, at: &str, mode: usize, recurses: bool) -> bool {
        if self.recursion_depth > self.path.len() {
            return recurses || self.rng.below(6) == 0;
        }
        match mode {
            _ if self.remaining_values == 0 => false,
            0 => false,
            1 => true,
            _ => self.choose(at, "include", 3) > 0,
        }
    }

    /// Adds properties that are required but not declared, and additional properties where the schema allows them.
    fn add_undeclared_properties(
        &mut self,
        at: &str,
        schema: &'d Map<String, Value>,
        required: &[&str],
        out: &mut Map<String, Value>,
    ) -> Option<()> {
        let declared = schema.get("properties").and_then(Value::as_object);
        let additional = schema.get("additionalProperties");
        let undeclared = required
            .iter()
            .filter(|name| declared.is_none_or(|all| !all.contains_key(**name)));
        let mut names: Vec<String> = undeclared.map(|name| (*name).to_owned()).collect();
        let allows_additional = match additional {
            Some(Value::Bool(allows)) => *allows,
            Some(_) => true,
            None => declared.is_none_or(Map::is_empty) && !schema.contains_key("allOf"),
        };
        let min = size_keyword(schema, "minProperties").unwrap_or(0);
        if allows_additional {
            let max = size_keyword(schema, "maxProperties").unwrap_or(usize::MAX);
            let count = if self.remaining_values == 0 {
                0
            } else {
                self.choose(at, "more", 3)
            };
            let count = count.max(min.saturating_sub(out.len() + names.len()));
            for _ in 0..count.min(max.saturating_sub(out.len())) {
                names.push(self.sample_property_name(at, schema)?);
            }
        }
        let below = format!("{at}/additionalProperties");
        for name in names {
            if declared.is_some_and(|all| all.contains_key(&name)) || out.contains_key(&name) {
                continue;
            }
            self.path.push(PathStep::Key(name.clone()));
            let value = match additional {
                Some(schema @ Value::Object(_)) => self.sample_value(&below, schema),
                _ => Some(self.sample_any(&below)),
            };
            self.path.pop();
            out.insert(name, value?);
        }
        Some(())
    }

    fn sample_property_name(&mut self, at: &str, schema: &'d Map<String, Value>) -> Option<String> {
        if let Some(names) = schema.get("propertyNames").filter(|names| {
            names.get("enum").is_some()
                || names.get("$ref").is_some()
                || names.get("pattern").is_some()
        }) {
            let site_count = self.sites.len();
            let name = self.sample_value(&format!("{at}/propertyNames"), names);
            // The sites of a name are not paths of the value.
            self.sites.truncate(site_count);
            return name?.as_str().map(str::to_owned);
        }
        let index = self.choose(at, "name", PROPERTY_NAMES.len());
        PROPERTY_NAMES.get(index).map(|name| (*name).to_owned())
    }

    pub(super) fn sample_array(
        &mut self,
        at: &str,
        schema: &'d Map<String, Value>,
    ) -> Option<Value> {
        let min = size_keyword(schema, "minItems").unwrap_or(0).min(1_000);
        let max = size_keyword(schema, "maxItems").unwrap_or(usize::MAX);
        let prefers_recursion = self.recursion_depth > self.path.len();
        let length = match self.remaining_values {
            0 => min,
            _ if prefers_recursion => 1,
            _ => min + self.choose(at, "items", 4),
        };
        let prefix = schema.get("prefixItems").and_then(Value::as_array);
        let prefix: &[Value] = prefix.map_or(&[], Vec::as_slice);
        let length = length.max(prefix.len().min(min.max(prefix.len()))).min(max);
        let is_unique = schema.get("uniqueItems") == Some(&Value::Bool(true));
        let mut out: Vec<Value> = Vec::new();
        for index in 0..length {
            let (below, item) = match prefix.get(index) {
                Some(item) => (format!("{at}/prefixItems/{index}"), Some(item)),
                None => (format!("{at}/items"), schema.get("items")),
            };
            self.path.push(PathStep::Index(out.len()));
            let value = match item {
                Some(item) => self.sample_value(&below, item),
                None => Some(self.sample_any(&below)),
            };
            self.path.pop();
            match value {
                Some(value) if is_unique && out.contains(&value) => {}
                Some(value) => out.push(value),
                None if out.len() < min => return None,
                None => break,
            }
        }
        Some(Value::Array(out))
    }
}
