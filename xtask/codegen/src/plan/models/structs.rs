//! Plans structs.

use super::boxing::is_field_boxed;
use super::member_names::LockedMembers;
use super::model_plan::{FieldAccess, FieldEncoding, FieldPlan, ModelKind};
use crate::ir::{
    Access, Constant, Field, Presence, Primitive, Shape, Struct, TypeDef, TypeId, TypeRef, Usage,
};
use crate::plan::context::PlanContext;
use crate::plan::docs;
use crate::plan::rust_type::RustType;
use crate::plan::scope::Scope;
use crate::plan::secrets::hide_secret_property;

pub(super) fn plan_struct(
    cx: &PlanContext<'_>,
    id: TypeId,
    def: &TypeDef,
    object: &Struct,
) -> ModelKind {
    let mut scope = Scope::snake_case(&["new"]);
    let constants = object.constants.iter().map(|constant| &constant.wire_name);
    let keys = constants.chain(object.fields.iter().map(|field| &field.wire_name));
    let locked = LockedMembers::reserve(cx, id, &mut scope, keys.map(String::as_str));
    let mut fields: Vec<FieldPlan> = Vec::new();
    // Constants come first, because the tag of a union is one and readers look for it.
    fields.extend(
        object
            .constants
            .iter()
            .map(|constant| plan_constant(&mut scope, &locked, constant)),
    );
    fields.extend(
        object
            .fields
            .iter()
            .map(|field| plan_field(cx, &mut scope, &locked, def.usage, field)),
    );
    if let Some(extra) = &object.extra {
        fields.push(FieldPlan {
            name: locked.extra_field(&mut scope),
            ty: RustType::Map(Box::new(cx.rust_type(extra))),
            docs: vec!["Additional properties.".to_owned()],
            deprecated: None,
            encoding: FieldEncoding::Extra,
        });
    }
    ModelKind::Struct {
        fields,
        has_constructor: is_constructed(def.usage),
    }
}

/// Returns the field of a struct that has the wire name `wire`.
pub(in crate::plan) fn find_field(
    cx: &PlanContext<'_>,
    id: TypeId,
    wire_name: &str,
) -> Option<FieldPlan> {
    let def = cx.api.types.get(id);
    let Shape::Struct(object) = &def.shape else {
        return None;
    };
    let ModelKind::Struct { fields, .. } = plan_struct(cx, id, def, object) else {
        return None;
    };
    let has_wire_name = |field: &FieldPlan| matches!(&field.encoding, FieldEncoding::Named { name, .. } if name == wire_name);
    fields.into_iter().find(has_wire_name)
}

/// Returns whether callers construct values of a type: it occurs in requests, or nowhere.
fn is_constructed(usage: Usage) -> bool {
    usage.request || !usage.response
}

fn plan_constant(scope: &mut Scope, locked: &LockedMembers, constant: &Constant) -> FieldPlan {
    let name = locked.name(&constant.wire_name);
    FieldPlan {
        name: name.unwrap_or_else(|| scope.claim_field_name(&constant.wire_name, "tag")),
        ty: RustType::Runtime("Fixed"),
        docs: Vec::new(),
        deprecated: None,
        encoding: FieldEncoding::Fixed {
            name: constant.wire_name.clone(),
            value: constant.value.clone(),
            optional: !constant.required || constant.access != Access::ReadWrite,
            read_only: constant.access == Access::ReadOnly,
        },
    }
}

fn plan_field(
    cx: &PlanContext<'_>,
    scope: &mut Scope,
    locked: &LockedMembers,
    usage: Usage,
    field: &Field,
) -> FieldPlan {
    let ty = hide_secret_property(cx.rust_type(&field.ty), &field.wire_name);
    let ty = if is_field_boxed(field) {
        RustType::Box(Box::new(ty))
    } else {
        ty
    };
    // `Value` has a null of its own, so it needs no `Patch`.
    let is_any = matches!(field.ty, TypeRef::Primitive(Primitive::Any));
    let access = field_access(field, usage);
    let (ty, nullable, lenient) = match effective_presence(field, usage) {
        Presence::Required => (ty, false, false),
        Presence::RequiredNullable => (ty.into_option(), true, false),
        Presence::Optional => (ty.into_option(), false, false),
        Presence::OptionalNullable if is_constructed(usage) && !is_any => {
            (RustType::Patch(Box::new(ty)), false, false)
        }
        Presence::OptionalNullable => (ty.into_option(), false, true),
    };
    let name = locked.name(&field.wire_name);
    FieldPlan {
        name: name.unwrap_or_else(|| scope.claim_field_name(&field.wire_name, "field")),
        ty,
        docs: docs::field_docs(field),
        deprecated: docs::deprecation_note(&field.docs),
        encoding: FieldEncoding::Named {
            name: field.wire_name.clone(),
            nullable,
            lenient,
            access,
        },
    }
}

/// Returns whether the values of a type occur in responses, or nowhere.
fn is_received(usage: Usage) -> bool {
    usage.response || !usage.request
}

/// Returns the presence of a field in all values of its type: what only one side sets may be absent from a message of the
/// other. A required write-only null stays: an absent one is read as null.
fn effective_presence(field: &Field, usage: Usage) -> Presence {
    let may_be_absent = match field.access {
        Access::ReadWrite => false,
        Access::ReadOnly => is_constructed(usage),
        Access::WriteOnly => is_received(usage) && !field.presence.is_nullable(),
    };
    let is_required = field.presence.is_required() && !may_be_absent;
    Presence::of(is_required, field.presence.is_nullable())
}

fn field_access(field: &Field, usage: Usage) -> FieldAccess {
    let is_argument = is_constructed(usage) && field.presence == Presence::Required;
    match field.access {
        Access::ReadOnly if is_constructed(usage) => FieldAccess::ReadOnly,
        Access::WriteOnly if is_argument && is_received(usage) => FieldAccess::RequiredWriteOnly,
        _ => FieldAccess::Any,
    }
}
