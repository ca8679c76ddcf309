//! `names.lock`: the names that programs use, by where what they name stands in the document.
//!
//! `codegen` writes it and reads it back: whatever it names keeps its name, and what is new takes a name that is free.
//! So a schema or an operation that is added renames nothing. What the document itself renames gets its new name, and
//! keeps the old one for a while.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value};

use crate::diag::Error;
use crate::loader::read_text_if_exists;

/// The file's name, in the vendor's folder.
pub const FILE_NAME: &str = "names.lock";

/// Names on the wire, and in Rust.
pub type Members = BTreeMap<String, String>;

/// The names that programs use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NamesLock {
    /// By the words of their tag, in small letters.
    pub resources: BTreeMap<String, ResourceNames>,
    /// By their place.
    pub operations: BTreeMap<String, OperationNames>,
    /// By their place; what stands in place is told by the property, the parameter or the status it belongs to.
    pub types: BTreeMap<String, TypeNames>,
}

/// What a resource is called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceNames {
    /// The cargo feature.
    pub feature: String,
    /// The module, and the client's method.
    pub module: String,
    /// The handle's type.
    pub handle: String,
}

/// What an operation is called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperationNames {
    /// The `operationId` that the name comes from.
    pub id: Option<String>,
    /// The method.
    pub name: String,
    /// The request value's type.
    pub request: String,
    /// The enum of its answers, where there is one.
    pub answer: Option<String>,
    /// Its parameters and its body.
    #[serde(default, deserialize_with = "members")]
    pub members: Members,
    /// What it was called before.
    #[serde(default)]
    pub was: Vec<OldName>,
}

/// What a type is called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeNames {
    /// Its name.
    pub name: String,
    /// What it consists of, as a digest: a type of the same shape elsewhere is this one, renamed.
    pub shape: String,
    /// What holds all that has no name of its own: the catch-all, or the further properties.
    pub rest: Option<String>,
    /// Its fields or variants.
    #[serde(default, deserialize_with = "members")]
    pub members: Members,
    /// What it was called before.
    #[serde(default)]
    pub was: Vec<OldName>,
}

/// A name that programs may still use.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OldName {
    /// The name.
    pub name: String,
    /// For an operation: the request value's type.
    pub request: Option<String>,
    /// The first version without it.
    pub until: String,
}

/// A member as the file has it: one name where both are the same.
#[derive(Deserialize)]
#[serde(untagged)]
enum Member {
    Same(String),
    Named([String; 2]),
}

fn members<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Members, D::Error> {
    let members = Vec::<Member>::deserialize(from)?.into_iter();
    Ok(members
        .map(|member| match member {
            Member::Same(name) => (name.clone(), name),
            Member::Named([wire, name]) => (wire, name),
        })
        .collect())
}

impl NamesLock {
    /// Reads the file; a missing one names nothing.
    ///
    /// # Errors
    /// When it is not what `codegen` writes, with the line.
    pub fn load(path: &Path) -> Result<Self, Error> {
        match read_text_if_exists(path)? {
            Some(text) => Self::parse(path, &text),
            None => Ok(Self::default()),
        }
    }

    /// Parses the text of a lock; `path` is what errors show.
    ///
    /// # Errors
    /// When it is not what [`NamesLock::text`] writes, with the line.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Error> {
        toml::from_str(text).map_err(|why| {
            let offset = why.span().map_or(0, |span| span.start);
            Error::syntax_at(path, text, offset, why.message())
        })
    }

    /// The file's text, one line a name.
    pub fn text(&self, command: &str) -> String {
        let mut document = DocumentMut::new();
        let resources = self.resources.iter().map(|(key, names)| {
            let facts = [
                ("feature", &names.feature),
                ("module", &names.module),
                ("handle", &names.handle),
            ];
            let facts = facts.map(|(key, name)| (key, Some(name.as_str().into())));
            (key, line(facts))
        });
        document.insert("resources", table(resources));
        document.insert(
            "operations",
            table(self.operations.iter().map(|(k, v)| (k, v.line()))),
        );
        document.insert(
            "types",
            table(self.types.iter().map(|(k, v)| (k, v.line()))),
        );
        format!(
            "# @generated by `{command}`\n# The names that programs use, by their place in the document: whatever stands here \
             keeps its name.\n# Take a line out to have its name made anew; that breaks the programs that use it.\n\n{document}"
        )
    }
}

impl OperationNames {
    fn line(&self) -> InlineTable {
        let text = |text: &String| Value::from(text.as_str());
        line([
            ("name", Some(text(&self.name))),
            ("request", Some(text(&self.request))),
            ("answer", self.answer.as_ref().map(text)),
            ("id", self.id.as_ref().map(text)),
            ("members", listed(&self.members)),
            ("was", old(&self.was)),
        ])
    }
}

impl TypeNames {
    fn line(&self) -> InlineTable {
        let text = |text: &String| Value::from(text.as_str());
        line([
            ("name", Some(text(&self.name))),
            ("shape", Some(text(&self.shape))),
            ("rest", self.rest.as_ref().map(text)),
            ("members", listed(&self.members)),
            ("was", old(&self.was)),
        ])
    }
}

fn table<'k>(lines: impl Iterator<Item = (&'k String, InlineTable)>) -> Item {
    let mut table = Table::new();
    for (key, line) in lines {
        table.insert(key, Item::Value(Value::InlineTable(line)));
    }
    Item::Table(table)
}

fn line<const N: usize>(facts: [(&str, Option<Value>); N]) -> InlineTable {
    let facts = facts.into_iter();
    facts
        .filter_map(|(key, value)| Some((key, value?)))
        .collect()
}

fn listed(members: &Members) -> Option<Value> {
    let members = members.iter().map(|(wire, name)| match wire == name {
        true => Value::from(name.as_str()),
        false => Value::Array(Array::from_iter([wire.as_str(), name.as_str()])),
    });
    let list: Array = members.collect();
    (!list.is_empty()).then_some(Value::Array(list))
}

fn old(names: &[OldName]) -> Option<Value> {
    let names = names.iter().map(|old| {
        let request = old.request.as_ref();
        Value::InlineTable(line([
            ("name", Some(old.name.as_str().into())),
            ("request", request.map(|request| request.as_str().into())),
            ("until", Some(old.until.as_str().into())),
        ]))
    });
    let list: Array = names.collect();
    (!list.is_empty()).then_some(Value::Array(list))
}
