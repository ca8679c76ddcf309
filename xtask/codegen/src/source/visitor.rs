//! One visitor for YAML and JSON, which builds a [`serde_json::Value`] and looks at what the parsers let pass: keys
//! that occur twice, nesting without end, aliases that multiply.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, IgnoredAny, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde_json::map::Entry;
use serde_json::{Map, Number, Value};

use crate::diag::{Code, Diagnostic};
use crate::ir::Pointer;

/// How deep values may be nested.
const MAX_DEPTH: usize = 120;
/// How many values a document may hold once its aliases are written out.
const MAX_NODES: usize = 20_000_000;

/// What is noticed on the way.
#[derive(Default)]
pub(super) struct Seen {
    /// Faults that stop nobody from reading on.
    pub(super) diags: RefCell<Vec<Diagnostic>>,
    /// How many values there have been.
    pub(super) nodes: Cell<usize>,
}

/// The way from the root to a value; on the stack, because almost no pointer is ever asked for.
enum Step<'a> {
    Root,
    Key(&'a Step<'a>, &'a str),
    Item(&'a Step<'a>, usize),
}

impl Step<'_> {
    fn pointer(&self) -> Pointer {
        match self {
            Self::Root => Pointer::root(),
            Self::Key(parent, key) => parent.pointer().join(key),
            Self::Item(parent, index) => parent.pointer().join(&index.to_string()),
        }
    }
}

/// Reads one value.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    seen: &'a Seen,
    at: &'a Step<'a>,
    depth: usize,
    /// Whether `<<` merges, as in YAML.
    merge: bool,
}

impl<'a> Node<'a> {
    /// Reads a whole document; in YAML, `<<` merges.
    pub(super) fn root(seen: &'a Seen, merge: bool) -> Self {
        Self {
            seen,
            at: &Step::Root,
            depth: 0,
            merge,
        }
    }

    fn too_deep(&self) -> bool {
        if self.depth < MAX_DEPTH {
            return false;
        }
        let diag = Diagnostic::new(
            Code::TooDeep,
            &self.at.pointer(),
            format!("nested deeper than {MAX_DEPTH} levels"),
        );
        self.seen
            .diags
            .borrow_mut()
            .push(diag.help("move inner schemas into components/schemas"));
        true
    }

    fn count<E: serde::de::Error>(&self) -> Result<(), E> {
        self.seen.nodes.set(self.seen.nodes.get() + 1);
        if self.seen.nodes.get() > MAX_NODES {
            return Err(E::custom(
                "aliases blow the document up beyond what can be read",
            ));
        }
        Ok(())
    }

    fn duplicate(&self, key: &str) {
        let at = self.at.pointer().join(key);
        let diag = Diagnostic::new(
            Code::DuplicateKey,
            &at,
            format!("`{key}` occurs twice with different values"),
        );
        self.seen
            .diags
            .borrow_mut()
            .push(diag.help("remove or rename one of the two"));
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i128<E: serde::de::Error>(self, value: i128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_u128<E: serde::de::Error>(self, value: u128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        // YAML has `.inf` and `.nan`, JSON has neither.
        Ok(Number::from_f64(value).map_or_else(|| Value::String(value.to_string()), Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    /// A YAML value with a tag of its own (`!thing`): the tag says nothing to us.
    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Value, A::Error> {
        let (_tag, content) = access.variant::<String>()?;
        content.newtype_variant_seed(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        if self.too_deep() {
            while access.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Value::Null);
        }
        let mut items = Vec::new();
        loop {
            let at = Step::Item(self.at, items.len());
            let item = Node {
                at: &at,
                depth: self.depth + 1,
                ..self
            };
            match access.next_element_seed(item)? {
                Some(value) => items.push(value),
                None => return Ok(Value::Array(items)),
            }
            self.count()?;
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        if self.too_deep() {
            while access.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Value::Null);
        }
        let mut map = Map::new();
        let mut merged = Vec::new();
        while let Some(key) = access.next_key_seed(Key)? {
            let at = Step::Key(self.at, &key);
            let value = access.next_value_seed(Node {
                at: &at,
                depth: self.depth + 1,
                ..self
            })?;
            self.count()?;
            if self.merge && key == "<<" {
                merged.push(value);
                continue;
            }
            match map.entry(key) {
                Entry::Vacant(free) => {
                    free.insert(value);
                }
                // The same thing said twice is sloppy, but its meaning is plain.
                Entry::Occupied(taken) if *taken.get() == value => {}
                Entry::Occupied(taken) => self.duplicate(taken.key()),
            }
        }
        for value in merged {
            merge(&mut map, value).map_err(A::Error::custom)?;
        }
        Ok(Value::Object(map))
    }
}

/// YAML's `<<`: what the map does not say itself, it takes from another one, or from the first of several that says it.
fn merge(map: &mut Map<String, Value>, value: Value) -> Result<(), &'static str> {
    match value {
        Value::Object(other) => {
            for (key, value) in other {
                map.entry(key).or_insert(value);
            }
            Ok(())
        }
        Value::Array(others) => others.into_iter().try_for_each(|other| merge(map, other)),
        Value::Null => Ok(()),
        _ => Err("`<<` wants a mapping or a list of mappings"),
    }
}

/// Reads a key as it is written: `200:` is `"200"`, and `1.10:` is not `"1.1"`.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key that is a string, a number or a word")
    }

    fn visit_str<E>(self, value: &str) -> Result<String, E> {
        Ok(value.to_owned())
    }

    fn visit_string<E>(self, value: String) -> Result<String, E> {
        Ok(value)
    }
}
