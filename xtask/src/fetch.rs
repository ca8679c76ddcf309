//! Reading documents from files and URLs.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use observatory_codegen::diag::{Code, Error};
use observatory_codegen::limits::MAX_DOCUMENT_BYTES;
use observatory_codegen::loader::{FileLoader, Loader, is_url};
use ureq::http::uri::Authority;
use ureq::http::{Response, Uri};

/// The time limit of a download.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The number of bytes between two calls of the progress callback.
const CHUNK_SIZE: usize = 1 << 16;

/// A document as it was read or downloaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// The bytes of the document.
    pub bytes: Vec<u8>,
    /// The server's `ETag` of this version.
    pub etag: Option<String>,
}

/// Loads files, and https URLs. It follows no redirects, so that a reference stays at the origin of its document.
#[derive(Clone, Copy, Debug)]
pub struct UrlLoader;

impl Loader for UrlLoader {
    fn load(&self, path: &Path) -> Result<Vec<u8>, Error> {
        let from = path.to_string_lossy();
        if !is_url(path) {
            return FileLoader.load(path);
        }
        let agent = agent(&from, Redirects::Reject)?;
        let fetched = download(&agent, &from, None, &mut |_| {})?;
        Ok(fetched.unwrap_or_default().bytes)
    }

    fn canonicalize(&self, path: &Path) -> Result<PathBuf, Error> {
        match is_url(path) {
            true => Ok(path.to_owned()),
            false => FileLoader.canonicalize(path),
        }
    }
}

/// Reads a file, or downloads a URL. Returns `None` if the server still has the version `known_etag`. `on_progress` is
/// called with the number of bytes so far.
///
/// # Errors
/// When it cannot be read, is too large, or the URL is not https.
pub fn fetch_if_changed(
    from: &str,
    known_etag: Option<&str>,
    on_progress: &mut dyn FnMut(usize),
) -> Result<Option<Fetched>, Error> {
    if !from.contains("://") {
        let bytes = FileLoader.load(Path::new(from))?;
        return Ok(Some(Fetched { bytes, etag: None }));
    }
    download(
        &agent(from, Redirects::Follow)?,
        from,
        known_etag,
        on_progress,
    )
}

fn download(
    agent: &ureq::Agent,
    from: &str,
    known_etag: Option<&str>,
    on_progress: &mut dyn FnMut(usize),
) -> Result<Option<Fetched>, Error> {
    let failure = |message: String| Error::io_message(Path::new(from), message);
    let mut request = agent.get(from);
    if let Some(etag) = known_etag {
        request = request.header("If-None-Match", etag);
    }
    let response = request.call().map_err(|error| failure(error.to_string()))?;
    match response.status().as_u16() {
        200 => {}
        304 if known_etag.is_some() => return Ok(None),
        _ => return Err(failure(unexpected_status(&response))),
    }
    let etag = response.headers().get("etag");
    let etag = etag.and_then(|etag| etag.to_str().ok()).map(str::to_owned);
    let mut body = response.into_body().into_reader();
    let mut bytes = Vec::new();
    let mut chunk = vec![0; CHUNK_SIZE];
    loop {
        let read = body
            .read(&mut chunk)
            .map_err(|error| failure(error.to_string()))?;
        bytes.extend_from_slice(chunk.get(..read).unwrap_or_default());
        on_progress(bytes.len());
        if read == 0 {
            return Ok(Some(Fetched { bytes, etag }));
        }
        if bytes.len() > MAX_DOCUMENT_BYTES {
            let message = format!(
                "the document is larger than {} MiB",
                MAX_DOCUMENT_BYTES >> 20
            );
            return Err(failure(message));
        }
    }
}

/// Describes a status that has no document.
fn unexpected_status<B>(response: &Response<B>) -> String {
    let status = response.status();
    let target = response.headers().get("location");
    match target.and_then(|target| target.to_str().ok()) {
        Some(target) if status.is_redirection() => {
            format!("status {status}: it redirects to {}", target.escape_debug())
        }
        _ => format!("expected status 200 OK, found {status}"),
    }
}

/// Whether redirects are followed.
#[derive(Clone, Copy, PartialEq)]
enum Redirects {
    Follow,
    Reject,
}

/// Returns an HTTP client for the URL. Only https is allowed, except on this machine.
fn agent(from: &str, redirects: Redirects) -> Result<ureq::Agent, Error> {
    let refuse = |reason: &str, help: &str| {
        // A password is not shown. It ends at the last `@`, because it may contain one.
        let shown = match from.rsplit_once('@') {
            Some((_, rest)) => format!("…@{rest}"),
            None => from.to_owned(),
        };
        let message = format!("{}: {reason}", shown.escape_debug());
        Err(Error::new(Code::Io, message, Some(help)))
    };
    // Parsed as the client does, so that both find the same host.
    let Ok(url) = from.parse::<Uri>() else {
        return refuse("the URL is not valid", "check the URL");
    };
    let authority = url.authority().map(Authority::as_str).unwrap_or_default();
    if authority.contains('@') {
        let help = "download the document, and pass the file";
        return refuse("the URL has a user name or a password", help);
    }
    // The status of the response is checked with that of a success.
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .http_status_as_error(false);
    let config = match redirects {
        Redirects::Follow => config,
        Redirects::Reject => config.max_redirects(0),
    };
    let is_local = url
        .host()
        .is_some_and(|host| ["localhost", "127.0.0.1", "[::1]"].contains(&host));
    match url.scheme_str() {
        Some("https") => Ok(config.https_only(true).build().new_agent()),
        // A redirect or a proxy could lead to another machine without https.
        Some("http") if is_local => Ok(config.max_redirects(0).proxy(None).build().new_agent()),
        _ => refuse(
            "only https URLs are supported",
            "use an https URL, or download the document and pass the file",
        ),
    }
}
