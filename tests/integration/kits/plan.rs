//! `ci/kit/plan`.

use std::fs;

use sha2::{Digest as _, Sha256};

use super::runner::{Runner, SECRET};

#[test]
fn a_plan_is_written_in_every_form_that_a_pipeline_wants() {
    let runner = Runner::new();
    let ended = runner.plan();

    assert_eq!(ended.code, 0, "{}", ended.log);
    assert_eq!(ended.output("changes"), "true");
    assert_eq!(ended.output("exit-code"), "2");
    let bytes = fs::read(runner.path("out/plan.json")).unwrap();
    let digest: Vec<_> = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let digest = digest.concat();
    assert_eq!(ended.output("digest"), digest);
    assert_eq!(
        runner.read("out/outputs.env"),
        format!("AVM_CHANGES=true\nAVM_EXIT_CODE=2\nAVM_DIGEST={digest}\n")
    );
    assert!(runner.read("out/plan.html").starts_with("<!doctype html>"));
    assert!(runner.read("out/plan.xml").contains("<testsuites"));
    assert!(runner.read("out/validate.sarif").contains("\"2.1.0\""));

    let comment = runner.read("out/comment.md");
    let beginning = format!("<!-- avm-plan: acme -->\n<!-- avm-digest: {digest} -->\n");
    assert!(comment.starts_with(&beginning), "{comment}");
    assert!(comment.chars().count() < 65_536);
    assert!(comment.contains("log-archive") && comment.contains("payments-uat"), "{comment}");
    assert!(!comment.contains("payments-dev"), "the selection was not kept: {comment}");
    assert_eq!(ended.summary, comment);
}

#[test]
fn the_same_plan_has_the_same_digest_and_says_so() {
    let runner = Runner::new();
    let first = runner.plan();
    let digest = first.output("digest");
    let again = runner.plan_with(&[("AVM_REVIEWED", digest)]);
    assert_eq!(again.output("digest"), digest);
    assert!(again.summary.contains("This is the plan that the pull request showed, to the byte."));

    runner.avm("update --account log-archive --yes");
    let moved = runner.plan_with(&[("AVM_REVIEWED", digest)]);
    assert!(moved.summary.contains("This is not the plan that the pull request showed."));
}

#[test]
fn faults_of_the_folder_are_told_and_an_earlier_plan_is_gone() {
    let runner = Runner::new();
    assert_eq!(runner.plan().code, 0);
    runner.edit("landing-zone.yaml", "home: eu-west-1", "home: eu-west-11");
    let ended = runner.plan();

    assert_eq!(ended.code, 1, "{}", ended.log);
    assert_eq!(ended.output("changes"), "false");
    assert_eq!(ended.output("exit-code"), "1");
    assert!(!ended.outputs.contains_key("digest"));
    assert!(!runner.path("out/plan.json").exists());
    let comment = runner.read("out/comment.md");
    assert!(
        comment.starts_with("<!-- avm-plan: acme -->\n### avm plan: acme failed\n"),
        "{comment}"
    );
    assert!(comment.contains("There is no plan, and nothing was changed."), "{comment}");
    assert!(comment.contains("landing-zone.yaml:20"), "{comment}");
    assert_eq!(ended.summary, comment);
    assert!(ended.log.contains("landing-zone.yaml:20"), "{}", ended.log);
    assert!(runner.read("out/validate.sarif").contains("landing-zone.yaml"));
}

#[test]
fn no_line_of_the_log_is_a_command_to_githubs_runner() {
    let runner = Runner::new();
    let ended = runner.plan_with(&[("GITHUB_ACTIONS", "true")]);
    let lines: Vec<_> = ended.log.lines().filter(|line| line.starts_with("::")).collect();
    let [stops, resumes] = lines.as_slice() else { panic!("{lines:?}") };
    let token = stops.strip_prefix("::stop-commands::").unwrap();
    assert_eq!((token.len(), *resumes), (32, format!("::{token}::").as_str()));
    let place = |line: &str| ended.log.find(line).unwrap();
    assert!(place(stops) < place("### avm plan") && place("### avm plan") < place(resumes));
}

#[test]
fn credentials_are_in_no_file_and_not_in_the_log() {
    let runner = Runner::new();
    // AWS itself, of which the environment says nothing but a key: it ends before any request.
    let ended =
        runner.plan_with(&[("AVM_ARGS", "--verbose"), ("AWS_EC2_METADATA_DISABLED", "true")]);
    assert_ne!(ended.code, 0);
    assert!(ended.summary.contains("`avm plan` ended with 1"), "{}", ended.summary);
    assert!(ended.summary.contains("error: credentials failed"), "{}", ended.summary);
    assert!(!ended.log.contains(SECRET));
    for file in fs::read_dir(runner.path("out")).unwrap() {
        let file = file.unwrap().path();
        assert!(!fs::read_to_string(&file).unwrap().contains(SECRET), "{}", file.display());
    }
}

#[test]
fn a_name_that_would_end_the_marker_is_refused() {
    let runner = Runner::new();
    let ended = runner.plan_with(&[("AVM_NAME", "acme --> <b>")]);
    assert_eq!(ended.code, 1);
    assert!(ended.log.contains("letters, digits, '.', '_' and '-' only"), "{}", ended.log);
    assert!(ended.outputs.is_empty());
}
