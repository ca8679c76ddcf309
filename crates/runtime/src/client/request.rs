//! Making a request of its parts.

use std::borrow::Cow;

use bytes::Bytes;
use http::Method;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};

use super::auth;
use super::body::Body;
use super::call::Client;
use super::error::Error;
use super::link;
use super::parts::Parts;
use super::spec::Operation;
use super::url;

impl Client {
    pub(super) fn request(
        &self,
        operation: &'static Operation,
        accept: &'static str,
        mut parts: Parts,
    ) -> Result<Box<http::Request<Body>>, Error> {
        if let Some(error) = parts.error.take() {
            return Err(error);
        }
        let settings = self.settings();
        let mut headers = settings.headers.clone();
        if !headers.contains_key(ACCEPT) {
            headers.insert(ACCEPT, fixed("accept", accept)?);
        }
        if let Some(media_type) = &parts.content_type {
            let value = match media_type {
                Cow::Borrowed(known) => fixed("content-type", known)?,
                Cow::Owned(made) => header("content-type", made)?,
            };
            headers.insert(CONTENT_TYPE, value);
        }
        for (name, value) in &parts.headers {
            let key = HeaderName::try_from(*name)
                .map_err(|_| Error::builder(format!("`{name}` is no name for a header")))?;
            headers.insert(key, header(name, value)?);
        }
        if let Some(options) = self.options() {
            if let Some(fault) = &options.fault {
                return Err(Error::builder(fault));
            }
            for (name, value) in &options.headers {
                headers.insert(name, value.clone());
            }
        }
        auth::apply(settings, operation, &mut headers, &mut parts)?;
        auth::cookies(std::mem::take(&mut parts.cookies), &mut headers)?;
        let method = Method::from_bytes(operation.method.as_bytes())
            .map_err(|_| Error::builder("no such method"))?;
        let mut request = Box::new(http::Request::new(std::mem::take(&mut parts.body)));
        *request.method_mut() = method;
        *request.uri_mut() = match &parts.link {
            Some(link) => link::url(settings, operation, &parts, link)?,
            None => url::of(settings, operation, &parts.path, &parts.query)?,
        };
        *request.headers_mut() = headers;
        Ok(request)
    }
}

fn header(name: &str, value: &str) -> Result<HeaderValue, Error> {
    HeaderValue::try_from(value).map_err(|_| unfit(name))
}

/// The same without a copy.
pub(super) fn fixed(name: &str, value: &'static str) -> Result<HeaderValue, Error> {
    let bytes = Bytes::from_static(value.as_bytes());
    HeaderValue::from_maybe_shared(bytes).map_err(|_| unfit(name))
}

fn unfit(name: &str) -> Error {
    Error::builder(format!(
        "the header `{name}` holds a line break or the like"
    ))
}
