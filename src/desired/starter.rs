//! The folder that `avm init` writes.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

static LANDING_ZONE: &str = include_str!("starter/landing-zone.yaml");
/// What avm keeps beside the files, such as the simulated AWS of `--sandbox`, is nobody else's.
static GITIGNORE: &str = "/.avm/\n";
static BASELINES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/baselines");
static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");
static SCHEMA: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/schema");

/// Writes the starter folder: a small landing zone that works in the sandbox as it is, the baselines and
/// templates that come with avm, and the schemas for editors. Answers the files it wrote, relative to `directory`.
///
/// A `.gitignore` that is there is left alone. Nothing is written if one of the other files exists: the error is of kind [`io::ErrorKind::AlreadyExists`] and
/// names all that do.
pub fn write_starter(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = starter_files();
    let existing: Vec<_> = files
        .iter()
        .filter(|(path, _)| fs::symlink_metadata(directory.join(path)).is_ok())
        .map(|(path, _)| path.display().to_string())
        .collect();
    if !existing.is_empty() {
        let message = format!("already there: {}", existing.join(", "));
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
    }
    let ignore = PathBuf::from(".gitignore");
    if fs::symlink_metadata(directory.join(&ignore)).is_err() {
        files.push((ignore, GITIGNORE.as_bytes()));
    }
    for (path, contents) in &files {
        let path = directory.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        // `create_new`: whatever appears between the check and here is not overwritten either.
        OpenOptions::new().write(true).create_new(true).open(&path)?.write_all(contents)?;
    }
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

fn starter_files() -> Vec<(PathBuf, &'static [u8])> {
    let mut files = vec![(PathBuf::from("landing-zone.yaml"), LANDING_ZONE.as_bytes())];
    for (folder, embedded) in
        [("baselines", &BASELINES), ("templates", &TEMPLATES), ("schema", &SCHEMA)]
    {
        let embedded = embedded.files();
        files.extend(embedded.map(|file| (Path::new(folder).join(file.path()), file.contents())));
    }
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desired::load;
    use crate::document::Diagnostics;

    #[test]
    fn the_starter_folder_has_no_fault() {
        let folder = tempfile::tempdir().unwrap();
        let written = write_starter(folder.path()).unwrap();
        assert!(written.contains(&PathBuf::from("baselines/standard.yaml")));
        let loaded = load(folder.path());
        let faults: Vec<_> = loaded
            .as_ref()
            .err()
            .into_iter()
            .flat_map(Diagnostics::iter)
            .map(ToString::to_string)
            .collect();
        assert!(faults.is_empty(), "{faults:#?}");
        assert!(loaded.unwrap().state.accounts.len() > 2);
    }

    #[test]
    fn the_sandbox_stays_out_of_git_unless_somebody_has_said_otherwise() {
        let (new, mine) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(mine.path().join(".gitignore"), "mine").unwrap();
        let ignored = |folder: &Path| fs::read_to_string(folder.join(".gitignore")).unwrap();
        assert!(write_starter(new.path()).unwrap().contains(&PathBuf::from(".gitignore")));
        assert_eq!(ignored(new.path()), "/.avm/\n");
        assert!(!write_starter(mine.path()).unwrap().contains(&PathBuf::from(".gitignore")));
        assert_eq!(ignored(mine.path()), "mine");
    }

    #[test]
    fn nothing_is_overwritten_and_nothing_is_written_then() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("landing-zone.yaml"), "mine").unwrap();
        fs::create_dir(folder.path().join("templates")).unwrap();
        fs::write(folder.path().join("templates/config.yaml"), "mine").unwrap();
        let error = write_starter(folder.path()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(error.to_string(), "already there: landing-zone.yaml, templates/config.yaml");
        assert!(!folder.path().join("baselines").exists());
    }
}
