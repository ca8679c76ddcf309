//! Where records are spooled, and how much.

use std::path::{Path, PathBuf};

/// Where records are spooled, and how much. One process at a time uses a folder.
///
/// A record is accepted when it has been written to a file, so that it survives the end of the process, `kill -9` included. It
/// survives a power failure only with [`sync`](Self::sync). It is delivered at least once: a process that is killed after a
/// vendor's response and before it has noted it delivers the record again, with the same id.
///
/// Records on disk do not count toward the limits of the queue in memory. Content is masked before it is written.
#[derive(Clone, Debug)]
pub struct SpoolOptions {
    pub(super) folder: PathBuf,
    pub(super) max_bytes: u64,
    pub(super) segment_bytes: u64,
    pub(super) sync: bool,
}

impl SpoolOptions {
    /// Spools to this folder, which is created if it is missing.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            max_bytes: 1 << 30,
            segment_bytes: 8 << 20,
            sync: false,
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Limits the bytes on disk. Records beyond are dropped. Default: 1 GiB.
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Sets the size from which a new segment is begun. Disk space is freed by whole segments. Default: 8 MiB, and at most a
    /// quarter of the limit.
    pub fn segment_bytes(mut self, bytes: u64) -> Self {
        self.segment_bytes = bytes;
        self
    }

    /// Waits for each record until the disk has it, so that it survives a power failure too. A record takes milliseconds
    /// then. Default: `false`.
    pub fn sync(mut self, sync: bool) -> Self {
        self.sync = sync;
        self
    }
}
