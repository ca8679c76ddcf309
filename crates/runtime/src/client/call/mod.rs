//! A call, from a request value to a decoded response.
//!
//! [`call`] is the list of its steps:
//!
//! | step | file |
//! | --- | --- |
//! | `collect_parts`: the generated `Endpoint::fill` encodes parameters and body | `endpoint.rs` |
//! | `build_request`: add headers, credentials and the URL | `build_request.rs` |
//! | `send_with_retries`: repeat `send_once` until a success or a reason to stop | `retry_loop.rs` |
//! | `send_once`: one attempt, including redirects | `send_once.rs` |
//! | `decode_response`: decode the body, or return its error | `decode_response.rs` |
//!
//! **All steps between the parts and the response are in one function that is not generic, [`exchange`]**, so that they
//! are compiled once, and not for each operation. For the same reason the futures that a generated method returns are
//! boxed.

mod accepting;
mod build_request;
mod decode_response;
mod endpoint;
mod redirect;
mod request_ext;
mod response;
mod response_error;
mod retry_loop;
mod send_once;
mod span;

use std::future::Future;

use build_request::build_request;
use endpoint::collect_parts;
use response_error::with_response;
use retry_loop::send_with_retries;

#[cfg(feature = "blocking")]
use super::blocking::block_on;
use super::config::Client;
use super::error::{Error, StopReason};
use super::request::RequestParts;
use super::response::{
    ByteStream, Decode, EventValues, JsonLines, StreamContext, unsupported_encoding,
};
use super::spec::Operation;
use super::transport::BoxFuture;
use crate::private::Wire;

pub use accepting::Accepting;
pub use endpoint::Endpoint;
pub use request_ext::RequestExt;
pub use response::Response;

pub(crate) use decode_response::decode_response;
pub(crate) use response::BufferedResponse;

/// The decoded value of an endpoint's response.
type ValueOf<E> = <<E as Endpoint>::Output as Decode>::Value;

/// Sends a request and decodes the response.
#[doc(hidden)]
pub fn send<E: Endpoint + 'static>(
    endpoint: &E,
) -> BoxFuture<'static, Result<Response<ValueOf<E>>, Error>> {
    Box::pin(call(endpoint))
}

/// Sends a request and returns the decoded value alone.
#[doc(hidden)]
pub fn send_for_value<E: Endpoint + 'static>(
    endpoint: &E,
) -> BoxFuture<'static, Result<ValueOf<E>, Error>> {
    let response = call(endpoint);
    Box::pin(async move { response.await.map(Response::into_value) })
}

/// Sends a request on the blocking runtime, and decodes the response on the calling thread.
#[cfg(feature = "blocking")]
fn send_blocking<E: Endpoint>(endpoint: &E) -> Result<Response<ValueOf<E>>, Error> {
    let client = endpoint.client();
    let accept = accepted(endpoint);
    let exchange = exchange(client, E::OPERATION, accept, collect_parts(endpoint));
    decode_response::<E>(client, block_on(exchange)?)
}

/// Sends a request and returns the response with a body that is still to be read.
fn send_streamed<E: Endpoint>(
    endpoint: &E,
) -> BoxFuture<'static, Result<Response<ByteStream>, Error>> {
    let client = endpoint.client().clone();
    let accept = endpoint.accept().unwrap_or("*/*");
    exchange_streamed(client, E::OPERATION, accept, collect_parts(endpoint))
}

/// Sends a request and returns its server-sent events, whose data is decoded.
#[doc(hidden)]
pub fn send_for_events<E: Endpoint, T: Wire + 'static>(
    endpoint: &E,
) -> BoxFuture<'static, Result<Response<EventValues<T>>, Error>> {
    let client = endpoint.client().clone();
    let parts = collect_parts(endpoint);
    let response = exchange_streamed(client, E::OPERATION, "text/event-stream", parts);
    Box::pin(async move { Ok(response.await?.map(|body| body.events().values())) })
}

/// Sends a request and returns its JSON lines. `media_type` is the one that the API declares.
#[doc(hidden)]
pub fn send_for_lines<E: Endpoint, T: Wire + 'static>(
    endpoint: &E,
    media_type: &'static str,
) -> BoxFuture<'static, Result<Response<JsonLines<T>>, Error>> {
    let client = endpoint.client().clone();
    let parts = collect_parts(endpoint);
    let response = exchange_streamed(client, E::OPERATION, media_type, parts);
    Box::pin(async move { Ok(response.await?.map(ByteStream::json_lines)) })
}

/// Returns the value of `Accept`.
pub(crate) fn accepted<E: Endpoint>(endpoint: &E) -> &'static str {
    endpoint.accept().unwrap_or(<E::Output as Decode>::ACCEPT)
}

/// Makes a call.
fn call<E: Endpoint>(
    endpoint: &E,
) -> impl Future<Output = Result<Response<ValueOf<E>>, Error>> + Send + use<E> {
    let client = endpoint.client().clone();
    let parts = collect_parts(endpoint);
    let exchange = exchange(&client, E::OPERATION, accepted(endpoint), parts);
    async move { decode_response::<E>(&client, exchange.await?) }
}

/// Builds the request, sends it, and returns the complete response.
pub(crate) fn exchange(
    client: &Client,
    operation: &'static Operation,
    accept: &'static str,
    parts: RequestParts,
) -> BoxFuture<'static, Result<BufferedResponse, Error>> {
    let request = build_request(client, operation, accept, parts);
    let client = client.clone();
    Box::pin(async move {
        let request = request?;
        let (response, attempts) = send_with_retries(&client, operation, &request, false).await?;
        Ok(BufferedResponse {
            request,
            response: response.map(ByteStream::into_bytes),
            attempts,
        })
    })
}

/// Builds the request, sends it, and returns the response as soon as its head is there.
fn exchange_streamed(
    client: Client,
    operation: &'static Operation,
    accept: &'static str,
    parts: RequestParts,
) -> BoxFuture<'static, Result<Response<ByteStream>, Error>> {
    let request = build_request(&client, operation, accept, parts);
    Box::pin(async move {
        let limit = client.config().max_response_size;
        let request = request?;
        let redactor = client.config().redactor.with_request(&request);
        let (mut response, attempts) =
            send_with_retries(&client, operation, &request, true).await?;
        if let Some(encoding) = decode_response::unsupported_encoding(response.headers()) {
            let error = unsupported_encoding(&encoding);
            let response = response.map(ByteStream::into_bytes);
            return Err(with_response(&client, operation, &request, response, error)
                .with_attempts(attempts, StopReason::Permanent));
        }
        Ok(Response {
            status: response.status(),
            headers: std::mem::take(response.headers_mut()),
            attempts,
            value: response.into_body().with_context(StreamContext {
                operation: Some(operation),
                redactor,
                limit,
            }),
        })
    })
}
