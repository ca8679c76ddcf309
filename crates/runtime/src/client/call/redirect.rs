//! Decides which redirects are followed.

use ::url::Url;
use http::header::LOCATION;
use http::{HeaderMap, Method, StatusCode, Uri};

use crate::client::request::Body;

/// The maximum number of redirects in one attempt.
pub(super) const MAX_REDIRECTS: usize = 5;

/// Returns where a response redirects the request. `None` if it is not a redirect, or is not followed:
///
/// - to another origin, because that would send the credential there;
/// - where it would turn a POST into a GET, whose success would look like that of the POST;
/// - where the request body can no longer be read.
///
/// `from` is the URL that returned the response.
pub(super) fn redirect_target(
    request: &http::Request<Body>,
    from: &Uri,
    status: StatusCode,
    headers: &HeaderMap,
) -> Option<Uri> {
    let is_followed = match status {
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => true,
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND | StatusCode::SEE_OTHER => {
            matches!(*request.method(), Method::GET | Method::HEAD)
        }
        _ => false,
    };
    if !is_followed {
        return None;
    }
    let location = headers.get(LOCATION)?;
    let from = Url::parse(&from.to_string()).ok()?;
    let mut url = from.join(location.to_str().ok()?).ok()?;
    if (url.scheme(), url.authority()) != (from.scheme(), from.authority()) {
        return None;
    }
    url.set_fragment(None);
    let target = url.as_str().parse().ok()?;
    (!request.body().is_consumed()).then_some(target)
}
