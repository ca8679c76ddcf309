//! Builds a [`serde_json::Value`] from YAML or JSON and rejects what the parsers accept: duplicate keys, too deep
//! nesting, and aliases that expand to too many values.

use std::cell::RefCell;
use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, IgnoredAny, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde_json::map::Entry;
use serde_json::{Map, Number, Value};

use super::scan::too_deep;
use crate::diag::{Code, Diagnostic};
use crate::ir::Pointer;
use crate::limits::{Budget, MAX_DEPTH, MAX_VALUES, max_pointer_bytes};

/// The state shared by all [`ValueReader`]s of a document.
pub(super) struct ReadState {
    /// Errors in the document. Reading continues after most of them.
    pub(super) diags: RefCell<Vec<Diagnostic>>,
    values: Budget,
    pointer_bytes: Budget,
}

impl ReadState {
    /// Creates the state for a document of `size` bytes.
    pub(super) fn new(size: usize) -> Self {
        Self {
            diags: RefCell::default(),
            values: Budget::new(MAX_VALUES),
            pointer_bytes: Budget::new(max_pointer_bytes(size)),
        }
    }
}

/// The path from the root to a value, as a linked list on the stack: few values need their pointer.
enum ValuePath<'a> {
    Root,
    Key(&'a ValuePath<'a>, &'a str),
    Item(&'a ValuePath<'a>, usize),
}

impl ValuePath<'_> {
    fn to_pointer(&self) -> Pointer {
        match self {
            Self::Root => Pointer::root(),
            Self::Key(parent, key) => parent.to_pointer().join(key),
            Self::Item(parent, index) => parent.to_pointer().join(&index.to_string()),
        }
    }
}

/// Deserializes one value.
#[derive(Clone, Copy)]
pub(super) struct ValueReader<'a> {
    state: &'a ReadState,
    path: &'a ValuePath<'a>,
    /// The length of the pointer to the value.
    path_bytes: usize,
    depth: usize,
    /// Whether `<<` is YAML's merge key.
    has_merge_keys: bool,
}

impl<'a> ValueReader<'a> {
    /// Returns a reader for a whole document.
    pub(super) fn root(state: &'a ReadState, has_merge_keys: bool) -> Self {
        Self {
            state,
            path: &ValuePath::Root,
            path_bytes: 1,
            depth: 0,
            has_merge_keys,
        }
    }

    /// Checks the depth of a collection. Reports one that is too deep.
    fn is_too_deep(&self) -> bool {
        if self.depth < MAX_DEPTH {
            return false;
        }
        self.report(too_deep());
        true
    }

    /// Adds a diagnostic at the current value.
    fn report(&self, diag: Diagnostic) {
        let at = self.path.to_pointer();
        self.state
            .diags
            .borrow_mut()
            .push(Diagnostic { at, ..diag });
    }

    fn count_value<E: serde::de::Error>(&self) -> Result<(), E> {
        let message = if !self.state.values.spend(1) {
            format!("the document has more than {MAX_VALUES} values")
        } else if !self.state.pointer_bytes.spend(self.path_bytes) {
            "the keys of the document are too long for the number of values below them".to_owned()
        } else {
            return Ok(());
        };
        let diag = Diagnostic::new(Code::TooBig, &Pointer::root(), message.as_str());
        self.report(diag.with_help("split the document"));
        Err(E::custom(message))
    }

    fn report_duplicate_key(&self, key: &str) {
        let at = self.path.to_pointer().join(key);
        let message = format!("the key `{key}` occurs twice with different values");
        let diag = Diagnostic::new(Code::DuplicateKey, &at, message);
        let diag = diag.with_help("remove or rename one of the two keys");
        self.state.diags.borrow_mut().push(diag);
    }
}

impl<'de> DeserializeSeed<'de> for ValueReader<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueReader<'_> {
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
        // YAML allows `.inf` and `.nan`, JSON does not.
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

    /// Reads a YAML value with an application tag (`!thing`). The tag is ignored.
    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Value, A::Error> {
        let (_tag, content) = access.variant::<String>()?;
        content.newtype_variant_seed(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        if self.is_too_deep() {
            while access.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Value::Null);
        }
        let mut items = Vec::new();
        loop {
            let path = ValuePath::Item(self.path, items.len());
            let item = ValueReader {
                path: &path,
                // The digits of the index are not counted.
                path_bytes: self.path_bytes + 2,
                depth: self.depth + 1,
                ..self
            };
            match access.next_element_seed(item)? {
                Some(value) => items.push(value),
                None => return Ok(Value::Array(items)),
            }
            item.count_value()?;
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        if self.is_too_deep() {
            while access.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Value::Null);
        }
        let mut map = Map::new();
        let mut merged = Vec::new();
        while let Some(key) = access.next_key_seed(Key)? {
            let path = ValuePath::Key(self.path, &key);
            let member = ValueReader {
                path: &path,
                path_bytes: self.path_bytes + 1 + key.len(),
                depth: self.depth + 1,
                ..self
            };
            let value = access.next_value_seed(member)?;
            member.count_value()?;
            if self.has_merge_keys && key == "<<" {
                merged.push(value);
                continue;
            }
            match map.entry(key) {
                Entry::Vacant(entry) => {
                    entry.insert(value);
                }
                // Equal values are not ambiguous.
                Entry::Occupied(entry) if *entry.get() == value => {}
                Entry::Occupied(entry) => self.report_duplicate_key(entry.key()),
            }
        }
        for value in merged {
            apply_merge_key(&mut map, value).map_err(A::Error::custom)?;
        }
        Ok(Value::Object(map))
    }
}

/// Adds the members of the value of a YAML merge key (`<<`): a mapping, or a list of mappings.
///
/// Members of `map` and of mappings earlier in the list take precedence.
fn apply_merge_key(map: &mut Map<String, Value>, value: Value) -> Result<(), &'static str> {
    match value {
        Value::Object(other) => {
            for (key, value) in other {
                map.entry(key).or_insert(value);
            }
            Ok(())
        }
        Value::Array(others) => others
            .into_iter()
            .try_for_each(|other| apply_merge_key(map, other)),
        Value::Null => Ok(()),
        _ => Err("the value of `<<` must be a mapping or a list of mappings"),
    }
}

/// Deserializes a key as text: `200:` is `"200"`, and `1.10:` is not `"1.1"`.
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
        f.write_str("a scalar key")
    }

    fn visit_str<E>(self, value: &str) -> Result<String, E> {
        Ok(value.to_owned())
    }

    fn visit_string<E>(self, value: String) -> Result<String, E> {
        Ok(value)
    }
}
