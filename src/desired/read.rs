//! Files of the folder become sources, or say why not.

use std::fs::{self, FileType};
use std::io;
use std::path::Path;

use crate::document::{Diagnostic, Source};

/// The largest landing-zone.yaml: room for more accounts than any organization may have.
pub(super) const MAX_LANDING_ZONE_BYTES: u64 = 16_000_000;
/// The largest other file: CloudFormation takes no larger template, and a baseline has no reason to be larger.
pub(super) const MAX_FILE_BYTES: u64 = 1_000_000;

/// Reads the file called `name`, a path below `directory` with forward slashes.
pub(super) fn read(directory: &Path, name: &str, max_bytes: u64) -> Result<Source, Diagnostic> {
    let nowhere =
        |code, message: String| Diagnostic::new(&Source::new(name, ""), &(0..0), code, message);
    let mut path = directory.to_owned();
    for part in name.split('/') {
        path.push(part);
        let metadata = fs::symlink_metadata(&path).map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                nowhere("missing-file", "the file does not exist".into())
            } else {
                nowhere("unreadable", format!("cannot be read: {error}"))
            }
        })?;
        if metadata.is_symlink() {
            // A link could lead out of the folder, and then one folder would not be the whole truth.
            let message = "a symbolic link stands where a file of the folder is expected";
            return Err(nowhere("symlink", message.into())
                .help("put the file itself there: avm reads nothing outside of its folder"));
        }
        if metadata.is_file() && metadata.len() > max_bytes {
            let message =
                format!("{} bytes are too many: the limit is {max_bytes}", metadata.len());
            return Err(nowhere("too-large", message));
        }
    }
    let bytes = fs::read(&path)
        .map_err(|error| nowhere("unreadable", format!("cannot be read: {error}")))?;
    text(name, bytes)
}

/// The names in a folder that end in one of `endings` and are files or links, sorted; none if there is no folder.
pub(super) fn list(directory: &Path, endings: &[&str]) -> Vec<String> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let mut names: Vec<_> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_ok_and(|kind: FileType| !kind.is_dir()))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| endings.iter().any(|ending| name.ends_with(ending)))
        .collect();
    names.sort();
    names
}

/// Reads every file of `folder`, a folder of the landing zone, whose name ends in one of `endings`, in the order of
/// their names; beside them why some could not be read. A folder that does not exist has no files.
pub fn sources(directory: &Path, folder: &str, endings: &[&str]) -> (Vec<Source>, Vec<Diagnostic>) {
    let mut sources = Vec::new();
    let mut faults = Vec::new();
    for file in list(&directory.join(folder), endings) {
        match read(directory, &format!("{folder}/{file}"), MAX_FILE_BYTES) {
            Ok(source) => sources.push(source),
            Err(fault) => faults.push(fault),
        }
    }
    (sources, faults)
}

fn text(name: &str, bytes: Vec<u8>) -> Result<Source, Diagnostic> {
    let utf_16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    if utf_16 || bytes.iter().take(2).any(|byte| *byte == 0) {
        let message = "the file is UTF-16, not UTF-8";
        return Err(Diagnostic::new(&Source::new(name, ""), &(0..0), "utf-16", message)
            .help("store it as UTF-8"));
    }
    String::from_utf8(bytes).map(|text| Source::new(name, &text)).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.into_bytes();
        let message = format!("the byte 0x{:02X} is not UTF-8 here", bytes[at]);
        let source = Source::new(name, &String::from_utf8_lossy(&bytes));
        Diagnostic::new(&source, &(at..at), "invalid-utf8", message).help("store it as UTF-8")
    })
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn fault(bytes: &[u8]) -> (Cow<'static, str>, String) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.yaml"), bytes).unwrap();
        let fault = read(folder.path(), "a.yaml", 20).unwrap_err();
        (fault.code.clone(), fault.to_string())
    }

    #[test]
    fn bytes_that_are_no_text_are_refused_with_their_place() {
        assert_eq!(
            fault(b"a: 1\nb: \xE4\n"),
            ("invalid-utf8".into(), "a.yaml:2:4: the byte 0xE4 is not UTF-8 here".into())
        );
        assert_eq!(fault(b"\xFF\xFEa\0").0, "utf-16");
        assert_eq!(fault(b"a\0:\0").0, "utf-16");
        assert_eq!(fault(&[b' '; 21]).0, "too-large");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_folder_is_refused_on_the_way_as_at_the_end() {
        let (inside, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(outside.path().join("a.yaml"), "a: 1").unwrap();
        let link = |target: &Path, name: &str| {
            std::os::unix::fs::symlink(target, inside.path().join(name)).unwrap();
        };
        link(&outside.path().join("a.yaml"), "a.yaml");
        link(outside.path(), "baselines");
        for name in ["a.yaml", "baselines/a.yaml"] {
            assert_eq!(read(inside.path(), name, 20).unwrap_err().code, "symlink", "{name}");
        }
    }
}
