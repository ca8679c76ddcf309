/// The constants of an operation.
#[doc(hidden)]
#[derive(Debug)]
pub struct Operation {
    pub method: &'static str,
    /// The path template: `/items/{id}`.
    pub path: &'static str,
    /// Alternatives of security scheme IDs, each of which is required as a whole. Empty: no authentication.
    pub auth: &'static [&'static [&'static str]],
    pub envelope: Option<Envelope>,
    /// The value of the header `Accept`, if it is not that of the decoder.
    pub accept: Option<&'static str>,
    /// Headers of every request, which the client and the caller can override.
    pub headers: &'static [(&'static str, &'static str)],
    /// The server of the operation, if it has its own.
    pub base_url: Option<&'static str>,
    /// Whether sending the request twice is harmless although the method does not imply it.
    pub idempotent: bool,
}

/// The object that wraps the data of a response.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Envelope {
    /// The field with the data.
    pub data: &'static str,
    /// The field with the error.
    pub error: Option<&'static str>,
}
