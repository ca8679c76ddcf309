//! The body of a request.

use std::fmt;

/// The body of a request: bytes that are cheap to clone, so that sending them again copies nothing.
///
/// It does not show what it holds, which may be anybody's prompt.
#[derive(Clone, Default)]
pub struct Body(bytes::Bytes);

impl Body {
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// For a transport that knows how to share them.
    pub(super) fn into_shared(self) -> bytes::Bytes {
        self.0
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

impl AsRef<[u8]> for Body {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.0.len())
    }
}
