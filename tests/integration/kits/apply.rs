//! `ci/kit/apply`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use super::runner::Runner;

#[test]
fn the_approved_plan_is_done_and_leaves_nothing_to_do() {
    let runner = Runner::new();
    let planned = runner.plan();
    let ended = runner.apply(planned.output("digest"));

    assert_eq!(ended.code, 0, "{}", ended.log);
    assert_eq!(ended.output("outcome"), "done");
    assert_eq!(ended.output("exit-code"), "0");
    assert!(ended.summary.contains("payments-uat"), "{}", ended.summary);
    assert!(runner.read("out/report.json").contains("\"succeeded\": true"));
    assert!(runner.read("out/report.html").starts_with("<!doctype html>"));
    assert!(runner.read("out/report.xml").contains("<testsuites"));

    let again = runner.plan();
    assert_eq!((again.code, again.output("changes")), (0, "false"), "{}", again.log);
    assert!(again.summary.contains("No changes"), "{}", again.summary);
    let nothing = runner.apply(again.output("digest"));
    assert_eq!((nothing.code, nothing.output("outcome")), (0, "done"), "{}", nothing.log);
}

#[test]
fn a_plan_that_the_world_has_left_behind_is_refused_and_nothing_is_changed() {
    let runner = Runner::new();
    let planned = runner.plan();
    runner.avm("update --account log-archive --yes");
    let world = runner.world();
    let ended = runner.apply(planned.output("digest"));

    assert_eq!(ended.code, 1, "{}", ended.log);
    assert_eq!(ended.output("outcome"), "refused");
    assert!(ended.summary.contains("### avm update: acme was refused"), "{}", ended.summary);
    assert!(ended.summary.contains("The world has moved"), "{}", ended.summary);
    assert!(ended.summary.contains("**Plan again**"), "{}", ended.summary);
    assert!(ended.summary.contains("    +++ plan of now"), "no difference: {}", ended.summary);
    assert_eq!(runner.world(), world);
    assert!(!runner.path("out/report.json").exists());
}

#[test]
fn files_that_changed_after_the_plan_are_refused_as_well() {
    let runner = Runner::new();
    let planned = runner.plan();
    runner.edit("landing-zone.yaml", "keys: per-account ", "keys: {central: security} ");
    let ended = runner.apply(planned.output("digest"));
    assert_eq!((ended.code, ended.output("outcome")), (1, "refused"), "{}", ended.log);
    assert!(ended.summary.contains("the files have changed since"), "{}", ended.summary);
}

#[test]
fn another_plan_than_the_approved_one_is_refused_before_avm_is_asked() {
    let runner = Runner::new();
    let approved = runner.plan();
    fs::write(runner.path("out/plan.json"), "{}").unwrap();
    let variables = [("AVM", "no-such-program"), ("AVM_DIGEST", approved.output("digest"))];
    let ended = runner.run("kit/apply", &[], &variables);
    assert_eq!((ended.code, ended.output("outcome")), (1, "refused"), "{}", ended.log);
    assert!(ended.summary.contains("The plan is not the one that was approved."));

    let nothing = runner.run("kit/apply", &[], &[("AVM", "no-such-program")]);
    assert_eq!((nothing.code, nothing.output("outcome")), (1, "refused"), "{}", nothing.log);
    fs::remove_file(runner.path("out/plan.json")).unwrap();
    let gone = runner.run("kit/apply", &[], &variables);
    assert!(gone.summary.contains("The approved plan is not there."), "{}", gone.summary);
}

/// Runners send an interruption and more after it; to avm a second one means to stop at once.
#[test]
fn a_cancelled_job_tells_avm_once_and_keeps_what_it_reports() {
    let runner = Runner::new();
    let planned = runner.plan();
    let program = runner.path("bin/slow");
    let script = "#!/usr/bin/env bash\n\
        if [[ \" $* \" == *' show '* ]]; then echo stopped in good order; exit 0; fi\n\
        trap 'echo told >>signals; stop=yes' TERM\n\
        touch begun\n\
        until [ \"${stop:-}\" ]; do sleep 0.02; done\n\
        sleep 0.3\n\
        echo '{}' >out/report.json\n\
        exit 1\n";
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();

    let mut command = runner.command("kit/apply");
    command.env("AVM", &program).env("AVM_DIGEST", planned.output("digest"));
    let mut job = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while !runner.path("begun").exists() {
        sleep(Duration::from_millis(10));
    }
    let signal = |name: &str| Command::new("kill").args([name, &job.id().to_string()]).status();
    assert!(signal("-INT").unwrap().success());
    while !runner.path("signals").exists() {
        sleep(Duration::from_millis(10));
    }
    assert!(signal("-TERM").unwrap().success());

    assert_eq!(job.wait().unwrap().code(), Some(1));
    assert_eq!(runner.read("signals"), "told\n");
    assert!(runner.read("out/summary.md").contains("stopped in good order"));
    assert!(runner.read("out/outputs.env").contains("AVM_OUTCOME=failed"));
}
