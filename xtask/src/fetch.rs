//! Bytes from where people keep documents.

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use observatory_codegen::diag::{Code, Error};
use observatory_codegen::loader::{FileLoader, Loader, MAX_BYTES};

/// How long a download may take.
const TIMEOUT: Duration = Duration::from_secs(60);

/// How much is read before anybody is told.
const CHUNK: usize = 1 << 16;

/// What came from where a document is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// The document.
    pub bytes: Vec<u8>,
    /// What the server calls this version of it.
    pub etag: Option<String>,
}

/// Loads files, and URLs over https.
#[derive(Clone, Copy, Debug)]
pub struct UrlLoader;

impl Loader for UrlLoader {
    fn load(&self, path: &Path) -> Result<Vec<u8>, Error> {
        let fetched = fetch(&path.to_string_lossy(), None, &mut |_| {})?;
        Ok(fetched.unwrap_or_default().bytes)
    }
}

/// Reads a file, or fetches what starts like a URL, unless the server still has the version `known`; `None` then.
/// `told` hears how many bytes there are so far.
///
/// # Errors
/// When it cannot be read, is too big, or would travel unprotected.
pub fn fetch(
    from: &str,
    known: Option<&str>,
    told: &mut dyn FnMut(usize),
) -> Result<Option<Fetched>, Error> {
    if !from.contains("://") {
        let bytes = FileLoader.load(Path::new(from))?;
        return Ok(Some(Fetched { bytes, etag: None }));
    }
    let failed = |why: String| Error::io_message(Path::new(from), why);
    let mut request = agent(from)?.get(from);
    if let Some(known) = known {
        request = request.header("If-None-Match", known);
    }
    let answer = request.call().map_err(|why| failed(why.to_string()))?;
    if answer.status().as_u16() == 304 {
        return Ok(None);
    }
    let etag = answer
        .headers()
        .get("etag")
        .and_then(|tag| tag.to_str().ok());
    let etag = etag.map(str::to_owned);
    let mut body = answer.into_body().into_reader();
    let mut bytes = Vec::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = body
            .read(&mut chunk)
            .map_err(|why| failed(why.to_string()))?;
        bytes.extend_from_slice(chunk.get(..read).unwrap_or_default());
        told(bytes.len());
        if read == 0 {
            return Ok(Some(Fetched { bytes, etag }));
        }
        if bytes.len() > MAX_BYTES {
            return Err(failed(format!("larger than {} MiB", MAX_BYTES >> 20)));
        }
    }
}

/// What fetches from there: protected, unless it is this machine itself.
fn agent(from: &str) -> Result<ureq::Agent, Error> {
    let config = ureq::Agent::config_builder().timeout_global(Some(TIMEOUT));
    if from.starts_with("https://") {
        return Ok(config.https_only(true).build().new_agent());
    }
    let host = from.strip_prefix("http://").unwrap_or_default();
    let host = host.split(['/', '?', '#']).next().unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if ["localhost", "127.0.0.1", "[::1]"].contains(&name) {
        // Nobody is led from here to elsewhere.
        return Ok(config.max_redirects(0).build().new_agent());
    }
    let message = format!("{from}: only https is fetched");
    let help = "download it yourself and give the file";
    Err(Error::new(Code::Io, message, Some(help)))
}
