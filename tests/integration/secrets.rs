//! Secrets: the program as a whole, with a secret in its environment, and everything that it leaves behind.

use std::fs;
use std::process::{Command, Output};

use tempfile::TempDir;

const SECRET: &str = "correct-horse-battery";
const LANDING_ZONE: &str = r#"version: 1
organization: {id: o-exampleorg1, management-account: "111111111111"}
regions: {home: eu-west-1, governed: [eu-west-1]}
waves: [rest]
accounts:
  - {name: payments, email: payments@example.com, ou: Workloads, baseline: standard}
"#;
const BASELINE: &str = "version: 1
stacks:
  - {name: db, template: db.yaml, regions: home, parameters: {Password: {secret: {environment-variable: DB_PASSWORD}}}}
";
const TEMPLATE: &str = "Parameters:
  Password: {Type: String, NoEcho: true, MinLength: 8}
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub 'first ${Password}'}}
";
/// Where the files name the variable.
const PLACE: &str = "baselines/standard.yaml:3:105: DB_PASSWORD, for stack db";

/// A landing zone with one account that has a database, on a simulated AWS of its own.
struct Zone(TempDir);

impl Zone {
    fn new() -> Self {
        let zone = Self(TempDir::new().unwrap());
        zone.write("landing-zone.yaml", LANDING_ZONE);
        zone.write("baselines/standard.yaml", BASELINE);
        zone.write("templates/db.yaml", TEMPLATE);
        zone
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.0.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// What is in a file of the folder; nothing, if there is none.
    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.0.path().join(file)).unwrap_or_default()
    }

    fn change_template(&self, word: &str) {
        self.write("templates/db.yaml", &TEMPLATE.replace("first", word));
    }

    fn avm(&self, secret: Option<&str>, arguments: &[&str]) -> Output {
        let mut avm = Command::new(env!("CARGO_BIN_EXE_avm"));
        avm.current_dir(self.0.path())
            .env_clear()
            .env("AVM_LOG", "trace")
            .arg("--sandbox=aws.json");
        avm.args(arguments).envs(secret.map(|secret| ("DB_PASSWORD", secret)));
        avm.output().unwrap()
    }

    /// What the simulated AWS keeps of the password.
    fn kept(&self) -> String {
        let world = self.read("aws.json");
        let (_, rest) = world.split_once("\"Password\": \"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    }
}

fn told(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text)).concat()
}

#[test]
fn a_plan_needs_no_secret_and_says_where_it_comes_from() {
    let zone = Zone::new();
    let plan = zone.avm(None, &["plan", "--out", "plan.json"]);
    assert!(plan.status.success(), "{}", told(&plan));
    assert!(told(&plan).contains("(secret from $DB_PASSWORD)"), "{}", told(&plan));
    assert!(zone.read("plan.json").contains("DB_PASSWORD"));
}

#[test]
fn a_secret_that_is_missing_or_empty_ends_the_run_before_anything_is_written() {
    for secret in [None, Some("")] {
        let zone = Zone::new();
        let run = zone.avm(secret, &["update", "--yes"]);
        assert_eq!(run.status.code(), Some(1), "{}", told(&run));
        assert!(told(&run).contains(PLACE), "{}", told(&run));
        // The first change would have made the file.
        assert_eq!(zone.read("aws.json"), "");
    }
}

#[test]
fn a_secret_is_in_nothing_that_a_run_prints_logs_or_saves() {
    let zone = Zone::new();
    zone.avm(Some(SECRET), &["plan", "--out", "plan.json"]);
    let run = zone.avm(Some(SECRET), &["update", "--yes", "--report", "report.json"]);
    assert!(run.status.success(), "{}", told(&run));
    let preview = {
        zone.change_template("second");
        zone.avm(Some(SECRET), &["plan", "--change-sets", "--format", "html"])
    };
    assert!(preview.status.success(), "{}", told(&preview));
    let saved = ["plan.json", "report.json", "aws.json"].map(|file| zone.read(file));
    assert!(saved.iter().all(|text| text.contains("Password")));
    for text in saved.into_iter().chain([told(&run), told(&preview)]) {
        assert!(!text.contains(SECRET), "{text}");
    }
}

#[test]
fn an_update_keeps_the_secret_that_the_stack_has_and_takes_a_new_one_where_there_is_one() {
    let zone = Zone::new();
    assert!(zone.avm(Some(SECRET), &["update", "--yes"]).status.success());
    let first = zone.kept();

    // AWS shows no secret, so another one alone is no difference.
    let other = zone.avm(Some("another-password"), &["plan", "--detailed-exitcode"]);
    assert_eq!(other.status.code(), Some(0), "{}", told(&other));

    zone.change_template("second");
    let without = zone.avm(None, &["update", "--yes"]);
    assert!(without.status.success(), "{}", told(&without));
    assert_eq!(zone.kept(), first);

    zone.change_template("third");
    assert!(zone.avm(Some("another-password"), &["update", "--yes"]).status.success());
    assert_ne!(zone.kept(), first);
}

#[test]
fn what_aws_refuses_of_a_secret_is_told_without_it() {
    let zone = Zone::new();
    let run = zone.avm(Some("hunter2"), &["update", "--yes"]);
    assert_eq!(run.status.code(), Some(1));
    assert!(told(&run).contains("Parameter 'Password' must contain at least"), "{}", told(&run));
    assert!(!told(&run).contains("hunter2"), "{}", told(&run));
}
