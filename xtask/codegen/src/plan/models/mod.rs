//! Plans the types of the document: their files, names, fields and variants.

mod boxing;
mod enums;
mod member_names;
mod model_files;
pub(super) mod model_plan;
mod structs;

pub(super) use model_files::plan_models;
pub use model_plan::{
    EnumValuePlan, FieldAccess, FieldEncoding, FieldPlan, ModelFile, ModelKind, ModelPlan,
    VariantPlan,
};
pub(super) use structs::find_field;
