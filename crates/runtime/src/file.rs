//! Files in forms.

use std::fmt;
use std::io;
use std::path::Path;

use serde_core::de::Deserializer;
use serde_core::ser::{Error as _, SerializeStruct, Serializer};

use crate::path;
use crate::wire::content::Content;
use crate::wire::fit::Fit;
use crate::wire::{Wire, serde_by_wire};

/// A file to upload: its bytes, and what the server should know of it.
///
/// ```
/// # use observatory_runtime::File;
/// let file = File::from_bytes("rows.csv", "id,name\n").with_content_type("text/csv");
/// assert_eq!(file.name(), Some("rows.csv"));
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct File {
    name: Option<String>,
    content_type: Option<String>,
    bytes: Vec<u8>,
}

impl File {
    /// The name under which a file's parts reach a serializer that is not for text.
    pub(crate) const NAME: &'static str = "$observatory::File";

    /// A file without a name.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            name: None,
            content_type: None,
            bytes: bytes.into(),
        }
    }

    /// A file of this name.
    pub fn from_bytes(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            name: Some(name.into()),
            ..Self::new(bytes)
        }
    }

    /// Reads a file from disk; its name is the last part of `path`.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn from_path(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        Ok(Self {
            name,
            ..Self::new(std::fs::read(path)?)
        })
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

    /// What is in it.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What is in it, to keep.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, content_type) = (
            self.name().unwrap_or("-"),
            self.content_type().unwrap_or("-"),
        );
        write!(
            f,
            "File({name}, {content_type}, {} bytes)",
            self.bytes.len()
        )
    }
}

impl From<Vec<u8>> for File {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(bytes)
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

impl Wire for File {
    /// In text it is its text. A form's serializer says that it is not for text and gets all there is: a struct called
    /// [`File::NAME`] with `name`, `content_type` and `bytes`.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return match std::str::from_utf8(&self.bytes) {
                Ok(text) => serializer.serialize_str(text),
                Err(_) => Err(S::Error::custom(path::placed(
                    "a file that is not text cannot travel in JSON",
                ))),
            };
        }
        let mut parts = serializer.serialize_struct(Self::NAME, 3)?;
        parts.serialize_field("name", &self.name)?;
        parts.serialize_field("content_type", &self.content_type)?;
        parts.serialize_field("bytes", &RawBytes(&self.bytes))?;
        parts.end()
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::read(deserializer).map(Self::new)
    }

    fn fit(content: &Content<'_>, depth: u8) -> Fit {
        String::fit(content, depth)
    }
}

struct RawBytes<'a>(&'a [u8]);

impl serde_core::Serialize for RawBytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

serde_by_wire!(File);
