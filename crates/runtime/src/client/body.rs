//! The body of a request.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;

use crate::File;
use crate::file::{Contents, Reader, Source};

/// The body of a request. It is cheap to clone, so that sending it again copies nothing.
///
/// Most are bytes. One that holds a large [`File`] is read as it is sent: [`reader`](Self::reader) reads any of them.
///
/// It does not show what it holds, which may be anybody's prompt.
#[derive(Clone)]
pub struct Body(Held);

#[derive(Clone)]
enum Held {
    Bytes(bytes::Bytes),
    Pieces(Arc<[Piece]>),
}

#[derive(Clone)]
enum Piece {
    Bytes(bytes::Bytes),
    Source(Source),
}

impl Body {
    /// The bytes. `None` if they are read as they are sent.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match &self.0 {
            Held::Bytes(bytes) => Some(bytes),
            Held::Pieces(_) => None,
        }
    }

    /// How many bytes there are. `None` if that is not known.
    pub fn len(&self) -> Option<u64> {
        match &self.0 {
            Held::Bytes(bytes) => Some(bytes.len() as u64),
            Held::Pieces(pieces) => pieces.iter().map(Piece::len).sum(),
        }
    }

    /// Whether there are none, as far as that is known.
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    /// Reads all of it, from the start. What a file is read from is opened when its turn comes.
    ///
    /// It blocks where a file does: read it where that holds up nobody.
    pub fn reader(&self) -> impl Read + Send + 'static + use<> {
        let pieces = match &self.0 {
            Held::Bytes(bytes) => VecDeque::from([Piece::Bytes(bytes.clone())]),
            Held::Pieces(pieces) => pieces.iter().cloned().collect(),
        };
        BodyReader {
            pieces,
            current: None,
        }
    }

    /// Whether it was read, and can be read only once.
    pub fn is_spent(&self) -> bool {
        match &self.0 {
            Held::Bytes(_) => false,
            Held::Pieces(pieces) => pieces
                .iter()
                .any(|piece| matches!(piece, Piece::Source(source) if source.is_consumed())),
        }
    }

    /// For a transport that knows how to share them.
    #[cfg(feature = "__reqwest")]
    pub(super) fn shared(&self) -> Option<bytes::Bytes> {
        match &self.0 {
            Held::Bytes(bytes) => Some(bytes.clone()),
            Held::Pieces(_) => None,
        }
    }
}

impl Piece {
    fn len(&self) -> Option<u64> {
        match self {
            Self::Bytes(bytes) => Some(bytes.len() as u64),
            Self::Source(source) => source.length,
        }
    }
}

struct BodyReader {
    pieces: VecDeque<Piece>,
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
            self.current = Some(match self.pieces.pop_front() {
                Some(Piece::Bytes(bytes)) => Box::new(io::Cursor::new(bytes)),
                Some(Piece::Source(source)) => source.open()?,
                None => return Ok(0),
            });
        }
    }
}

/// A body in the making: bytes, and files where they are.
#[derive(Default)]
pub(super) struct Pieces {
    done: Vec<Piece>,
    bytes: Vec<u8>,
}

impl Pieces {
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub(super) fn file(&mut self, file: &File) {
        match file.contents() {
            Contents::Bytes(bytes) => self.bytes(bytes.as_ref()),
            Contents::Source(source) => {
                let before = std::mem::take(&mut self.bytes);
                self.done.push(Piece::Bytes(before.into()));
                self.done.push(Piece::Source(source.clone()));
            }
        }
    }
}

impl From<Pieces> for Body {
    fn from(mut pieces: Pieces) -> Self {
        let last = bytes::Bytes::from(pieces.bytes);
        if pieces.done.is_empty() {
            return Self(Held::Bytes(last));
        }
        pieces.done.push(Piece::Bytes(last));
        Self(Held::Pieces(pieces.done.into()))
    }
}

/// A body that is the file alone.
impl From<&File> for Body {
    fn from(file: &File) -> Self {
        Self(match file.contents() {
            Contents::Bytes(bytes) => Held::Bytes(bytes::Bytes::from_owner(bytes.clone())),
            Contents::Source(source) => Held::Pieces([Piece::Source(source.clone())].into()),
        })
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Held::Bytes(bytes.into()))
    }
}

impl Default for Body {
    fn default() -> Self {
        Self(Held::Bytes(bytes::Bytes::new()))
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
