//! `names.lock`: the names in the generated crate, by their pointer in the document.
//!
//! The generator writes the file and reads it the next time. Names in the file are kept, and new items get unused
//! names, so that a new schema or operation never renames another one. An item that the document itself renames gets
//! its new name, and its old name is deprecated for some versions.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value};

use crate::diag::Error;
use crate::loader::read_text_if_exists;

/// The file name, in the folder of the vendor.
pub const FILE_NAME: &str = "names.lock";

/// Rust names by wire name.
pub type Members = BTreeMap<String, String>;

/// The names in a generated crate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NamesLock {
    /// Resources by the words of their tag, in lower case.
    pub resources: BTreeMap<String, ResourceNames>,
    /// Operations by pointer.
    pub operations: BTreeMap<String, OperationNames>,
    /// Types by pointer. The pointer of an inline schema contains the property, the parameter or the status of the
    /// schema.
    pub types: BTreeMap<String, TypeNames>,
    /// Schemas whose type is that of another one: the pointer of a schema of equal structure, by pointer.
    pub shared: BTreeMap<String, String>,
}

/// The names of a resource.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceNames {
    /// The Cargo feature.
    pub feature: String,
    /// The module and the method of the client.
    pub module: String,
    /// The type of the handle.
    pub handle: String,
}

/// The names of an operation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperationNames {
    /// The `operationId` from which the name was derived.
    pub id: Option<String>,
    /// The method.
    pub name: String,
    /// The type of the request value.
    pub request: String,
    /// The enum of responses, if there is one.
    #[serde(rename = "responses")]
    pub response_enum: Option<String>,
    /// Parameters and body.
    #[serde(default, deserialize_with = "deserialize_members")]
    pub members: Members,
    /// Deprecated names.
    #[serde(default, rename = "was")]
    pub previous_names: Vec<OldName>,
}

/// The names of a type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeNames {
    /// The type.
    pub name: String,
    /// A digest of the content of the type, which identifies it if its pointer has changed.
    pub shape: String,
    /// The variant for unknown values, or the field for additional properties.
    #[serde(rename = "rest")]
    pub catch_all: Option<String>,
    /// Fields or variants.
    #[serde(default, deserialize_with = "deserialize_members")]
    pub members: Members,
    /// Deprecated names.
    #[serde(default, rename = "was")]
    pub previous_names: Vec<OldName>,
}

/// A deprecated name.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OldName {
    /// The name.
    pub name: String,
    /// For an operation: the type of the request value.
    pub request: Option<String>,
    /// The first version without the name.
    #[serde(rename = "until")]
    pub removed_in: String,
}

/// A member in the file: one name if the wire name and the Rust name are equal.
#[derive(Deserialize)]
#[serde(untagged)]
enum Member {
    Same(String),
    Named([String; 2]),
}

fn deserialize_members<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Members, D::Error> {
    let members = Vec::<Member>::deserialize(deserializer)?.into_iter();
    Ok(members
        .map(|member| match member {
            Member::Same(name) => (name.clone(), name),
            Member::Named([wire, name]) => (wire, name),
        })
        .collect())
}

impl NamesLock {
    /// Reads the file at `path`. A missing file has no names.
    ///
    /// # Errors
    /// If the file cannot be read or is not valid, with the line.
    pub fn load(path: &Path) -> Result<Self, Error> {
        match read_text_if_exists(path)? {
            Some(text) => Self::parse(path, &text),
            None => Ok(Self::default()),
        }
    }

    /// Parses the text of a lock file. `path` is used in messages.
    ///
    /// # Errors
    /// If the text is not valid, with the line.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Error> {
        toml::from_str(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            Error::syntax_at(path, text, offset, error.message())
        })
    }

    /// Returns the text of the file, one line per item. `command` is the command that generates it.
    pub fn to_toml(&self, command: &str) -> String {
        let mut document = DocumentMut::new();
        let resources = self.resources.iter().map(|(key, names)| {
            let entries = [
                ("feature", &names.feature),
                ("module", &names.module),
                ("handle", &names.handle),
            ];
            let entries = entries.map(|(key, name)| (key, Some(name.as_str().into())));
            (key, inline_table(entries))
        });
        document.insert("resources", table(resources));
        document.insert(
            "operations",
            table(
                self.operations
                    .iter()
                    .map(|(k, v)| (k, v.to_inline_table())),
            ),
        );
        document.insert(
            "types",
            table(self.types.iter().map(|(k, v)| (k, v.to_inline_table()))),
        );
        if !self.shared.is_empty() {
            let mut shared = Table::new();
            for (key, same) in &self.shared {
                shared.insert(key, Item::Value(same.as_str().into()));
            }
            document.insert("shared", Item::Table(shared));
        }
        format!(
            "# @generated by `{command}`\n\
             # The names in the generated crate, by their pointer in the document. Names in this file do not change.\n\
             # If you remove a line, its name is chosen again, which can break callers.\n\n{document}"
        )
    }
}

impl OperationNames {
    fn to_inline_table(&self) -> InlineTable {
        let text = |text: &String| Value::from(text.as_str());
        inline_table([
            ("name", Some(text(&self.name))),
            ("request", Some(text(&self.request))),
            ("responses", self.response_enum.as_ref().map(text)),
            ("id", self.id.as_ref().map(text)),
            ("members", members_array(&self.members)),
            ("was", previous_names_array(&self.previous_names)),
        ])
    }
}

impl TypeNames {
    fn to_inline_table(&self) -> InlineTable {
        let text = |text: &String| Value::from(text.as_str());
        inline_table([
            ("name", Some(text(&self.name))),
            ("shape", Some(text(&self.shape))),
            ("rest", self.catch_all.as_ref().map(text)),
            ("members", members_array(&self.members)),
            ("was", previous_names_array(&self.previous_names)),
        ])
    }
}

fn table<'k>(entries: impl Iterator<Item = (&'k String, InlineTable)>) -> Item {
    let mut table = Table::new();
    for (key, entry) in entries {
        table.insert(key, Item::Value(Value::InlineTable(entry)));
    }
    Item::Table(table)
}

fn inline_table<const N: usize>(entries: [(&str, Option<Value>); N]) -> InlineTable {
    let entries = entries.into_iter();
    entries
        .filter_map(|(key, value)| Some((key, value?)))
        .collect()
}

fn members_array(members: &Members) -> Option<Value> {
    let members = members.iter().map(|(wire, name)| match wire == name {
        true => Value::from(name.as_str()),
        false => Value::Array(Array::from_iter([wire.as_str(), name.as_str()])),
    });
    let array: Array = members.collect();
    (!array.is_empty()).then_some(Value::Array(array))
}

fn previous_names_array(names: &[OldName]) -> Option<Value> {
    let names = names.iter().map(|old| {
        let request = old.request.as_ref();
        Value::InlineTable(inline_table([
            ("name", Some(old.name.as_str().into())),
            ("request", request.map(|request| request.as_str().into())),
            ("until", Some(old.removed_in.as_str().into())),
        ]))
    });
    let array: Array = names.collect();
    (!array.is_empty()).then_some(Value::Array(array))
}
