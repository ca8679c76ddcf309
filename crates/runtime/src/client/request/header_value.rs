//! Creates header values.

use bytes::Bytes;
use http::header::HeaderValue;

use crate::client::error::Error;

/// Returns the text as the value of the header `name`.
pub(crate) fn header_value(name: &str, value: &str) -> Result<HeaderValue, Error> {
    HeaderValue::try_from(value).map_err(|_| invalid_header_value(name))
}

/// Returns a static text as the value of the header `name`, without copying it.
pub(crate) fn static_header_value(name: &str, value: &'static str) -> Result<HeaderValue, Error> {
    let bytes = Bytes::from_static(value.as_bytes());
    HeaderValue::from_maybe_shared(bytes).map_err(|_| invalid_header_value(name))
}

fn invalid_header_value(name: &str) -> Error {
    Error::builder(format!(
        "invalid value of the header `{name}`: it contains a control character"
    ))
}
