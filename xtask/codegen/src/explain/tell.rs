//! What is told of a thing.

use super::find::{Thing, part_at, parts};
use super::why;
use crate::config::Config;
use crate::files::Files;
use crate::ir::{Operation, Pointer, Shape, TypeId};
use crate::locator::Locator;
use crate::pipeline::PlannedDocument;
use crate::plan::{MethodPlan, ModelKind, ModelPlan, ResourcePlan, RustType};

pub(super) struct Teller<'a> {
    pub(super) side: &'a PlannedDocument,
    pub(super) files: &'a Files,
    pub(super) config: &'a Config,
    /// The document's path, as people know it.
    pub(super) document: &'a str,
    /// The crate's folder.
    pub(super) krate: &'a str,
    pub(super) locator: Locator,
}

/// Lines of a name and what is said of it.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn line(&mut self, name: &str, said: &str) {
        self.0.push_str(&format!("  {name:<11} {said}\n"));
    }
}

fn shown(ty: &RustType) -> String {
    ty.path("", "").replace("std::collections::", "")
}

impl Teller<'_> {
    pub(super) fn tell(&self, thing: Thing<'_>) -> String {
        match thing {
            Thing::Call(operation, resource, method) => self.call(operation, resource, method),
            Thing::Type(id, plan) => self.type_(id, plan),
            Thing::Part(id, plan, part) => self.part(id, plan, part),
        }
    }

    /// `file:line`, and the pointer; in the document as it was read.
    fn place(&self, at: &Pointer) -> String {
        let at = self.side.moves.original(at);
        format!("{}:{} ({at})", self.document, self.locator.line(&at))
    }

    /// The generated file that declares something, with the line.
    fn file(&self, folder: &str, declarations: &[String]) -> String {
        for (path, text) in self
            .files
            .iter()
            .filter(|(path, _)| path.starts_with(folder))
        {
            let declares = |line: &str| {
                declarations
                    .iter()
                    .any(|d| line.trim_start().starts_with(d.as_str()))
            };
            if let Some(index) = text.lines().position(declares) {
                return format!("{}/{path}:{}", self.krate, index + 1);
            }
        }
        "none".to_owned()
    }

    fn call(&self, operation: &Operation, resource: &ResourcePlan, plan: &MethodPlan) -> String {
        let mut lines = Lines(format!("{} {}\n", plan.method.as_str(), plan.path));
        lines.line("stands in", &self.place(&operation.at));
        lines.line(
            "became",
            &format!(
                "`{}().{}`, a request value `{}`",
                resource.module, plan.name, plan.request
            ),
        );
        lines.line("name", &why::method_name(operation, plan, self.config));
        let tag = match operation.tags.first() {
            Some(tag) => format!("`{}`, of the tag `{tag}`", resource.feature),
            None => format!("`{}`, of the path, since it has no tag", resource.feature),
        };
        lines.line("feature", &tag);
        for (said, param) in operation.params.iter().zip(&plan.params) {
            let must = match (said.presence.is_required(), param.checked) {
                (true, false) => "required: an argument",
                (true, true) => {
                    "required, among too many to tell apart by position: a setter, checked before it is sent"
                }
                (false, _) => "not required: a setter",
            };
            lines.line(
                "takes",
                &format!("`{}`: {}; {must}", param.name, shown(&param.ty)),
            );
        }
        if let Some(body) = &plan.body {
            lines.line(
                "takes",
                &format!(
                    "`{}`: {}, sent as {}",
                    body.name,
                    shown(&body.ty),
                    body.kind.as_str()
                ),
            );
        }
        let ways: Vec<String> = plan.auth.iter().map(|all| all.join(" with ")).collect();
        let ways = if ways.is_empty() {
            "none".to_owned()
        } else {
            ways.join(" or ")
        };
        lines.line("credentials", &ways);
        if let Some(envelope) = &plan.envelope {
            lines.line(
                "answer",
                &format!(
                    "what is in `{}`: vendor.toml says that answers come wrapped",
                    envelope.data
                ),
            );
        }
        lines.line(
            "file",
            &self.file(
                &format!("src/api/{}", resource.module),
                &[format!("pub struct {} ", plan.request)],
            ),
        );
        lines.0
    }

    fn type_(&self, id: TypeId, plan: &ModelPlan) -> String {
        let def = self.side.api.types.get(id);
        let mut lines = Lines(format!("models::{}\n", plan.name));
        lines.line("stands in", &self.place(&def.at));
        lines.line("became", &became(plan));
        lines.line(
            "name",
            &why::type_name(self.side, def, &plan.name, self.config),
        );
        lines.line("travels", why::usage(def.usage));
        if let Shape::Union(union) = &def.shape {
            lines.line("told", &why::tagging(&union.tagging));
        }
        for (part, wire) in parts(plan) {
            lines.line("holds", &self.in_short(plan, part, wire));
        }
        self.home(&mut lines, plan);
        lines.0
    }

    /// Where a type is declared, and when it compiles.
    fn home(&self, lines: &mut Lines, plan: &ModelPlan) {
        let mut homes = self.side.plan.models.iter();
        let home = homes.find(|file| file.types.iter().any(|known| known.name == plan.name));
        if let Some(home) = home {
            let why = match (home.folder.as_str(), &home.feature) {
                ("shared", None) => "always: all resources share it".to_owned(),
                ("shared", Some(group)) => {
                    format!("with `{group}`, which the resources that share it enable")
                }
                ("extra", _) => "with `extra-types`: no operation reaches it".to_owned(),
                (_, Some(feature)) => format!("with `{feature}`, the one resource that reaches it"),
                (_, None) => "always".to_owned(),
            };
            lines.line("compiles", &why);
        }
        let declared = ["struct", "enum", "type"].map(|kind| format!("pub {kind} {} ", plan.name));
        lines.line("file", &self.file("src/models/", &declared));
    }

    fn part(&self, id: TypeId, plan: &ModelPlan, part: &str) -> String {
        let def = self.side.api.types.get(id);
        let mut lines = Lines(format!("models::{}::{part}\n", plan.name));
        let wire = parts(plan)
            .into_iter()
            .find(|(name, _)| *name == part)
            .map_or("", |(_, wire)| wire);
        lines.line(
            "stands in",
            &self.place(&part_at(self.side, id, plan, part)),
        );
        lines.line("became", &self.in_short(plan, part, wire));
        if let Shape::Struct(object) = &def.shape {
            if let Some(field) = object.fields.iter().find(|field| field.wire == wire) {
                lines.line("presence", why::presence(field.presence, def.usage));
                if field.closes_cycle {
                    lines.line("boxed", "the type holds itself, and here the cycle closes");
                }
                if let Some(default) = &field.default {
                    lines.line(
                        "default",
                        &format!("{default}, told in the docs and never sent unasked"),
                    );
                }
            } else if object.constants.iter().any(|fixed| fixed.wire == wire) {
                lines.line(
                    "fixed",
                    "the document allows one value, so nobody fills it in",
                );
            }
        }
        lines.line("part of", &became(plan));
        self.home(&mut lines, plan);
        lines.0
    }

    /// A part in one line.
    fn in_short(&self, plan: &ModelPlan, part: &str, wire: &str) -> String {
        let on_wire = |wire: &str| match wire {
            "" => String::new(),
            wire if wire == part => String::new(),
            wire => format!(", `{wire}` on the wire"),
        };
        match &plan.kind {
            ModelKind::Struct { fields, .. } => {
                let ty = fields
                    .iter()
                    .find(|field| field.name == part)
                    .map(|field| shown(&field.ty));
                format!("`{part}`: {}{}", ty.unwrap_or_default(), on_wire(wire))
            }
            ModelKind::Union { variants, .. } => {
                let variant = variants.iter().find(|variant| variant.name == part);
                let ty = variant
                    .map(|variant| shown(&variant.ty))
                    .unwrap_or_default();
                let tags = variant
                    .map(|variant| variant.tags.join("`, `"))
                    .unwrap_or_default();
                let tags = if tags.is_empty() {
                    tags
                } else {
                    format!(", tagged `{tags}`")
                };
                format!("`{part}({ty})`{tags}")
            }
            ModelKind::Enum(..) => format!("`{part}`{}", on_wire(wire)),
            ModelKind::Alias(ty) => shown(ty),
        }
    }
}

fn became(plan: &ModelPlan) -> String {
    let name = &plan.name;
    match &plan.kind {
        ModelKind::Alias(ty) => format!("`type {name}`, another name for {}", shown(ty)),
        ModelKind::Struct { made: true, .. } => format!("`struct {name}`, with `new` and setters"),
        ModelKind::Struct { made: false, .. } => format!("`struct {name}`, to read"),
        ModelKind::Enum(_, other) => {
            format!("`enum {name}` of strings; what it does not list is `{other}`")
        }
        ModelKind::Union { other, .. } => {
            format!("`enum {name}` of types; what is none of them is `{other}`")
        }
    }
}
