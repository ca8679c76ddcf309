//! Writing objects.

use std::cell::Cell;
use std::collections::BTreeMap;

use serde_core::ser::{Error, Serialize, SerializeMap, Serializer};

use super::{SerdeAdapter, Wire};
use crate::error_path;
use crate::fixed::{Fixed, Literal};
use crate::patch::Patch;

thread_local! {
    /// Whether the value that is being written is part of a request. serde has no way to pass this to a serializer.
    static IS_REQUEST: Cell<bool> = const { Cell::new(false) };
}

/// Runs `write` so that values leave out their read-only properties, as a request must (OpenAPI, Schema Object,
/// `readOnly`).
#[cfg(feature = "client")]
pub(crate) fn without_read_only<R>(write: impl FnOnce() -> R) -> R {
    /// Resets the flag even if writing panics.
    struct Reset(bool);
    impl Drop for Reset {
        fn drop(&mut self) {
            IS_REQUEST.set(self.0);
        }
    }
    let _reset = Reset(IS_REQUEST.replace(true));
    write()
}

/// The discriminator property that identifies a variant of a tagged union.
pub struct VariantTag<'a> {
    key: &'static str,
    /// The values that select the variant; the first one is written where the variant has another or none.
    values: &'a [Literal],
    is_written: Cell<bool>,
    outer: Option<&'a VariantTag<'a>>,
}

impl<'a> VariantTag<'a> {
    /// Creates a tag. `outer` is the tag of the union that contains this union as a variant.
    pub fn new(
        key: &'static str,
        values: &'a [Literal],
        outer: Option<&'a VariantTag<'a>>,
    ) -> Self {
        Self {
            key,
            values,
            is_written: Cell::new(false),
            outer,
        }
    }

    /// Marks the tags with this key as written, and returns the innermost of them, which decides about the value: its
    /// values are among those of the unions around it.
    #[inline]
    fn mark(&self, key: &str) -> Option<&Self> {
        let mut innermost = None;
        let mut tag = Some(self);
        while let Some(this) = tag {
            if key == this.key {
                this.is_written.set(true);
                innermost = innermost.or(Some(this));
            }
            tag = this.outer;
        }
        innermost
    }

    /// Returns the tag to write instead of `value`, which would select another variant.
    fn replacement(&self, value: &impl Serialize) -> Option<&Literal> {
        let text = serde_json::to_string(value).ok()?;
        let is_value =
            |literal: &Literal| serde_json::to_string(literal).is_ok_and(|known| known == text);
        let first = self.values.first()?;
        (!self.values.iter().any(is_value)).then_some(first)
    }
}

/// Writes `value` as an object, followed by `tag` and its outer tags where the value does not contain them.
pub fn write_object<T: Wire, S: Serializer>(
    value: &T,
    serializer: S,
    tag: Option<&VariantTag<'_>>,
) -> Result<S::Ok, S::Error> {
    let mut writer = ObjectWriter {
        map: serializer.serialize_map(None)?,
        tag,
        error: None,
    };
    value.write_fields(&mut writer);
    writer.finish()
}

/// Writes the properties of an object.
///
/// The first error is stored and returned at the end, and nothing is written after it. The methods return the writer.
/// Generated code therefore only lists its fields.
pub struct ObjectWriter<'t, M: SerializeMap> {
    map: M,
    tag: Option<&'t VariantTag<'t>>,
    error: Option<M::Error>,
}

impl<M: SerializeMap> ObjectWriter<'_, M> {
    /// Writes a property that is always sent.
    pub fn write_field<T: Wire>(&mut self, key: &str, value: &T) -> &mut Self {
        self.write_tag_or(key, &SerdeAdapter(value));
        self
    }

    /// Writes a property if it has a value.
    pub fn write_optional<T: Wire>(&mut self, key: &str, value: &Option<T>) -> &mut Self {
        if let Some(value) = value {
            self.write_field(key, value);
        }
        self
    }

    /// Writes a property that may be absent or null.
    pub fn write_patch<T: Wire>(&mut self, key: &str, value: &Patch<T>) -> &mut Self {
        match value {
            Patch::Absent => {}
            Patch::Null => self.write_tag_or(key, &()),
            Patch::Value(value) => {
                self.write_field(key, value);
            }
        }
        self
    }

    /// Writes a property with a constant value.
    pub fn write_fixed(&mut self, key: &str, value: &Fixed, expected: Literal) -> &mut Self {
        match value {
            Fixed::Absent => {}
            Fixed::Expected => self.write_entry(key, &expected),
            Fixed::Other(value) => self.write_entry(key, value),
        }
        self
    }

    /// Returns whether read-only properties are left out.
    pub fn omits_read_only(&self) -> bool {
        IS_REQUEST.get()
    }

    /// Writes the additional properties of an object.
    pub fn write_extra<T: Wire>(&mut self, values: &BTreeMap<String, T>) -> &mut Self {
        for (key, value) in values {
            self.write_field(key, value);
        }
        self
    }

    /// Fails because the value is not an object.
    pub(super) fn fail_not_an_object(&mut self) {
        self.error = Some(M::Error::custom("expected an object"));
    }

    /// Writes a property, or the tag of the variant where the property has the name of the tag and another value.
    fn write_tag_or(&mut self, key: &str, value: &impl Serialize) {
        match self.tag.and_then(|tag| tag.mark(key)) {
            Some(tag) => self.write_tag(tag, key, value),
            None => self.write_unmarked(key, value),
        }
    }

    #[cold]
    #[inline(never)]
    fn write_tag(&mut self, tag: &VariantTag<'_>, key: &str, value: &impl Serialize) {
        match tag.replacement(value) {
            Some(literal) => self.write_unmarked(key, literal),
            None => self.write_unmarked(key, value),
        }
    }

    fn write_entry(&mut self, key: &str, value: &impl Serialize) {
        if let Some(tag) = self.tag {
            tag.mark(key);
        }
        self.write_unmarked(key, value);
    }

    #[inline]
    fn write_unmarked(&mut self, key: &str, value: &impl Serialize) {
        if self.error.is_some() {
            return;
        }
        if let Err(error) = self.map.serialize_entry(key, value) {
            self.error = Some(prepend_key(key, error));
        }
    }

    fn finish(mut self) -> Result<M::Ok, M::Error> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let mut tag = self.tag;
        while let Some(this) = tag {
            if !this.is_written.replace(true) {
                if let Some(value) = this.values.first() {
                    self.map.serialize_entry(this.key, value)?;
                }
            }
            tag = this.outer;
        }
        self.map.end()
    }
}

/// Prepends `key` to the path of an error that has one.
#[cold]
fn prepend_key<E: Error>(key: &str, error: E) -> E {
    if error_path::has_path(&error.to_string()) {
        E::custom(error_path::prepend_key(key, &error))
    } else {
        error
    }
}
