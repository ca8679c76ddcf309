//! What the document marks as deprecated, for the list in the README.

use super::docs::markdown::{inline_code, markdown_line};
use super::{ModelFile, ModelKind, ResourcePlan};

/// Something deprecated, in Markdown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeprecatedItem {
    /// Its place in the crate.
    pub name: String,
    /// Since when, why, until when and what instead, as far as the document states it.
    pub note: String,
}

impl DeprecatedItem {
    fn new(name: String, note: &str) -> Self {
        let note = markdown_line(note);
        Self { name, note }
    }
}

/// Returns the deprecated operations, parameters, types and fields, in this order.
pub(super) fn list_deprecated(
    resources: &[ResourcePlan],
    models: &[ModelFile],
) -> Vec<DeprecatedItem> {
    let (mut operations, mut params, mut types, mut fields) = (vec![], vec![], vec![], vec![]);
    for resource in resources {
        for method in &resource.methods {
            let call = inline_code(&format!("{}().{}", resource.path, method.name));
            let note = method.deprecated.iter();
            operations.extend(note.map(|note| DeprecatedItem::new(call.clone(), note)));
            params.extend(method.params.iter().filter_map(|param| {
                let name = format!("{call}, parameter {}", inline_code(&param.name));
                Some(DeprecatedItem::new(name, param.deprecated.as_ref()?))
            }));
        }
    }
    for model in models.iter().flat_map(|file| &file.types) {
        let name = inline_code(&model.name);
        let note = model.deprecated.iter();
        types.extend(note.map(|note| DeprecatedItem::new(name.clone(), note)));
        let ModelKind::Struct {
            fields: members, ..
        } = &model.kind
        else {
            continue;
        };
        fields.extend(members.iter().filter_map(|field| {
            let name = format!("{name}, field {}", inline_code(&field.name));
            Some(DeprecatedItem::new(name, field.deprecated.as_ref()?))
        }));
    }
    [operations, params, types, fields].concat()
}
