//! Makes instances of one schema.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::recursion::Reach;
use crate::shared::json_diff::Step;
use crate::shared::rng::{Decks, Rng};

/// Deeper values are none that `serde_json` reads by default.
const DEEPEST: usize = 100;

/// Larger values are given up.
const LARGEST: usize = 5_000;

/// References, unions and the like may follow one another so often.
const CALLS: usize = 500;

/// An instance.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) value: Value,
    /// Where a server of a later version may say something new.
    pub(crate) sites: Vec<Site>,
}

/// A place in an instance.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) at: Vec<Step>,
    pub(crate) kind: SiteKind,
}

/// What may be new there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SiteKind {
    /// An object: a property.
    Object,
    /// One of several strings: another string.
    Enum,
    /// An optional property: null.
    Optional,
    /// The tag of a union, by its property: another tag.
    Tag(String),
}

/// Makes instances of one schema.
pub(crate) struct Sampler<'d> {
    pub(super) document: &'d Value,
    pub(super) reach: &'d Reach,
    pub(super) rng: Rng,
    decks: Decks,
    pub(super) here: Vec<Step>,
    pub(super) sites: Vec<Site>,
    /// Properties that one part of a schema requires, whatever the others say.
    musts: BTreeSet<Vec<Step>>,
    /// How many more values may be made before only what must be there is.
    pub(super) left: usize,
    /// So deep recursion is followed.
    pub(super) dive: usize,
    calls: usize,
    made: usize,
}

impl<'d> Sampler<'d> {
    pub(crate) fn new(document: &'d Value, reach: &'d Reach, seed: u64, salt: &str) -> Self {
        Self {
            document,
            reach,
            rng: Rng::new(seed, salt),
            decks: Decks::default(),
            here: Vec::new(),
            sites: Vec::new(),
            musts: BTreeSet::new(),
            left: 0,
            dive: 0,
            calls: 0,
            made: 0,
        }
    }

    /// An instance of the schema at a pointer; `None` if none was found.
    pub(crate) fn sample(&mut self, pointer: &str) -> Option<Sample> {
        let schema = self.document.pointer(pointer.strip_prefix('#')?)?;
        self.here.clear();
        self.sites.clear();
        self.musts.clear();
        (self.calls, self.made) = (0, 0);
        (self.left, self.dive) = match self.draw("", "size", 8) {
            0 => (8, 0),
            1 => (200, 0),
            2 if self.reach.is_recursive(schema) => (400, 10 + self.rng.below(DEEPEST - 20)),
            _ => (50, 0),
        };
        let value = self.value(pointer, schema)?;
        let mut sites = std::mem::take(&mut self.sites);
        sites.retain(|site| {
            let must = site.kind == SiteKind::Optional && self.musts.contains(&site.at);
            !must && site.is_in(&value)
        });
        Some(Sample { value, sites })
    }

    pub(super) fn draw(&mut self, at: &str, what: &str, size: usize) -> usize {
        self.decks.draw(&mut self.rng, format!("{at} {what}"), size)
    }

    pub(super) fn value(&mut self, at: &str, schema: &'d Value) -> Option<Value> {
        if self.calls >= CALLS || self.made >= LARGEST || self.here.len() >= DEEPEST {
            return None;
        }
        self.calls += 1;
        self.made += 1;
        self.left = self.left.saturating_sub(1);
        let value = match schema {
            Value::Object(schema) => self.schema(at, schema),
            Value::Bool(false) => None,
            _ => Some(self.anything(at)),
        };
        self.calls -= 1;
        value
    }

    fn schema(&mut self, at: &str, schema: &'d Map<String, Value>) -> Option<Value> {
        let nullable = schema.get("nullable") == Some(&Value::Bool(true));
        if nullable && self.draw(at, "null", 4) == 0 {
            return Some(Value::Null);
        }
        if let Some(pointer) = schema.get("$ref").and_then(Value::as_str) {
            let target = self.document.pointer(pointer.strip_prefix('#')?)?;
            return self.value(pointer, target);
        }
        if let Some(only) = schema.get("const") {
            self.site_of(only);
            return Some(only.clone());
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            let card = self.draw(at, "enum", values.len());
            let value = values.get(card)?;
            self.site_of(value);
            return Some(value.clone());
        }
        if ["allOf", "oneOf", "anyOf"]
            .iter()
            .any(|key| schema.contains_key(*key))
        {
            return self.composed(at, schema);
        }
        let kind = self.kind(at, schema);
        self.of_kind(at, schema, kind)
    }

    /// The type, or what the other words speak of.
    pub(super) fn kind(&mut self, at: &str, schema: &'d Map<String, Value>) -> &'d str {
        let has = |keys: &[&str]| keys.iter().any(|key| schema.contains_key(*key));
        match schema.get("type") {
            Some(Value::String(kind)) => kind,
            Some(Value::Array(kinds)) => {
                let card = self.draw(at, "type", kinds.len());
                kinds.get(card).and_then(Value::as_str).unwrap_or_default()
            }
            _ if has(&["properties", "additionalProperties", "required"]) => "object",
            _ if has(&["items", "prefixItems"]) => "array",
            _ if has(&["pattern", "format", "minLength", "maxLength"]) => "string",
            _ if has(&["minimum", "maximum", "multipleOf"]) => "number",
            _ => "",
        }
    }

    pub(super) fn of_kind(
        &mut self,
        at: &str,
        schema: &'d Map<String, Value>,
        kind: &str,
    ) -> Option<Value> {
        match kind {
            "object" => self.object(at, schema),
            "array" => self.array(at, schema),
            "string" => Some(self.text(at, schema).into()),
            "integer" => Some(self.number(at, schema, true)),
            "number" => Some(self.number(at, schema, false)),
            "boolean" => Some((self.draw(at, "bool", 2) == 0).into()),
            "null" => Some(Value::Null),
            _ => Some(self.anything(at)),
        }
    }

    /// Notes what a schema, or a part of one, requires here.
    pub(super) fn required(&mut self, schema: &'d Map<String, Value>) -> Vec<&'d str> {
        let names = schema.get("required").and_then(Value::as_array);
        let names = names.into_iter().flatten().filter_map(Value::as_str);
        let names: Vec<&str> = names.collect();
        for name in &names {
            let mut at = self.here.clone();
            at.push(Step::Key((*name).to_owned()));
            self.musts.insert(at);
        }
        names
    }

    fn site_of(&mut self, value: &Value) {
        if value.is_string() {
            self.site(SiteKind::Enum);
        }
    }

    pub(super) fn site(&mut self, kind: SiteKind) {
        let at = self.here.clone();
        self.sites.push(Site { at, kind });
    }
}

impl Site {
    /// Merged objects may have lost what was seen on the way.
    fn is_in(&self, value: &Value) -> bool {
        let found = find(value, &self.at);
        match &self.kind {
            SiteKind::Object => found.is_some_and(Value::is_object),
            SiteKind::Enum => found.is_some_and(Value::is_string),
            SiteKind::Optional => found.is_some(),
            SiteKind::Tag(key) => found.and_then(|object| object.get(key)).is_some(),
        }
    }
}

fn find<'v>(value: &'v Value, at: &[Step]) -> Option<&'v Value> {
    at.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get(key),
        Step::Index(index) => value.get(index),
    })
}
