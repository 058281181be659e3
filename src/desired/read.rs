//! Files of the folder become sources, or say why not.

use std::fs::{self, FileType};
use std::io;
use std::path::Path;

use crate::document::{Diagnostic, FileError, Source, read_file};

/// The largest landing-zone.yaml: room for more accounts than any organization may have.
pub(super) const MAX_LANDING_ZONE_BYTES: u64 = 16_000_000;
/// The largest other file: CloudFormation takes no larger template, and a baseline has no reason to be larger.
pub(super) const MAX_FILE_BYTES: u64 = 1_000_000;

/// Reads the file called `name`, a path below `directory` with forward slashes.
///
/// A link is followed as long as it stays in the folder: one that leads out of it would make what is elsewhere a
/// part of the landing zone, unseen by whoever reviews the folder.
pub(super) fn read(directory: &Path, name: &str, max_bytes: u64) -> Result<Source, Diagnostic> {
    let nowhere =
        |code, message: String| Diagnostic::new(&Source::new(name, ""), &(0..0), code, message);
    let path = name.split('/').fold(directory.to_owned(), |path, part| path.join(part));
    let whole = |path: &Path| {
        path.canonicalize().map_err(|error| {
            // A link that leads nowhere is there, and yet there is no file.
            if error.kind() == io::ErrorKind::NotFound && !is_link_on_the_way(directory, name) {
                nowhere("missing-file", "the file does not exist".into())
            } else {
                nowhere("unreadable", format!("cannot be read: {error}"))
            }
        })
    };
    let (inside, real) = (whole(directory)?, whole(&path)?);
    if !real.starts_with(inside) {
        let message = "a symbolic link leads out of the folder";
        return Err(nowhere("symlink", message.into())
            .help("put the file itself there: avm reads nothing outside of its folder"));
    }
    read_file(&real, max_bytes).map(|text| Source::new(name, &text)).map_err(|error| match error {
        FileError::TooLarge { limit } => {
            nowhere("too-large", format!("the file is larger than the limit of {limit} bytes"))
        }
        FileError::Utf16 => {
            nowhere("utf-16", "the file is UTF-16, not UTF-8".into()).help("save it as UTF-8")
        }
        FileError::NotUtf8 { at, byte, bytes } => {
            let source = Source::new(name, &String::from_utf8_lossy(&bytes));
            let message = format!("the byte 0x{byte:02X} is not UTF-8 here");
            Diagnostic::new(&source, &(at..at), "invalid-utf8", message).help("save it as UTF-8")
        }
        FileError::Io(_) | FileError::NotAFile(_) => {
            nowhere("unreadable", format!("cannot be read: {error}"))
        }
    })
}

fn is_link_on_the_way(directory: &Path, name: &str) -> bool {
    let mut path = directory.to_owned();
    name.split('/').any(|part| {
        path.push(part);
        path.is_symlink()
    })
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
    fn a_link_may_lead_anywhere_in_the_folder_and_nowhere_else() {
        let (inside, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir(inside.path().join("shared")).unwrap();
        for folder in [outside.path(), &inside.path().join("shared")] {
            fs::write(folder.join("a.yaml"), "a: 1").unwrap();
        }
        let link = |target: &Path, name: &str| {
            std::os::unix::fs::symlink(target, inside.path().join(name)).unwrap();
        };
        link(&outside.path().join("a.yaml"), "a.yaml");
        link(outside.path(), "baselines");
        link(Path::new("../../../../../../../../etc/passwd"), "passwd.yaml");
        link(Path::new("nowhere"), "nowhere.yaml");
        link(Path::new("round.yaml"), "round.yaml");
        link(Path::new("shared/a.yaml"), "b.yaml");
        link(Path::new("shared"), "templates");
        let code = |name| read(inside.path(), name, 20).err().map(|fault| fault.code);
        for name in ["a.yaml", "baselines/a.yaml", "passwd.yaml"] {
            assert_eq!(code(name).as_deref(), Some("symlink"), "{name}");
        }
        for name in ["nowhere.yaml", "round.yaml", "shared"] {
            assert_eq!(code(name).as_deref(), Some("unreadable"), "{name}");
        }
        assert_eq!(code("c.yaml").as_deref(), Some("missing-file"));
        for name in ["b.yaml", "templates/a.yaml"] {
            assert_eq!(read(inside.path(), name, 20).unwrap().text(), "a: 1", "{name}");
        }
        // The folder itself may be a link.
        link(&inside.path().join("shared"), "zone");
        assert_eq!(code("zone/a.yaml"), None);
        let zone = inside.path().join("zone");
        assert_eq!(read(&zone, "a.yaml", 20).unwrap().name(), "a.yaml");
    }
}
