//! The IR as text of one line, in the notation of TypeScript: what the tests of `lower` and `refine` compare.

use std::path::Path;

use observatory_codegen::diag::{Diagnostic, Error};
use observatory_codegen::ir::{
    Api, Constraint, EnumType, Field, Integer, Literal, Origin, Presence, Primitive, Shape, Struct,
    Tagging, TypeDef, TypeId, TypeRef, Union,
};
use observatory_codegen::{lower, source, spec};

/// What a test returns.
pub type Outcome = Result<(), Error>;

/// Lowers a document.
pub fn lower_document(text: &str) -> Result<(Api, Vec<Diagnostic>), Error> {
    let raw = source::parse(Path::new("spec.yaml"), text)?;
    let (canonical, mut faults) = source::normalize(&raw.value)?;
    let document = spec::parse(canonical)?;
    let (api, diagnostics) = lower::lower(&document)?;
    faults.extend(diagnostics);
    Ok((api, faults))
}

/// A document with the component `S`, and others to refer to.
pub fn document_with(schema: &str) -> String {
    format!(
        "openapi: 3.0.3\n\
         components:\n\
         \x20 schemas:\n\
         \x20   S: {schema}\n\
         \x20   A: {{type: object, properties: {{a: {{type: string}}}}}}\n\
         \x20   B: {{type: object, properties: {{b: {{type: string}}}}}}\n\
         \x20   Cat: {{type: object, required: [kind], properties: {{kind: {{enum: [cat]}}, lives: {{type: integer}}}}}}\n\
         \x20   Dog: {{type: object, required: [kind], properties: {{kind: {{enum: [dog]}}, tricks: {{type: integer}}}}}}\n\
         \x20   Empty: {{type: object, nullable: true, properties: {{e: {{type: string}}}}}}\n"
    )
}

/// The component `name` of an API.
#[track_caller]
pub fn component<'a>(api: &'a Api, name: &str) -> (TypeId, &'a TypeDef) {
    let is_named = |def: &TypeDef| matches!(&def.origin, Origin::Component(key) if key == name);
    let found = api.types.iter().find(|(_, def)| is_named(def));
    found.unwrap_or_else(|| panic!("there is no component {name}"))
}

/// What a component is.
#[track_caller]
pub fn component_text(api: &Api, name: &str) -> String {
    shape_text(api, &component(api, name).1.shape)
}

/// A type: components by name, others in full.
pub fn type_text(api: &Api, ty: &TypeRef) -> String {
    match ty {
        TypeRef::Named(id) => match &api.types.get(*id).origin {
            Origin::Component(name) => name.clone(),
            Origin::Inline { .. } => shape_text(api, &api.types.get(*id).shape),
        },
        TypeRef::Primitive(primitive) => primitive_text(primitive),
        TypeRef::Tuple(items) => {
            let items: Vec<String> = items.iter().map(|item| type_text(api, item)).collect();
            format!("({})", items.join(", "))
        }
        TypeRef::List(item) => format!("[{}]", type_text(api, item)),
        TypeRef::Map(value) => format!("{{...: {}}}", type_text(api, value)),
        TypeRef::Nullable(inner) => format!("{} | null", type_text(api, inner)),
    }
}

fn shape_text(api: &Api, shape: &Shape) -> String {
    match shape {
        Shape::Alias(ty) => type_text(api, ty),
        Shape::Struct(object) => struct_text(api, object),
        Shape::Enum(values) => {
            let texts = values.values.iter().map(|value| match &value.name {
                Some(name) => format!("{} = {name}", value.value),
                None => value.value.to_string(),
            });
            let texts: Vec<String> = texts.collect();
            let kind = match values.ty {
                EnumType::String => "enum",
                EnumType::I64 => "i64 enum",
                EnumType::I128 => "i128 enum",
            };
            format!("{kind}({})", texts.join(", "))
        }
        Shape::Union(union) => union_text(api, union),
    }
}

fn primitive_text(primitive: &Primitive) -> String {
    match primitive {
        Primitive::Any => "any",
        Primitive::Null => "null",
        Primitive::Bool => "bool",
        Primitive::Integer(Integer::I32) => "i32",
        Primitive::Integer(Integer::I64) => "i64",
        Primitive::Integer(Integer::U64) => "u64",
        Primitive::Integer(Integer::Big) => "bigint",
        Primitive::Number => "number",
        Primitive::String { format: None } => "string",
        Primitive::String {
            format: Some(format),
        } => return format!("string({format})"),
        Primitive::Secret => "secret",
        Primitive::Timestamp => "timestamp",
        Primitive::Bytes => "bytes",
        Primitive::File => "file",
    }
    .to_owned()
}

fn struct_text(api: &Api, object: &Struct) -> String {
    let constants = object.constants.iter().map(|constant| {
        let mark = if constant.required { "" } else { "?" };
        format!(
            "{}{mark}: {}",
            constant.wire_name,
            literal_text(&constant.value)
        )
    });
    let fields = object.fields.iter().map(|field| field_text(api, field));
    let extra = object.extra.iter();
    let extra = extra.map(|ty| format!("...: {}", type_text(api, ty)));
    let members: Vec<String> = constants.chain(fields).chain(extra).collect();
    format!("{{{}}}", members.join(", "))
}

fn field_text(api: &Api, field: &Field) -> String {
    let cycle = if field.closes_cycle { "cycle " } else { "" };
    let always = field.constraints.iter().map(|known| match known {
        Constraint::Constant(value) => format!(" always {}", literal_text(value)),
        Constraint::EndsRecursion => " ends recursion".to_owned(),
        _ => String::new(),
    });
    let always: String = always.collect();
    let ty = type_text(api, &field.ty);
    with_presence(
        &field.wire_name,
        field.presence,
        &format!("{cycle}{ty}{always}"),
    )
}

/// A name and its type: `?` may be absent, `| null` may be null.
pub fn with_presence(name: &str, presence: Presence, ty: &str) -> String {
    match presence {
        Presence::Required => format!("{name}: {ty}"),
        Presence::RequiredNullable => format!("{name}: {ty} | null"),
        Presence::Optional => format!("{name}?: {ty}"),
        Presence::OptionalNullable => format!("{name}?: {ty} | null"),
    }
}

fn literal_text(value: &Literal) -> String {
    match value {
        Literal::Null => "null".to_owned(),
        Literal::Bool(value) => value.to_string(),
        Literal::Integer(value) => value.to_string(),
        Literal::Number(value) => value.to_string(),
        Literal::String(value) => format!("'{value}'"),
    }
}

fn union_text(api: &Api, union: &Union) -> String {
    let members = union.variants.iter().map(|variant| {
        let cycle = if variant.closes_cycle { "cycle " } else { "" };
        let ty = format!("{cycle}{}", type_text(api, &variant.ty));
        match variant.tags.as_slice() {
            [] => ty,
            tags => {
                let tags: Vec<String> = tags.iter().map(ToString::to_string).collect();
                format!("{} => {ty}", tags.join("/"))
            }
        }
    });
    let members = members.collect::<Vec<_>>().join(", ");
    match &union.tagging {
        Tagging::Property(property) => format!("union by {property} ({members})"),
        Tagging::Untagged => format!("union({members})"),
    }
}
