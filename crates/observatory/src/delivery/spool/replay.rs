//! Reads what an earlier process has left in the spool.

use super::frame::{self, Frame};
use super::ledger;
use super::segment::{SegmentHeader, VERSION, ledger_path, records_path};
use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::Path;

/// A segment of an earlier process.
#[derive(Debug, Default)]
pub(super) struct OldSegment {
    pub bytes: u64,
    pub header: Option<SegmentHeader>,
    /// The records that a destination has not finished with.
    pub records: Vec<OldRecord>,
    /// Damage, as text.
    pub warning: Option<String>,
}

/// A record of an earlier process.
#[derive(Debug)]
pub(super) struct OldRecord {
    pub offset: u64,
    pub size: usize,
    /// The destinations that have not finished with it, by position in the header.
    pub destinations: Vec<u32>,
}

/// Returns the numbers of all segments in the folder, in ascending order, and deletes ledgers without a segment.
pub(super) fn find_segments(folder: &Path) -> io::Result<Vec<u64>> {
    let mut segments = Vec::new();
    let mut ledgers = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let number = path
            .file_stem()
            .and_then(|stem| stem.to_str()?.parse::<u64>().ok());
        let extension = path.extension().and_then(|extension| extension.to_str());
        match (number, extension) {
            (Some(number), Some("records")) if path == records_path(folder, number) => {
                segments.push(number);
            }
            (Some(number), Some("done")) if path == ledger_path(folder, number) => {
                ledgers.push(number);
            }
            _ => {}
        }
    }
    for number in ledgers {
        if !segments.contains(&number) {
            fs::remove_file(ledger_path(folder, number))?;
        }
    }
    segments.sort_unstable();
    Ok(segments)
}

/// Reads a segment and its ledger.
pub(super) fn read_segment(folder: &Path, number: u64) -> io::Result<OldSegment> {
    let bytes = fs::read(records_path(folder, number))?;
    let done = match fs::read(ledger_path(folder, number)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        done => done?,
    };
    let mut segment = OldSegment {
        bytes: (bytes.len() + done.len()) as u64,
        ..OldSegment::default()
    };
    let header = match frame::decode(&bytes) {
        Frame::Payload(payload) => serde_json::from_slice::<SegmentHeader>(payload).ok(),
        _ => None,
    };
    let Some(header) = header.filter(|header| header.version == VERSION) else {
        // A record follows only a whole header.
        let is_empty = matches!(frame::decode(&bytes), Frame::Torn | Frame::End);
        segment.warning =
            (!is_empty).then(|| format!("segment {number} has no valid header and was ignored"));
        return Ok(segment);
    };
    read_records(
        &mut segment,
        number,
        &bytes,
        header.destinations.len(),
        &ledger::decode(&done),
    );
    segment.header = Some(header);
    Ok(segment)
}

fn read_records(
    segment: &mut OldSegment,
    number: u64,
    bytes: &[u8],
    destinations: usize,
    done: &HashSet<(u32, u64)>,
) {
    let mut offset = 0;
    let mut damaged = 0;
    loop {
        let length = match frame::decode(&bytes[offset..]) {
            Frame::End => break,
            Frame::Torn => {
                damaged += bytes.len() - offset;
                break;
            }
            Frame::Damaged(length) => {
                damaged += frame::HEADER + length;
                length
            }
            Frame::Payload(payload) if offset > 0 => {
                let all = 0..u32::try_from(destinations).unwrap_or(u32::MAX);
                let remaining: Vec<u32> = all
                    .filter(|destination| !done.contains(&(*destination, offset as u64)))
                    .collect();
                if !remaining.is_empty() {
                    segment.records.push(OldRecord {
                        offset: offset as u64,
                        size: payload.len(),
                        destinations: remaining,
                    });
                }
                payload.len()
            }
            Frame::Payload(header) => header.len(),
        };
        offset += frame::HEADER + length;
    }
    if damaged > 0 {
        segment.warning = Some(format!(
            "segment {number} has {damaged} damaged bytes, which were skipped"
        ));
    }
}
