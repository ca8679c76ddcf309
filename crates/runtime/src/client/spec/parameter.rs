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
    /// The whole query is the value as JSON.
    QueryJson,
    /// The whole query is the value as text.
    QueryText,
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
    pub const REQUIRED_QUERY: Self = Self::QUERY.required();
    pub const REQUIRED_HEADER: Self = Self::HEADER.required();
    pub const REQUIRED_COOKIE: Self = Self::COOKIE.required();

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

/// How a field of a form is encoded: the Encoding Object of OpenAPI.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartEncoding {
    pub(crate) name: &'static str,
    /// The style, which takes precedence over the media type.
    pub(crate) style: Option<ParamEncoding>,
    /// The media types, separated by commas.
    content_type: Option<&'static str>,
    /// The encodings of the parts or fields inside, where the part is a form or multipart itself.
    pub(crate) nested: &'static [PartEncoding],
    /// Whether the form needs a value of the field, which an empty list does not have.
    pub(crate) is_required: bool,
}

#[doc(hidden)]
impl PartEncoding {
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            style: None,
            content_type: None,
            nested: &[],
            is_required: false,
        }
    }

    pub const fn required(mut self) -> Self {
        self.is_required = true;
        self
    }

    pub const fn style(mut self, style: ParamEncoding) -> Self {
        self.style = Some(style);
        self
    }

    pub const fn content_type(mut self, media_types: &'static str) -> Self {
        self.content_type = Some(media_types);
        self
    }

    pub const fn nested(mut self, encodings: &'static [Self]) -> Self {
        self.nested = encodings;
        self
    }
}

impl PartEncoding {
    /// Returns the first media type that is not a range.
    pub(crate) fn first_content_type(&self) -> Option<&'static str> {
        let mut media_types = self.content_type?.split(',').map(str::trim);
        media_types.find(|media_type| !media_type.is_empty() && !media_type.contains('*'))
    }

    /// Returns whether the field is JSON text.
    pub(crate) fn is_json(&self) -> bool {
        let essence = self.essence();
        essence == "application/json" || essence.ends_with("+json")
    }

    /// Returns whether the field is a form or multipart itself.
    pub(crate) fn is_form(&self) -> bool {
        let essence = self.essence();
        essence == "application/x-www-form-urlencoded" || essence.starts_with("multipart/")
    }

    /// Returns the media type without its parameters, in lowercase; empty if there is none.
    fn essence(&self) -> String {
        let media_type = self.first_content_type().unwrap_or_default();
        let essence = media_type.split(';').next().unwrap_or_default();
        essence.trim().to_ascii_lowercase()
    }
}
