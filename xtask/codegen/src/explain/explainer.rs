//! The text about an item.

use std::path::Path;

use super::find::{Item, member_pointer, members};
use super::reasons::{
    operation_name_reason, presence_text, tagging_text, type_name_reason, usage_text,
};
use crate::compare::describe::{output_text, type_text};
use crate::config::Config;
use crate::files::Files;
use crate::ir::{EnumType, Operation, Pointer, Shape, TypeId};
use crate::locator::Locator;
use crate::pipeline::PlannedDocument;
use crate::plan::{MethodPlan, ModelKind, ModelPlan, ParamPlan, ResourcePlan, pagination_rule};

/// Explains items of a planned document.
pub(super) struct Explainer<'a> {
    pub(super) planned: &'a PlannedDocument,
    pub(super) files: &'a Files,
    pub(super) config: &'a Config,
    /// The document's path as messages show it.
    pub(super) document: &'a str,
    /// The crate's folder as messages show it.
    pub(super) crate_dir: &'a str,
    pub(super) locator: Locator,
}

/// A heading, followed by lines of a label and a text.
struct Explanation(String);

impl Explanation {
    fn new(heading: impl std::fmt::Display) -> Self {
        Self(format!("{heading}\n"))
    }

    fn line(&mut self, label: &str, text: &str) {
        self.0.push_str(&format!("  {label:<11} {text}\n"));
    }
}

impl Explainer<'_> {
    pub(super) fn explain(&self, item: Item<'_>) -> String {
        match item {
            Item::Operation(operation, resource, method) => {
                self.explain_operation(operation, resource, method)
            }
            Item::Type(id, plan) => self.explain_type(id, plan),
            Item::Member(id, plan, member) => self.explain_member(id, plan, member),
        }
    }

    /// Returns `file:line` in the document as it was read, and the pointer.
    fn document_location(&self, at: &Pointer) -> String {
        let at = self.planned.moves.original(at);
        format!("{}:{} ({at})", self.document, self.locator.line(&at))
    }

    /// Returns `file:line` of one of the declarations in the generated files below `folder`.
    fn declaration_location(&self, folder: &str, declarations: &[String]) -> String {
        let declares = |line: &str| {
            let line = line.trim_start();
            declarations.iter().any(|text| line.starts_with(text))
        };
        let files = self.files.iter();
        for (path, text) in files.filter(|(path, _)| path.starts_with(folder)) {
            if let Some(index) = text.lines().position(declares) {
                let file = Path::new(self.crate_dir).join(path);
                return format!("{}:{}", file.display(), index + 1);
            }
        }
        "none".to_owned()
    }

    fn explain_operation(
        &self,
        operation: &Operation,
        resource: &ResourcePlan,
        plan: &MethodPlan,
    ) -> String {
        let mut out = Explanation::new(format_args!("{} {}", plan.http_method.as_str(), plan.path));
        out.line("document", &self.document_location(&operation.at));
        let (path, method, request) = (&resource.path, &plan.name, &plan.request_type);
        out.line(
            "generated",
            &format!("`{path}().{method}`, which returns the request `{request}`"),
        );
        out.line("name", &operation_name_reason(operation, plan, self.config));
        let feature = &resource.feature;
        let feature = match operation.tags.first() {
            Some(tag) => format!("`{feature}`, from the tag `{tag}`"),
            None => format!("`{feature}`, from the path, since the operation has no tag"),
        };
        out.line("feature", &feature);
        for (param, param_plan) in operation.params.iter().zip(&plan.params) {
            let is_required = param.presence.is_required();
            out.line("parameter", &parameter_text(param_plan, is_required));
        }
        if let Some(body) = &plan.body {
            let text = format!(
                "`{}`: {}, sent as {}",
                body.name,
                type_text(&body.ty),
                body.kind.as_str()
            );
            out.line("body", &text);
        }
        explain_response(&mut out, operation, plan);
        let alternatives = plan.security.iter().map(|all| match all.as_slice() {
            [] => "none".to_owned(),
            all => all.join(" with "),
        });
        let alternatives: Vec<String> = alternatives.collect();
        let credentials = match alternatives.is_empty() {
            true => "none".to_owned(),
            false => alternatives.join(" or "),
        };
        out.line("credentials", &credentials);
        let folder = format!("src/api/{}", resource.module);
        let declaration = format!("pub struct {request} ");
        out.line("file", &self.declaration_location(&folder, &[declaration]));
        out.0
    }

    fn explain_type(&self, id: TypeId, plan: &ModelPlan) -> String {
        let def = self.planned.api.types.get(id);
        let mut out = Explanation::new(format_args!("models::{}", plan.name));
        out.line("document", &self.document_location(&def.at));
        out.line("generated", &kind_text(plan));
        out.line(
            "name",
            &type_name_reason(self.planned, def, &plan.name, self.config),
        );
        out.line("used in", usage_text(def.usage));
        if let Shape::Union(union) = &def.shape {
            out.line("variants", &tagging_text(&union.tagging));
        }
        for (member, wire_name) in members(plan) {
            out.line("member", &member_text(plan, member, &wire_name));
        }
        self.explain_declaration(&mut out, plan);
        out.0
    }

    /// Explains which features compile a type, and in which file it is declared.
    fn explain_declaration(&self, out: &mut Explanation, plan: &ModelPlan) {
        let mut files = self.planned.plan.models.iter();
        let file = files.find(|file| file.types.iter().any(|known| known.name == plan.name));
        if let Some(file) = file {
            let condition = match (file.folder.as_str(), &file.feature) {
                ("shared", None) => "always: all resources use it".to_owned(),
                ("shared", Some(group)) => {
                    format!("with the feature `{group}`, which the resources that use it enable")
                }
                ("extra", _) => "with the feature `extra-types`: no operation uses it".to_owned(),
                (_, Some(feature)) => {
                    format!("with the feature `{feature}`, the only resource that uses it")
                }
                (_, None) => "always".to_owned(),
            };
            out.line("compiled", &condition);
        }
        let declarations =
            ["struct", "enum", "type"].map(|keyword| format!("pub {keyword} {} ", plan.name));
        let location = self.declaration_location("src/models/", &declarations);
        out.line("file", &location);
    }

    fn explain_member(&self, id: TypeId, plan: &ModelPlan, member: &str) -> String {
        let def = self.planned.api.types.get(id);
        let mut out = Explanation::new(format_args!("models::{}::{member}", plan.name));
        let mut members = members(plan).into_iter();
        let wire_name = members.find(|(name, _)| *name == member);
        let wire_name = wire_name
            .map(|(_, wire_name)| wire_name)
            .unwrap_or_default();
        let pointer = member_pointer(self.planned, id, plan, member);
        out.line("document", &self.document_location(&pointer));
        out.line("generated", &member_text(plan, member, &wire_name));
        if let Shape::Struct(object) = &def.shape {
            if let Some(field) = object
                .fields
                .iter()
                .find(|field| field.wire_name == wire_name)
            {
                out.line("presence", presence_text(field.presence, def.usage));
                if field.closes_cycle {
                    out.line("boxed", "the type contains itself through this field");
                }
                if let Some(default) = &field.default {
                    let text = format!("{default}, which the client documents and does not send");
                    out.line("default", &text);
                }
            } else if object
                .constants
                .iter()
                .any(|one| one.wire_name == wire_name)
            {
                let text = "the document allows only one value, so the field is set automatically";
                out.line("constant", text);
            }
        }
        out.line("part of", &kind_text(plan));
        self.explain_declaration(&mut out, plan);
        out.0
    }
}

/// Explains what a call returns: its type, other media types, the envelope, and its pages.
fn explain_response(out: &mut Explanation, operation: &Operation, plan: &MethodPlan) {
    out.line("returns", &output_text(&plan.output));
    for alternative in &plan.alternatives {
        let (name, media_type) = (&alternative.name, &alternative.media_type);
        let text = format!("or `{media_type}`, with `.{name}()`");
        out.line("returns", &text);
    }
    if let Some(envelope) = &plan.envelope {
        let data = &envelope.data;
        let text = format!("the value of `{data}`: vendor.toml declares an envelope");
        out.line("response", &text);
    }
    if let (Some(pagination), Some(pages)) = (&operation.pagination, &plan.pagination) {
        let item = type_text(&pages.item);
        let rule = pagination_rule(pagination);
        out.line(
            "pages",
            &format!("`.pages()` and `.items()`, of {item}. {rule}"),
        );
    }
}

fn parameter_text(param: &ParamPlan, is_required: bool) -> String {
    let usage = match (is_required, param.required_setter) {
        (true, false) => "required, an argument",
        (true, true) => "required, a setter: the method would have too many arguments",
        (false, _) => "optional, a setter",
    };
    format!("`{}`: {}; {usage}", param.name, type_text(&param.ty))
}

/// Returns one line about a member of a type. `wire` is its name in JSON, or empty.
fn member_text(plan: &ModelPlan, member: &str, wire_name: &str) -> String {
    let wire_name = match wire_name {
        "" => String::new(),
        wire_name if wire_name == member => String::new(),
        wire_name => format!(", `{wire_name}` in JSON"),
    };
    match &plan.kind {
        ModelKind::Struct { fields, .. } => {
            let field = fields.iter().find(|field| field.name == member);
            let ty = field.map(|field| type_text(&field.ty));
            format!("`{member}`: {}{wire_name}", ty.unwrap_or_default())
        }
        ModelKind::Union { variants, .. } => {
            let variant = variants.iter().find(|variant| variant.name == member);
            let ty = variant.map(|variant| type_text(&variant.ty));
            let tags = variant.iter().flat_map(|variant| &variant.tags);
            let tags: Vec<String> = tags.map(|tag| format!("`{tag}`")).collect();
            let tags = match tags.is_empty() {
                true => String::new(),
                false => format!(", tagged {}", tags.join(", ")),
            };
            format!("`{member}({})`{tags}", ty.unwrap_or_default())
        }
        ModelKind::Enum { .. } => format!("`{member}`{wire_name}"),
        ModelKind::Alias(ty) => type_text(ty),
    }
}

fn kind_text(plan: &ModelPlan) -> String {
    let name = &plan.name;
    match &plan.kind {
        ModelKind::Alias(ty) => format!("`type {name}`, an alias of {}", type_text(ty)),
        ModelKind::Struct {
            has_constructor: true,
            ..
        } => format!("`struct {name}`, with `new` and setters"),
        ModelKind::Struct {
            has_constructor: false,
            ..
        } => {
            format!("`struct {name}`, without a constructor")
        }
        ModelKind::Enum { ty, fallback, .. } => {
            let values = match ty {
                EnumType::String => "strings",
                EnumType::I64 | EnumType::I128 => "integers",
            };
            format!("`enum {name}` of {values}; unknown values are `{fallback}`")
        }
        ModelKind::Union { fallback, .. } => {
            format!("`enum {name}` of types; unknown values are `{fallback}`")
        }
    }
}
