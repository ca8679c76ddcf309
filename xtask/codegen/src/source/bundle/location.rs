//! Where a reference leads: a file or a URL, and whether it may.

use std::path::{Path, PathBuf};

use crate::loader::{Loader, is_url, lexically_normal};
use crate::source::normalize::percent_decode;

/// Why a reference is not followed.
pub(super) struct Refusal {
    pub(super) message: String,
    pub(super) help: &'static str,
}

/// The place of the document, relative to which its references are.
pub(super) struct Base {
    /// The path or the URL of the document.
    path: PathBuf,
    /// The folders that may be read; for a URL, its origin.
    allowed: Allowed,
}

enum Allowed {
    Folders(Vec<PathBuf>),
    Origin(String),
}

impl Base {
    pub(super) fn new(path: &Path, loader: &dyn Loader, allowed_dirs: &[PathBuf]) -> Self {
        let allowed = match path.to_str().and_then(origin) {
            Some(origin) => Allowed::Origin(origin),
            None => {
                let folders = [folder(path)]
                    .into_iter()
                    .chain(allowed_dirs.iter().cloned());
                Allowed::Folders(
                    folders
                        .filter_map(|folder| loader.canonicalize(&folder).ok())
                        .collect(),
                )
            }
        };
        Self {
            path: path.to_owned(),
            allowed,
        }
    }

    /// Returns the file that `reference`, without its fragment, leads to from the file `from`, and the path that
    /// identifies it.
    pub(super) fn resolve(
        &self,
        from: &Path,
        reference: &str,
        loader: &dyn Loader,
    ) -> Result<(PathBuf, PathBuf), Refusal> {
        match &self.allowed {
            Allowed::Origin(origin) => {
                let url = join_url(origin, &from.to_string_lossy(), reference)
                    .ok_or_else(|| refusal(reference, "is at another origin than the document"))?;
                let url = PathBuf::from(url);
                Ok((url.clone(), url))
            }
            Allowed::Folders(folders) => {
                if has_scheme(reference) || reference.starts_with("//") {
                    return Err(refusal(reference, "is a URL, and the document is a file"));
                }
                let path = lexically_normal(&folder(from).join(percent_decode(reference)));
                let id = loader.canonicalize(&path).map_err(|error| Refusal {
                    message: format!("`{reference}` cannot be read: {error}"),
                    help: "add the file, or correct the reference in overlay.yaml",
                })?;
                if folders.iter().any(|folder| id.starts_with(folder)) {
                    return Ok((path, id));
                }
                Err(Refusal {
                    message: format!("`{reference}` is outside the folder of the document"),
                    help: "move the file below the folder of the document, or allow its folder with `--allow-dir`",
                })
            }
        }
    }

    /// Returns the key of a file in the bundled document: its path relative to the document.
    pub(super) fn key(&self, path: &Path) -> String {
        let base = folder(&self.path);
        let path = match path.strip_prefix(&base) {
            Ok(relative) => relative,
            Err(_) => path,
        };
        path.to_string_lossy().replace('\\', "/")
    }
}

fn refusal(reference: &str, reason: &str) -> Refusal {
    Refusal {
        message: format!("`{reference}` {reason}"),
        help: "copy the file next to the document, and refer to the copy",
    }
}

/// Returns the folder of a file. That of a file without one is the current folder.
fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
        Some(parent) => parent.to_owned(),
        None => PathBuf::from("."),
    }
}

/// Returns scheme, host and port of a URL, in lower case and without the default port.
fn origin(url: &str) -> Option<String> {
    if !is_url(Path::new(url)) {
        return None;
    }
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let scheme = scheme.to_ascii_lowercase();
    let authority = authority.to_ascii_lowercase();
    let default_port = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => "",
    };
    let authority = authority.strip_suffix(default_port).unwrap_or(&authority);
    Some(format!("{scheme}://{authority}"))
}

/// Returns the URL of `reference` in the document at `base` (RFC 3986, section 5), if it is at `origin`.
fn join_url(known_origin: &str, base: &str, reference: &str) -> Option<String> {
    let absolute_path = |url: &str| {
        let rest = url.split_once("://").map_or("", |(_, rest)| rest);
        rest.find('/')
            .and_then(|start| rest.get(start..))
            .unwrap_or("/")
            .to_owned()
    };
    let base_path = absolute_path(base.split(['?', '#']).next().unwrap_or_default());
    let (scheme, _) = known_origin.split_once(':')?;
    let path = if has_scheme(reference) {
        (origin(reference)? == known_origin).then(|| absolute_path(reference))?
    } else if reference.starts_with("//") {
        let url = format!("{scheme}:{reference}");
        (origin(&url)? == known_origin).then(|| absolute_path(&url))?
    } else if reference.starts_with('/') {
        reference.to_owned()
    } else {
        let (folder, _) = base_path.rsplit_once('/')?;
        format!("{folder}/{reference}")
    };
    Some(format!("{known_origin}{}", remove_dot_segments(&path)))
}

fn remove_dot_segments(path: &str) -> String {
    let (path, query) = match path.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (path, None),
    };
    let mut out: Vec<&str> = Vec::new();
    for segment in path.split('/').skip(1) {
        match segment {
            "." => {}
            ".." => drop(out.pop()),
            segment => out.push(segment),
        }
    }
    let query = query.map_or_else(String::new, |query| format!("?{query}"));
    format!("/{}{query}", out.join("/"))
}

/// Returns whether a reference starts with a scheme, such as `https:` or `file:`.
fn has_scheme(reference: &str) -> bool {
    let is_scheme = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    };
    reference
        .split_once(':')
        .is_some_and(|(scheme, _)| is_scheme(scheme))
}
