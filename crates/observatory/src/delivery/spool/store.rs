//! The folder of the spool, as [`Storage`].

use super::super::report::DropCause;
use super::super::storage::{Location, OpenStorage, RecoveredRecord, Storage, StorageError};
use super::frame::{self, Frame};
use super::ledger;
use super::options::SpoolOptions;
use super::replay::{OldSegment, find_segments, read_segment};
use super::segment::{self, SegmentHeader, SegmentWriter, VERSION, ledger_path, records_path};
use crate::model::Record;
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Why the spool cannot be opened.
pub(crate) enum OpenError {
    /// Another process uses the folder.
    Locked,
    /// The folder cannot be read or written.
    Io(io::Error),
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Opens the spool for destinations with these names.
pub(crate) fn open(
    options: SpoolOptions,
    destinations: Vec<String>,
) -> Result<OpenStorage, OpenError> {
    fs::create_dir_all(&options.folder)?;
    let mut folder = Folder {
        lock: Some(lock(&options)?),
        ..Folder::default()
    };
    let mut warnings = Vec::new();
    let mut recovered = Vec::new();
    for number in find_segments(&options.folder)? {
        folder.next_number = number.saturating_add(1);
        let mut old = read_segment(&options.folder, number)?;
        let damaged = old.warning.is_some() && old.header.is_none();
        warnings.extend(old.warning.take());
        if damaged {
            // Kept for its owner to look at.
            let path = records_path(&options.folder, number);
            fs::rename(&path, path.with_extension("damaged"))?;
            continue;
        }
        let segment = recover(number, old, &destinations, &mut recovered);
        if segment.pending == 0 {
            segment::delete(&options.folder, number)?;
        } else {
            folder.bytes += segment.bytes;
            folder.segments.insert(number, segment);
        }
    }
    let spool = Spool {
        options,
        destinations,
        folder: Mutex::new(folder),
        reader: Mutex::default(),
    };
    Ok(OpenStorage {
        storage: Box::new(spool),
        recovered,
        warnings,
    })
}

/// Locks the folder for this process. The operating system releases the lock when the process ends, however it ends.
fn lock(options: &SpoolOptions) -> Result<File, OpenError> {
    let mut open = OpenOptions::new();
    let path = options.folder.join("lock");
    let file = open.create(true).truncate(false).write(true).open(path)?;
    // Called by its path, since newer standard libraries have a method of the same name.
    match fs4::FileExt::try_lock(&file) {
        Ok(()) => Ok(file),
        Err(fs4::TryLockError::WouldBlock) => Err(OpenError::Locked),
        Err(fs4::TryLockError::Error(error)) => Err(OpenError::Io(error)),
    }
}

/// Finds the present destinations of the records of an old segment. Records of destinations that are gone are not delivered.
fn recover(
    number: u64,
    old: OldSegment,
    destinations: &[String],
    recovered: &mut Vec<RecoveredRecord>,
) -> Segment {
    let names = old
        .header
        .map_or_else(Vec::new, |header| header.destinations);
    let position = |index: u32| {
        let name = names.get(index as usize)?;
        destinations.iter().position(|other| other == name)
    };
    let index = |name: &String| {
        let index = names.iter().position(|other| other == name)?;
        u32::try_from(index).ok()
    };
    let mut segment = Segment {
        bytes: old.bytes,
        indices: destinations.iter().map(index).collect(),
        ..Segment::default()
    };
    for record in old.records {
        let destinations: Vec<usize> = record
            .destinations
            .into_iter()
            .filter_map(position)
            .collect();
        segment.pending += destinations.len();
        if !destinations.is_empty() {
            recovered.push(RecoveredRecord {
                location: Location {
                    segment: number,
                    offset: record.offset,
                },
                size: record.size,
                destinations,
            });
        }
    }
    segment
}

/// The folder of the spool.
struct Spool {
    options: SpoolOptions,
    destinations: Vec<String>,
    folder: Mutex<Folder>,
    /// The segment from which a record was read last.
    reader: Mutex<Option<(u64, File)>>,
}

#[derive(Debug, Default)]
struct Folder {
    segments: BTreeMap<u64, Segment>,
    writer: Option<SegmentWriter>,
    next_number: u64,
    /// The bytes of all segments and ledgers.
    bytes: u64,
    /// The locked file, until the spool is closed: then another process may read and write the folder.
    lock: Option<File>,
}

#[derive(Debug, Default)]
struct Segment {
    bytes: u64,
    /// Records times destinations that have not finished.
    pending: usize,
    /// The positions of the destinations in the header of the segment.
    indices: Vec<Option<u32>>,
    ledger: Option<File>,
}

impl Storage for Spool {
    fn append(&self, record: &Record, destinations: usize) -> Result<Location, StorageError> {
        let json = serde_json::to_vec(record)
            .map_err(io::Error::from)
            .map_err(failed)?;
        let frame =
            frame::encode(&json).ok_or_else(|| failed(io::ErrorKind::InvalidInput.into()))?;
        let mut folder = self.folder();
        if folder.lock.is_none() {
            return Err(StorageError {
                cause: DropCause::Closed,
                message: "the spool is closed".to_owned(),
            });
        }
        self.make_space(&mut folder, frame.len() as u64)?;
        let number = self.writer(&mut folder).map_err(failed)?.number;
        let writer = folder
            .writer
            .as_mut()
            .ok_or_else(|| failed(io::ErrorKind::NotFound.into()))?;
        let offset = match writer.append(&frame) {
            Ok(offset) => offset,
            Err(error) => {
                // What follows a write that failed must not depend on what it has left.
                folder.writer = None;
                return Err(failed(error));
            }
        };
        folder.bytes += frame.len() as u64;
        if let Some(segment) = folder.segments.get_mut(&number) {
            segment.bytes += frame.len() as u64;
            segment.pending += destinations;
        }
        Ok(Location {
            segment: number,
            offset,
        })
    }

    fn load(&self, location: Location) -> Result<Record, StorageError> {
        let payload = self.read(location).map_err(failed)?;
        serde_json::from_slice(&payload).map_err(|error| failed(error.into()))
    }

    fn finish(&self, destination: usize, locations: &[Location]) -> Result<(), StorageError> {
        let mut by_segment: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
        for location in locations {
            by_segment
                .entry(location.segment)
                .or_default()
                .push(location.offset);
        }
        let mut folder = self.folder();
        if folder.lock.is_none() {
            return Ok(());
        }
        let mut result = Ok(());
        for (number, offsets) in by_segment {
            let finished = self.finish_segment(&mut folder, number, destination, &offsets);
            result = result.and(finished);
        }
        result.map_err(failed)
    }

    fn close(&self) {
        let mut folder = self.folder();
        folder.writer = None;
        let finished = folder
            .segments
            .iter()
            .filter(|(_, segment)| segment.pending == 0);
        let finished: Vec<u64> = finished.map(|(number, _)| *number).collect();
        for number in finished {
            // What is not deleted now is deleted at the next start.
            let _ = self.delete(&mut folder, number);
        }
        folder.lock = None;
    }
}

impl Spool {
    /// Makes sure that the budget allows these bytes. Deletes the current segment if that helps.
    fn make_space(&self, folder: &mut Folder, bytes: u64) -> Result<(), StorageError> {
        if folder.bytes + bytes <= self.options.max_bytes {
            return Ok(());
        }
        let current = folder.writer.as_ref().map(|writer| writer.number);
        if let Some(number) = current {
            if folder
                .segments
                .get(&number)
                .is_some_and(|segment| segment.pending == 0)
            {
                folder.writer = None;
                self.delete(folder, number).map_err(failed)?;
            }
        }
        if folder.bytes + bytes <= self.options.max_bytes {
            return Ok(());
        }
        Err(StorageError {
            cause: DropCause::SpoolFull,
            message: format!(
                "the spool has reached its limit of {} bytes",
                self.options.max_bytes
            ),
        })
    }

    /// Returns the current segment, and begins a new one if it is full.
    fn writer<'a>(&self, folder: &'a mut Folder) -> io::Result<&'a SegmentWriter> {
        let max = self.options.segment_bytes.min(self.options.max_bytes / 4);
        if let Some(writer) = folder.writer.take_if(|writer| writer.length >= max) {
            let is_finished = folder
                .segments
                .get(&writer.number)
                .is_some_and(|segment| segment.pending == 0);
            if is_finished {
                self.delete(folder, writer.number)?;
            }
        }
        if folder.writer.is_none() {
            let number = folder.next_number;
            folder.next_number = number.saturating_add(1);
            let header = SegmentHeader {
                version: VERSION,
                destinations: self.destinations.clone(),
            };
            let writer =
                SegmentWriter::create(&self.options.folder, number, &header, self.options.sync)?;
            folder.bytes += writer.length;
            let indices = 0..u32::try_from(self.destinations.len()).unwrap_or(u32::MAX);
            let segment = Segment {
                bytes: writer.length,
                indices: indices.map(Some).collect(),
                ..Segment::default()
            };
            folder.segments.insert(number, segment);
            folder.writer = Some(writer);
        }
        folder
            .writer
            .as_ref()
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn finish_segment(
        &self,
        folder: &mut Folder,
        number: u64,
        destination: usize,
        offsets: &[u64],
    ) -> io::Result<()> {
        let is_current = folder
            .writer
            .as_ref()
            .is_some_and(|writer| writer.number == number);
        let Some(segment) = folder.segments.get_mut(&number) else {
            return Ok(());
        };
        segment.pending = segment.pending.saturating_sub(offsets.len());
        if segment.pending == 0 && !is_current {
            return self.delete(folder, number);
        }
        let Some(index) = segment.indices.get(destination).copied().flatten() else {
            return Ok(());
        };
        let entries: Vec<u8> = offsets
            .iter()
            .flat_map(|offset| ledger::encode(index, *offset))
            .collect();
        let ledger = match &mut segment.ledger {
            Some(ledger) => ledger,
            None => segment.ledger.insert(self.open_ledger(number)?),
        };
        ledger.write_all(&entries)?;
        segment.bytes += entries.len() as u64;
        folder.bytes += entries.len() as u64;
        Ok(())
    }

    /// Opens a ledger to append to it. What a killed process has written of an entry is removed.
    fn open_ledger(&self, number: u64) -> io::Result<File> {
        let mut open = OpenOptions::new();
        let path = ledger_path(&self.options.folder, number);
        let mut file = open.create(true).truncate(false).write(true).open(path)?;
        let length = file.metadata()?.len();
        let whole = length - length % ledger::ENTRY as u64;
        file.set_len(whole)?;
        file.seek(SeekFrom::Start(whole))?;
        Ok(file)
    }

    fn delete(&self, folder: &mut Folder, number: u64) -> io::Result<()> {
        if let Some(segment) = folder.segments.remove(&number) {
            folder.bytes = folder.bytes.saturating_sub(segment.bytes);
        }
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        reader.take_if(|(open, _)| *open == number);
        segment::delete(&self.options.folder, number)
    }

    fn read(&self, location: Location) -> io::Result<Vec<u8>> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let file = match &mut *reader {
            Some((number, file)) if *number == location.segment => file,
            other => {
                let file = File::open(records_path(&self.options.folder, location.segment))?;
                &mut other.insert((location.segment, file)).1
            }
        };
        file.seek(SeekFrom::Start(location.offset))?;
        let mut bytes = vec![0; frame::HEADER];
        file.read_exact(&mut bytes)?;
        let length = bytes
            .first_chunk()
            .map_or(0, |length| u32::from_le_bytes(*length));
        Read::by_ref(file)
            .take(u64::from(length))
            .read_to_end(&mut bytes)?;
        match frame::decode(&bytes) {
            Frame::Payload(payload) => Ok(payload.to_vec()),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    fn folder(&self) -> MutexGuard<'_, Folder> {
        self.folder.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn failed(error: io::Error) -> StorageError {
    let cause = match error.kind() {
        io::ErrorKind::StorageFull => DropCause::SpoolFull,
        _ => DropCause::SpoolFailed,
    };
    StorageError {
        cause,
        message: error.to_string(),
    }
}
