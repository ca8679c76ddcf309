//! The body of a request.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;

use crate::File;
use crate::file::{Contents, Reader, Source};

/// The body of a request. Cloning it copies no data, so that a retry is cheap.
///
/// Most bodies are bytes ([`as_bytes`](Self::as_bytes)). A body with a large [`File`] is read while it is sent;
/// [`reader`](Self::reader) reads both kinds.
///
/// `Debug` shows only the length, because a body may contain private data.
#[derive(Clone)]
pub struct Body(Inner);

#[derive(Clone)]
enum Inner {
    Bytes(bytes::Bytes),
    Segments(Arc<[Segment]>),
}

#[derive(Clone)]
enum Segment {
    Bytes(bytes::Bytes),
    Source(Source),
}

impl Body {
    /// Returns the bytes, or `None` if the body is read while it is sent.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match &self.0 {
            Inner::Bytes(bytes) => Some(bytes),
            Inner::Segments(_) => None,
        }
    }

    /// Returns the length in bytes, or `None` if it is unknown.
    pub fn len(&self) -> Option<u64> {
        match &self.0 {
            Inner::Bytes(bytes) => Some(bytes.len() as u64),
            Inner::Segments(segments) => segments.iter().map(Segment::len).sum(),
        }
    }

    /// Returns whether the body is known to be empty.
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    /// Returns a reader of the whole body. Files are opened when the reader reaches them.
    ///
    /// Reading may block on a file: use a thread on which this is allowed.
    pub fn reader(&self) -> impl Read + Send + 'static + use<> {
        let segments = match &self.0 {
            Inner::Bytes(bytes) => VecDeque::from([Segment::Bytes(bytes.clone())]),
            Inner::Segments(segments) => segments.iter().cloned().collect(),
        };
        BodyReader {
            segments,
            current: None,
        }
    }

    /// Returns whether the body can no longer be read: it was read, and its source can be read only once.
    pub fn is_consumed(&self) -> bool {
        match &self.0 {
            Inner::Bytes(_) => false,
            Inner::Segments(segments) => segments
                .iter()
                .any(|segment| matches!(segment, Segment::Source(source) if source.is_consumed())),
        }
    }

    /// Returns the bytes without copying them, or `None` if the body is read while it is sent.
    #[cfg(feature = "__reqwest")]
    pub(crate) fn to_shared_bytes(&self) -> Option<bytes::Bytes> {
        match &self.0 {
            Inner::Bytes(bytes) => Some(bytes.clone()),
            Inner::Segments(_) => None,
        }
    }
}

impl Segment {
    fn len(&self) -> Option<u64> {
        match self {
            Self::Bytes(bytes) => Some(bytes.len() as u64),
            Self::Source(source) => source.length,
        }
    }
}

struct BodyReader {
    segments: VecDeque<Segment>,
    current: Option<Reader>,
}

impl Read for BodyReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if let Some(current) = &mut self.current {
                match current.read(buffer)? {
                    0 => self.current = None,
                    read => return Ok(read),
                }
            }
            self.current = Some(match self.segments.pop_front() {
                Some(Segment::Bytes(bytes)) => Box::new(io::Cursor::new(bytes)),
                Some(Segment::Source(source)) => source.open()?,
                None => return Ok(0),
            });
        }
    }
}

/// Builds a body from bytes and files.
#[derive(Default)]
pub(super) struct BodyBuilder {
    finished: Vec<Segment>,
    /// The bytes after the last file.
    bytes: Vec<u8>,
}

impl BodyBuilder {
    pub(super) fn push_bytes(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub(super) fn push_file(&mut self, file: &File) {
        match file.contents() {
            Contents::Bytes(bytes) => self.push_bytes(bytes.as_ref()),
            Contents::Source(source) => {
                let before = std::mem::take(&mut self.bytes);
                self.finished.push(Segment::Bytes(before.into()));
                self.finished.push(Segment::Source(source.clone()));
            }
        }
    }
}

impl From<BodyBuilder> for Body {
    fn from(mut builder: BodyBuilder) -> Self {
        let last = bytes::Bytes::from(builder.bytes);
        if builder.finished.is_empty() {
            return Self(Inner::Bytes(last));
        }
        builder.finished.push(Segment::Bytes(last));
        Self(Inner::Segments(builder.finished.into()))
    }
}

/// Creates a body that is the contents of a file.
impl From<&File> for Body {
    fn from(file: &File) -> Self {
        Self(match file.contents() {
            Contents::Bytes(bytes) => Inner::Bytes(bytes::Bytes::from_owner(bytes.clone())),
            Contents::Source(source) => Inner::Segments([Segment::Source(source.clone())].into()),
        })
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Inner::Bytes(bytes.into()))
    }
}

impl Default for Body {
    fn default() -> Self {
        Self(Inner::Bytes(bytes::Bytes::new()))
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.len() {
            Some(length) => write!(f, "Body({length} bytes)"),
            None => f.write_str("Body"),
        }
    }
}
