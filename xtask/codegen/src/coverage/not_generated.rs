//! Lists what a document has and the generated code does not depend on.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::keywords::{Child, ObjectKind, Use};
use crate::ir::Pointer;
use crate::pipeline::Output;
use crate::source::EXTERNAL_FILES_KEY;

/// Extensions that the generator reads.
const READ_EXTENSIONS: &[&str] = &[
    "x-nullable",
    "x-enum-varnames",
    "x-enumNames",
    "x-enum-descriptions",
    "x-enumDescriptions",
    EXTERNAL_FILES_KEY,
];

/// A keyword, or another part of a document, that the generated code does not depend on.
#[derive(Clone, Debug, Serialize)]
pub struct NotGenerated {
    /// The object that has it, as the specification calls it: `Operation`.
    pub object: &'static str,
    /// The keyword, or the media type of a body for which another one is generated.
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

/// Returns everything in the document that the generated code does not depend on, by object and keyword.
pub(super) fn not_generated(output: &Output) -> Vec<NotGenerated> {
    let mut search = Search::default();
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

#[derive(Default)]
struct Search {
    found: BTreeMap<(ObjectKind, String), Vec<Pointer>>,
}

impl Search {
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
                Some((_, child_kind, Use::Used)) => self.visit_child(child, &at, *child_kind),
                // A reference may have members of its own.
                None if matches!(key.as_str(), "$ref" | "summary" | "description") => {}
                None if READ_EXTENSIONS.contains(&key.as_str()) => {}
                None => self.add(kind, key, at),
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
                    self.visit(item, &at.join(&index.to_string()), kind);
                }
            }
            (Child::Map(kind), Value::Object(members)) => {
                if kind == ObjectKind::MediaType {
                    self.add_other_media_types(members.keys(), at);
                }
                for (name, member) in members {
                    match name.starts_with("x-") && kind != ObjectKind::Schema {
                        true => self.add(kind, name, at.join(name)),
                        false => self.visit(member, &at.join(name), kind),
                    }
                }
            }
            _ => {}
        }
    }

    /// Adds the media types of a body for which another one is generated.
    fn add_other_media_types<'k>(
        &mut self,
        media_types: impl Iterator<Item = &'k String>,
        at: &Pointer,
    ) {
        let is_component = at.0 == "#/components/mediaTypes";
        let mut ranked: Vec<&String> = media_types.filter(|_| !is_component).collect();
        ranked.sort_by_key(|media_type| (rank(media_type), *media_type));
        for other in ranked.into_iter().skip(1) {
            self.add(ObjectKind::MediaType, other, at.join(other));
        }
    }
}

/// Returns the rank of a media type: of several, the lowest is generated.
fn rank(media_type: &str) -> usize {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    match essence {
        json if json.ends_with("json") || json == "*/*" => 0,
        multipart if multipart.starts_with("multipart/") => 1,
        "application/x-www-form-urlencoded" => 2,
        text if text.starts_with("text/") => 3,
        _ => 4,
    }
}
