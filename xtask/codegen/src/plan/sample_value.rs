//! Expressions for values of types, in programs that a user copies.

use std::collections::BTreeMap;

use super::docs::literal;
use super::models::{FieldAccess, FieldEncoding, FieldPlan, ModelKind, ModelPlan};
use super::rust_type::RustType;

/// The maximum nesting depth of an expression: OpenTelemetry's spans have attributes at depth 10.
const MAX_DEPTH: usize = 12;

/// The maximum number of bytes of an expression, which a user can still read.
const MAX_BYTES: usize = 1_000;

/// Optional fields that are worth a value: without them, a record shows nothing.
const SHOWN_FIELDS: &[&str] = &[
    "name",
    "input",
    "inputs",
    "output",
    "outputs",
    "model",
    "start_time",
    "end_time",
];

/// Writes expressions for values.
pub(super) struct SampleValues<'p> {
    models: BTreeMap<&'p str, &'p ModelPlan>,
    /// Whether an expression uses the time of the clock.
    pub(super) uses_time: bool,
    /// Whether an expression uses a model.
    pub(super) uses_models: bool,
    /// Whether an expression uses a JSON value.
    pub(super) uses_value: bool,
}

impl<'p> SampleValues<'p> {
    pub(super) fn new(models: impl Iterator<Item = &'p ModelPlan>) -> Self {
        Self {
            models: models.map(|model| (model.name.as_str(), model)).collect(),
            uses_time: false,
            uses_models: false,
            uses_value: false,
        }
    }

    /// Forgets what the expressions used.
    pub(super) fn forget(&mut self) {
        (self.uses_time, self.uses_models, self.uses_value) = (false, false, false);
    }

    /// Returns an expression that converts into a type, for an argument or a field `name`; `None` if the type has no
    /// simple value.
    pub(super) fn expression(&mut self, name: &str, ty: &RustType) -> Option<String> {
        let expression = self.nested(name, ty, 0)?;
        (expression.len() <= MAX_BYTES).then_some(expression)
    }

    fn nested(&mut self, name: &str, ty: &RustType, depth: usize) -> Option<String> {
        if depth > MAX_DEPTH {
            return None;
        }
        match ty {
            RustType::Runtime("Timestamp") => {
                self.uses_time = true;
                Some("SystemTime::now()".to_owned())
            }
            RustType::Runtime("Value") => {
                self.uses_value = true;
                Some("Value::from(\"text\")".to_owned())
            }
            RustType::Vec(item) => {
                let item = self.nested(name, item, depth + 1)?;
                Some(format!("[{item}]"))
            }
            RustType::Model(model) => self.model(model, depth),
            ty => literal(name, ty),
        }
    }

    fn model(&mut self, name: &str, depth: usize) -> Option<String> {
        let model = *self.models.get(name)?;
        match &model.kind {
            ModelKind::Struct {
                fields,
                has_constructor: true,
            } => {
                let required = fields.iter().filter(|field| is_argument(field));
                let arguments: Option<Vec<String>> = required
                    .map(|field| self.nested(&field.name, &field.ty, depth + 1))
                    .collect();
                let arguments = arguments?.join(", ");
                if arguments.len() > MAX_BYTES {
                    return None;
                }
                let mut out = format!("models::{name}::new({arguments})");
                for field in fields.iter().filter(|field| !is_argument(field)) {
                    if let Some(value) = self.shown(field) {
                        out += &format!(".{}({value})", field.name);
                    }
                }
                self.uses_models = true;
                Some(out)
            }
            ModelKind::Enum { values, .. } => {
                self.uses_models = true;
                Some(format!("models::{name}::{}", values.first()?.name))
            }
            ModelKind::Alias(ty) => self.nested(name, ty, depth + 1),
            ModelKind::Struct { .. } | ModelKind::Union { .. } => None,
        }
    }

    /// Returns the value of an optional field that is worth one.
    fn shown(&mut self, field: &FieldPlan) -> Option<String> {
        let is_shown = SHOWN_FIELDS.contains(&field.name.as_str());
        match &field.ty {
            RustType::Option(ty) | RustType::Patch(ty) if is_shown => match **ty {
                RustType::Builtin("String") | RustType::Runtime("Timestamp" | "Value") => {
                    self.nested(&field.name, ty, 0)
                }
                _ => None,
            },
            _ => None,
        }
    }
}

/// Returns whether a field is an argument of `new`, whose type is not an `Option`.
fn is_argument(field: &FieldPlan) -> bool {
    let is_optional = matches!(field.ty, RustType::Option(_) | RustType::Patch(_));
    match field.encoding {
        FieldEncoding::Named { access, .. } => {
            access == FieldAccess::RequiredWriteOnly || access == FieldAccess::Any && !is_optional
        }
        FieldEncoding::Fixed { .. } | FieldEncoding::Extra => false,
    }
}
