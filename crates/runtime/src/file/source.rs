//! What a file is read from as it is sent.

use std::fmt;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

/// Something that is read once, from its start to its end.
pub(crate) type Reader = Box<dyn Read + Send>;

/// Where the bytes of a file come from when it is sent.
#[derive(Clone)]
pub(crate) struct Source {
    pub length: Option<u64>,
    origin: Arc<Origin>,
}

enum Origin {
    /// Can be read as often as it is sent.
    Again(Box<dyn Fn() -> io::Result<Reader> + Send + Sync>),
    /// Gone once it was read.
    Once(Mutex<Option<Reader>>),
}

impl Source {
    pub(super) fn again(open: impl Fn() -> io::Result<Reader> + Send + Sync + 'static) -> Self {
        Self::of(Origin::Again(Box::new(open)))
    }

    pub(super) fn once(reader: Reader) -> Self {
        Self::of(Origin::Once(Mutex::new(Some(reader))))
    }

    fn of(origin: Origin) -> Self {
        Self {
            length: None,
            origin: Arc::new(origin),
        }
    }

    /// From the start.
    pub(crate) fn open(&self) -> io::Result<Reader> {
        let reader = match self.origin.as_ref() {
            Origin::Again(open) => open()?,
            Origin::Once(reader) => {
                let mut reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
                let gone = || io::Error::other("a reader can be read only once, and it was");
                reader.take().ok_or_else(gone)?
            }
        };
        Ok(match self.length {
            Some(left) => Box::new(Measured { reader, left }),
            None => reader,
        })
    }

    /// Whether there is nothing to be read any more.
    #[cfg(feature = "client")]
    pub(crate) fn is_spent(&self) -> bool {
        match self.origin.as_ref() {
            Origin::Again(_) => false,
            Origin::Once(reader) => reader
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .is_none(),
        }
    }

    pub(super) fn address(&self) -> usize {
        Arc::as_ptr(&self.origin).addr()
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({:?} bytes)", self.length)
    }
}

/// Holds a reader to its length: the server was told it, and would take less or more for something else.
struct Measured {
    reader: Reader,
    left: u64,
}

impl Read for Measured {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let read = self.reader.read(buffer)?;
        let wrong = |how| io::Error::other(format!("the file is {how} than its length says"));
        let left = self.left.checked_sub(read as u64);
        self.left = left.ok_or_else(|| wrong("longer"))?;
        if read == 0 && self.left > 0 {
            return Err(wrong("shorter"));
        }
        // Whether it ends here is asked while the last bytes are still in hand.
        if read > 0 && self.left == 0 && self.reader.read(&mut [0])? > 0 {
            return Err(wrong("longer"));
        }
        Ok(read)
    }
}
