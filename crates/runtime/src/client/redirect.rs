//! Where a redirect leads, for those that are followed.

use ::url::Url;
use http::header::LOCATION;
use http::{HeaderMap, Method, StatusCode, Uri};

use super::body::Body;

/// Redirects are followed so often.
pub(super) const MOST: usize = 5;

/// Where an answer from `from` sends the same request to. `None` if it is no redirect, or one that is not followed: to
/// another host, since no credential leaves this one; or one that would make a GET of a POST, whose answer would look
/// like success though nothing was done; or one of a body that is gone.
pub(super) fn target(
    request: &http::Request<Body>,
    from: &Uri,
    status: StatusCode,
    headers: &HeaderMap,
) -> Option<Uri> {
    let followed = match status {
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => true,
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND | StatusCode::SEE_OTHER => {
            matches!(*request.method(), Method::GET | Method::HEAD)
        }
        _ => false,
    };
    if !followed {
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
    (!request.body().is_spent()).then_some(target)
}
