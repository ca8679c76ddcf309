//! Making a request of its parts.

use http::Method;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT};

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
    ) -> Result<http::Request<Body>, Error> {
        if let Some(error) = parts.error.take() {
            return Err(error);
        }
        let settings = self.settings();
        let mut headers = settings.headers.clone();
        let agent = HeaderValue::from_static(settings.api.user_agent);
        headers.entry(USER_AGENT).or_insert(agent);
        headers
            .entry(ACCEPT)
            .or_insert(HeaderValue::from_static(accept));
        if let Some(media_type) = &parts.content_type {
            headers.insert(CONTENT_TYPE, header("content-type", media_type)?);
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
        let credentials = &settings.credentials;
        let chosen = credentials.choose(settings.api, operation)?;
        credentials.apply(settings.api, &chosen, &mut headers, &mut parts)?;
        auth::cookies(std::mem::take(&mut parts.cookies), &mut headers)?;
        let method = Method::from_bytes(operation.method.as_bytes())
            .map_err(|_| Error::builder("no such method"))?;
        let mut request = http::Request::new(std::mem::take(&mut parts.body));
        *request.method_mut() = method;
        let url = match &parts.link {
            Some(link) => link::url(settings, operation, &parts, link)?,
            None => url::of(settings, operation, &parts.path, &parts.query)?,
        };
        *request.uri_mut() = url
            .parse()
            .map_err(|_| Error::builder("the request has no valid URL"))?;
        *request.headers_mut() = headers;
        Ok(request)
    }
}

fn header(name: &str, value: &str) -> Result<HeaderValue, Error> {
    HeaderValue::try_from(value).map_err(|_| {
        Error::builder(format!(
            "the header `{name}` holds a line break or the like"
        ))
    })
}
