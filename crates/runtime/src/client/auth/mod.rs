//! Authentication: the credentials of a client, and how requests carry them.

mod authenticator;
mod credentials;
mod prepared;

pub(crate) use authenticator::{Authenticator, insert_cookies};
pub(crate) use credentials::{Credential, Credentials};
