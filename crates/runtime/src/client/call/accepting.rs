//! Requests whose response has another media type.

use std::future::IntoFuture;
use std::marker::PhantomData;

use super::endpoint::Endpoint;
use super::response::Response;
use super::{send, send_for_value};
use crate::client::config::Client;
use crate::client::error::Error;
use crate::client::request::RequestParts;
use crate::client::response::Decode;
use crate::client::spec::{Envelope, Operation};
use crate::client::transport::BoxFuture;

/// A request that asks for another media type of its response than the one that its own type is for.
///
/// The methods of requests that start with `as_` return it, one for each media type that the API offers. `D` decodes
/// the response.
#[derive(Debug)]
#[must_use = "requests do nothing unless awaited"]
pub struct Accepting<E, D> {
    request: E,
    media_type: &'static str,
    decoder: PhantomData<fn() -> D>,
}

impl<E, D> Accepting<E, D> {
    #[doc(hidden)]
    pub fn new(request: E, media_type: &'static str) -> Self {
        Self {
            request,
            media_type,
            decoder: PhantomData,
        }
    }
}

impl<E: Endpoint + 'static, D: Decode + 'static> Accepting<E, D> {
    /// Sends the request. Unlike `.await`, it also returns the status and the headers.
    ///
    /// # Errors
    /// As the method of the operation documents.
    pub fn send(self) -> BoxFuture<'static, Result<Response<D::Value>, Error>> {
        send(&self)
    }
}

impl<E: Clone, D> Clone for Accepting<E, D> {
    fn clone(&self) -> Self {
        Self::new(self.request.clone(), self.media_type)
    }
}

impl<E: Endpoint, D: Decode> Endpoint for Accepting<E, D> {
    type Output = D;
    const OPERATION: &'static Operation = E::OPERATION;
    // The envelope belongs to the other media type.
    const ENVELOPE: Option<Envelope> = None;
    fn client(&self) -> &Client {
        self.request.client()
    }
    fn client_mut(&mut self) -> &mut Client {
        self.request.client_mut()
    }
    fn fill(&self, parts: &mut RequestParts) {
        self.request.fill(parts);
    }
    fn accept(&self) -> Option<&'static str> {
        Some(self.media_type)
    }
}

impl<E: Endpoint + 'static, D: Decode + 'static> IntoFuture for Accepting<E, D> {
    type Output = Result<D::Value, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;
    fn into_future(self) -> Self::IntoFuture {
        send_for_value(&self)
    }
}
