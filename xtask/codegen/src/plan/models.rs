//! The types: which file each one stands in, and how it looks.

use std::collections::BTreeMap;

use super::features::{Features, Home};
use super::scope::Scope;
use super::types::RustType;
use super::words::{snake, words};
use super::{Cx, docs, size, stable, text};
use crate::ir::{
    Constant, Field, Literal, Origin, Parent, Pointer, Presence, Primitive, Shape, Struct, Tagging,
    TypeDef, TypeId, TypeRef, Union, Variant,
};
use crate::lock::{Members, OldName};

/// Types of one file at most; a schema with more children than this continues in another file.
const PER_FILE: usize = 24;

/// A file of types.
#[derive(Clone, Debug)]
pub struct ModelFile {
    /// The folder below `models`.
    pub folder: String,
    /// The module, in snake case.
    pub module: String,
    /// The feature it compiles with.
    pub feature: Option<String>,
    /// Where its first type stands in the document.
    pub at: Pointer,
    /// The types.
    pub types: Vec<ModelPlan>,
}

/// A type.
#[derive(Clone, Debug)]
pub struct ModelPlan {
    /// Its name.
    pub name: String,
    /// What it was called before.
    pub was: Vec<OldName>,
    /// Its words.
    pub docs: Vec<String>,
    /// What it is.
    pub kind: ModelKind,
}

/// What a type is in Rust.
#[derive(Clone, Debug)]
pub enum ModelKind {
    /// `pub type`.
    Alias(RustType),
    /// A struct; one that only ever comes from the server has no constructor.
    Struct {
        /// Its fields.
        fields: Vec<FieldPlan>,
        /// Whether callers make values of it.
        made: bool,
    },
    /// An open enum of strings; the last name is the catch-all's.
    Enum(Vec<ValuePlan>, String),
    /// An enum of types, by tag or by shape; the last name is the catch-all's.
    Union {
        /// The tagging property.
        tag: Option<String>,
        /// The members.
        variants: Vec<VariantPlan>,
        /// The catch-all.
        other: String,
    },
}

/// A field.
#[derive(Clone, Debug)]
pub struct FieldPlan {
    /// In Rust.
    pub name: String,
    /// Its type.
    pub ty: RustType,
    /// Its words.
    pub docs: Vec<String>,
    /// How it travels.
    pub wire: Wire,
}

/// How a field travels.
#[derive(Clone, Debug, PartialEq)]
pub enum Wire {
    /// Under a name; `nullable` where `None` is sent as null, `lenient` where null and absent are one.
    Named {
        /// The name.
        name: String,
        /// `None` is null.
        nullable: bool,
        /// Null and absent both read as `None`.
        lenient: bool,
    },
    /// A value that is always the same.
    Fixed {
        /// The name.
        name: String,
        /// The value.
        value: Literal,
        /// Whether it may be absent.
        optional: bool,
    },
    /// Everything that has no field.
    Extra,
}

/// A value of an enum.
#[derive(Clone, Debug)]
pub struct ValuePlan {
    /// In Rust.
    pub name: String,
    /// On the wire.
    pub wire: String,
    /// Its words.
    pub docs: Vec<String>,
}

/// A member of a union.
#[derive(Clone, Debug)]
pub struct VariantPlan {
    /// In Rust.
    pub name: String,
    /// What it is known by: its tags, or its type.
    pub called: String,
    /// The tags that mean it.
    pub tags: Vec<String>,
    /// Its type.
    pub ty: RustType,
    /// Its words.
    pub docs: Vec<String>,
}

/// Every file of types: one a named schema, its inline children below it, unless they compile at other times.
pub(super) fn plan(cx: &Cx<'_>, features: &Features) -> Vec<ModelFile> {
    let mut files: BTreeMap<(Home, TypeId), Vec<TypeId>> = BTreeMap::new();
    for (id, _) in cx.api.types.iter() {
        let Some(home) = features.home_of(id) else {
            continue;
        };
        let mut lead = id;
        while let Some(parent) = parent(&cx.api.types.get(lead).origin) {
            if features.home_of(parent) != Some(home) {
                break;
            }
            lead = parent;
        }
        files.entry((home.clone(), lead)).or_default().push(id);
    }
    let mut scopes: BTreeMap<String, Scope> = BTreeMap::new();
    let mut out = Vec::new();
    for ((home, _), ids) in files {
        for ids in ids.chunks(PER_FILE) {
            let Some(first) = ids.first() else { continue };
            let scope = scopes
                .entry(home.folder.clone())
                .or_insert_with(|| Scope::values(&["mod", home.folder.as_str()]));
            let module = words(cx.name(*first));
            out.push(ModelFile {
                folder: home.folder.clone(),
                module: scope.claim([module.clone(), format!("{module} model")]),
                feature: home.feature.clone(),
                at: cx.api.types.get(*first).at.clone(),
                types: ids.iter().map(|id| model(cx, *id)).collect(),
            });
        }
    }
    out
}

fn parent(origin: &Origin) -> Option<TypeId> {
    match origin {
        Origin::Inline {
            parent: Parent::Type(id),
            ..
        } => Some(*id),
        Origin::Inline {
            parent: Parent::Operation(_),
            ..
        }
        | Origin::Component(_) => None,
    }
}

fn model(cx: &Cx<'_>, id: TypeId) -> ModelPlan {
    let def = cx.api.types.get(id);
    let name = cx.name(id).to_owned();
    let kind = match &def.shape {
        Shape::Alias(ty) => ModelKind::Alias(cx.rust(ty)),
        Shape::Struct(object) => structure(cx, id, def, object),
        Shape::Enum(values) => enumeration(cx, id, values),
        Shape::Union(choice) => union(cx, id, &name, choice),
    };
    ModelPlan {
        was: cx.was.get(&id).cloned().unwrap_or_default(),
        docs: docs::or(&def.docs, || docs::named(&name)),
        name,
        kind,
    }
}

/// The field of a struct that is `wire` on the wire.
pub(super) fn field(cx: &Cx<'_>, id: TypeId, wire: &str) -> Option<FieldPlan> {
    let def = cx.api.types.get(id);
    let Shape::Struct(object) = &def.shape else {
        return None;
    };
    let ModelKind::Struct { fields, .. } = structure(cx, id, def, object) else {
        return None;
    };
    let is = |field: &FieldPlan| matches!(&field.wire, Wire::Named { name, .. } if name == wire);
    fields.into_iter().find(is)
}

fn structure(cx: &Cx<'_>, id: TypeId, def: &TypeDef, object: &Struct) -> ModelKind {
    let mut scope = Scope::values(&["new"]);
    let constants = object.constants.iter().map(|constant| &constant.wire);
    let wires = constants.chain(object.fields.iter().map(|field| &field.wire));
    let kept = Kept::of(cx, id, &mut scope, wires.map(String::as_str));
    let mut fields: Vec<FieldPlan> = Vec::new();
    // The tag stands first, where a reader finds it soonest.
    fields.extend(
        object
            .constants
            .iter()
            .map(|constant| fixed(&mut scope, &kept, constant)),
    );
    fields.extend(
        object
            .fields
            .iter()
            .map(|field| named(cx, &mut scope, &kept, def, field)),
    );
    if let Some(extra) = &object.extra {
        fields.push(FieldPlan {
            name: kept.rest(&mut scope, &["extra", "extra properties"]),
            ty: RustType::Map(Box::new(cx.rust(extra))),
            docs: vec!["Properties that have no field of their own.".to_owned()],
            wire: Wire::Extra,
        });
    }
    ModelKind::Struct {
        fields,
        made: def.usage.request || !def.usage.response,
    }
}

fn fixed(scope: &mut Scope, kept: &Kept, constant: &Constant) -> FieldPlan {
    let name = kept.member(&constant.wire);
    FieldPlan {
        name: name.unwrap_or_else(|| scope.claim_value(&constant.wire, "tag")),
        ty: RustType::Runtime("Fixed"),
        docs: vec!["Always the same.".to_owned()],
        wire: Wire::Fixed {
            name: constant.wire.clone(),
            value: constant.value.clone(),
            optional: !constant.required,
        },
    }
}

fn named(cx: &Cx<'_>, scope: &mut Scope, kept: &Kept, def: &TypeDef, field: &Field) -> FieldPlan {
    let sent = def.usage.request || !def.usage.response;
    let ty = secret(cx.rust(&field.ty), &field.wire);
    let ty = if size::is_field_boxed(field) {
        RustType::Box(Box::new(ty))
    } else {
        ty
    };
    let wrapped = |wrap: fn(Box<RustType>) -> RustType, ty| wrap(Box::new(ty));
    // An alias may bring a null of its own; one `Option` is enough to tell it.
    let is_any = matches!(field.ty, TypeRef::Primitive(Primitive::Any));
    let (ty, nullable, lenient) = match field.presence {
        Presence::Required => (ty, false, false),
        Presence::RequiredNullable => (wrapped(RustType::Option, ty), true, false),
        Presence::Optional => (wrapped(RustType::Option, ty), false, false),
        Presence::OptionalNullable if sent && !is_any => {
            (wrapped(RustType::Patch, ty), false, false)
        }
        Presence::OptionalNullable => (wrapped(RustType::Option, ty), false, true),
    };
    FieldPlan {
        name: (kept.member(&field.wire)).unwrap_or_else(|| scope.claim_value(&field.wire, "field")),
        ty,
        docs: docs::of_field(field),
        wire: Wire::Named {
            name: field.wire.clone(),
            nullable,
            lenient,
        },
    }
}

/// Text that must not be shown, told by its name: a closed list, since a guess too many hides what users want to see.
const SECRETS: &[&str] = &[
    "access_key",
    "access_token",
    "api_key",
    "api_secret",
    "apikey",
    "auth_token",
    "client_secret",
    "hmac_key",
    "id_token",
    "jwt",
    "passphrase",
    "password",
    "private_key",
    "provider_secret_key",
    "refresh_token",
    "secret",
    "secret_access_key",
    "secret_key",
    "session_token",
    "webhook_secret",
];

fn secret(ty: RustType, wire: &str) -> RustType {
    let is_secret = ty.is_string() && SECRETS.contains(&snake(&words(wire)).as_str());
    if is_secret {
        RustType::Runtime("Secret")
    } else {
        ty
    }
}

/// The names that the members of a type have already, taken before any other is claimed.
struct Kept {
    members: Members,
    rest: Option<String>,
}

impl Kept {
    fn of<'k>(
        cx: &Cx<'_>,
        id: TypeId,
        scope: &mut Scope,
        wires: impl Iterator<Item = &'k str>,
    ) -> Self {
        let known = cx.stable.type_names(id);
        let rest = known.and_then(|names| names.catch_all.clone());
        Self {
            rest: rest.filter(|rest| scope.keep(rest)),
            members: stable::keep(scope, known.map(|names| &names.members), wires),
        }
    }

    fn member(&self, wire: &str) -> Option<String> {
        self.members.get(wire).cloned()
    }

    /// What holds all that has no name of its own.
    fn rest(&self, scope: &mut Scope, candidates: &[&str]) -> String {
        let kept = self.rest.clone();
        kept.unwrap_or_else(|| scope.claim(candidates))
    }

    /// The catch-all's name, unless a value claims it.
    fn other(&self, scope: &mut Scope) -> String {
        self.rest(scope, &["unknown", "unrecognized", "anything else"])
    }
}

fn enumeration(cx: &Cx<'_>, id: TypeId, values: &crate::ir::Enum) -> ModelKind {
    let mut scope = Scope::variants();
    let wires = values.values.iter().map(|value| value.value.as_str());
    let kept = Kept::of(cx, id, &mut scope, wires);
    let values: Vec<ValuePlan> = values
        .values
        .iter()
        .map(|value| ValuePlan {
            name: (kept.member(&value.value))
                .unwrap_or_else(|| scope.claim_variant(&value.value, "value")),
            wire: value.value.clone(),
            docs: docs::or(&value.docs, || {
                format!("{} on the wire.", text::code(&value.value))
            }),
        })
        .collect();
    ModelKind::Enum(values, kept.other(&mut scope))
}

fn union(cx: &Cx<'_>, id: TypeId, owner: &str, union: &Union) -> ModelKind {
    let mut scope = Scope::variants();
    let called = |variant| member_called(cx, owner, variant);
    let called: Vec<String> = union.variants.iter().map(called).collect();
    let kept = Kept::of(cx, id, &mut scope, called.iter().map(String::as_str));
    let variants = union
        .variants
        .iter()
        .zip(called)
        .map(|(variant, called)| member(cx, &mut scope, &kept, called, variant))
        .collect();
    let tag = match &union.tagging {
        Tagging::Property(property) => Some(property.clone()),
        Tagging::Shape => None,
    };
    ModelKind::Union {
        tag,
        variants,
        other: kept.other(&mut scope),
    }
}

/// What a member is called by: its tag, if it has one alone, or its type.
fn member_called(cx: &Cx<'_>, owner: &str, variant: &Variant) -> String {
    match variant.tags.as_slice() {
        [tag] => tag.clone(),
        _ => called(cx, owner, &variant.ty),
    }
}

fn member(
    cx: &Cx<'_>,
    scope: &mut Scope,
    kept: &Kept,
    called: String,
    variant: &Variant,
) -> VariantPlan {
    let ty = cx.rust(&variant.ty);
    let kept = kept.member(&called);
    let name = kept.unwrap_or_else(|| scope.claim_variant(&called, "member"));
    let boxed = size::is_variant_boxed(cx.api, variant);
    let fallback = || match variant.tags.as_slice() {
        [] => docs::named(&words(&called)),
        tags => format!(
            "Tagged {}.",
            tags.iter()
                .map(|tag| text::code(tag))
                .collect::<Vec<_>>()
                .join(" or ")
        ),
    };
    let docs = docs::or(&variant.docs, fallback);
    VariantPlan {
        name,
        called,
        tags: variant.tags.clone(),
        ty: if boxed {
            RustType::Box(Box::new(ty))
        } else {
            ty
        },
        docs,
    }
}

/// What a member is called by its type. A type that was written in place is called after the union; within it, that
/// goes without saying.
fn called(cx: &Cx<'_>, owner: &str, ty: &TypeRef) -> String {
    match ty {
        TypeRef::Named(id) => {
            let name = cx.name(*id);
            let own = matches!(cx.api.types.get(*id).origin, Origin::Inline { .. });
            let short = name
                .strip_prefix(owner)
                .filter(|short| own && !short.is_empty());
            short.unwrap_or(name).to_owned()
        }
        TypeRef::List(item) => format!("{} list", called(cx, owner, item)),
        TypeRef::Map(value) => match called(cx, owner, value).as_str() {
            "anything" => "map".to_owned(),
            value => format!("{value} map"),
        },
        TypeRef::Nullable(inner) => called(cx, owner, inner),
        TypeRef::Primitive(primitive) => match primitive {
            Primitive::Any => "anything",
            Primitive::Null => "null",
            Primitive::Bool => "bool",
            Primitive::Integer(_) => "integer",
            Primitive::Number => "number",
            Primitive::String { .. } => "text",
            Primitive::Secret => "secret",
            Primitive::Timestamp => "timestamp",
            Primitive::Bytes => "bytes",
            Primitive::File => "file",
        }
        .to_owned(),
    }
}
