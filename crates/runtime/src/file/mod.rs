//! Files in forms.

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

use crate::path;
use crate::wire::content::Content;
use crate::wire::fit::Fit;
use crate::wire::{Wire, serde_by_wire};

pub(crate) use source::{Reader, Source};

/// A file to upload: what is in it, and what the server should know of it.
///
/// ```
/// # use observatory_runtime::File;
/// let file = File::from_bytes("rows.csv", "id,name\n").with_content_type("text/csv");
/// assert_eq!(file.name(), Some("rows.csv"));
/// ```
///
/// What is large need not be in memory: a file [of a path](Self::from_path), [of a reader](Self::from_reader) or [of
/// what opens one](Self::from_fn) is read piece by piece as it is sent in a form of parts or as the whole body of a
/// request. Anywhere else, such as in JSON, it is read whole.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct File {
    name: Option<String>,
    content_type: Option<String>,
    contents: Contents,
}

/// What is in a file.
#[derive(Clone)]
pub(crate) enum Contents {
    Bytes(Shared),
    Source(Source),
}

/// Bytes that are sent without being copied.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Shared(Arc<Vec<u8>>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl File {
    /// The name under which a file reaches a serializer that is not for text.
    pub(crate) const NAME: &'static str = "$observatory::File";

    /// A file without a name.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self::of(Contents::Bytes(Shared(Arc::new(bytes.into()))))
    }

    /// A file of this name.
    pub fn from_bytes(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self::new(bytes).with_name(name)
    }

    /// A file on disk, which is read as it is sent, and from its start each time it is sent. Its name is the last part
    /// of `path`.
    ///
    /// # Errors
    /// If the file cannot be opened.
    pub fn from_path(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref().to_owned();
        let opened = fs::File::open(&path)?;
        let known = opened.metadata()?;
        if known.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let name = path.file_name().map(OsStr::to_os_string);
        // A pipe or the like has no length, and no start to go back to.
        let file = if known.is_file() {
            Self::from_fn(move || fs::File::open(&path)).with_length(known.len())
        } else {
            Self::from_reader(opened)
        };
        Ok(match name {
            Some(name) => file.with_name(name.to_string_lossy()),
            None => file,
        })
    }

    /// A file of what a reader gives, which is read as it is sent.
    ///
    /// It can be read only once: a request that holds it is not sent again once any of it was read, whatever its
    /// [`RetryPolicy`](crate::RetryPolicy) says.
    ///
    /// ```
    /// # use observatory_runtime::File;
    /// let answer = std::io::Cursor::new("id,name\n");
    /// let file = File::from_reader(answer).with_name("rows.csv").with_length(8);
    /// assert_eq!((file.len(), file.bytes()), (Some(8), None));
    /// ```
    pub fn from_reader(reader: impl Read + Send + 'static) -> Self {
        Self::of(Contents::Source(Source::once(Box::new(reader))))
    }

    /// A file of what `open` opens, each time it is sent.
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
        Self::of(Contents::Source(Source::again(open)))
    }

    fn of(contents: Contents) -> Self {
        Self {
            contents,
            ..Self::default()
        }
    }

    /// The same, of this many bytes. Without it the server is not told how much will come, which some do not take;
    /// with it, what turns out to be longer or shorter is an error.
    #[must_use]
    pub fn with_length(mut self, length: u64) -> Self {
        if let Contents::Source(source) = &mut self.contents {
            source.length = Some(length);
        }
        self
    }

    /// The same, of this media type.
    #[must_use]
    pub fn with_content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// The same, by this name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Its name.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Its media type.
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// What is in it. `None` if it is read as it is sent.
    pub fn bytes(&self) -> Option<&[u8]> {
        match &self.contents {
            Contents::Bytes(bytes) => Some(bytes.as_ref()),
            Contents::Source(_) => None,
        }
    }

    /// How many bytes are in it. `None` if that is not known.
    pub fn len(&self) -> Option<u64> {
        match &self.contents {
            Contents::Bytes(bytes) => Some(bytes.as_ref().len() as u64),
            Contents::Source(source) => source.length,
        }
    }

    /// Whether nothing is in it, as far as that is known.
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    /// All that is in it.
    ///
    /// # Errors
    /// If it is read from something that cannot be read, or only once and was.
    pub fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let mut all = Vec::new();
        match &self.contents {
            Contents::Bytes(bytes) => all.extend_from_slice(bytes.as_ref()),
            Contents::Source(source) => _ = source.open()?.read_to_end(&mut all)?,
        }
        Ok(all)
    }

    #[cfg(feature = "client")]
    pub(crate) fn contents(&self) -> &Contents {
        &self.contents
    }
}

impl Default for Contents {
    fn default() -> Self {
        Self::Bytes(Shared::default())
    }
}

/// What is read as it is sent is the same only where it is the same thing.
impl PartialEq for Contents {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bytes(one), Self::Bytes(other)) => one == other,
            (Self::Source(one), Self::Source(other)) => one.address() == other.address(),
            _ => false,
        }
    }
}

impl Eq for Contents {}

impl Hash for Contents {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Bytes(bytes) => bytes.hash(state),
            Self::Source(source) => source.address().hash(state),
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

impl From<&str> for File {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

thread_local! {
    /// The file that is being written: serde passes on plain values alone, and a file need not be in memory.
    static WRITTEN: RefCell<Option<File>> = const { RefCell::new(None) };
}

impl File {
    /// The file that is being written, for the serializer that gets something called [`File::NAME`].
    #[cfg(feature = "client")]
    pub(crate) fn written() -> Option<Self> {
        WRITTEN.take()
    }
}

impl Wire for File {
    const OBJECT: bool = false;

    fn blank() -> Self {
        Self::new("")
    }

    /// In text it is its text. A serializer that is not for text gets bytes called [`File::NAME`], or takes the file
    /// itself.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return match String::from_utf8(read(self)?) {
                Ok(text) => serializer.serialize_str(&text),
                Err(_) => Err(S::Error::custom(path::placed(
                    "a file that is not text cannot travel in JSON",
                ))),
            };
        }
        WRITTEN.set(Some(self.clone()));
        let done = serializer.serialize_newtype_struct(Self::NAME, &AsBytes(self));
        WRITTEN.take();
        done
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::read(deserializer).map(Self::new)
    }

    fn fit(content: &Content<'_>, depth: u8) -> Fit {
        String::fit(content, depth)
    }
}

fn read<E: serde_core::ser::Error>(file: &File) -> Result<Vec<u8>, E> {
    let failed = |why| E::custom(path::placed(&format!("the file cannot be read: {why}")));
    file.to_bytes().map_err(failed)
}

struct AsBytes<'a>(&'a File);

impl serde_core::Serialize for AsBytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&read(self.0)?)
    }
}

serde_by_wire!(File);
