//! Files for upload.

mod source;

use std::cell::RefCell;
use std::ffi::OsStr;
use std::hash::{Hash, Hasher};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::{fmt, fs};

use serde_core::de::Deserializer;
use serde_core::ser::{Error as _, Serializer};

use crate::error_path;
use crate::wire::buffered::BufferedValue;
use crate::wire::match_score::{MatchScore, Matcher};
use crate::wire::{Wire, impl_serde_via_wire};

pub(crate) use source::{Reader, Source};

/// A file to upload: its contents, name and media type.
///
/// ```
/// # use observatory_runtime::File;
/// let file = File::from_bytes("rows.csv", "id,name\n").with_content_type("text/csv");
/// assert_eq!(file.name(), Some("rows.csv"));
/// ```
///
/// A large file does not have to be in memory. The contents of a file from a [path](Self::from_path), a
/// [reader](Self::from_reader) or a [function that opens a reader](Self::from_fn) are streamed if the file is a part of
/// a multipart form or the request body. Elsewhere, such as in JSON, the file is read into memory.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct File {
    name: Option<String>,
    content_type: Option<String>,
    contents: Contents,
}

/// The contents of a file.
#[derive(Clone)]
pub(crate) enum Contents {
    Bytes(SharedBytes),
    Source(Source),
}

/// Bytes that are sent without a copy.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct SharedBytes(Arc<Vec<u8>>);

impl AsRef<[u8]> for SharedBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl File {
    /// The newtype name that identifies a file to a serializer of a binary format.
    pub(crate) const SERDE_NAME: &'static str = "$observatory::File";

    /// Creates a file without a name.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self::from_contents(Contents::Bytes(SharedBytes(Arc::new(bytes.into()))))
    }

    /// Creates a file with a name.
    pub fn from_bytes(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self::new(bytes).with_name(name)
    }

    /// Creates a file from a path. The file is streamed, and is opened again for each attempt. Its name is the last
    /// component of `path`.
    ///
    /// # Errors
    /// If the file cannot be opened.
    pub fn from_path(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref().to_owned();
        let opened = fs::File::open(&path)?;
        let metadata = opened.metadata()?;
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let name = path.file_name().map(OsStr::to_os_string);
        // A pipe, for example, has no length and cannot be read twice.
        let file = if metadata.is_file() {
            Self::from_fn(move || fs::File::open(&path)).with_length(metadata.len())
        } else {
            Self::from_reader(opened)
        };
        Ok(match name {
            Some(name) => file.with_name(name.to_string_lossy()),
            None => file,
        })
    }

    /// Creates a file from a reader, which is streamed.
    ///
    /// A reader can be read only once: after the first read, the request is not retried with any
    /// [`RetryPolicy`](crate::RetryPolicy).
    ///
    /// ```
    /// # use observatory_runtime::File;
    /// let reader = std::io::Cursor::new("id,name\n");
    /// let file = File::from_reader(reader).with_name("rows.csv").with_length(8);
    /// assert_eq!((file.len(), file.bytes()), (Some(8), None));
    /// ```
    pub fn from_reader(reader: impl Read + Send + 'static) -> Self {
        Self::from_contents(Contents::Source(Source::single_use(Box::new(reader))))
    }

    /// Creates a file from a function that opens a reader. The function is called for each attempt.
    ///
    /// ```
    /// # use observatory_runtime::File;
    /// let zeros = File::from_fn(|| Ok(std::io::Read::take(std::io::repeat(0), 1 << 40))).with_length(1 << 40);
    /// assert_eq!(zeros.len(), Some(1 << 40));
    /// ```
    pub fn from_fn<R: Read + Send + 'static>(
        open: impl Fn() -> io::Result<R> + Send + Sync + 'static,
    ) -> Self {
        let open = move || Ok(Box::new(open()?) as Reader);
        Self::from_contents(Contents::Source(Source::reopenable(open)))
    }

    fn from_contents(contents: Contents) -> Self {
        Self {
            contents,
            ..Self::default()
        }
    }

    /// Sets the length in bytes.
    ///
    /// Without a length the file is sent with chunked transfer encoding, which some servers reject. With a length, a
    /// file that turns out to be longer or shorter is an error.
    #[must_use]
    pub fn with_length(mut self, length: u64) -> Self {
        if let Contents::Source(source) = &mut self.contents {
            source.length = Some(length);
        }
        self
    }

    /// Sets the media type.
    #[must_use]
    pub fn with_content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Sets the file name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Returns the file name.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Returns the media type.
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// Returns the contents, or `None` if the file is streamed.
    pub fn bytes(&self) -> Option<&[u8]> {
        match &self.contents {
            Contents::Bytes(bytes) => Some(bytes.as_ref()),
            Contents::Source(_) => None,
        }
    }

    /// Returns the length in bytes, or `None` if it is unknown.
    pub fn len(&self) -> Option<u64> {
        match &self.contents {
            Contents::Bytes(bytes) => Some(bytes.as_ref().len() as u64),
            Contents::Source(source) => source.length,
        }
    }

    /// Returns whether the file is known to be empty.
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    /// Reads the whole file into memory.
    ///
    /// # Errors
    /// If reading fails, or if the file comes from a reader that was already consumed.
    pub fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let mut buffer = Vec::new();
        match &self.contents {
            Contents::Bytes(bytes) => buffer.extend_from_slice(bytes.as_ref()),
            Contents::Source(source) => _ = source.open()?.read_to_end(&mut buffer)?,
        }
        Ok(buffer)
    }

    #[cfg(feature = "client")]
    pub(crate) fn contents(&self) -> &Contents {
        &self.contents
    }
}

impl Default for Contents {
    fn default() -> Self {
        Self::Bytes(SharedBytes::default())
    }
}

/// Streamed contents are equal only if they share the same source.
impl PartialEq for Contents {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bytes(this), Self::Bytes(other)) => this == other,
            (Self::Source(this), Self::Source(other)) => this.id() == other.id(),
            _ => false,
        }
    }
}

impl Eq for Contents {}

impl Hash for Contents {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Bytes(bytes) => bytes.hash(state),
            Self::Source(source) => source.id().hash(state),
        }
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, content_type) = (
            self.name().unwrap_or("-"),
            self.content_type().unwrap_or("-"),
        );
        match self.len() {
            Some(length) => write!(f, "File({name}, {content_type}, {length} bytes)"),
            None => write!(f, "File({name}, {content_type})"),
        }
    }
}

impl From<Vec<u8>> for File {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(bytes)
    }
}

impl From<crate::Bytes> for File {
    fn from(bytes: crate::Bytes) -> Self {
        Self::new(bytes.as_ref())
    }
}

impl From<&[u8]> for File {
    fn from(bytes: &[u8]) -> Self {
        Self::new(bytes)
    }
}

impl From<String> for File {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&String> for File {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<&str> for File {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

thread_local! {
    /// The file that is being serialized. serde's data model has no files, and bytes would have to be in memory.
    static CURRENT_FILE: RefCell<Option<File>> = const { RefCell::new(None) };
}

impl File {
    /// Takes the file that is being serialized. For a serializer that receives a newtype named [`File::SERDE_NAME`].
    #[cfg(feature = "client")]
    pub(crate) fn take_current() -> Option<Self> {
        CURRENT_FILE.take()
    }
}

impl Wire for File {
    const IS_OBJECT: bool = false;

    fn placeholder() -> Self {
        Self::new("")
    }

    /// Writes the file as a string in a text format. A serializer of another format receives a newtype named
    /// [`File::SERDE_NAME`] with the bytes, and can take the file itself instead.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return match String::from_utf8(read_to_bytes(self)?) {
                Ok(text) => serializer.serialize_str(&text),
                Err(_) => Err(S::Error::custom(error_path::with_empty_path(
                    "the file is not valid UTF-8, which JSON requires",
                ))),
            };
        }
        CURRENT_FILE.set(Some(self.clone()));
        let result = serializer.serialize_newtype_struct(Self::SERDE_NAME, &FileBytes(self));
        CURRENT_FILE.take();
        result
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::read(deserializer).map(Self::new)
    }

    fn match_score(value: &BufferedValue<'_>, matcher: &mut Matcher) -> MatchScore {
        String::match_score(value, matcher)
    }
}

fn read_to_bytes<E: serde_core::ser::Error>(file: &File) -> Result<Vec<u8>, E> {
    let read_error = |error| {
        E::custom(error_path::with_empty_path(&format!(
            "cannot read the file: {error}"
        )))
    };
    file.to_bytes().map_err(read_error)
}

struct FileBytes<'a>(&'a File);

impl serde_core::Serialize for FileBytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&read_to_bytes(self.0)?)
    }
}

impl_serde_via_wire!(File);
