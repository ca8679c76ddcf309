//! The sampler: its state and the dispatch over the kinds of schemas.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::recursion::RecursiveSchemas;
use crate::shared::json_diff::PathStep;
use crate::shared::rng::{Rng, ShuffledChoices};

/// The deepest nesting. `serde_json` rejects deeper values by default.
const MAX_DEPTH: usize = 100;

/// The largest number of values in a sample.
const MAX_VALUES: usize = 5_000;

/// The longest chain of references and unions.
const MAX_SCHEMA_DEPTH: usize = 500;

/// A proposed instance of a schema.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) value: Value,
    /// Where a newer server may send something new.
    pub(crate) sites: Vec<NewValueSite>,
}

/// A place in an instance where a newer server may send something new.
#[derive(Clone, Debug)]
pub(crate) struct NewValueSite {
    pub(crate) path: Vec<PathStep>,
    pub(crate) kind: NewValueKind,
}

/// What a newer server may send at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NewValueKind {
    /// An unknown property of an object.
    Property,
    /// An unknown value of an enum of strings or integers.
    EnumValue,
    /// `null` as an optional property.
    Null,
    /// An unknown value of the discriminator property of this name.
    DiscriminatorValue(String),
}

/// Makes instances of one schema.
pub(crate) struct Sampler<'d> {
    pub(super) document: &'d Value,
    pub(super) recursive: &'d RecursiveSchemas,
    /// The resources that led to the current schema, outermost first: they bind dynamic references.
    scope: Vec<&'d str>,
    pub(super) rng: Rng,
    choices: ShuffledChoices,
    /// The path of the value that is being made.
    pub(super) path: Vec<PathStep>,
    pub(super) sites: Vec<NewValueSite>,
    /// The paths of properties that some part of a schema requires.
    required_paths: BTreeSet<Vec<PathStep>>,
    /// How many values remain until only required ones are made.
    pub(super) remaining_values: usize,
    /// The depth down to which recursive schemas are preferred.
    pub(super) recursion_depth: usize,
    schema_depth: usize,
    value_count: usize,
}

impl<'d> Sampler<'d> {
    pub(crate) fn new(
        document: &'d Value,
        recursive: &'d RecursiveSchemas,
        seed: u64,
        salt: &str,
    ) -> Self {
        Self {
            document,
            recursive,
            scope: Vec::new(),
            rng: Rng::new(seed, salt),
            choices: ShuffledChoices::default(),
            path: Vec::new(),
            sites: Vec::new(),
            required_paths: BTreeSet::new(),
            remaining_values: 0,
            recursion_depth: 0,
            schema_depth: 0,
            value_count: 0,
        }
    }

    /// Makes an instance of the schema at a pointer; `None` if the attempt failed.
    pub(crate) fn sample(&mut self, pointer: &str) -> Option<Sample> {
        let schema = self.document.pointer(pointer.strip_prefix('#')?)?;
        self.path.clear();
        self.sites.clear();
        self.required_paths.clear();
        (self.schema_depth, self.value_count) = (0, 0);
        (self.remaining_values, self.recursion_depth) = match self.choose("", "size", 8) {
            0 => (8, 0),
            1 => (200, 0),
            2 if self.recursive.contains(schema) => (400, 10 + self.rng.below(MAX_DEPTH - 20)),
            _ => (50, 0),
        };
        self.scope.clear();
        self.scope
            .extend(self.recursive.anchors.resource_of(pointer));
        let value = self.sample_value(pointer, schema)?;
        let mut sites = std::mem::take(&mut self.sites);
        sites.retain(|site| {
            let is_required =
                site.kind == NewValueKind::Null && self.required_paths.contains(&site.path);
            !is_required && site.exists_in(&value)
        });
        Some(Sample { value, sites })
    }

    /// Chooses one of `count` options for a decision about the schema at `at`. Returns its index.
    pub(super) fn choose(&mut self, at: &str, decision: &str, count: usize) -> usize {
        let decision = format!("{at} {decision}");
        self.choices.next_index(&mut self.rng, decision, count)
    }

    pub(super) fn sample_value(&mut self, at: &str, schema: &'d Value) -> Option<Value> {
        if self.schema_depth >= MAX_SCHEMA_DEPTH
            || self.value_count >= MAX_VALUES
            || self.path.len() >= MAX_DEPTH
        {
            return None;
        }
        self.schema_depth += 1;
        self.value_count += 1;
        self.remaining_values = self.remaining_values.saturating_sub(1);
        let value = match schema {
            Value::Object(schema) => self.sample_schema(at, schema),
            Value::Bool(false) => None,
            _ => Some(self.sample_any(at)),
        };
        self.schema_depth -= 1;
        value
    }

    fn sample_schema(&mut self, at: &str, schema: &'d Map<String, Value>) -> Option<Value> {
        let nullable = schema.get("nullable") == Some(&Value::Bool(true));
        if nullable && self.choose(at, "null", 4) == 0 {
            return Some(Value::Null);
        }
        if let Some(pointer) = self.reference(schema) {
            let target = self.document.pointer(pointer.strip_prefix('#')?)?;
            let depth = self.scope.len();
            self.scope
                .extend(self.recursive.anchors.resource_of(pointer));
            let value = self.sample_value(pointer, target);
            self.scope.truncate(depth);
            return value;
        }
        if let Some(constant) = schema.get("const") {
            self.add_enum_site(constant);
            return Some(constant.clone());
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            let index = self.choose(at, "enum", values.len());
            let value = values.get(index)?;
            self.add_enum_site(value);
            return Some(value.clone());
        }
        if ["allOf", "oneOf", "anyOf", "if", "dependentSchemas"]
            .iter()
            .any(|key| schema.contains_key(*key))
        {
            return self.sample_composition(at, schema);
        }
        let ty = self.choose_type(at, schema);
        self.sample_type(at, schema, ty)
    }

    /// Returns the pointer that a schema refers to.
    fn reference(&self, schema: &'d Map<String, Value>) -> Option<&'d str> {
        let dynamic = schema.get("$dynamicRef").and_then(Value::as_str);
        let bound = dynamic.and_then(|name| self.recursive.anchors.target(name, &self.scope));
        bound.or_else(|| schema.get("$ref")?.as_str())
    }

    /// Returns one of the types in `type`. Without `type`, infers it from the other keywords; "" for any type.
    pub(super) fn choose_type(&mut self, at: &str, schema: &'d Map<String, Value>) -> &'d str {
        let has = |keys: &[&str]| keys.iter().any(|key| schema.contains_key(*key));
        match schema.get("type") {
            Some(Value::String(ty)) => ty,
            Some(Value::Array(types)) => {
                let index = self.choose(at, "type", types.len());
                types.get(index).and_then(Value::as_str).unwrap_or_default()
            }
            _ if has(&["properties", "additionalProperties", "required"]) => "object",
            _ if has(&["items", "prefixItems"]) => "array",
            _ if has(&["pattern", "format", "minLength", "maxLength"]) => "string",
            _ if has(&["minimum", "maximum", "multipleOf"]) => "number",
            _ => "",
        }
    }

    pub(super) fn sample_type(
        &mut self,
        at: &str,
        schema: &'d Map<String, Value>,
        ty: &str,
    ) -> Option<Value> {
        match ty {
            "object" => self.sample_object(at, schema),
            "array" => self.sample_array(at, schema),
            "string" => Some(self.sample_string(at, schema).into()),
            "integer" => Some(self.sample_number(at, schema, true)),
            "number" => Some(self.sample_number(at, schema, false)),
            "boolean" => Some((self.choose(at, "bool", 2) == 0).into()),
            "null" => Some(Value::Null),
            _ => Some(self.sample_any(at)),
        }
    }

    /// Records the required properties of a schema, or of a part of one, at the current path. Returns their names.
    pub(super) fn record_required(&mut self, schema: &'d Map<String, Value>) -> Vec<&'d str> {
        let names = schema.get("required").and_then(Value::as_array);
        let names = names.into_iter().flatten().filter_map(Value::as_str);
        let names: Vec<&str> = names.collect();
        for name in &names {
            let mut path = self.path.clone();
            path.push(PathStep::Key((*name).to_owned()));
            self.required_paths.insert(path);
        }
        names
    }

    fn add_enum_site(&mut self, value: &Value) {
        if value.is_string() || value.is_i64() {
            self.add_site(NewValueKind::EnumValue);
        }
    }

    pub(super) fn add_site(&mut self, kind: NewValueKind) {
        let path = self.path.clone();
        self.sites.push(NewValueSite { path, kind });
    }
}

impl NewValueSite {
    /// Returns whether the place is still in `value`: merging the parts of `allOf` may have replaced it.
    fn exists_in(&self, value: &Value) -> bool {
        let found = value_at(value, &self.path);
        match &self.kind {
            NewValueKind::Property => found.is_some_and(Value::is_object),
            NewValueKind::EnumValue => {
                found.is_some_and(|value| value.is_string() || value.is_i64())
            }
            NewValueKind::Null => found.is_some(),
            NewValueKind::DiscriminatorValue(key) => {
                found.and_then(|object| object.get(key)).is_some()
            }
        }
    }
}

fn value_at<'v>(value: &'v Value, path: &[PathStep]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, step| match step {
        PathStep::Key(key) => value.get(key),
        PathStep::Index(index) => value.get(index),
    })
}
