//! The tracing span of a call, with the attribute names of OpenTelemetry's semantic conventions for HTTP.
//!
//! It contains no secrets: the path template instead of the path, the host instead of the URL, sizes instead of bodies.
//! Without the feature `tracing` it is empty.

#[cfg(feature = "tracing")]
pub(super) use enabled::CallSpan;

#[cfg(not(feature = "tracing"))]
pub(super) use disabled::CallSpan;

#[cfg(feature = "tracing")]
mod enabled {
    use std::future::Future;
    use std::time::Duration;

    use tracing::field::Empty;
    use tracing::instrument::Instrumented;
    use tracing::{Instrument, Span};

    use crate::client::error::{Error, TransportError};
    use crate::client::request::Body;
    use crate::client::response::ByteStream;
    use crate::client::spec::Operation;

    pub(in crate::client::call) struct CallSpan(Span);

    impl CallSpan {
        pub(in crate::client::call) fn new(
            operation: &Operation,
            request: &http::Request<Body>,
        ) -> Self {
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

        /// Enters the span whenever the future is polled.
        pub(in crate::client::call) fn instrument<F: Future>(&self, future: F) -> Instrumented<F> {
            future.instrument(self.0.clone())
        }

        pub(in crate::client::call) fn record_attempt(
            &self,
            attempts: u32,
            result: &Result<http::Response<ByteStream>, TransportError>,
        ) {
            if attempts > 1 {
                self.0.record("http.request.resend_count", attempts - 1);
            }
            if let Ok(response) = result {
                let status = response.status().as_u16();
                self.0.record("http.response.status_code", status);
                let size = response.body().as_bytes().map(<[u8]>::len);
                self.0.record("http.response.body.size", size);
            }
        }

        pub(in crate::client::call) fn record_retry(&self, attempts: u32, delay: Duration) {
            tracing::debug!(parent: &self.0, attempts, ?delay, "retry");
        }

        pub(in crate::client::call) fn record_error(&self, error: &Error) {
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
mod disabled {
    use std::future::Future;
    use std::time::Duration;

    use crate::client::error::{Error, TransportError};
    use crate::client::request::Body;
    use crate::client::response::ByteStream;
    use crate::client::spec::Operation;

    pub(in crate::client::call) struct CallSpan;

    impl CallSpan {
        pub(in crate::client::call) fn new(_: &Operation, _: &http::Request<Body>) -> Self {
            Self
        }

        /// Returns the future itself: a wrapper would double its size.
        pub(in crate::client::call) fn instrument<F: Future>(&self, future: F) -> F {
            future
        }

        pub(in crate::client::call) fn record_attempt(
            &self,
            _: u32,
            _: &Result<http::Response<ByteStream>, TransportError>,
        ) {
        }

        pub(in crate::client::call) fn record_retry(&self, _: u32, _: Duration) {}

        pub(in crate::client::call) fn record_error(&self, _: &Error) {}
    }
}
