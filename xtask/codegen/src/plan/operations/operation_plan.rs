//! The planned operations.

use super::resource_types::ResourceTypes;
use crate::ir::{
    BodyKind, Envelope, Method, ParamLocation, ParamStyle, PartEncoding, Pointer, Presence, Status,
    StreamKind,
};
use crate::lock::OldName;
use crate::plan::rust_type::RustType;

/// A resource.
#[derive(Clone, Debug)]
pub struct ResourcePlan {
    /// Its tag in the document.
    pub tag: String,
    /// Its Cargo feature.
    pub feature: String,
    /// The module below `api`, and the method of the client.
    pub module: String,
    /// The methods that return its handle, from the client on: `catalog().books`.
    pub path: String,
    /// The module of the resource that contains it.
    pub parent: Option<String>,
    /// The type of its handle.
    pub handle: String,
    /// Its documentation.
    pub docs: Vec<String>,
    /// Its types.
    pub types: ResourceTypes,
    /// Its operations, in document order.
    pub methods: Vec<MethodPlan>,
}

/// An operation.
#[derive(Clone, Debug)]
pub struct MethodPlan {
    /// Its pointer in the document.
    pub at: Pointer,
    /// The name of the method.
    pub name: String,
    /// The deprecated names of the method and the request type.
    pub previous_names: Vec<OldName>,
    /// The name of the request type.
    pub request_type: String,
    /// Its documentation, with errors and an example.
    pub docs: Vec<String>,
    /// The HTTP method.
    pub http_method: Method,
    /// The path template.
    pub path: String,
    /// The path template, percent-encoded as a URL requires it.
    pub url_template: String,
    /// The arguments of the method, in order: everything that is required.
    pub args: Vec<ArgPlan>,
    /// The parameters.
    pub params: Vec<ParamPlan>,
    /// The request body.
    pub body: Option<BodyPlan>,
    /// The output.
    pub output: OutputPlan,
    /// The alternative security requirements, each a list of schemes. Empty if no credential is sent.
    pub security: Vec<Vec<String>>,
    /// The envelope around the response.
    pub envelope: Option<Envelope>,
    /// The pagination, if the operation returns a page.
    pub pagination: Option<PaginationPlan>,
    /// The value of the header `Accept`, if the output does not imply it.
    pub accept: Option<String>,
    /// The sequences that the response is offered as.
    pub streams: Vec<StreamPlan>,
    /// The other media types that the response is offered as.
    pub alternatives: Vec<AlternativePlan>,
    /// Whether this is another operation of the document with a body of another media type.
    pub is_variant: bool,
    /// Constant headers.
    pub headers: Vec<(String, String)>,
    /// A base URL of its own.
    pub base_url: Option<String>,
    /// Whether it can be retried although its HTTP method does not imply it.
    pub idempotent: bool,
    /// The note of its deprecation, if the document marks it as deprecated.
    pub deprecated: Option<String>,
}

/// An argument of a method.
#[derive(Clone, Debug)]
pub struct ArgPlan {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: RustType,
    /// Whether it is anything that converts into the type: all but numbers and booleans, whose literals would have
    /// another type then.
    pub is_converted: bool,
}

/// A parameter, as a field of the request type.
#[derive(Clone, Debug)]
pub struct ParamPlan {
    /// The name in Rust.
    pub name: String,
    /// The wire name.
    pub wire_name: String,
    /// Its type; `Option` unless it is an argument.
    pub ty: RustType,
    /// Its documentation.
    pub docs: Vec<String>,
    /// The note of its deprecation, if the document marks it as deprecated.
    pub deprecated: Option<String>,
    /// Its location in the request.
    pub location: ParamLocation,
    /// Its serialization style.
    pub style: ParamStyle,
    /// Whether each element becomes a parameter of its own.
    pub explode: bool,
    /// Whether reserved characters are sent unescaped.
    pub allow_reserved: bool,
    /// Whether the slashes of a path variable are sent unescaped, too.
    pub allow_slash: bool,
    /// Whether it is required but has a setter, because the method would have too many arguments.
    pub required_setter: bool,
    /// For a header of a part of a multipart body: the part.
    pub part: Option<String>,
}

/// A request body, as a field of the request type.
#[derive(Clone, Debug)]
pub struct BodyPlan {
    /// The name in Rust.
    pub name: String,
    /// Its type; `Option` if it is either optional or nullable, `Patch` if it is both.
    pub ty: RustType,
    /// Its documentation.
    pub docs: Vec<String>,
    /// Its encoding.
    pub kind: BodyKind,
    /// Whether it must be sent, which makes it an argument, and whether it may be `null`.
    pub presence: Presence,
    /// The media type, if the encoding does not imply it.
    pub media_type: Option<String>,
    /// The encodings of a form's fields.
    pub parts: Vec<PartEncoding>,
}

/// The output of an operation.
#[derive(Clone, Debug)]
pub enum OutputPlan {
    /// JSON.
    Json(RustType),
    /// JSON or no body.
    JsonOrEmpty(RustType),
    /// Text.
    Text,
    /// Bytes.
    Raw,
    /// No body.
    Empty,
    /// An enum with a variant for each status.
    ByStatus {
        /// The name of the enum.
        name: String,
        /// Its variants.
        responses: Vec<ResponsePlan>,
    },
}

/// A response that is a sequence of values.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamPlan {
    /// Its encoding.
    pub kind: StreamKind,
    /// Its media type.
    pub media_type: String,
    /// The type of the values.
    pub ty: RustType,
}

/// Another media type of the response.
#[derive(Clone, Debug, PartialEq)]
pub struct AlternativePlan {
    /// The method of the request that asks for it.
    pub name: String,
    /// The media type.
    pub media_type: String,
    /// The encoding of the body.
    pub kind: BodyKind,
    /// The type of a JSON body.
    pub ty: Option<RustType>,
}

/// A response, as a variant of the output enum.
#[derive(Clone, Debug)]
pub struct ResponsePlan {
    /// The name of the variant.
    pub name: String,
    /// The status.
    pub status: Status,
    /// The encoding of the body.
    pub kind: BodyKind,
    /// The type of the body.
    pub ty: Option<RustType>,
    /// Its documentation.
    pub docs: String,
}

/// The pagination of an operation.
///
/// Positions are paths of field names, with a `?` after each field that is optional.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaginationPlan {
    /// What selects the page, and its position in the request; `None` for `Link` headers.
    pub start: Option<(PageParameter, String)>,
    /// The number of the first page, if it is not 1.
    pub first: Option<u32>,
    /// The position of the next page's start: in the response, or with [`PageParameter::After`] in an item.
    pub next: Option<String>,
    /// The position of the flag for more pages in the response.
    pub more: Option<String>,
    /// The position of the number of pages in the response.
    pub total: Option<String>,
    /// The position of the items in the response; `None` if the response is the list.
    pub items: Option<String>,
    /// The type of the items.
    pub item: RustType,
}

/// What selects a page in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageParameter {
    /// A token of the previous response.
    Cursor,
    /// A value of the last item of the previous response.
    After,
    /// The number of items to skip.
    Offset,
    /// The number of the page.
    Number,
}

impl PageParameter {
    /// Returns the name that generated code uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cursor => "cursor",
            Self::After => "after",
            Self::Offset => "offset",
            Self::Number => "page",
        }
    }
}
