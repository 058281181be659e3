//! The Python of the emulator: a virtual environment with pinned packages, made once for each set of pins.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest as _, Sha256};

const REQUIREMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/ci/requirements.txt");

/// Installed without what they ask for: their files are read, and nothing of them is run.
const NO_DEPENDENCIES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/ci/requirements-no-deps.txt");

/// The environment's Python. The first caller makes the environment; callers in other threads and other
/// processes wait for it.
pub(crate) fn python() -> PathBuf {
    let pins = [REQUIREMENTS, NO_DEPENDENCIES].map(|file| fs::read(file).unwrap()).concat();
    let digest: Vec<_> = Sha256::digest(&pins).iter().take(6).map(|b| format!("{b:02x}")).collect();
    let place = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("avm-emulator-venv-{}", digest.concat()));

    fs::create_dir_all(env!("CARGO_TARGET_TMPDIR")).unwrap();
    // The lock goes with the file's handle, also when this process is killed.
    let lock = File::create(place.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    let complete = place.join("complete");
    if !complete.exists() {
        make(&place);
        File::create(complete).unwrap();
    }
    place.join("bin").join("python")
}

fn make(place: &Path) {
    let python = place.join("bin").join("python");
    // What an interrupted run has left is cleared away.
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(place));
    let install = ["-m", "pip", "install", "--quiet"];
    run(Command::new(&python).args(install).args(["-r", REQUIREMENTS]));
    run(Command::new(&python).args(install).args(["--no-deps", "-r", NO_DEPENDENCIES]));
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?} failed: {}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
}
