//! URLs: the base URL of a client, and the URLs of its requests.

mod base_url;
mod page_url;
mod request_url;

#[cfg(feature = "__reqwest")]
pub(crate) use base_url::is_loopback;
pub(crate) use base_url::{ServerUrl, hide_secrets, server_for_key, server_named, url_from_other};
pub(crate) use page_url::page_url;
pub(crate) use request_url::request_url;
