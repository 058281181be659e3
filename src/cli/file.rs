//! Files that a command is told to write: whole, or not at all.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use super::failure::Failure;
use crate::document::read_file;

/// The largest plan or report that is read again: many times that of ten thousand accounts in seventeen regions.
pub(super) const MAX_SAVED_BYTES: u64 = 2_000_000_000;

/// Writes a file: the new text in the place of the old one, or the old one unharmed.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    replace(path, text)
        .map_err(|error| Failure::new(format!("cannot write {}", path.display())).cause(error))
}

/// Refuses a file that [`write()`] could not write, before anything is done that would have to be told in it.
pub(super) fn refuse_unwritable(path: &Path) -> Result<(), Failure> {
    let failure = || Failure::new(format!("cannot write {}", path.display()));
    if path.is_dir() {
        return Err(failure().cause("it is a folder"));
    }
    new_beside(path).map(drop).map_err(|error| failure().cause(error))
}

/// Reads a file that the user named.
pub(super) fn read(path: &Path) -> Result<String, Failure> {
    read_file(path, MAX_SAVED_BYTES)
        .map_err(|error| Failure::new(format!("cannot read {}", path.display())).cause(error))
}

fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    // A link stays a link: what it leads to is replaced.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut file = new_beside(&path)?;
    file.write_all(text.as_bytes())?;
    if let Ok(old) = fs::metadata(&path) {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(&path)?;
    Ok(())
}

/// A file that has no name of its own yet, where the file is or will be.
fn new_beside(path: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_could_not_be_written_is_known_before_and_asking_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path().join("none/report.json"), folder.path().to_owned()] {
            assert!(refuse_unwritable(&path).is_err(), "{}", path.display());
            assert!(write(&path, "{}").is_err(), "{}", path.display());
        }
        refuse_unwritable(&folder.path().join("report.json")).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_that_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let failure = write(&folder.path().join("none/plan.json"), "{}").unwrap_err();
        assert!(failure.message.ends_with("none/plan.json"), "{failure:?}");
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_stay_as_they_are() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&file, &link).unwrap();
        write(&link, "new").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    }
}
