//! Structs and their fields.

use std::collections::BTreeSet;

use super::super::change::Effect;
use super::super::describe::{NEWLY_REQUIRED, constraints_text, literal_text, type_text};
use super::model::{Model, ModelPair, wire_name};
use crate::ir::{Access, Field, Shape};
use crate::plan::{FieldAccess, FieldEncoding, FieldPlan, RustType};

/// Returns whether the field is an argument of the constructor.
fn is_constructor_argument(field: &FieldPlan) -> bool {
    let is_optional = matches!(field.ty, RustType::Option(_) | RustType::Patch(_));
    if let FieldEncoding::Named { access, .. } = field.encoding
        && access != FieldAccess::Any
    {
        return access == FieldAccess::RequiredWriteOnly;
    }
    let is_nullable = matches!(field.encoding, FieldEncoding::Named { nullable: true, .. });
    matches!(field.encoding, FieldEncoding::Named { .. }) && (!is_optional || is_nullable)
}

/// Compares two structs; `had_constructor` and `has_constructor` are false for types that occur only in responses.
pub(super) fn compare_structs(
    pair: &mut ModelPair<'_, '_>,
    had_constructor: bool,
    has_constructor: bool,
) {
    let (old, new) = (pair.old.fields(), pair.new.fields());
    if had_constructor && !has_constructor {
        let description =
            "occurs only in responses now: `new` and the setters were removed".to_owned();
        pair.add(Effect::Breaking, None, description);
    } else if has_constructor && !had_constructor {
        let description = "can be constructed, with `new` and setters".to_owned();
        pair.add(Effect::Additive, None, description);
    }
    let is_constructed = had_constructor && has_constructor;
    for a in old {
        match new.iter().find(|b| b.name == a.name) {
            None => {
                let description = "the field was removed".to_owned();
                pair.add(Effect::Breaking, Some(&a.name), description);
            }
            Some(b) => {
                compare_fields(pair, a, b, is_constructed);
                report_requirement(pair, Some(a), b);
            }
        }
    }
    for b in new.iter().filter(|b| !old.iter().any(|a| a.name == b.name)) {
        let ty = type_text(&b.ty);
        if is_constructed && is_constructor_argument(b) {
            let description = format!("new field, {ty}, an argument of `new`");
            pair.add(Effect::Breaking, Some(&b.name), description);
        } else {
            pair.add_new(&b.name, format!("new field, {ty}"));
        }
        report_requirement(pair, None, b);
    }
    if is_constructed {
        compare_argument_order(pair);
    }
}

/// Reports a field that becomes required in requests. Whether code compiles is another question.
fn report_requirement(pair: &mut ModelPair<'_, '_>, a: Option<&FieldPlan>, b: &FieldPlan) {
    let was_required = a.is_some_and(|a| is_required_in_requests(pair.old, a));
    let was_sent = pair.old.def.usage.request;
    if was_sent && !was_required && is_required_in_requests(pair.new, b) {
        pair.add(Effect::Wire, Some(&b.name), NEWLY_REQUIRED.to_owned());
    }
}

fn is_required_in_requests(model: &Model<'_>, plan: &FieldPlan) -> bool {
    let Shape::Struct(object) = &model.def.shape else {
        return false;
    };
    let Some(wire_name) = wire_name(plan) else {
        return false;
    };
    let is_sent = |access| access != Access::ReadOnly;
    let mut fields = object.fields.iter();
    let mut constants = object.constants.iter();
    let field = fields.find(|field| field.wire_name == wire_name);
    let constant = constants.find(|constant| constant.wire_name == wire_name);
    model.def.usage.request
        && (field.is_some_and(|field| field.presence.is_required() && is_sent(field.access))
            || constant.is_some_and(|constant| constant.required && is_sent(constant.access)))
}

/// Reports a new order of the constructor's arguments, if nothing else about them has changed.
fn compare_argument_order(pair: &mut ModelPair<'_, '_>) {
    let arguments = |fields: &[FieldPlan]| -> Vec<String> {
        let arguments = fields.iter().filter(|field| is_constructor_argument(field));
        arguments.map(|field| field.name.clone()).collect()
    };
    let (before, after) = (arguments(pair.old.fields()), arguments(pair.new.fields()));
    let sorted: fn(&[String]) -> BTreeSet<&String> = |names| names.iter().collect();
    if before != after && sorted(&before) == sorted(&after) {
        let names = after.join(", ");
        let description = format!("`new` takes its arguments in a different order: {names}");
        pair.add(Effect::Breaking, None, description);
    }
}

fn compare_fields(
    pair: &mut ModelPair<'_, '_>,
    a: &FieldPlan,
    b: &FieldPlan,
    is_constructed: bool,
) {
    let member = Some(b.name.as_str());
    let (was_argument, is_argument) = (is_constructor_argument(a), is_constructor_argument(b));
    if a.ty != b.ty || was_argument != is_argument && is_constructed {
        let (was, is) = (type_text(&a.ty), type_text(&b.ty));
        let reason = match (was_argument, is_argument) {
            (true, false) => ": it is optional now",
            (false, true) => ": it is required now",
            _ => "",
        };
        let description = format!("is {is} instead of {was}{reason}");
        pair.add(Effect::Breaking, member, description);
    } else if a.encoding != b.encoding {
        pair.add(Effect::Wire, member, wire_change(&a.encoding, &b.encoding));
    }
    let (Some(before), Some(after)) = (ir_field(pair.old, a), ir_field(pair.new, b)) else {
        return;
    };
    if before.default != after.default {
        let text = |field: &Field| {
            let default = field.default.as_ref();
            default.map_or("none".to_owned(), ToString::to_string)
        };
        let (was, is) = (text(before), text(after));
        let description = format!("the default is {is} instead of {was}");
        pair.add(Effect::Wire, member, description);
    }
    let has_new = before.constraints != after.constraints && !after.constraints.is_empty();
    if has_new && pair.new.def.usage.request {
        let constraints = constraints_text(&after.constraints);
        let description = format!("has new constraints: {constraints}");
        pair.add(Effect::Wire, member, description);
    }
}

/// Returns the field of the document that a planned field comes from.
fn ir_field<'m>(model: &Model<'m>, plan: &FieldPlan) -> Option<&'m Field> {
    let Shape::Struct(object) = &model.def.shape else {
        return None;
    };
    let wire_name = wire_name(plan)?;
    object
        .fields
        .iter()
        .find(|field| field.wire_name == wire_name)
}

/// Describes a field whose type is unchanged and whose serialization is not.
fn wire_change(a: &FieldEncoding, b: &FieldEncoding) -> String {
    match (a, b) {
        (FieldEncoding::Fixed { value: a, .. }, FieldEncoding::Fixed { value: b, .. })
            if a != b =>
        {
            let (was, is) = (literal_text(a), literal_text(b));
            format!("is always {is} instead of {was}")
        }
        (
            FieldEncoding::Named { name: a, .. } | FieldEncoding::Fixed { name: a, .. },
            FieldEncoding::Named { name: b, .. } | FieldEncoding::Fixed { name: b, .. },
        ) if a != b => {
            format!("is `{b}` on the wire instead of `{a}`")
        }
        (
            FieldEncoding::Named { nullable: true, .. },
            FieldEncoding::Named {
                nullable: false, ..
            },
        ) => "`None` is omitted instead of sent as null".to_owned(),
        (
            FieldEncoding::Named {
                nullable: false, ..
            },
            FieldEncoding::Named { nullable: true, .. },
        ) => "`None` is sent as null instead of omitted".to_owned(),
        (FieldEncoding::Named { access: a, .. }, FieldEncoding::Named { access: b, .. })
            if a != b =>
        {
            match b {
                FieldAccess::ReadOnly => "is read-only now: it is not sent",
                FieldAccess::RequiredWriteOnly => "is write-only now",
                FieldAccess::Any => "is sent and received now",
            }
            .to_owned()
        }
        _ => "can be absent, or no longer can be".to_owned(),
    }
}
