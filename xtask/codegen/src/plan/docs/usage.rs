//! Where a type is used: the documentation of types that the document does not describe.

use std::collections::{BTreeMap, BTreeSet};

use super::markdown::inline_code;
use crate::ir::{Api, Operation, RequestContent, ResponseContent, Shape, TypeId, TypeRef, Usage};
use crate::plan::operations::operation_plan::ResourcePlan;

/// The number of uses that the documentation of a type names.
const MAX_USES: usize = 2;

/// The uses of every type: operations first, in document order.
pub(in crate::plan) struct TypeUses(BTreeMap<TypeId, Uses>);

/// The uses of a type.
#[derive(Default)]
struct Uses {
    /// The first ones, which the documentation names.
    named: Vec<String>,
    /// All of them.
    all: BTreeSet<String>,
}

impl TypeUses {
    /// Collects the uses of all types. `resources` are the planned operations.
    pub(in crate::plan) fn collect(
        api: &Api,
        type_names: &BTreeMap<TypeId, String>,
        resources: &[ResourcePlan],
    ) -> Self {
        let mut this = Self(BTreeMap::new());
        let methods = resources.iter().flat_map(|resource| {
            let methods = resource.methods.iter();
            methods.map(move |method| (&method.at, link_to_method(&resource.handle, &method.name)))
        });
        let methods: BTreeMap<_, _> = methods.collect();
        for operation in &api.operations {
            if let Some(link) = methods.get(&operation.at) {
                this.add_operation(operation, link);
            }
        }
        for payload in &api.payloads {
            if let Some(ty) = &payload.ty {
                let role = match payload.status {
                    Some(_) => "Response",
                    None => "Body",
                };
                let name = inline_code(&payload.name);
                this.add(ty, &format!("{role} of the webhook {name}"));
            }
        }
        for (id, name) in type_names {
            let def = api.types.get(*id);
            if def.usage != Usage::default() {
                this.add_members(&def.shape, name);
            }
        }
        this
    }

    /// Returns a sentence about where a type is used; `None` if nothing uses it.
    pub(in crate::plan) fn sentence(&self, id: TypeId) -> Option<String> {
        let uses = self.0.get(&id)?;
        let more = match uses.all.len() - uses.named.len() {
            0 => String::new(),
            1 => ", and in one more place".to_owned(),
            more => format!(", and in {more} more places"),
        };
        Some(format!("{}{more}.", uses.named.join("; ")))
    }

    fn add(&mut self, ty: &TypeRef, usage: &str) {
        let (id, usage) = match ty {
            TypeRef::Named(id) => (*id, usage.to_owned()),
            TypeRef::List(inner) => {
                return self.add(inner, &format!("Item of {}", lowercase_first(usage)));
            }
            TypeRef::Tuple(items) => {
                let usage = format!("Item of {}", lowercase_first(usage));
                return items.iter().for_each(|item| self.add(item, &usage));
            }
            TypeRef::Map(inner) => {
                return self.add(inner, &format!("Value of {}", lowercase_first(usage)));
            }
            TypeRef::Nullable(inner) => return self.add(inner, usage),
            TypeRef::Primitive(_) => return,
        };
        let uses = self.0.entry(id).or_default();
        if uses.all.insert(usage.clone()) && uses.named.len() < MAX_USES {
            uses.named.push(usage);
        }
    }

    fn add_operation(&mut self, operation: &Operation, link: &str) {
        for param in &operation.params {
            let name = inline_code(&param.wire_name);
            self.add(&param.ty, &format!("Parameter {name} of {link}"));
        }
        match operation.body.as_ref().map(|body| &body.content) {
            Some(
                RequestContent::Json(ty)
                | RequestContent::JsonLines(ty)
                | RequestContent::Form(ty, _)
                | RequestContent::Multipart(ty, _),
            ) => {
                self.add(ty, &format!("Body of {link}"));
            }
            Some(RequestContent::Text | RequestContent::Bytes) | None => {}
        }
        let success = operation
            .responses
            .success
            .iter()
            .map(|response| (response, "Response"));
        let errors = operation
            .responses
            .errors
            .iter()
            .map(|response| (response, "Error body"));
        for (response, role) in success.chain(errors) {
            let alternatives = response.alternatives.iter();
            let alternatives = alternatives.map(|alternative| &alternative.content);
            for content in std::iter::once(&response.content).chain(alternatives) {
                if let ResponseContent::Json(ty) = content {
                    self.add(ty, &format!("{role} of {link}"));
                }
            }
            for stream in &response.streams {
                self.add(&stream.ty, &format!("Item of a stream of {link}"));
            }
        }
    }

    fn add_members(&mut self, shape: &Shape, name: &str) {
        // Without the module, rustdoc warns of a redundant target where the type is in the same file.
        let owner = format!("[`models::{name}`](crate::models::{name})");
        match shape {
            Shape::Struct(object) => {
                for field in &object.fields {
                    let field_name = inline_code(&field.wire_name);
                    self.add(&field.ty, &format!("Property {field_name} of {owner}"));
                }
                if let Some(extra) = &object.extra {
                    self.add(extra, &format!("Additional property of {owner}"));
                }
            }
            Shape::Union(union) => {
                for variant in &union.variants {
                    self.add(&variant.ty, &format!("Variant of {owner}"));
                }
            }
            Shape::Alias(ty) => self.add(ty, &format!("Target of {owner}")),
            Shape::Enum(_) => {}
        }
    }
}

fn link_to_method(handle: &str, method: &str) -> String {
    format!("[`{handle}::{method}`](crate::api::{handle}::{method})")
}

fn lowercase_first(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}
