//! What the GitHub action says to people by `gh`.

use std::fs;

use super::runner::Runner;

/// How often GitHub was asked to make or change a comment.
fn writes(runner: &Runner) -> Vec<String> {
    let calls = runner.read("gh/calls");
    calls.lines().filter(|call| !call.starts_with("GET")).map(ToOwned::to_owned).collect()
}

fn comment(runner: &Runner) {
    let ended = runner.run("github/comment", &["out/comment.md"], &[]);
    assert_eq!(ended.code, 0, "{}", ended.log);
}

#[test]
fn a_pull_request_has_one_comment_that_is_kept_up_to_date() {
    let runner = Runner::new();
    let of_a_person = "User\n<!-- avm-plan: acme -->\nI am the plan, believe me.\n";
    fs::write(runner.path("gh/comments/1"), of_a_person).unwrap();
    let of_another = "Bot\n<!-- avm-plan: other -->\nAnother landing zone.\n";
    fs::write(runner.path("gh/comments/2"), of_another).unwrap();

    assert_eq!(runner.plan().code, 0);
    comment(&runner);
    assert_eq!(writes(&runner), ["POST repos/acme/landing-zone/issues/7/comments"]);

    runner.edit("landing-zone.yaml", "home: eu-west-1", "home: eu-west-11");
    assert_eq!(runner.plan().code, 1);
    comment(&runner);
    assert_eq!(writes(&runner)[1..], ["PATCH repos/acme/landing-zone/issues/comments/102"]);
    assert!(runner.read("gh/comments/102").contains("### avm plan: acme failed"));
    assert_eq!(runner.read("gh/comments/1"), of_a_person);
    assert_eq!(runner.read("gh/comments/2"), of_another);
}

#[test]
fn what_the_merged_pull_request_showed_is_found_again() {
    let runner = Runner::new();
    let planned = runner.plan();
    comment(&runner);
    fs::write(runner.path("gh/pulls"), "7\n").unwrap();
    let found = runner.run("github/reviewed", &["acme"], &[]);
    assert_eq!((found.code, found.log.trim()), (0, planned.output("digest")));

    assert_eq!(runner.run("github/reviewed", &["other"], &[]).log, "");
    fs::write(runner.path("gh/pulls"), "").unwrap();
    let pushed = runner.run("github/reviewed", &["acme"], &[]);
    assert_eq!((pushed.code, pushed.log.as_str()), (0, ""));
}

#[test]
fn a_commit_that_is_not_the_newest_is_not_planned() {
    let runner = Runner::new();
    fs::write(runner.path("gh/head"), "c0ffee\n").unwrap();
    assert_eq!(runner.run("github/newest", &[], &[]).code, 0);

    fs::write(runner.path("gh/head"), "decade\n").unwrap();
    let old = runner.run("github/newest", &[], &[]);
    assert_eq!(old.code, 1);
    assert!(
        old.summary.contains("main is at decade, and this run is of c0ffee"),
        "{}",
        old.summary
    );
}
