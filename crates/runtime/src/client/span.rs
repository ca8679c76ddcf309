//! A span a call, with the names that OpenTelemetry's conventions for HTTP give its parts.
//!
//! It tells the path's template and not the path, the host and not the URL, sizes and not bodies: nothing in it is
//! secret. Without the feature `tracing` it is nothing.

#[cfg(feature = "tracing")]
pub(super) use on::CallSpan;

#[cfg(not(feature = "tracing"))]
pub(super) use off::CallSpan;

#[cfg(feature = "tracing")]
mod on {
    use std::future::Future;
    use std::time::Duration;

    use tracing::field::Empty;
    use tracing::instrument::Instrumented;
    use tracing::{Instrument, Span};

    use crate::client::body::Body;
    use crate::client::error::Error;
    use crate::client::spec::Operation;
    use crate::client::stream::ByteStream;
    use crate::client::transport::TransportError;

    /// The span of a call.
    pub(in crate::client) struct CallSpan(Span);

    impl CallSpan {
        pub(in crate::client) fn new(operation: &Operation, request: &http::Request<Body>) -> Self {
            let uri = request.uri();
            let https = uri.scheme_str() == Some("https");
            let port = uri.port_u16().unwrap_or(if https { 443 } else { 80 });
            Self(tracing::info_span!(
                "http_request",
                otel.name = %format_args!("{} {}", operation.method, operation.path),
                otel.kind = "client",
                otel.status_code = Empty,
                http.request.method = operation.method,
                url.template = operation.path,
                server.address = uri.host().unwrap_or_default(),
                server.port = port,
                http.request.body.size = request.body().len(),
                http.response.status_code = Empty,
                http.response.body.size = Empty,
                http.request.resend_count = Empty,
                error.r#type = Empty,
            ))
        }

        /// What is within it, whichever thread polls it.
        pub(in crate::client) fn around<F: Future>(&self, future: F) -> Instrumented<F> {
            future.instrument(self.0.clone())
        }

        /// What came of an attempt.
        pub(in crate::client) fn attempt(
            &self,
            attempts: u32,
            outcome: &Result<http::Response<ByteStream>, TransportError>,
        ) {
            if attempts > 1 {
                self.0.record("http.request.resend_count", attempts - 1);
            }
            if let Ok(answer) = outcome {
                let status = answer.status().as_u16();
                self.0.record("http.response.status_code", status);
                let size = answer.body().as_bytes().map(<[u8]>::len);
                self.0.record("http.response.body.size", size);
            }
        }

        /// It goes on.
        pub(in crate::client) fn again(&self, attempts: u32, pause: Duration) {
            tracing::debug!(parent: &self.0, attempts, ?pause, "sent again");
        }

        /// It is over.
        pub(in crate::client) fn failed(&self, error: &Error) {
            self.0.record("otel.status_code", "ERROR");
            let status = error.status().map(|status| status.as_u16().to_string());
            let kind = status.as_deref().unwrap_or(if error.is_timeout() {
                "timeout"
            } else if error.is_connect() {
                "connect"
            } else if error.is_too_large() {
                "too_large"
            } else {
                "broken"
            });
            self.0.record("error.type", kind);
        }
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use std::future::Future;
    use std::time::Duration;

    use crate::client::body::Body;
    use crate::client::error::Error;
    use crate::client::spec::Operation;
    use crate::client::stream::ByteStream;
    use crate::client::transport::TransportError;

    /// Nothing.
    pub(in crate::client) struct CallSpan;

    impl CallSpan {
        pub(in crate::client) fn new(_: &Operation, _: &http::Request<Body>) -> Self {
            Self
        }

        /// The same future: one around it would be as large once more.
        pub(in crate::client) fn around<F: Future>(&self, future: F) -> F {
            future
        }

        pub(in crate::client) fn attempt(
            &self,
            _: u32,
            _: &Result<http::Response<ByteStream>, TransportError>,
        ) {
        }

        pub(in crate::client) fn again(&self, _: u32, _: Duration) {}

        pub(in crate::client) fn failed(&self, _: &Error) {}
    }
}
