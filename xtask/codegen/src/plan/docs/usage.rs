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
    named: Vec<Use>,
    /// All of them.
    all: BTreeSet<Use>,
}

/// A use of a type.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Use {
    /// What the type is of its owner: ``Item of property `tags` ``.
    role: String,
    owner: Owner,
}

/// What uses a type.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Type(TypeId),
    /// An operation or a webhook, as Markdown.
    Operation(String),
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
                this.add_operation(operation, &Owner::Operation(link.clone()));
            }
        }
        for payload in &api.payloads {
            if let Some(ty) = &payload.ty {
                let role = match payload.status {
                    Some(_) => "Response",
                    None => "Body",
                };
                let name = inline_code(&payload.name);
                this.add(ty, role, &Owner::Operation(format!("the webhook {name}")));
            }
        }
        for id in type_names.keys() {
            let def = api.types.get(*id);
            if def.usage != Usage::default() {
                this.add_members(&def.shape, &Owner::Type(*id));
            }
        }
        this
    }

    /// Returns a sentence about where a type is used; `None` if nothing uses it. `link` returns a link to a type.
    pub(in crate::plan) fn sentence(
        &self,
        id: TypeId,
        link: impl Fn(TypeId) -> String,
    ) -> Option<String> {
        let uses = self.0.get(&id)?;
        let more = match uses.all.len() - uses.named.len() {
            0 => String::new(),
            1 => ", and in one more place".to_owned(),
            more => format!(", and in {more} more places"),
        };
        let mut text = String::new();
        let mut previous: Option<&str> = None;
        for Use { role, owner } in &uses.named {
            let owner = match owner {
                Owner::Type(id) => link(*id),
                Owner::Operation(link) => link.clone(),
            };
            match previous {
                None => text.push_str(&format!("{role} of {owner}")),
                Some(same) if same == role => text.push_str(&format!(" and {owner}")),
                Some(_) => text.push_str(&format!("; {} of {owner}", lowercase_first(role))),
            }
            previous = Some(role);
        }
        Some(format!("{text}{more}."))
    }

    fn add(&mut self, ty: &TypeRef, role: &str, owner: &Owner) {
        let id = match ty {
            TypeRef::Named(id) => *id,
            TypeRef::List(inner) => {
                return self.add(inner, &format!("Item of {}", lowercase_first(role)), owner);
            }
            TypeRef::Tuple(items) => {
                let role = format!("Item of {}", lowercase_first(role));
                return items.iter().for_each(|item| self.add(item, &role, owner));
            }
            TypeRef::Map(inner) => {
                return self.add(inner, &format!("Value of {}", lowercase_first(role)), owner);
            }
            TypeRef::Nullable(inner) => return self.add(inner, role, owner),
            TypeRef::Primitive(_) => return,
        };
        let (role, owner) = (role.to_owned(), owner.clone());
        let usage = Use { role, owner };
        let uses = self.0.entry(id).or_default();
        if uses.all.insert(usage.clone()) && uses.named.len() < MAX_USES {
            uses.named.push(usage);
        }
    }

    fn add_operation(&mut self, operation: &Operation, owner: &Owner) {
        for param in &operation.params {
            let name = inline_code(&param.wire_name);
            self.add(&param.ty, &format!("Parameter {name}"), owner);
        }
        match operation.body.as_ref().map(|body| &body.content) {
            Some(
                RequestContent::Json(ty)
                | RequestContent::JsonLines(ty)
                | RequestContent::Form(ty, _)
                | RequestContent::Multipart(ty, _),
            ) => self.add(ty, "Body", owner),
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
                    self.add(ty, role, owner);
                }
            }
            for stream in &response.streams {
                self.add(&stream.ty, "Item of a stream", owner);
            }
        }
    }

    fn add_members(&mut self, shape: &Shape, owner: &Owner) {
        match shape {
            Shape::Struct(object) => {
                for field in &object.fields {
                    let name = inline_code(&field.wire_name);
                    self.add(&field.ty, &format!("Property {name}"), owner);
                }
                if let Some(extra) = &object.extra {
                    self.add(extra, "Additional property", owner);
                }
            }
            Shape::Union(union) => {
                for variant in &union.variants {
                    self.add(&variant.ty, "Variant", owner);
                }
            }
            Shape::Alias(ty) => self.add(ty, "Target", owner),
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
