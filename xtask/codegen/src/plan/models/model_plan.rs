//! The planned types.

use crate::ir::{EnumType, Literal, Pointer};
use crate::lock::OldName;
use crate::plan::rust_type::RustType;

/// A file of types.
#[derive(Clone, Debug)]
pub struct ModelFile {
    /// The module below `models`.
    pub folder: String,
    /// The private module in it, for types that some resources share.
    pub module: Option<String>,
    /// The Cargo feature that enables it.
    pub feature: Option<String>,
    /// The features that the docs show for a hidden one: those of the resources that enable it.
    pub shown_features: Vec<String>,
    /// The pointer to its first type in the document.
    pub at: Pointer,
    /// The types.
    pub types: Vec<ModelPlan>,
}

/// A type.
#[derive(Clone, Debug)]
pub struct ModelPlan {
    /// Its name.
    pub name: String,
    /// Its deprecated names.
    pub previous_names: Vec<OldName>,
    /// Its documentation.
    pub docs: Vec<String>,
    /// The note of its deprecation, if the document marks it as deprecated.
    pub deprecated: Option<String>,
    /// Its definition.
    pub kind: ModelKind,
}

/// The definition of a type in Rust.
#[derive(Clone, Debug)]
pub enum ModelKind {
    /// `pub type`.
    Alias(RustType),
    /// A struct.
    Struct {
        /// Its fields.
        fields: Vec<FieldPlan>,
        /// Whether callers construct it; a type of responses only has neither constructor nor setters.
        has_constructor: bool,
    },
    /// An open enum of strings or integers.
    Enum {
        /// The type of the values.
        ty: EnumType,
        /// The known values.
        values: Vec<EnumValuePlan>,
        /// The name of the variant that keeps any other value.
        fallback: String,
    },
    /// An enum of types, selected by a tag or by shape.
    Union {
        /// The tag property; `None` if the variant is selected by the shape of the value.
        tag: Option<String>,
        /// The variants.
        variants: Vec<VariantPlan>,
        /// The name of the variant that keeps any other value.
        fallback: String,
    },
}

/// A field of a struct.
#[derive(Clone, Debug)]
pub struct FieldPlan {
    /// The name in Rust.
    pub name: String,
    /// Its type.
    pub ty: RustType,
    /// Its documentation.
    pub docs: Vec<String>,
    /// The note of its deprecation, if the document marks it as deprecated.
    pub deprecated: Option<String>,
    /// Its form in JSON.
    pub encoding: FieldEncoding,
}

/// The form of a field in JSON.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldEncoding {
    /// A property.
    Named {
        /// The wire name.
        name: String,
        /// Whether `None` is sent as `null`.
        nullable: bool,
        /// Whether both `null` and an absent property are read as `None`.
        lenient: bool,
        /// Whether the server or the client alone sets it.
        access: FieldAccess,
    },
    /// A property with a constant value.
    Fixed {
        /// The wire name.
        name: String,
        /// The value.
        value: Literal,
        /// Whether it can be absent.
        optional: bool,
        /// Whether it is left out of requests.
        read_only: bool,
    },
    /// All properties without a field of their own.
    Extra,
}

/// Who sets a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldAccess {
    /// The sender of the message.
    Any,
    /// The server alone: it is left out of requests.
    ReadOnly,
    /// The client alone, which must: an `Option` that is an argument of the constructor.
    RequiredWriteOnly,
}

impl FieldEncoding {
    /// Returns the wire name, if the field is a single property.
    pub fn wire_name(&self) -> Option<&str> {
        match self {
            Self::Named { name, .. } | Self::Fixed { name, .. } => Some(name),
            Self::Extra => None,
        }
    }
}

/// A value of an enum of strings or integers.
#[derive(Clone, Debug)]
pub struct EnumValuePlan {
    /// The name in Rust.
    pub name: String,
    /// The value on the wire.
    pub wire_value: Literal,
    /// Its documentation.
    pub docs: Vec<String>,
}

/// A variant of a union.
#[derive(Clone, Debug)]
pub struct VariantPlan {
    /// The name in Rust.
    pub name: String,
    /// Its key in `names.lock`: its only tag, or else the name of its type.
    pub lock_key: String,
    /// The tag values that select it.
    pub tags: Vec<Literal>,
    /// Whether a value with another tag, or without one, is this variant.
    pub is_default: bool,
    /// Its type.
    pub ty: RustType,
    /// Its documentation.
    pub docs: Vec<String>,
}
