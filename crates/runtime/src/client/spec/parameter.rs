/// The serialization style of a parameter.
///
/// See the OpenAPI Specification, "Style Values". `Json` is a parameter with the content `application/json`.
///
/// The attributes of the derive `Endpoint` name a variant:
///
/// ```
/// use observatory_runtime::{Client, Empty, Endpoint};
///
/// #[derive(Endpoint)]
/// #[endpoint(GET, "/items", output = Empty)]
/// struct ListItems {
///     client: Client,
///     #[query(style = DeepObject)]
///     filter: String,
/// }
/// ```
///
/// An unknown style does not compile:
///
/// ```compile_fail
/// use observatory_runtime::{Client, Empty, Endpoint};
///
/// #[derive(Endpoint)]
/// #[endpoint(GET, "/items", output = Empty)]
/// struct ListItems {
///     client: Client,
///     #[query(style = Unknown)]
///     filter: String,
/// }
/// ```
///
/// Nor does an unknown kind of body:
///
/// ```compile_fail
/// use observatory_runtime::{Client, Empty, Endpoint};
///
/// #[derive(Endpoint)]
/// #[endpoint(POST, "/items", output = Empty)]
/// struct CreateItem {
///     client: Client,
///     #[body(Unknown)]
///     body: String,
/// }
/// ```
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamStyle {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    Json,
}

/// How a parameter is encoded. The constants are the defaults of OpenAPI for each location.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParamEncoding {
    pub(crate) style: ParamStyle,
    pub(crate) explode: bool,
    pub(crate) allow_reserved: bool,
    /// Whether the slashes of a path variable are kept, and its other reserved characters.
    pub(crate) allow_slash: bool,
    /// Whether an absent value is an error.
    pub(crate) required: bool,
}

#[doc(hidden)]
impl ParamEncoding {
    pub const PATH: Self = Self::new(ParamStyle::Simple);
    pub const QUERY: Self = Self::new(ParamStyle::Form);
    pub const HEADER: Self = Self::new(ParamStyle::Simple);
    pub const COOKIE: Self = Self::new(ParamStyle::Form);

    /// Returns the encoding with the default of `explode` for the style.
    pub const fn new(style: ParamStyle) -> Self {
        Self {
            style,
            explode: matches!(style, ParamStyle::Form),
            allow_reserved: false,
            allow_slash: false,
            required: false,
        }
    }

    pub const fn explode(mut self, explode: bool) -> Self {
        self.explode = explode;
        self
    }

    pub const fn allow_reserved(mut self) -> Self {
        self.allow_reserved = true;
        self
    }

    pub const fn allow_slash(mut self) -> Self {
        self.allow_slash = true;
        self
    }

    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }
}
