//! Types: what a schema means, before anyone thinks of Rust.

use serde_json::Value;

use super::{Docs, Pointer};

/// Index of a type in its [`TypeTable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub u32);

/// All types of an API. Component schemas come first, in document order; inline ones follow as they are met.
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

    /// The type at `id`. Ids come from [`TypeTable::push`] alone, so the index is always good.
    pub fn get(&self, id: TypeId) -> &TypeDef {
        &self.defs[id.0 as usize]
    }

    /// The type at `id`, to change.
    pub fn get_mut(&mut self, id: TypeId) -> &mut TypeDef {
        &mut self.defs[id.0 as usize]
    }

    /// Every type with its index, in order.
    pub fn iter(&self) -> impl Iterator<Item = (TypeId, &TypeDef)> {
        self.defs
            .iter()
            .enumerate()
            .map(|(i, def)| (TypeId(i as u32), def))
    }

    /// Every index, in order.
    pub fn ids(&self) -> impl Iterator<Item = TypeId> + use<> {
        (0..self.defs.len() as u32).map(TypeId)
    }

    /// How many types there are.
    pub fn len(&self) -> usize {
        self.defs.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.defs.is_empty()
    }
}

/// One type that gets a name in Rust.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// Where its name comes from.
    pub origin: Origin,
    /// Where it stands in the document.
    pub at: Pointer,
    /// Words for its documentation.
    pub docs: Docs,
    /// What it is.
    pub shape: Shape,
    /// Which way its values travel; set by `refine`.
    pub usage: Usage,
}

/// Where a type's name comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A key of `components/schemas`, raw.
    Component(String),
    /// A schema written in place, named by where it stands; `title` is the document's own name for it, if any.
    Inline {
        /// What it stands in.
        parent: Parent,
        /// As what it stands there.
        role: Role,
        /// The schema's `title`.
        title: Option<String>,
    },
}

/// What an inline schema stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parent {
    /// Another type.
    Type(TypeId),
    /// An operation, by its index in `Api::operations`.
    Operation(usize),
}

/// As what an inline schema stands in its parent. Nested containers add one role each, outermost first:
/// `spans: [[{…}]]` has `[Property("spans"), Item, Item]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role(pub Vec<RoleStep>);

/// One step of a [`Role`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleStep {
    /// A property of an object, by wire name.
    Property(String),
    /// An element of an array.
    Item,
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
}

/// Which way the values of a type travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Reachable from something that is sent.
    pub request: bool,
    /// Reachable from something that is received, errors included.
    pub response: bool,
    /// It is a component, or one holds it: it is part of the document's vocabulary even if no operation uses it.
    pub component: bool,
}

/// What a type is.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Another name for a type that needs none of its own (`type: string`, an array, a map).
    Alias(TypeRef),
    /// An object with known properties.
    Struct(Struct),
    /// A string that is one of several.
    Enum(Enum),
    /// One of several types.
    Union(Union),
}

/// The type of a place: a field, an item, a parameter, a body.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeRef {
    /// A type of the table.
    Named(TypeId),
    /// A type every language has.
    Primitive(Primitive),
    /// A JSON array.
    List(Box<TypeRef>),
    /// A JSON object of free keys.
    Map(Box<TypeRef>),
    /// The type, or null. Fields, params and bodies carry null in their [`Presence`]; this is for items and map values.
    Nullable(Box<TypeRef>),
}

/// A type every language has.
#[derive(Clone, Debug, PartialEq)]
pub enum Primitive {
    /// Any JSON value.
    Any,
    /// Nothing but null.
    Null,
    /// True or false.
    Bool,
    /// A whole number.
    Integer(Integer),
    /// A number.
    Number,
    /// Text; with the document's `format`, for the doc line.
    String {
        /// `uuid`, `uri`, `email`, …
        format: Option<String>,
    },
    /// Text that must not be shown (`format: password`).
    Secret,
    /// A point in time (`format: date-time`).
    Timestamp,
    /// Bytes as base64 text (`format: byte`, `contentEncoding: base64`).
    Bytes,
    /// Raw bytes: a file part of a form, or a whole body (`format: binary`).
    File,
}

/// How wide a whole number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integer {
    /// `format: int32`.
    I32,
    /// No format, or `int64`.
    I64,
    /// The document's bounds or format say unsigned 64 bit.
    U64,
    /// Bounds beyond 64 bits: kept exact as JSON has it.
    Big,
}

/// Whether a value may be absent, null, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Always there.
    Required,
    /// Always there, may be null.
    RequiredNullable,
    /// May be absent.
    Optional,
    /// May be absent, may be null, and the two differ.
    OptionalNullable,
}

impl Presence {
    /// The presence of a value that is `required` and `nullable`, or not.
    pub fn of(required: bool, nullable: bool) -> Self {
        match (required, nullable) {
            (true, false) => Self::Required,
            (true, true) => Self::RequiredNullable,
            (false, false) => Self::Optional,
            (false, true) => Self::OptionalNullable,
        }
    }

    /// Whether the value must be there.
    pub fn is_required(self) -> bool {
        matches!(self, Self::Required | Self::RequiredNullable)
    }

    /// Whether the value may be null.
    pub fn is_nullable(self) -> bool {
        matches!(self, Self::RequiredNullable | Self::OptionalNullable)
    }
}

/// An object with known properties.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Struct {
    /// What a user fills, in document order.
    pub fields: Vec<Field>,
    /// Properties with one possible value, which no user fills.
    pub constants: Vec<Constant>,
    /// The type of properties that are not named, if the document allows them expressly.
    pub extra: Option<TypeRef>,
}

/// A property of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The name on the wire.
    pub wire: String,
    /// Its type, null taken out.
    pub ty: TypeRef,
    /// Whether it may be absent or null.
    pub presence: Presence,
    /// Whether the type leads back to its owner here, so that a value needs an indirection; set by `refine`.
    pub closes_cycle: bool,
    /// `default`: documented, never sent unless the caller sets it.
    pub default: Option<Value>,
    /// What the document allows beyond the type: documented, not validated.
    pub constraints: Vec<Constraint>,
    /// `readOnly`: the server fills it.
    pub read_only: bool,
    /// Words for its documentation.
    pub docs: Docs,
    /// Where it stands in the document.
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
    /// The property is required by a schema that requires itself: only its absence can end a value.
    EndsRecursion,
}

/// The limits of a length or a count, both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeRange {
    /// The least, if the document sets one.
    pub min: Option<usize>,
    /// The most, if the document sets one.
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
    pub wire: String,
    /// The one value.
    pub value: Literal,
    /// Whether it may be left out.
    pub required: bool,
    /// Whether the document gives the value as the default, too.
    pub is_default: bool,
    /// Where it stands in the document.
    pub at: Pointer,
}

/// A fixed value.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Text.
    String(String),
}

/// A string that is one of several. Always open: a value the document does not list is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Enum {
    /// In document order, no two the same.
    pub values: Vec<EnumValue>,
}

/// A known value of an [`Enum`].
#[derive(Clone, Debug, PartialEq)]
pub struct EnumValue {
    /// On the wire.
    pub value: String,
    /// Words for its documentation.
    pub docs: Docs,
}

/// One of several types. Always open: a value that is none of them is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Union {
    /// In document order.
    pub variants: Vec<Variant>,
    /// How a value tells which of them it is.
    pub tagging: Tagging,
}

/// A member of a [`Union`].
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Its type, null taken out.
    pub ty: TypeRef,
    /// For a tagged union: the tag values that mean this member, at least one.
    pub tags: Vec<String>,
    /// Whether the type leads back to its owner here, so that a value needs an indirection; set by `refine`.
    pub closes_cycle: bool,
    /// The member schema's `title`, a help in naming it.
    pub title: Option<String>,
    /// Words for its documentation.
    pub docs: Docs,
    /// Where it stands in the document.
    pub at: Pointer,
}

/// How a value of a union tells which member it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tagging {
    /// By the value of a property that every member has.
    Property(String),
    /// By its JSON kind, and among members of one kind by what it holds.
    Shape,
}
