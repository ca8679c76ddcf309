use http::header::HeaderMap;

/// The number of headers that a request and HTTP usually add to others: accept, content type, credential, content
/// encoding, host, length.
const ADDED_HEADERS: usize = 8;

/// Copies headers into a map with room for more. A clone would be reallocated for the first one that is added.
pub(crate) fn copy_headers(headers: &HeaderMap) -> HeaderMap {
    let mut copy = HeaderMap::with_capacity(headers.len() + ADDED_HEADERS);
    for (name, value) in headers {
        copy.append(name, value.clone());
    }
    copy
}
