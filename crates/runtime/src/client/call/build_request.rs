//! The first step of a call that is the same for all operations: building the HTTP request.

use std::borrow::Cow;

use http::Method;
use http::header::{
    ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, Entry, HeaderMap, HeaderName, HeaderValue,
};

use crate::client::auth::insert_cookies;
use crate::client::config::Client;
use crate::client::error::Error;
use crate::client::headers::copy_headers;
use crate::client::redaction::{WrittenSecrets, mark_sensitive};
use crate::client::request::{Body, RequestParts, header_value, static_header_value};
use crate::client::spec::Operation;
use crate::client::url::{ServerUrl, page_url, request_url};

/// Builds the request of an operation from its parts.
///
/// # Errors
/// If a part or an option is invalid, or a required credential is not set.
pub(super) fn build_request(
    client: &Client,
    operation: &'static Operation,
    accept: &'static str,
    parts: RequestParts,
) -> Result<Box<http::Request<Body>>, Error> {
    build(client, operation, accept, parts).map_err(|error| {
        let redactor = &client.config().redactor;
        error.with_operation(operation).redact(redactor, b"")
    })
}

fn build(
    client: &Client,
    operation: &'static Operation,
    accept: &'static str,
    mut parts: RequestParts,
) -> Result<Box<http::Request<Body>>, Error> {
    if let Some(error) = parts.error.take() {
        return Err(error);
    }
    let config = client.config();
    let mut headers = build_headers(client, operation, accept, &parts)?;
    config
        .authenticator
        .authenticate(operation, &mut headers, &mut parts)?;
    insert_cookies(std::mem::take(&mut parts.cookies), &mut headers)?;
    let method = Method::from_bytes(operation.method.as_bytes())
        .map_err(|_| Error::builder("invalid HTTP method"))?;
    // RFC 9110, section 8.6: required where the method expects a body. Some servers respond with 411 otherwise.
    if parts.body.is_empty() && matches!(method, Method::POST | Method::PUT | Method::PATCH) {
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    let mut request = Box::new(http::Request::new(std::mem::take(&mut parts.body)));
    *request.method_mut() = method;
    let own_url = client
        .options()
        .and_then(|options| options.base_url.as_ref());
    let own_server = own_url.map(|url| ServerUrl::new(url, None, true, config.server.allow_http));
    let own_server = own_server.transpose()?;
    let server = own_server.as_ref().unwrap_or(&config.server);
    *request.uri_mut() = match &parts.page_link {
        Some(link) => page_url(server, operation, &parts.path, &parts.query, link)?,
        None => request_url(server, operation, &parts.path, &parts.query)?,
    };
    *request.headers_mut() = headers;
    if !parts.secrets.is_empty() {
        let secrets = WrittenSecrets(parts.secrets.into());
        request.extensions_mut().insert(secrets);
    }
    #[cfg(feature = "testing")]
    {
        let secrets = crate::client::testing::RequestSecrets {
            api: config.api,
            redactor: config.redactor.with_request(&request),
        };
        request.extensions_mut().insert(secrets);
    }
    Ok(request)
}

/// Returns the headers of the operation, overridden by those of the client, of the parts and of the request options.
fn build_headers(
    client: &Client,
    operation: &'static Operation,
    accept: &'static str,
    parts: &RequestParts,
) -> Result<HeaderMap, Error> {
    let mut headers = copy_headers(&client.config().headers);
    if let Entry::Vacant(vacant) = headers.entry(ACCEPT) {
        vacant.insert(static_header_value("accept", accept)?);
    }
    for (name, value) in operation.headers {
        let value = static_header_value(name, value)?;
        headers.entry(header_name(name)?).or_insert(value);
    }
    if let Some(media_type) = &parts.content_type {
        let value = match media_type {
            Cow::Borrowed(text) => static_header_value("content-type", text)?,
            Cow::Owned(text) => header_value("content-type", text)?,
        };
        headers.insert(CONTENT_TYPE, value);
    }
    for (name, value) in &parts.headers {
        let key = header_name(name)?;
        let mut value = header_value(name, value)?;
        mark_sensitive(&key, &mut value);
        headers.insert(key, value);
    }
    if let Some(options) = client.options() {
        if let Some(message) = &options.error {
            return Err(Error::builder(message));
        }
        for (name, value) in &options.headers {
            headers.insert(name, value.clone());
        }
    }
    Ok(headers)
}

fn header_name(name: &str) -> Result<HeaderName, Error> {
    HeaderName::try_from(name).map_err(|_| Error::builder(format!("invalid header name `{name}`")))
}
