//! Lists what a document has and the generated code does not depend on.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::keywords::{Child, ObjectKind, Use};
use crate::ir::Pointer;
use crate::pipeline::Output;
use crate::source::{EXTERNAL_FILES_KEY, fact_extensions, prose_extensions};

/// A keyword, or another part of a document, that the generated code does not depend on.
#[derive(Clone, Debug, Serialize)]
pub struct NotGenerated {
    /// The object that has it, as the specification calls it: `Operation`.
    pub object: &'static str,
    /// The keyword, or the media type of a body that is not generated.
    pub keyword: String,
    /// How often the document has it.
    pub count: usize,
    /// Where it is, in the order of the document.
    pub places: Vec<NotGeneratedPlace>,
}

/// A place of a part that is not generated.
#[derive(Clone, Debug, Serialize)]
pub struct NotGeneratedPlace {
    /// The pointer to the part.
    pub pointer: String,
    /// The file.
    #[serde(skip)]
    pub file: std::path::PathBuf,
    /// The line in the file.
    pub line: usize,
}

fn is_read_extension(key: &str) -> bool {
    key == EXTERNAL_FILES_KEY
        || fact_extensions()
            .chain(prose_extensions())
            .any(|read| read == key)
}

/// Returns everything in the document that the generated code does not depend on, by object and keyword.
pub(super) fn not_generated(output: &Output) -> Vec<NotGenerated> {
    let mut search = Search {
        unused_parts: &output.plan.unused_parts,
        found: BTreeMap::new(),
    };
    search.visit(&output.raw.value, &Pointer::root(), ObjectKind::OpenApi);
    let locator = output.raw.locator();
    let found = search.found.into_iter();
    found
        .map(|((object, keyword), pointers)| {
            let mut places: Vec<NotGeneratedPlace> = pointers
                .iter()
                .map(|at| NotGeneratedPlace {
                    pointer: at.0.clone(),
                    file: locator.file(at).0.path().to_owned(),
                    line: locator.line(at),
                })
                .collect();
            places.sort_by(|a, b| (a.line, &a.pointer).cmp(&(b.line, &b.pointer)));
            NotGenerated {
                object: object.name(),
                keyword,
                count: places.len(),
                places,
            }
        })
        .collect()
}

/// Returns the name of an item of a list, as a parameter and a server have one.
fn item_name(item: &Value) -> &str {
    let mut names = ["name", "url"].into_iter();
    let name = names.find_map(|key| item.get(key)?.as_str());
    name.unwrap_or("item")
}

struct Search<'o> {
    unused_parts: &'o BTreeSet<Pointer>,
    found: BTreeMap<(ObjectKind, String), Vec<Pointer>>,
}

impl Search<'_> {
    fn add(&mut self, kind: ObjectKind, keyword: &str, at: Pointer) {
        let places = self.found.entry((kind, keyword.to_owned())).or_default();
        places.push(at);
    }

    fn visit(&mut self, value: &Value, at: &Pointer, kind: ObjectKind) {
        let Value::Object(object) = value else { return };
        let table = kind.table();
        for (key, child) in object {
            let at = at.join(key);
            match table.iter().find(|(name, ..)| name == key) {
                Some((_, _, Use::Ignored)) => self.add(kind, key, at),
                Some(_) if self.unused_parts.contains(&at) => self.add(kind, key, at),
                Some((_, Child::Value, Use::Used)) => self.visit_members(child, &at, kind, key),
                Some((_, child_kind, Use::Used)) => self.visit_child(child, &at, *child_kind),
                // A reference may have members of its own.
                None if matches!(key.as_str(), "$ref" | "summary" | "description") => {}
                None if is_read_extension(key) => {}
                None => self.add(kind, key, at),
            }
        }
    }

    /// Adds the unused members of a keyword that is not an object of the specifications.
    fn visit_members(&mut self, value: &Value, at: &Pointer, kind: ObjectKind, keyword: &str) {
        for (name, _) in value.as_object().into_iter().flatten() {
            let at = at.join(name);
            if self.unused_parts.contains(&at) {
                self.add(kind, keyword, at);
            }
        }
    }

    fn visit_child(&mut self, value: &Value, at: &Pointer, child: Child) {
        match (child, value) {
            (Child::One(kind) | Child::Each(kind), Value::Object(_)) => {
                self.visit(value, at, kind);
            }
            (Child::List(kind) | Child::Each(kind), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    let at = at.join(&index.to_string());
                    match self.unused_parts.contains(&at) {
                        true => self.add(kind, item_name(item), at),
                        false => self.visit(item, &at, kind),
                    }
                }
            }
            (Child::Map(kind), Value::Object(members)) => {
                for (name, member) in members {
                    let at = at.join(name);
                    if self.unused_parts.contains(&at) {
                        self.add(kind, name, at);
                        continue;
                    }
                    match name.starts_with("x-") && kind != ObjectKind::Schema {
                        true => self.add(kind, name, at),
                        false => self.visit(member, &at, kind),
                    }
                }
            }
            (Child::Maps(kind), Value::Object(members)) => {
                for (name, member) in members.iter().filter(|(name, _)| *name != "$ref") {
                    match member.get("$ref") {
                        Some(_) => {}
                        None => self.visit_child(member, &at.join(name), Child::Map(kind)),
                    }
                }
            }
            _ => {}
        }
    }
}
