//! Writing objects.

use std::cell::Cell;
use std::collections::BTreeMap;

use serde_core::ser::{Error, Serialize, SerializeMap, Serializer};

use super::{ByWire, Wire};
use crate::fixed::{Fixed, Literal};
use crate::patch::Patch;
use crate::path;

/// The tag that a union wants to see on its variant.
pub struct Tag<'a> {
    key: &'static str,
    value: &'static str,
    written: Cell<bool>,
    outer: Option<&'a Tag<'a>>,
}

impl<'a> Tag<'a> {
    /// A tag; `outer` is that of the union around this one.
    pub fn new(key: &'static str, value: &'static str, outer: Option<&'a Tag<'a>>) -> Self {
        Self {
            key,
            value,
            written: Cell::new(false),
            outer,
        }
    }
}

/// Writes `value` as an object, and what of `tag` it does not write itself.
pub fn write_object<T: Wire, S: Serializer>(
    value: &T,
    serializer: S,
    tag: Option<&Tag<'_>>,
) -> Result<S::Ok, S::Error> {
    let mut writer = ObjectWriter {
        map: serializer.serialize_map(None)?,
        tag,
        failed: None,
    };
    value.write_fields(&mut writer);
    writer.finish()
}

/// An object half written.
///
/// An error is kept until the end, and nothing is written after it: so a type only lists its fields.
pub struct ObjectWriter<'t, M: SerializeMap> {
    map: M,
    tag: Option<&'t Tag<'t>>,
    failed: Option<M::Error>,
}

impl<M: SerializeMap> ObjectWriter<'_, M> {
    /// A property that is always sent.
    pub fn field<T: Wire>(&mut self, key: &str, value: &T) {
        self.entry(key, &ByWire(value));
    }

    /// A property that is not sent if there is none.
    pub fn optional<T: Wire>(&mut self, key: &str, value: &Option<T>) {
        if let Some(value) = value {
            self.field(key, value);
        }
    }

    /// A property that may be absent or null.
    pub fn patch<T: Wire>(&mut self, key: &str, value: &Patch<T>) {
        match value {
            Patch::Absent => {}
            Patch::Null => self.entry(key, &()),
            Patch::Value(value) => self.field(key, value),
        }
    }

    /// A property with one possible value.
    pub fn fixed(&mut self, key: &str, value: &Fixed, expected: Literal) {
        match value {
            Fixed::Absent => {}
            Fixed::Expected => self.entry(key, &expected),
            Fixed::Other(value) => self.entry(key, value),
        }
    }

    /// Properties without a name of their own.
    pub fn extra<T: Wire>(&mut self, values: &BTreeMap<String, T>) {
        for (key, value) in values {
            self.field(key, value);
        }
    }

    /// The value is no object.
    pub(super) fn refuse(&mut self) {
        self.failed = Some(M::Error::custom("this value is no object"));
    }

    fn entry(&mut self, key: &str, value: &impl Serialize) {
        if self.failed.is_some() {
            return;
        }
        let mut tag = self.tag;
        while let Some(this) = tag {
            if key == this.key {
                this.written.set(true);
            }
            tag = this.outer;
        }
        if let Err(error) = self.map.serialize_entry(key, value) {
            self.failed = Some(place(key, error));
        }
    }

    fn finish(mut self) -> Result<M::Ok, M::Error> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let mut tag = self.tag;
        while let Some(this) = tag {
            if !this.written.replace(true) {
                self.map.serialize_entry(this.key, this.value)?;
            }
            tag = this.outer;
        }
        self.map.end()
    }
}

/// Adds `key` to an error that wants to know its place.
#[cold]
fn place<E: Error>(key: &str, error: E) -> E {
    if path::is_placed(&error.to_string()) {
        E::custom(path::under_key(key, &error))
    } else {
        error
    }
}
