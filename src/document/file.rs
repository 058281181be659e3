//! Files that somebody else may have put there, read as text.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use thiserror::Error;

/// Why a file is not read, or is no text.
#[derive(Debug, Error)]
pub enum FileError {
    /// The system does not give it.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A folder, a pipe, a device or a socket. To open a pipe is to wait for somebody who writes, maybe for ever.
    #[error("it is {0}, not a file")]
    NotAFile(&'static str),
    /// More bytes than a file of its kind has.
    #[error("it is larger than the {limit} bytes that such a file may have")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
    /// Text in the encoding that some editors of Windows call Unicode.
    #[error("the file is UTF-16, not UTF-8: save it as UTF-8")]
    Utf16,
    /// Bytes that are no UTF-8.
    #[error("the byte 0x{byte:02X} at position {at} is not UTF-8: save the file as UTF-8")]
    NotUtf8 {
        /// How many bytes before it are UTF-8.
        at: usize,
        /// The first one that is not.
        byte: u8,
        /// All of them.
        bytes: Vec<u8>,
    },
}

/// Reads a file, links followed, that has at most `limit` bytes. Never waits for anybody to write.
pub fn read_file(path: &Path, limit: u64) -> Result<String, FileError> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(FileError::NotAFile(if metadata.is_dir() {
            "a folder"
        } else {
            "a pipe, a socket or a device"
        }));
    }
    if metadata.len() > limit {
        return Err(FileError::TooLarge { limit });
    }
    read_text(File::open(path)?, limit)
}

/// Reads all that there is, up to `limit` bytes: what is said of a file's size need not be true.
pub fn read_text(from: impl Read, limit: u64) -> Result<String, FileError> {
    let mut bytes = Vec::new();
    from.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limit {
        return Err(FileError::TooLarge { limit });
    }
    if is_utf_16(&bytes) {
        return Err(FileError::Utf16);
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.into_bytes();
        FileError::NotUtf8 { at, byte: bytes.get(at).copied().unwrap_or_default(), bytes }
    })
}

/// With a byte-order mark; or without one where every other of the first bytes is zero, as the letters of the files
/// that avm reads are.
fn is_utf_16(bytes: &[u8]) -> bool {
    match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => true,
        [a, 0, b, 0, ..] | [0, a, 0, b, ..] => *a != 0 && *b != 0,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> String {
        read_text(bytes, 20).unwrap_err().to_string()
    }

    #[test]
    fn bytes_that_are_no_text_are_told_what_they_are() {
        for utf_16 in [&b"\xFF\xFEa\0"[..], b"\xFE\xFF\0a", b"a\0:\0", b"\0a\0:"] {
            assert!(refused(utf_16).ends_with("save it as UTF-8"), "{utf_16:?}");
        }
        assert_eq!(
            refused(b"a: \xE4\n"),
            "the byte 0xE4 at position 3 is not UTF-8: save the file as UTF-8"
        );
        assert!(refused(&[b' '; 21]).contains("larger than the 20 bytes"));
        assert_eq!(read_text(&b"\0\0\0\0"[..], 20).unwrap(), "\0\0\0\0");
    }

    #[test]
    fn a_folder_is_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let error = read_file(folder.path(), 20).unwrap_err();
        assert_eq!(error.to_string(), "it is a folder, not a file");
    }

    #[cfg(unix)]
    #[test]
    fn a_device_without_an_end_is_no_file() {
        let error = read_file(Path::new("/dev/zero"), 20).unwrap_err();
        assert_eq!(error.to_string(), "it is a pipe, a socket or a device, not a file");
    }
}
