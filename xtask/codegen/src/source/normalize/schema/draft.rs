//! The intermediate form of a schema: its keywords, grouped by type.

use serde_json::Value;

use super::enum_words::EnumWords;
use super::json_type::JsonType;
use crate::ir::Pointer;
use crate::source::normalize::canonical::Object;

/// The keywords of a schema, read but not yet combined.
#[derive(Default)]
pub(super) struct SchemaDraft {
    /// The pointer to the schema in the source document.
    pub(super) at: Pointer,
    /// The types in `type`, without null. Empty if `type` is absent.
    pub(super) types: Vec<JsonType>,
    /// Whether `type` lists all types.
    pub(super) allows_any_type: bool,
    /// Whether `type` is absent, and `types` was inferred from keywords that only restrict values of a type.
    pub(super) is_type_implied: bool,
    /// Whether a keyword has a fault that leaves the type unknown.
    pub(super) has_fault: bool,
    /// Whether null is an instance.
    pub(super) nullable: bool,
    /// Whether `type` or `enum` allow only null.
    pub(super) is_null_only: bool,
    /// Canonical `title`, `description`, `default` and other annotations.
    pub(super) annotations: Object,
    /// The values of `enum` or `const`, without null.
    pub(super) enum_values: Option<Vec<Value>>,
    /// The words of values of `enum`, as the document spells these.
    pub(super) enum_words: Vec<EnumWords>,
    pub(super) format: Option<String>,
    pub(super) string_keywords: Object,
    pub(super) number_keywords: Object,
    pub(super) object_keywords: Object,
    pub(super) array_keywords: Object,
    /// The canonical `$ref`.
    pub(super) reference: Option<Value>,
    pub(super) all_of: Vec<Value>,
    pub(super) any_of: Vec<Value>,
    pub(super) one_of: Vec<Value>,
}

impl SchemaDraft {
    pub(super) fn new(at: &Pointer) -> Self {
        Self {
            at: at.clone(),
            ..Self::default()
        }
    }

    /// Returns whether the schema is a reference or has `allOf`, `anyOf` or `oneOf`.
    pub(super) fn is_composed(&self) -> bool {
        self.reference.is_some()
            || !self.all_of.is_empty()
            || !self.any_of.is_empty()
            || !self.one_of.is_empty()
    }

    /// Returns whether the schema has own keywords that restrict its instances, other than null.
    pub(super) fn has_own_constraints(&self) -> bool {
        !self.types.is_empty() || self.enum_values.is_some() || self.has_type_keywords()
    }

    /// Returns whether the schema has keywords that belong to one type.
    pub(super) fn has_type_keywords(&self) -> bool {
        let groups = [
            &self.string_keywords,
            &self.number_keywords,
            &self.object_keywords,
            &self.array_keywords,
        ];
        self.format.is_some() || groups.iter().any(|group| !group.is_empty())
    }
}
