//! Types: schemas, independent of Rust.

use std::fmt;

use serde_json::{Number, Value};

use super::{Docs, Pointer};

/// Index of a type in its [`TypeTable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub u32);

/// All types of an API. Component schemas come first, in document order; inline ones follow in the order in which they are lowered.
#[derive(Clone, Debug, Default)]
pub struct TypeTable {
    defs: Vec<TypeDef>,
}

impl TypeTable {
    /// Adds a type and returns its index.
    pub fn push(&mut self, def: TypeDef) -> TypeId {
        let id = TypeId(u32::try_from(self.defs.len()).unwrap_or(u32::MAX));
        self.defs.push(def);
        id
    }

    /// Returns the type at `id`. Ids come from [`TypeTable::push`] only, so the index is valid.
    pub fn get(&self, id: TypeId) -> &TypeDef {
        &self.defs[id.0 as usize]
    }

    /// Returns the type at `id`, mutably.
    pub fn get_mut(&mut self, id: TypeId) -> &mut TypeDef {
        &mut self.defs[id.0 as usize]
    }

    /// Returns the type that replaces `id`, or `id` itself.
    pub fn resolve(&self, id: TypeId) -> TypeId {
        self.get(id).replaced_by.unwrap_or(id)
    }

    /// Iterates over the types with their ids, in order.
    pub fn iter(&self) -> impl Iterator<Item = (TypeId, &TypeDef)> {
        self.defs
            .iter()
            .enumerate()
            .map(|(i, def)| (TypeId(i as u32), def))
    }

    /// Iterates over the ids, in order.
    pub fn ids(&self) -> impl Iterator<Item = TypeId> + use<> {
        (0..self.defs.len() as u32).map(TypeId)
    }

    /// Returns the number of types.
    pub fn len(&self) -> usize {
        self.defs.len()
    }

    /// Returns whether the table is empty.
    pub fn is_empty(&self) -> bool {
        self.defs.is_empty()
    }
}

/// A type that gets a name in Rust.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// The origin of its name.
    pub origin: Origin,
    /// Its location in the document.
    pub at: Pointer,
    /// Its documentation.
    pub docs: Docs,
    /// Its structure.
    pub shape: Shape,
    /// Whether it occurs in requests and in responses; set by `refine`.
    pub usage: Usage,
    /// The type of equal structure that replaces this one everywhere; set by `refine`.
    pub replaced_by: Option<TypeId>,
}

/// The origin of a type's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A key of `components/schemas`, unchanged.
    Component(String),
    /// An inline schema, named after its location.
    Inline {
        /// The parent that contains it.
        parent: Parent,
        /// Its role in the parent.
        role: Role,
        /// The schema's `title`.
        title: Option<String>,
    },
}

/// What contains an inline schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Parent {
    /// Another type.
    Type(TypeId),
    /// An operation, by its index in `Api::operations`.
    Operation(usize),
    /// What the API sends to a webhook or a callback, by its index in `Api::payloads`.
    Payload(usize),
}

/// The role of an inline schema in its parent. Nested containers add one step each, outermost first:
/// `spans: [[{…}]]` has `[Property("spans"), Item, Item]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Role(pub Vec<RoleStep>);

/// One step of a [`Role`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RoleStep {
    /// A property of an object, by wire name.
    Property(String),
    /// An element of an array.
    Item,
    /// An element of a tuple, by position.
    TupleItem(usize),
    /// A value of a map.
    MapValue,
    /// A member of a union, by position, with the tag value if it has one.
    Variant(usize, Option<String>),
    /// A parameter, by wire name.
    Param(String),
    /// The body of a request.
    RequestBody,
    /// The body of a success, by status as written (`200`, `2XX`, `default`).
    Response(String),
    /// The body of an error, by status as written.
    Error(String),
    /// What the API sends to a webhook or a callback.
    Payload,
    /// A further media type of a body.
    MediaType(String),
}

/// Where the values of a type occur.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Reachable from a request.
    pub request: bool,
    /// Reachable from a response, errors included.
    pub response: bool,
    /// Reachable from a component, even if no operation uses it.
    pub component: bool,
}

/// The structure of a type.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Another name for a type (`type: string`, an array, a map).
    Alias(TypeRef),
    /// An object with known properties.
    Struct(Struct),
    /// One of several strings or integers.
    Enum(Enum),
    /// One of several types.
    Union(Union),
}

/// The type of a field, an item, a parameter or a body.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TypeRef {
    /// A type of the table.
    Named(TypeId),
    /// A primitive type.
    Primitive(Primitive),
    /// A JSON array.
    List(Box<TypeRef>),
    /// A JSON array with as many items, each of its own type; at least one.
    Tuple(Vec<TypeRef>),
    /// A JSON object with arbitrary keys.
    Map(Box<TypeRef>),
    /// The type, or null. For items and map values; fields, parameters and bodies have null in their [`Presence`].
    Nullable(Box<TypeRef>),
}

/// A type that is not in the table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Primitive {
    /// Any JSON value.
    Any,
    /// Only null.
    Null,
    /// True or false.
    Bool,
    /// An integer.
    Integer(Integer),
    /// A number.
    Number,
    /// A string.
    String {
        /// The document's `format` (`uuid`, `uri`, `email`, …), for the docs.
        format: Option<String>,
    },
    /// A string that must not be shown (`format: password`).
    Secret,
    /// A point in time (`format: date-time`).
    Timestamp,
    /// Bytes as a base64 string (`format: byte`, `contentEncoding: base64`).
    Bytes,
    /// Raw bytes: a file part of a form, or a whole body (`format: binary`).
    File,
}

/// The range of an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Integer {
    /// `format: int32`.
    I32,
    /// No format, or `int64`.
    I64,
    /// Unsigned 64 bits by bounds or format.
    U64,
    /// Bounds beyond 64 bits: the digits are kept.
    Big,
}

/// Whether a value may be absent, null, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Always present.
    Required,
    /// Always present, may be null.
    RequiredNullable,
    /// May be absent.
    Optional,
    /// May be absent or null, with different meanings.
    OptionalNullable,
}

impl Presence {
    /// Returns the presence of a value that is or is not `required` and `nullable`.
    pub fn of(required: bool, nullable: bool) -> Self {
        match (required, nullable) {
            (true, false) => Self::Required,
            (true, true) => Self::RequiredNullable,
            (false, false) => Self::Optional,
            (false, true) => Self::OptionalNullable,
        }
    }

    /// Returns whether the value must be present.
    pub fn is_required(self) -> bool {
        matches!(self, Self::Required | Self::RequiredNullable)
    }

    /// Returns whether the value may be null.
    pub fn is_nullable(self) -> bool {
        matches!(self, Self::RequiredNullable | Self::OptionalNullable)
    }
}

/// The messages in which a property occurs (OpenAPI, Schema Object, `readOnly` and `writeOnly`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// Requests and responses.
    #[default]
    ReadWrite,
    /// `readOnly`: responses. `required` has an effect on these only.
    ReadOnly,
    /// `writeOnly`: requests. `required` has an effect on these only.
    WriteOnly,
}

/// An object with known properties.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Struct {
    /// The properties that a user sets, in document order.
    pub fields: Vec<Field>,
    /// Properties with one possible value, which no user sets.
    pub constants: Vec<Constant>,
    /// The type of additional properties, if the document allows them explicitly.
    pub extra: Option<TypeRef>,
}

/// A property of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The name on the wire.
    pub wire_name: String,
    /// Its type, without null.
    pub ty: TypeRef,
    /// Whether it may be absent or null.
    pub presence: Presence,
    /// Whether a cycle of types closes here, so that a value needs an indirection; set by `refine`.
    pub closes_cycle: bool,
    /// `default`: documented, never sent unless the caller sets it.
    pub default: Option<Value>,
    /// Further constraints of the document: documented, not validated.
    pub constraints: Vec<Constraint>,
    /// Whether it occurs in requests, in responses, or in both.
    pub access: Access,
    /// Its documentation.
    pub docs: Docs,
    /// Its location in the document.
    pub at: Pointer,
}

/// A restriction of a value beyond its type: the validation keywords of JSON Schema, and what `refine` derives.
#[derive(Clone, Debug, PartialEq)]
pub enum Constraint {
    /// `minLength` and `maxLength`, in characters; at least one is set.
    Length(SizeRange),
    /// `minItems` and `maxItems`; at least one is set.
    ItemCount(SizeRange),
    /// `minimum` and `maximum`; at least one is set.
    Range {
        /// The lower bound.
        min: Option<Bound>,
        /// The upper bound.
        max: Option<Bound>,
    },
    /// `enum` of a number: the values in document order, null included.
    OneOf(Vec<Value>),
    /// `pattern`, a regular expression.
    Pattern(String),
    /// `const` or an `enum` of one value, where the property is optional.
    Constant(Literal),
    /// The property is required by a schema that requires itself: a finite value must omit it.
    EndsRecursion,
}

/// The limits of a length or a count, both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeRange {
    /// The minimum, if the document sets one.
    pub min: Option<usize>,
    /// The maximum, if the document sets one.
    pub max: Option<usize>,
}

/// One end of a range of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// The number.
    pub value: f64,
    /// `exclusiveMinimum` or `exclusiveMaximum`: the number itself is not allowed.
    pub is_exclusive: bool,
}

/// A property with one possible value.
#[derive(Clone, Debug, PartialEq)]
pub struct Constant {
    /// The name on the wire.
    pub wire_name: String,
    /// The value.
    pub value: Literal,
    /// Whether it is required.
    pub required: bool,
    /// Whether the value is also the default.
    pub is_default: bool,
    /// Whether it occurs in requests, in responses, or in both.
    pub access: Access,
    /// Its location in the document.
    pub at: Pointer,
}

/// A fixed value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// An integer. Only in an enum can it be outside of `i64`.
    Integer(i128),
    /// A number that is not an integer.
    Number(Number),
    /// A string.
    String(String),
}

impl fmt::Display for Literal {
    /// Writes a string without quotes, and other values as JSON.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::Number(value) => value.fmt(f),
            Self::String(text) => f.write_str(text),
        }
    }
}

/// The type of the values of an [`Enum`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EnumType {
    /// Strings.
    String,
    /// Integers of 64 bits.
    I64,
    /// Integers of which some are, or may be, beyond `i64`.
    I128,
}

/// One of several strings or integers. Always open: a value that the document does not list is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Enum {
    /// The type of all values.
    pub ty: EnumType,
    /// In document order, without duplicates.
    pub values: Vec<EnumValue>,
}

/// A known value of an [`Enum`].
#[derive(Clone, Debug, PartialEq)]
pub struct EnumValue {
    /// The value on the wire: a string or an integer.
    pub value: Literal,
    /// The name that the document gives it.
    pub name: Option<String>,
    /// Its documentation.
    pub docs: Docs,
}

/// One of several types. Always open: a value that is none of them is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Union {
    /// In document order.
    pub variants: Vec<Variant>,
    /// How the variant of a value is determined.
    pub tagging: Tagging,
}

/// A member of a [`Union`].
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Its type, without null.
    pub ty: TypeRef,
    /// In a tagged union: the tag values of this member, at least one.
    pub tags: Vec<Literal>,
    /// In a tagged union: whether a value with another tag, or without one, is this member.
    pub is_default: bool,
    /// Whether a cycle of types closes here, so that a value needs an indirection; set by `refine`.
    pub closes_cycle: bool,
    /// The member schema's `title`, for its name.
    pub title: Option<String>,
    /// Its documentation.
    pub docs: Docs,
    /// Its location in the document.
    pub at: Pointer,
}

/// How the member of a union is determined from a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tagging {
    /// By the value of a property that every member has.
    Property(String),
    /// By its JSON kind, and among members of one kind by its properties or items.
    Untagged,
}
