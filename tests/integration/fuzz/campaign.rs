//! The cases of one target, one after the other.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fastrand::Rng;

use super::mutation::mutate;

/// What is fuzzed.
pub(super) struct Target {
    /// The name of its folder in the corpus.
    pub(super) name: &'static str,
    /// Files of the repository to begin with, beside the corpus.
    pub(super) seeds: Vec<PathBuf>,
    /// How many cases `cargo test` tries: what takes a second or two.
    pub(super) cases: usize,
}

impl Target {
    /// Tries the corpus, the seeds and damaged copies of both. `check` panics where something is wrong; what it answers
    /// says in short what became of the text, and a text of which something new became is damaged further.
    #[expect(clippy::print_stderr, reason = "whoever runs a campaign wants to know what it tried")]
    pub(super) fn run(&self, check: impl Fn(&str) -> String) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let kept = root.join("tests/fuzz/corpus").join(self.name);
        let mut pool: Vec<String> =
            files_in(&kept).iter().chain(&self.seeds).map(|file| read(file)).collect();
        assert!(!pool.is_empty(), "{} has nothing to begin with", self.name);
        let length = seconds();
        let seed = variable("AVM_FUZZ_SEED").unwrap_or_else(|| match length {
            Some(_) => Rng::new().u64(..),
            None => 1,
        });
        let mut random = Rng::with_seed(seed);
        let mut outcomes = BTreeSet::new();
        let attempt = |text: &str, case: usize| {
            catch_unwind(AssertUnwindSafe(|| check(text))).unwrap_or_else(|panic| {
                let file = kept.join(format!("crash-{seed:x}-{case}"));
                fs::create_dir_all(&kept).and_then(|()| fs::write(&file, text)).unwrap();
                eprintln!(
                    "{}: case {case} of AVM_FUZZ_SEED={seed} is in {}",
                    self.name,
                    file.display()
                );
                resume_unwind(panic)
            })
        };
        for text in &pool {
            outcomes.insert(attempt(text, 0));
        }
        let start = Instant::now();
        let mut case = 0;
        while length.map_or(case < self.cases, |length| start.elapsed() < length) {
            case += 1;
            let text = mutate(&mut random, &pool);
            if length.is_some() {
                // A stack that overflows is no panic: what did it must be there afterwards.
                fs::write(root.join("target").join(format!("fuzz-{}", self.name)), &text).ok();
            }
            if outcomes.insert(attempt(&text, case)) && pool.len() < 2_000 {
                pool.push(text);
            }
        }
        if length.is_some() {
            let (name, outcomes) = (self.name, outcomes.len());
            eprintln!("{name}: {case} cases, {outcomes} outcomes, AVM_FUZZ_SEED={seed}");
        }
    }
}

/// The files of a folder of the repository, in the order of their names.
pub(super) fn files(folder: &str) -> Vec<PathBuf> {
    files_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    files.sort();
    files
}

fn read(file: &Path) -> String {
    String::from_utf8_lossy(&fs::read(file).unwrap()).into_owned()
}

fn seconds() -> Option<Duration> {
    variable("AVM_FUZZ_SECONDS").map(Duration::from_secs)
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long to go on is said to the test, not to the program"
)]
fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
