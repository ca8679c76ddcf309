//! Bytes from where people keep documents.

use std::io;
use std::path::Path;
use std::time::Duration;

use super::load::MAX_BYTES;
use crate::diag::{Code, Error};

/// How long a download may take.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Reads a file, or fetches what starts like a URL.
///
/// # Errors
/// When it cannot be read, is too big, or would travel unprotected.
pub fn bytes(from: &str) -> Result<Vec<u8>, Error> {
    if !from.contains("://") {
        let path = Path::new(from);
        return std::fs::read(path).map_err(|why| Error::io(path, &why));
    }
    if !from.starts_with("https://") {
        let message = format!("{from}: only https is fetched");
        return Err(Error::plain(
            Code::Io,
            message,
            Some("download it yourself and give the file"),
        ));
    }
    let agent = ureq::Agent::config_builder()
        .https_only(true)
        .timeout_global(Some(TIMEOUT))
        .build()
        .new_agent();
    let limit = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
    let fetched = agent
        .get(from)
        .call()
        .and_then(|mut answer| answer.body_mut().with_config().limit(limit).read_to_vec());
    fetched.map_err(|why| Error::io_message(Path::new(from), why.to_string()))
}

/// The text of a file; `None` where there is none.
///
/// # Errors
/// When it cannot be read, or is not UTF-8.
pub fn text(path: &Path) -> Result<Option<String>, Error> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(why) => Err(Error::io(path, &why)),
    }
}
