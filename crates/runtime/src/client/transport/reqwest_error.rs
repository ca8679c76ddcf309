//! Converts errors of reqwest.

use std::error::Error;
use std::io;

use crate::client::error::{TransportError, TransportErrorKind};

/// Converts an error of reqwest. The URL is removed, because its query may contain a key.
pub(super) fn transport_error(error: reqwest::Error) -> TransportError {
    // A connect timeout counts as a failed connection, so `is_connect` comes before `is_timeout`.
    let kind = if has_cause(&error, &is_certificate_error) {
        TransportErrorKind::Permanent
    } else if error.is_connect() || has_cause(&error, &is_unprocessed) {
        TransportErrorKind::Connect
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else {
        TransportErrorKind::Broken
    };
    TransportError::new(kind, error.without_url())
}

/// Returns whether one of the causes of an error is of this kind.
fn has_cause(
    error: &(dyn Error + 'static),
    is_kind: &dyn Fn(&(dyn Error + 'static)) -> bool,
) -> bool {
    if is_kind(error) {
        return true;
    }
    // The source of an `io::Error` is the source of the error that it wraps.
    let wrapped = error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref);
    let cause = wrapped
        .map(|wrapped| wrapped as &(dyn Error + 'static))
        .or_else(|| error.source());
    cause.is_some_and(|cause| has_cause(cause, is_kind))
}

/// Returns whether the server reported over HTTP/2 that it did not process the request (RFC 9113, section 8.7): it
/// refused the stream, or is shutting down and the stream comes after the last one that it processes.
fn is_unprocessed(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<h2::Error>().is_some_and(|error| {
        let is_refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
        let is_shutdown = error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR);
        error.is_remote() && (is_refused || is_shutdown)
    })
}

/// Returns whether the peers do not accept each other's certificates, or have no version of TLS in common.
fn is_certificate_error(error: &(dyn Error + 'static)) -> bool {
    is_rustls_certificate_error(error) || is_native_tls_error(error)
}

#[cfg(any(feature = "rustls", feature = "rustls-no-provider"))]
fn is_rustls_certificate_error(error: &(dyn Error + 'static)) -> bool {
    use rustls::AlertDescription as Alert;
    use rustls::Error::{
        AlertReceived, InvalidCertificate, NoCertificatesPresented, PeerIncompatible,
    };

    match error.downcast_ref::<rustls::Error>() {
        Some(InvalidCertificate(_) | NoCertificatesPresented | PeerIncompatible(_)) => true,
        Some(AlertReceived(alert)) => matches!(
            alert,
            Alert::BadCertificate
                | Alert::UnsupportedCertificate
                | Alert::CertificateRevoked
                | Alert::CertificateExpired
                | Alert::CertificateUnknown
                | Alert::UnknownCA
                | Alert::AccessDenied
                | Alert::CertificateRequired
                | Alert::ProtocolVersion
        ),
        _ => false,
    }
}

#[cfg(not(any(feature = "rustls", feature = "rustls-no-provider")))]
fn is_rustls_certificate_error(_: &(dyn Error + 'static)) -> bool {
    false
}

/// Returns whether a TLS handshake failed although the connection did not.
#[cfg(feature = "native-tls")]
fn is_native_tls_error(error: &(dyn Error + 'static)) -> bool {
    let is_io = |error: &(dyn Error + 'static)| error.is::<io::Error>();
    error.is::<native_tls::Error>() && !has_cause(error, &is_io)
}

#[cfg(not(feature = "native-tls"))]
fn is_native_tls_error(_: &(dyn Error + 'static)) -> bool {
    false
}
