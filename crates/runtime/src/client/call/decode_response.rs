//! The last step of a call: decoding the response.

use http::header::HeaderMap;

use super::endpoint::Endpoint;
use super::response::{BufferedResponse, Response};
use super::response_error::with_response;
use crate::client::config::Client;
use crate::client::error::{Error, StopReason};
use crate::client::response::{Decode, EncodedResponse};
use crate::client::transport::ContentEncoding;

/// Returns the content encoding of a body that is still encoded.
pub(super) fn unsupported_encoding(headers: &HeaderMap) -> Option<String> {
    match ContentEncoding::of(headers) {
        ContentEncoding::Identity => None,
        // The transport did not decode it.
        ContentEncoding::Gzip => Some("gzip".to_owned()),
        ContentEncoding::Unsupported(names) => Some(names),
    }
}

/// Decodes the body of a success.
///
/// # Errors
/// If the body does not match the API description, or its envelope contains an error.
pub(crate) fn decode_response<E: Endpoint>(
    client: &Client,
    received: BufferedResponse,
) -> Result<Response<<E::Output as Decode>::Value>, Error> {
    let BufferedResponse {
        request,
        mut response,
        attempts,
    } = received;
    let encoded = EncodedResponse {
        status: response.status(),
        body: response.body(),
        envelope: E::ENVELOPE,
        encoding: unsupported_encoding(response.headers()),
    };
    match <E::Output as Decode>::decode(&encoded) {
        Ok(value) => Ok(Response {
            status: response.status(),
            headers: std::mem::take(response.headers_mut()),
            attempts,
            value,
        }),
        // A retry would return the same body.
        Err(error) => Err(
            with_response(client, E::OPERATION, &request, response, error)
                .with_attempts(attempts, StopReason::Permanent),
        ),
    }
}
