//! The files of a segment.

use super::frame;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The first frame of a segment.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SegmentHeader {
    /// The version of the format.
    pub version: u32,
    /// The destinations that have to receive the records, by name.
    pub destinations: Vec<String>,
}

/// The version of the format that is written, and the only one that is read.
pub(super) const VERSION: u32 = 2;

pub(super) fn records_path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number}.records"))
}

pub(super) fn ledger_path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number}.done"))
}

/// Deletes a segment and its ledger. The ledger goes last: without it, records would be delivered again.
pub(super) fn delete(folder: &Path, number: u64) -> io::Result<()> {
    for path in [records_path(folder, number), ledger_path(folder, number)] {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// The segment to which records are appended.
#[derive(Debug)]
pub(super) struct SegmentWriter {
    pub number: u64,
    pub length: u64,
    file: File,
    sync: bool,
}

impl SegmentWriter {
    /// Creates a segment with a header. `sync` makes each write wait for the disk.
    pub fn create(
        folder: &Path,
        number: u64,
        header: &SegmentHeader,
        sync: bool,
    ) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        let file = options
            .write(true)
            .create_new(true)
            .open(records_path(folder, number))?;
        if sync {
            // The entry of the folder has to survive a power failure too. Windows cannot open folders.
            if let Ok(folder) = File::open(folder) {
                folder.sync_all()?;
            }
        }
        let mut writer = Self {
            number,
            length: 0,
            file,
            sync,
        };
        let frame =
            frame::encode(&serde_json::to_vec(header)?).ok_or(io::ErrorKind::InvalidInput)?;
        writer.append(&frame)?;
        Ok(writer)
    }

    /// Appends a frame and returns its offset. After an error, the segment has the length that it had before.
    pub fn append(&mut self, frame: &[u8]) -> io::Result<u64> {
        let offset = self.length;
        match self.write(frame) {
            Ok(()) => {
                self.length += frame.len() as u64;
                Ok(offset)
            }
            Err(error) => {
                self.file.set_len(offset)?;
                self.file.seek(SeekFrom::Start(offset))?;
                Err(error)
            }
        }
    }

    fn write(&mut self, frame: &[u8]) -> io::Result<()> {
        self.file.write_all(frame)?;
        if self.sync {
            self.file.sync_data()
        } else {
            Ok(())
        }
    }
}
