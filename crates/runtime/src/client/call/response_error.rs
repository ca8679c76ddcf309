//! Errors with the response that they are about.

use http::header::HeaderMap;

use crate::client::config::{Client, ClientConfig};
use crate::client::error::Error;
use crate::client::request::Body;
use crate::client::spec::Operation;

/// Adds the operation, the response and its request ID to an error, and redacts the secrets of the request in it.
pub(super) fn with_response(
    client: &Client,
    operation: &'static Operation,
    request: &http::Request<Body>,
    response: http::Response<Vec<u8>>,
    error: Error,
) -> Error {
    let config = client.config();
    let redactor = config.redactor.with_request(request);
    let id = request_id(config, response.headers());
    error
        .redact(&redactor, response.body())
        .with_operation(operation)
        .with_response(response, id, &redactor)
}

/// Returns the first of the API's request ID headers, or of the common ones.
fn request_id(config: &ClientConfig, headers: &HeaderMap) -> Option<String> {
    let names = config.api.request_id_headers.iter().copied();
    let mut names = names.chain(["x-request-id", "request-id"]);
    let id = names.find_map(|name| headers.get(name))?;
    id.to_str().ok().map(str::to_owned)
}
