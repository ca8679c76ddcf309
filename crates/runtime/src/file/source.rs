//! The sources of streamed files.

use std::fmt;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

/// A reader that is read once, from start to end.
pub(crate) type Reader = Box<dyn Read + Send>;

/// The source of a streamed file.
#[derive(Clone)]
pub(crate) struct Source {
    pub length: Option<u64>,
    origin: Arc<Origin>,
}

enum Origin {
    /// Opens a new reader for each attempt.
    Reopenable(Box<dyn Fn() -> io::Result<Reader> + Send + Sync>),
    /// A reader that can be read once; `None` after that.
    SingleUse(Mutex<Option<Reader>>),
}

impl Source {
    pub(super) fn reopenable(
        open: impl Fn() -> io::Result<Reader> + Send + Sync + 'static,
    ) -> Self {
        Self::from_origin(Origin::Reopenable(Box::new(open)))
    }

    pub(super) fn single_use(reader: Reader) -> Self {
        Self::from_origin(Origin::SingleUse(Mutex::new(Some(reader))))
    }

    fn from_origin(origin: Origin) -> Self {
        Self {
            length: None,
            origin: Arc::new(origin),
        }
    }

    /// Returns a reader at the start of the file.
    pub(crate) fn open(&self) -> io::Result<Reader> {
        let reader = match self.origin.as_ref() {
            Origin::Reopenable(open) => open()?,
            Origin::SingleUse(reader) => {
                let mut reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
                let consumed = || io::Error::other("the reader was already consumed");
                reader.take().ok_or_else(consumed)?
            }
        };
        Ok(match self.length {
            Some(remaining) => Box::new(ExactLengthReader { reader, remaining }),
            None => reader,
        })
    }

    /// Returns whether the source was read and cannot be read again.
    #[cfg(feature = "client")]
    pub(crate) fn is_consumed(&self) -> bool {
        match self.origin.as_ref() {
            Origin::Reopenable(_) => false,
            Origin::SingleUse(reader) => reader
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .is_none(),
        }
    }

    /// Returns a number that is the same for all clones of a source, and for no other source.
    pub(super) fn id(&self) -> usize {
        Arc::as_ptr(&self.origin).addr()
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({:?} bytes)", self.length)
    }
}

/// Fails if the reader does not have exactly the declared length, because the request has already announced it.
struct ExactLengthReader {
    reader: Reader,
    remaining: u64,
}

impl Read for ExactLengthReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let read = self.reader.read(buffer)?;
        let length_error =
            |how| io::Error::other(format!("the file is {how} than its declared length"));
        let remaining = self.remaining.checked_sub(read as u64);
        self.remaining = remaining.ok_or_else(|| length_error("longer"))?;
        if read == 0 && self.remaining > 0 {
            return Err(length_error("shorter"));
        }
        // Check for more data before the last bytes are handed out.
        if read > 0 && self.remaining == 0 && self.reader.read(&mut [0])? > 0 {
            return Err(length_error("longer"));
        }
        Ok(read)
    }
}
