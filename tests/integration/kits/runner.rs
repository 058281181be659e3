//! A runner of a CI server, with a checkout of `examples/acme`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What must never be in a file or a log.
pub(super) const SECRET: &str = "wJalrXUtnFEMIexampleSecret";

/// A folder of its own for each test.
#[derive(Debug)]
pub(super) struct Runner {
    place: TempDir,
}

/// How a script ended.
#[derive(Debug)]
#[must_use]
pub(super) struct Ended {
    pub(super) code: i32,
    /// What stands in the log of the job.
    pub(super) log: String,
    /// What later steps get.
    pub(super) outputs: BTreeMap<String, String>,
    /// What the page of the run shows.
    pub(super) summary: String,
}

impl Runner {
    pub(super) fn new() -> Self {
        let runner = Self { place: TempDir::new().unwrap() };
        copy(&Path::new(ROOT).join("examples/acme"), &runner.path("acme"));
        for folder in ["out", "bin", "gh/comments"] {
            fs::create_dir_all(runner.path(folder)).unwrap();
        }
        fs::copy(Path::new(ROOT).join("tests/integration/kits/gh"), runner.path("bin/gh")).unwrap();
        runner
    }

    /// A file of this runner.
    pub(super) fn path(&self, file: &str) -> PathBuf {
        self.place.path().join(file)
    }

    pub(super) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// `ci/kit/plan` of one account and what its stacks need.
    pub(super) fn plan(&self) -> Ended {
        self.plan_with(&[])
    }

    /// The same, with further variables.
    pub(super) fn plan_with(&self, variables: &[(&str, &str)]) -> Ended {
        let selection = "  --account=log-archive\n\n--account=payments-uat\n";
        self.run("kit/plan", &[], &[&[("AVM_SELECTION", selection)], variables].concat())
    }

    /// `ci/kit/apply` of the plan that is there, if it has this digest.
    pub(super) fn apply(&self, digest: &str) -> Ended {
        self.run("kit/apply", &[], &[("AVM_DIGEST", digest)])
    }

    /// Runs a script of `ci/` to its end.
    pub(super) fn run(&self, script: &str, words: &[&str], variables: &[(&str, &str)]) -> Ended {
        for file in ["outputs", "summary"] {
            fs::write(self.path(file), "").unwrap();
        }
        let output =
            self.command(script).args(words).envs(variables.iter().copied()).output().unwrap();
        let outputs = self.read("outputs");
        let pairs = outputs.lines().map(|line| line.split_once('=').unwrap());
        Ended {
            code: output.status.code().unwrap(),
            log: String::from_utf8([output.stdout, output.stderr].concat()).unwrap(),
            outputs: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            summary: self.read("summary"),
        }
    }

    /// A script of `ci/` in the environment that a workflow gives it.
    #[expect(clippy::disallowed_methods, reason = "the scripts need the machine's own programs")]
    pub(super) fn command(&self, script: &str) -> Command {
        let mut command = Command::new(Path::new(ROOT).join("ci").join(script));
        let path = std::env::var("PATH").unwrap();
        command
            .current_dir(self.place.path())
            .env_clear()
            .env("PATH", format!("{}:{path}", self.path("bin").display()))
            .env("HOME", self.place.path())
            .env("AWS_SECRET_ACCESS_KEY", SECRET)
            .env("AVM", env!("CARGO_BIN_EXE_avm"))
            .env("AVM_DIRECTORY", "acme")
            .env("AVM_NAME", "acme")
            .env("AVM_ARGS", "--sandbox")
            .env("AVM_OUT", "out")
            .env("GITHUB_OUTPUT", self.path("outputs"))
            .env("GITHUB_STEP_SUMMARY", self.path("summary"))
            .env("GITHUB_REPOSITORY", "acme/landing-zone")
            .env("GITHUB_REF_NAME", "main")
            .env("GITHUB_SHA", "c0ffee")
            .env("GH_WORLD", self.path("gh"))
            .env("AVM_PULL_REQUEST", "7");
        command
    }

    /// Runs avm as somebody else does, beside the pipeline.
    pub(super) fn avm(&self, line: &str) {
        let output = Command::new(env!("CARGO_BIN_EXE_avm"))
            .args(["-C", "acme", "--sandbox"])
            .args(line.split_whitespace())
            .current_dir(self.place.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// The simulated AWS, to the byte.
    pub(super) fn world(&self) -> String {
        self.read("acme/.avm/sandbox.json")
    }

    /// Replaces a text that a file of the landing zone has exactly once.
    pub(super) fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.path("acme").join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.matches(from).count(), 1, "{file} has {from:?} once");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    }
}

impl Ended {
    pub(super) fn output(&self, name: &str) -> &str {
        self.outputs.get(name).unwrap_or_else(|| panic!("no output {name}: {self:?}"))
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
