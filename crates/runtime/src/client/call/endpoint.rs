use crate::Secret;
use crate::client::config::Client;
use crate::client::request::RequestParts;
use crate::client::response::Decode;
use crate::client::spec::{Envelope, Operation};

/// A request as a value.
///
/// Generated crates derive it for the request of each operation. A request is sent with `.await`, or with its method
/// `send`, which also returns the status and the headers. [`RequestExt`](crate::RequestExt) sets options for a single
/// request.
pub trait Endpoint: Sized {
    /// The decoder of its response.
    type Output: Decode;
    #[doc(hidden)]
    const OPERATION: &'static Operation;
    /// The envelope around the response.
    #[doc(hidden)]
    const ENVELOPE: Option<Envelope> = Self::OPERATION.envelope;
    #[doc(hidden)]
    fn client(&self) -> &Client;
    #[doc(hidden)]
    fn client_mut(&mut self) -> &mut Client;
    /// Encodes the parameters and the body.
    #[doc(hidden)]
    fn fill(&self, parts: &mut RequestParts);
    /// Returns the value of `Accept`, if the decoder does not imply it.
    #[doc(hidden)]
    fn accept(&self) -> Option<&'static str> {
        Self::OPERATION.accept
    }
}

/// Returns the encoded parameters and body of a request.
pub(super) fn collect_parts<E: Endpoint>(endpoint: &E) -> RequestParts {
    let mut parts = RequestParts::default();
    let ((), secrets) = Secret::collect_written(|| endpoint.fill(&mut parts));
    parts.secrets = secrets;
    parts
}
