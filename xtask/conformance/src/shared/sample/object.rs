//! Objects and lists.

use serde_json::{Map, Value};

use super::sampler::{Sampler, SiteKind};
use super::scalar::size;
use crate::shared::json_diff::Step;
use observatory_codegen::ir::Pointer;

/// Names that no document has thought of.
const NAMES: &[&str] = &[
    "x-extra",
    "ключ",
    "a b/c~d",
    "$dollar",
    "",
    "0",
    "\u{1f}\"\\",
];

impl<'d> Sampler<'d> {
    pub(super) fn object(&mut self, at: &str, schema: &'d Map<String, Value>) -> Option<Value> {
        // Where the schema says what others must be, nothing else can be new.
        let others = schema
            .get("additionalProperties")
            .and_then(Value::as_object);
        if others.is_none_or(Map::is_empty) {
            self.site(SiteKind::Object);
        }
        let required = self.required(schema);
        let mode = self.draw(at, "mode", 8);
        let mut out = Map::new();
        let mut dived = false;
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            let below = Pointer(at.to_owned()).join("properties").join(name).0;
            let must = required.contains(&name.as_str());
            let dives = self.dive > self.here.len() && self.reach.is_recursive(property);
            if !must && !self.keeps(&below, mode, dives && !dived) {
                continue;
            }
            // One way down is enough: two at every level would be a million values soon.
            let dive = self.dive;
            if dived {
                self.dive = 0;
            }
            dived |= dives;
            self.here.push(Step::Key(name.clone()));
            let value = self.value(&below, property);
            self.dive = dive;
            if value.is_some() && !must {
                self.site(SiteKind::Optional);
            }
            self.here.pop();
            match value {
                Some(value) => drop(out.insert(name.clone(), value)),
                None if must => return None,
                None => {}
            }
        }
        self.undeclared(at, schema, &required, &mut out)?;
        Some(Value::Object(out))
    }

    /// Whether an optional property is to be there.
    fn keeps(&mut self, at: &str, mode: usize, dives: bool) -> bool {
        if self.dive > self.here.len() {
            return dives || self.rng.below(6) == 0;
        }
        match mode {
            _ if self.left == 0 => false,
            0 => false,
            1 => true,
            _ => self.draw(at, "there", 3) > 0,
        }
    }

    /// Properties that are required and not described, and others where the schema says that there may be some.
    fn undeclared(
        &mut self,
        at: &str,
        schema: &'d Map<String, Value>,
        required: &[&str],
        out: &mut Map<String, Value>,
    ) -> Option<()> {
        let described = schema.get("properties").and_then(Value::as_object);
        let others = schema.get("additionalProperties");
        let missing = required
            .iter()
            .filter(|name| described.is_none_or(|all| !all.contains_key(**name)));
        let mut names: Vec<String> = missing.map(|name| (*name).to_owned()).collect();
        let free = match others {
            Some(Value::Bool(free)) => *free,
            Some(_) => true,
            None => described.is_none_or(Map::is_empty) && !schema.contains_key("allOf"),
        };
        let least = size(schema, "minProperties").unwrap_or(0);
        if free {
            let most = size(schema, "maxProperties").unwrap_or(usize::MAX);
            let more = if self.left == 0 {
                0
            } else {
                self.draw(at, "more", 3)
            };
            let more = more.max(least.saturating_sub(out.len() + names.len()));
            for _ in 0..more.min(most.saturating_sub(out.len())) {
                names.push(self.name(at, schema)?);
            }
        }
        let below = format!("{at}/additionalProperties");
        for name in names {
            if described.is_some_and(|all| all.contains_key(&name)) || out.contains_key(&name) {
                continue;
            }
            self.here.push(Step::Key(name.clone()));
            let value = match others {
                Some(schema @ Value::Object(_)) => self.value(&below, schema),
                _ => Some(self.anything(&below)),
            };
            self.here.pop();
            out.insert(name, value?);
        }
        Some(())
    }

    fn name(&mut self, at: &str, schema: &'d Map<String, Value>) -> Option<String> {
        if let Some(names) = schema.get("propertyNames").filter(|names| {
            names.get("enum").is_some()
                || names.get("$ref").is_some()
                || names.get("pattern").is_some()
        }) {
            let sites = self.sites.len();
            let name = self.value(&format!("{at}/propertyNames"), names);
            // What a key may be is no place in the value.
            self.sites.truncate(sites);
            return name?.as_str().map(str::to_owned);
        }
        let card = self.draw(at, "name", NAMES.len());
        NAMES.get(card).map(|name| (*name).to_owned())
    }

    pub(super) fn array(&mut self, at: &str, schema: &'d Map<String, Value>) -> Option<Value> {
        let least = size(schema, "minItems").unwrap_or(0).min(1_000);
        let most = size(schema, "maxItems").unwrap_or(usize::MAX);
        let diving = self.dive > self.here.len();
        let wanted = match self.left {
            0 => least,
            _ if diving => 1,
            _ => least + self.draw(at, "items", 4),
        };
        let first = schema.get("prefixItems").and_then(Value::as_array);
        let first: &[Value] = first.map_or(&[], Vec::as_slice);
        let wanted = wanted
            .max(first.len().min(least.max(first.len())))
            .min(most);
        let unique = schema.get("uniqueItems") == Some(&Value::Bool(true));
        let mut out: Vec<Value> = Vec::new();
        for index in 0..wanted {
            let (below, item) = match first.get(index) {
                Some(item) => (format!("{at}/prefixItems/{index}"), Some(item)),
                None => (format!("{at}/items"), schema.get("items")),
            };
            self.here.push(Step::Index(out.len()));
            let value = match item {
                Some(item) => self.value(&below, item),
                None => Some(self.anything(&below)),
            };
            self.here.pop();
            match value {
                Some(value) if unique && out.contains(&value) => {}
                Some(value) => out.push(value),
                None if out.len() < least => return None,
                None => break,
            }
        }
        Some(Value::Array(out))
    }
}
